package io.mailgenius.jobs.people;

import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * The sessions of people, which Spring Session keeps. Their public ids are not what the cookies
 * hold, so that whoever lists them can use none of them.
 */
@Component
public class PersonSessions {

    /**
     * Spring Session's update, in the order of its parameters, that writes the last use of a
     * session once a minute: otherwise each page that somebody reads waits for a commit.
     */
    public static final String UPDATE =
            """
            UPDATE spring_session s
               SET session_id = n.session_id, last_access_time = n.last_access_time,
                   max_inactive_interval = n.max_inactive_interval, expiry_time = n.expiry_time,
                   principal_name = n.principal_name
              FROM (VALUES (?, ?::bigint, ?::int, ?::bigint, ?, ?))
                   n (session_id, last_access_time, max_inactive_interval, expiry_time, principal_name, primary_id)
             WHERE s.primary_id = n.primary_id
               AND (s.session_id <> n.session_id
                    OR s.max_inactive_interval <> n.max_inactive_interval
                    OR s.principal_name IS DISTINCT FROM n.principal_name
                    OR s.last_access_time <= n.last_access_time - 60000)
            """;

    private final JdbcClient jdbc;
    private final Clock clock;

    PersonSessions(JdbcClient jdbc, Clock clock) {
        this.jdbc = jdbc;
        this.clock = clock;
    }

    public record SessionView(UUID id, long personId, Instant signedInAt, Instant lastUsedAt) {}

    /** The name under which Spring Session keeps the sessions of a person. */
    public static String principal(long personId) {
        return "person " + personId;
    }

    /** The same of somebody whose second factor is still to come. */
    public static String pending(long personId) {
        return principal(personId) + " pending";
    }

    /** Those that have not expired, the newest first. */
    public List<SessionView> of(long personId) {
        return jdbc.sql(
                        """
                        SELECT primary_id, creation_time, last_access_time
                          FROM spring_session
                         WHERE principal_name = :principal AND expiry_time > :now
                         ORDER BY creation_time DESC
                        """)
                .param("principal", principal(personId))
                .param("now", clock.millis())
                .query(
                        (row, _) ->
                                new SessionView(
                                        UUID.fromString(row.getString("primary_id")),
                                        personId,
                                        Instant.ofEpochMilli(row.getLong("creation_time")),
                                        Instant.ofEpochMilli(row.getLong("last_access_time"))))
                .list();
    }

    /**
     * Ends one session of a person, and none of anybody else.
     *
     * @return whether there was one
     */
    public boolean end(long personId, UUID id) {
        return jdbc.sql(
                                """
                                DELETE FROM spring_session
                                 WHERE principal_name = :principal AND primary_id = :id
                                """)
                        .param("principal", principal(personId))
                        .param("id", id.toString())
                        .update()
                > 0;
    }

    /** Also those that have only begun, so that a password that was changed opens nothing more. */
    public void endAll(long personId) {
        jdbc.sql("DELETE FROM spring_session WHERE principal_name IN (:principal, :pending)")
                .param("principal", principal(personId))
                .param("pending", pending(personId))
                .update();
    }

    void forgetExpired() {
        jdbc.sql("DELETE FROM spring_session WHERE expiry_time < :now")
                .param("now", clock.millis())
                .update();
    }
}
