package io.mailgenius.jobs.people;

import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Table {@code person_mail}; every call belongs into {@link PersonStore#identified}. */
@Component
class PersonMailStore {

    /** What a mail is about. */
    enum MailKind {
        PASSWORD_RESET,
        INVITATION
    }

    /**
     * A mail that one attempt is made for.
     *
     * @param token what stands in the link, encrypted
     * @param workspaceName of an invitation
     * @param attempts made before this one
     */
    record Due(
            long id,
            MailKind kind,
            String email,
            byte[] token,
            @Nullable String workspaceName,
            UUID sendKey,
            int attempts,
            Instant createdAt) {}

    private final JdbcClient jdbc;

    PersonMailStore(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    void insert(
            MailKind kind,
            String email,
            byte[] token,
            UUID sendKey,
            @Nullable String workspaceName,
            Instant now) {
        jdbc.sql(
                        """
                        INSERT INTO person_mail (kind, email, token, send_key, workspace_name, created_at, next_attempt_at)
                        VALUES (:kind, :email, :token, :sendKey, :workspace, :now, :now)
                        """)
                .param("kind", kind.name())
                .param("email", email)
                .param("token", token)
                .param("sendKey", sendKey)
                .param("workspace", workspaceName)
                .param("now", PersonStore.utc(now))
                .update();
    }

    /** Removes mails to addresses that nobody has, and those that are too old to be of use. */
    void removeUseless(Instant now, Duration resets, Duration invitations) {
        jdbc.sql(
                        """
                        DELETE FROM person_mail m
                         WHERE m.kind = 'PASSWORD_RESET'
                               AND (m.created_at < :resets
                                    OR NOT EXISTS (SELECT FROM person p
                                                    WHERE p.email = m.email AND p.status = 'ACTIVE'))
                            OR m.kind = 'INVITATION' AND m.created_at < :invitations
                        """)
                .param("resets", PersonStore.utc(now.minus(resets)))
                .param("invitations", PersonStore.utc(now.minus(invitations)))
                .update();
    }

    List<Long> due(Instant now, int limit) {
        return jdbc.sql(
                        """
                        SELECT id FROM person_mail WHERE next_attempt_at <= :now
                         ORDER BY next_attempt_at LIMIT :limit
                        """)
                .param("now", PersonStore.utc(now))
                .param("limit", limit)
                .query((row, _) -> row.getLong(1))
                .list();
    }

    /** Counts an attempt before it is made. */
    Optional<Due> begin(long id) {
        return jdbc.sql(
                        """
                        UPDATE person_mail SET attempts = attempts + 1 WHERE id = :id
                        RETURNING id, kind, email, token, workspace_name, send_key, attempts - 1 AS before,
                                  created_at
                        """)
                .param("id", id)
                .query(
                        (row, _) ->
                                new Due(
                                        row.getLong("id"),
                                        MailKind.valueOf(row.getString("kind")),
                                        row.getString("email"),
                                        row.getBytes("token"),
                                        row.getString("workspace_name"),
                                        row.getObject("send_key", UUID.class),
                                        row.getInt("before"),
                                        row.getObject("created_at", OffsetDateTime.class)
                                                .toInstant()))
                .optional();
    }

    void postpone(long id, Instant next) {
        jdbc.sql("UPDATE person_mail SET next_attempt_at = :next WHERE id = :id")
                .param("next", PersonStore.utc(next))
                .param("id", id)
                .update();
    }

    void delete(long id) {
        jdbc.sql("DELETE FROM person_mail WHERE id = :id").param("id", id).update();
    }
}
