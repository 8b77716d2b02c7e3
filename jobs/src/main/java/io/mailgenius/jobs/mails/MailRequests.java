package io.mailgenius.jobs.mails;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.mailgenius.jobs.workspaces.Refusal;
import io.mailgenius.schema.WorkspaceScope;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/** The table {@code mail_request}: what was accepted under which Idempotency-Key. */
@Component
final class MailRequests {

    static final int MAX_KEY = 200;

    /** How long a key is recognised. */
    static final Duration KEPT = Duration.ofHours(24);

    private final JdbcClient jdbc;

    MailRequests(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * A request that may be repeated.
     *
     * @param hash of what it asks for
     */
    record Keyed(String key, byte[] hash) {

        static Keyed of(String key, List<MailDraft> drafts) {
            if (key.isBlank() || key.length() > MAX_KEY) {
                throw new Refusal.Invalid(
                        "idempotency-key-invalid",
                        "An Idempotency-Key has 1 to %d characters.".formatted(MAX_KEY));
            }
            try {
                byte[] json = JsonMapper.shared().writeValueAsString(drafts).getBytes(UTF_8);
                return new Keyed(key, MessageDigest.getInstance("SHA-256").digest(json));
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException("Every JDK has SHA-256", e);
            }
        }
    }

    private record Row(byte[] hash, List<Long> mails) {}

    /**
     * @return the mails of an earlier request with this key
     * @throws Refusal.Conflict {@code idempotency-key-reused}
     */
    Optional<List<Long>> earlier(Keyed request) {
        return jdbc.sql(
                        "SELECT hash, mail_ids FROM mail_request WHERE workspace_id = :workspace AND key = :key")
                .param("workspace", WorkspaceScope.required())
                .param("key", request.key())
                .query(
                        (row, _) ->
                                new Row(
                                        row.getBytes(1),
                                        List.of((Long[]) row.getArray(2).getArray())))
                .optional()
                .map(
                        row -> {
                            if (!Arrays.equals(row.hash, request.hash())) {
                                throw new Refusal.Conflict(
                                        "idempotency-key-reused",
                                        "This Idempotency-Key was used for another request: use a new one for each request.");
                            }
                            return row.mails;
                        });
    }

    /**
     * Waits for a request with the same key that is being stored.
     *
     * @return false if there was one
     */
    boolean begin(Keyed request, Instant now) {
        return jdbc.sql(
                                """
                                INSERT INTO mail_request (workspace_id, key, hash, mail_ids, created_at)
                                VALUES (:workspace, :key, :hash, '{}', :now) ON CONFLICT DO NOTHING
                                """)
                        .param("workspace", WorkspaceScope.required())
                        .param("key", request.key())
                        .param("hash", request.hash())
                        .param("now", now.atOffset(ZoneOffset.UTC))
                        .update()
                == 1;
    }

    void complete(Keyed request, Collection<Long> mails) {
        jdbc.sql(
                        """
                        UPDATE mail_request SET mail_ids = CAST(:mails AS bigint[])
                         WHERE workspace_id = :workspace AND key = :key
                        """)
                .param("workspace", WorkspaceScope.required())
                .param("key", request.key())
                .param("mails", mails.toArray(Long[]::new))
                .update();
    }
}
