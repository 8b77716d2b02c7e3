package io.mailgenius.jobs.people;

import io.mailgenius.schema.ActorScope.Kind;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Table {@code refused_sign_in}; every call belongs into {@link PersonStore#identified}. */
@Component
class RefusedSignInStore {

    /** Attempts of one subject at one door, since the first that was not recorded yet. */
    record Counted(
            String door,
            String subject,
            String address,
            Instant firstAt,
            Instant lastAt,
            int attempts,
            int recorded) {}

    /** A person or key in a workspace. */
    record Concerned(long workspaceId, Kind kind, long id, String name) {}

    private final JdbcClient jdbc;

    RefusedSignInStore(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    void count(String door, String subject, String address, Instant now) {
        jdbc.sql(
                        """
                        INSERT INTO refused_sign_in AS r (door, subject, address, first_at, last_at)
                        VALUES (:door, :subject, :address, :now, :now)
                        ON CONFLICT (subject, door)
                        DO UPDATE SET attempts = r.attempts + 1, last_at = excluded.last_at,
                                      address = excluded.address
                        """)
                .param("door", door)
                .param("subject", subject)
                .param("address", address)
                .param("now", PersonStore.utc(now))
                .update();
    }

    /** Those of which nothing is recorded yet, and those whose first attempt is older. */
    List<Counted> due(Instant older, int limit) {
        return jdbc.sql(
                        """
                        SELECT door, subject, address, first_at, last_at, attempts, recorded
                          FROM refused_sign_in
                         WHERE recorded = 0 OR first_at < :older
                         ORDER BY first_at LIMIT :limit
                        """)
                .param("older", PersonStore.utc(older))
                .param("limit", limit)
                .query(
                        (row, _) ->
                                new Counted(
                                        row.getString("door"),
                                        row.getString("subject"),
                                        row.getString("address"),
                                        row.getObject("first_at", OffsetDateTime.class).toInstant(),
                                        row.getObject("last_at", OffsetDateTime.class).toInstant(),
                                        row.getInt("attempts"),
                                        row.getInt("recorded")))
                .list();
    }

    List<Concerned> concerned(String subject) {
        return jdbc.sql("SELECT workspace_id, kind, id, name FROM workspaces_of_subject(:subject)")
                .param("subject", subject)
                .query(
                        (row, _) ->
                                new Concerned(
                                        row.getLong("workspace_id"),
                                        Kind.valueOf(row.getString("kind")),
                                        row.getLong("id"),
                                        row.getString("name")))
                .list();
    }

    void recorded(Counted counted) {
        jdbc.sql(
                        """
                        UPDATE refused_sign_in SET recorded = :attempts
                         WHERE subject = :subject AND door = :door
                        """)
                .param("attempts", counted.attempts())
                .param("subject", counted.subject())
                .param("door", counted.door())
                .update();
    }

    /** Unless there were more attempts meanwhile. */
    void delete(Counted counted) {
        jdbc.sql(
                        """
                        DELETE FROM refused_sign_in
                         WHERE subject = :subject AND door = :door AND attempts = :attempts
                        """)
                .param("subject", counted.subject())
                .param("door", counted.door())
                .param("attempts", counted.attempts())
                .update();
    }

    /** Also of a key that is over. */
    List<Long> key(byte[] hash) {
        return jdbc.sql("SELECT * FROM api_key_of_hash(:hash)")
                .param("hash", hash)
                .query((row, _) -> row.getLong(1))
                .list();
    }
}
