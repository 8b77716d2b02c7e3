package io.mailgenius.bench.load;

import java.io.IOException;
import java.time.Duration;
import java.util.Objects;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/**
 * Counts what is stored, and recounts it from the events in plain SQL that shares nothing with the
 * rollup.
 */
public final class EventCensus {

    private final String jdbcUrl;
    private final String username;
    private final String password;
    private final JdbcClient owner;

    /**
     * @param jdbcUrl for the login that owns the tables
     */
    public EventCensus(String jdbcUrl, String username, String password) {
        this.jdbcUrl = jdbcUrl;
        this.username = username;
        this.password = password;
        this.owner = JdbcClient.create(new DriverManagerDataSource(jdbcUrl, username, password));
    }

    /** Creates contacts with ids from 1 in the first workspace; returns the id of the workspace. */
    public long contacts(long number) {
        long workspace = number("SELECT min(id) FROM workspace");
        owner.sql(
                        """
                        INSERT INTO contact (id, workspace_id, email)
                        OVERRIDING SYSTEM VALUE
                        SELECT n, :workspace,
                               'c' || n || '@' || (ARRAY['gmail.com', 'gmail.com', 'outlook.com', 'yahoo.com', 'icloud.com', 'example.com'])[1 + n % 6]
                          FROM generate_series(1, :number) AS n
                        """)
                .param("workspace", workspace)
                .param("number", number)
                .update();
        owner.sql("ANALYZE contact").update();
        return workspace;
    }

    /** The number of events with distinct message ids. */
    public long distinctEvents() {
        return number("SELECT count(DISTINCT (workspace_id, message_id)) FROM event");
    }

    public long events() {
        return number("SELECT count(*) FROM event");
    }

    /**
     * Waits until the rollup has nothing left to do. It polls on one connection, because the
     * server's work for new connections would be attributed to the rollup.
     *
     * @throws IOException if the rollup does not end in time
     */
    public double secondsUntilCounted(Duration patience, long pollMillis)
            throws IOException, InterruptedException {
        long begin = System.nanoTime();
        try (SingleConnectionDataSource kept =
                new SingleConnectionDataSource(jdbcUrl, username, password, true)) {
            JdbcClient jdbc = JdbcClient.create(kept);
            while (jdbc.sql("SELECT EXISTS (SELECT FROM event_batch)")
                    .query((row, _) -> row.getBoolean(1))
                    .single()) {
                if (System.nanoTime() - begin > patience.toNanos()) {
                    throw new IOException("The rollup has not come to an end in " + patience);
                }
                Thread.sleep(pollMillis);
            }
        }
        return (System.nanoTime() - begin) / 1e9;
    }

    /** The number of events that the rollup counted, of all types. */
    public long countedEvents() {
        return number("SELECT coalesce(sum(events), 0)::bigint FROM campaign_hour");
    }

    /**
     * The number of rows of table campaign_hour that differ from a recount, or that are missing.
     */
    public long wrongLines() {
        return number(
                """
                WITH firsts AS (
                    SELECT workspace_id, campaign_id, contact_id, type, min(occurred_at) AS at
                      FROM event
                     WHERE contact_id IS NOT NULL
                     GROUP BY workspace_id, campaign_id, contact_id, type
                ), contacts AS (
                    SELECT workspace_id, campaign_id, date_trunc('hour', at, 'UTC') AS hour, type, count(*) AS contacts
                      FROM firsts
                     GROUP BY workspace_id, campaign_id, hour, type
                ), events AS (
                    SELECT workspace_id, campaign_id, date_trunc('hour', occurred_at, 'UTC') AS hour, type, count(*) AS events
                      FROM event
                     GROUP BY workspace_id, campaign_id, hour, type
                ), recount AS (
                    SELECT workspace_id, campaign_id, hour, type, events, coalesce(contacts, 0) AS contacts
                      FROM events LEFT JOIN contacts USING (workspace_id, campaign_id, hour, type)
                )
                SELECT count(*)
                  FROM recount r
                  FULL JOIN campaign_hour c USING (workspace_id, campaign_id, hour, type)
                 WHERE (r.events, r.contacts) IS DISTINCT FROM (c.events, c.contacts)
                """);
    }

    private long number(String sql) {
        return Objects.requireNonNull(owner.sql(sql).query(Long.class).single());
    }
}
