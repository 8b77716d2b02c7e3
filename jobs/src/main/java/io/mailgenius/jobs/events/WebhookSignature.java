package io.mailgenius.jobs.events;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Verifies a Svix signature: {@code v1,<base64 of HMAC-SHA256 over id.timestamp.body>}, several of
 * them separated by blanks during a rotation. The standardwebhooks library supports neither several
 * secrets nor an injected clock.
 */
final class WebhookSignature {

    private static final String VERSION = "v1,";

    private WebhookSignature() {}

    /** Compares in constant time. */
    static boolean matches(
            WebhookSecrets secrets, String id, String timestamp, String header, byte[] body) {
        String[] given = header.split(" ");
        boolean found = false;
        for (SecretKeySpec key : secrets.keys()) {
            byte[] expected = sign(key, id, timestamp, body).getBytes(US_ASCII);
            for (String signature : given) {
                found |= MessageDigest.isEqual(expected, signature.getBytes(US_ASCII));
            }
        }
        return found;
    }

    private static String sign(SecretKeySpec key, String id, String timestamp, byte[] body) {
        try {
            Mac mac = Mac.getInstance(key.getAlgorithm());
            mac.init(key);
            mac.update((id + "." + timestamp + ".").getBytes(UTF_8));
            return VERSION + Base64.getEncoder().encodeToString(mac.doFinal(body));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("This JDK cannot compute " + key.getAlgorithm(), e);
        }
    }
}
