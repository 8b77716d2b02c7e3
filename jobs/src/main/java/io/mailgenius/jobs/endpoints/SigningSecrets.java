package io.mailgenius.jobs.endpoints;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.mailgenius.jobs.secrets.SecretEncryption;
import io.mailgenius.schema.WorkspaceScope;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.List;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** The table {@code endpoint_secret}. */
@Component
final class SigningSecrets {

    /** Messages carry a signature of each. */
    static final int MOST = 5;

    private static final int BYTES = 32;

    private final JdbcClient jdbc;
    private final ObjectProvider<SecretEncryption> encryption;
    private final SecureRandom random = new SecureRandom();

    SigningSecrets(JdbcClient jdbc, ObjectProvider<SecretEncryption> encryption) {
        this.jdbc = jdbc;
        this.encryption = encryption;
    }

    /**
     * @return as it is shown: {@code whsec_} and base64
     */
    String add(long endpoint, Instant now) {
        byte[] bytes = new byte[BYTES];
        random.nextBytes(bytes);
        String secret = "whsec_" + Base64.getEncoder().encodeToString(bytes);
        jdbc.sql(
                        """
                        INSERT INTO endpoint_secret (workspace_id, endpoint_id, secret, created_at)
                        VALUES (:workspace, :endpoint, :secret, :now)
                        """)
                .param("workspace", WorkspaceScope.required())
                .param("endpoint", endpoint)
                .param(
                        "secret",
                        encryption
                                .getObject()
                                .encrypt(secret.getBytes(US_ASCII), purpose(endpoint)))
                .param("now", now.atOffset(ZoneOffset.UTC))
                .update();
        return secret;
    }

    /** Ends the present secrets at that time, unless they end before, and removes ended ones. */
    void expire(long endpoint, Instant at, Instant now) {
        jdbc.sql(
                        """
                        DELETE FROM endpoint_secret
                         WHERE workspace_id = :workspace AND endpoint_id = :endpoint AND expires_at <= :now
                        """)
                .param("workspace", WorkspaceScope.required())
                .param("endpoint", endpoint)
                .param("now", now.atOffset(ZoneOffset.UTC))
                .update();
        jdbc.sql(
                        """
                        UPDATE endpoint_secret SET expires_at = least(coalesce(expires_at, :at), :at)
                         WHERE workspace_id = :workspace AND endpoint_id = :endpoint
                        """)
                .param("workspace", WorkspaceScope.required())
                .param("endpoint", endpoint)
                .param("at", at.atOffset(ZoneOffset.UTC))
                .update();
    }

    /** Those that are valid, the newest first. */
    List<String> of(long endpoint, Instant now) {
        return jdbc.sql(
                        """
                        SELECT secret FROM endpoint_secret
                         WHERE workspace_id = :workspace AND endpoint_id = :endpoint
                           AND (expires_at IS NULL OR expires_at > :now)
                         ORDER BY id DESC LIMIT :most
                        """)
                .param("workspace", WorkspaceScope.required())
                .param("endpoint", endpoint)
                .param("now", now.atOffset(ZoneOffset.UTC))
                .param("most", MOST)
                .query(
                        (row, _) ->
                                new String(
                                        encryption
                                                .getObject()
                                                .decrypt(row.getBytes(1), purpose(endpoint)),
                                        US_ASCII))
                .list();
    }

    private static String purpose(long endpoint) {
        return "endpoint-secret:%d:%d".formatted(WorkspaceScope.required(), endpoint);
    }
}
