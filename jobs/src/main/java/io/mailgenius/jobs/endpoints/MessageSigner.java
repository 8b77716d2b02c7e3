package io.mailgenius.jobs.endpoints;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Signs messages as Standard Webhooks defines it: {@code v1,} and the base64 of HMAC-SHA256 over
 * {@code id.timestamp.body}, for each secret.
 */
final class MessageSigner {

    private static final String ALGORITHM = "HmacSHA256";
    private static final String PREFIX = "whsec_";

    private final List<SecretKeySpec> keys;

    /**
     * @param secrets {@code whsec_} and base64
     */
    MessageSigner(List<String> secrets) {
        this.keys =
                secrets.stream()
                        .map(
                                secret ->
                                        new SecretKeySpec(
                                                Base64.getDecoder()
                                                        .decode(secret.substring(PREFIX.length())),
                                                ALGORITHM))
                        .toList();
    }

    /**
     * @param timestamp in seconds
     * @return the header {@code webhook-signature}
     */
    String sign(String id, long timestamp, byte[] body) {
        return keys.stream()
                .map(
                        key ->
                                "v1,"
                                        + Base64.getEncoder()
                                                .encodeToString(mac(key, id, timestamp, body)))
                .collect(Collectors.joining(" "));
    }

    private static byte[] mac(SecretKeySpec key, String id, long timestamp, byte[] body) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            mac.update((id + "." + timestamp + ".").getBytes(UTF_8));
            return mac.doFinal(body);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("This JDK cannot compute " + ALGORITHM, e);
        }
    }
}
