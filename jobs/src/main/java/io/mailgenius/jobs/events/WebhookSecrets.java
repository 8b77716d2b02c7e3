package io.mailgenius.jobs.events;

import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import javax.crypto.spec.SecretKeySpec;

/**
 * The secrets that webhooks may be signed with; several during a rotation. Without secrets, every
 * message is rejected.
 */
public record WebhookSecrets(List<SecretKeySpec> keys) {

    static final String ALGORITHM = "HmacSHA256";
    private static final String PREFIX = "whsec_";

    public WebhookSecrets {
        keys = List.copyOf(keys);
    }

    /**
     * @param secrets as the provider shows them ({@code whsec_…}), separated by commas or blanks
     * @throws IllegalArgumentException if one is invalid; the message does not contain the secret
     */
    public static WebhookSecrets of(String secrets) {
        return new WebhookSecrets(
                Arrays.stream(secrets.split("[,\\s]+"))
                        .filter(secret -> !secret.isEmpty())
                        .map(WebhookSecrets::key)
                        .toList());
    }

    private static SecretKeySpec key(String secret) {
        String encoded = secret.startsWith(PREFIX) ? secret.substring(PREFIX.length()) : secret;
        try {
            return new SecretKeySpec(Base64.getDecoder().decode(encoded), ALGORITHM);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("A webhook secret is whsec_ followed by base64", e);
        }
    }

    @Override
    public String toString() {
        return "WebhookSecrets[" + keys.size() + "]";
    }
}
