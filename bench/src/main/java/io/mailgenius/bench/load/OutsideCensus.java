package io.mailgenius.bench.load;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** Counts what other systems reported, and makes what they are told of. */
public final class OutsideCensus {

    private final JdbcClient owner;

    /**
     * @param jdbcUrl for the login that owns the tables
     */
    public OutsideCensus(String jdbcUrl, String username, String password) {
        this.owner = JdbcClient.create(new DriverManagerDataSource(jdbcUrl, username, password));
    }

    /** The domain that benchmarks send from. */
    public void prove(long workspace) {
        owner.sql(
                        """
                        INSERT INTO sender_domain (workspace_id, name, proven_at)
                        VALUES (:workspace, 'example.com', now()) ON CONFLICT DO NOTHING
                        """)
                .param("workspace", workspace)
                .update();
    }

    public long activities() {
        return owner.sql("SELECT count(*) FROM activity").query(Long.class).single();
    }

    /** Activities of contacts from 1 on, which endpoints are told of, in one commit. */
    public void report(long workspace, long from, long number) {
        owner.sql(
                        """
                        INSERT INTO activity (workspace_id, event_id, contact_id, name, occurred_at, value, currency, properties)
                        SELECT :workspace, 'told-' || n, 1 + n % 1000, 'order_placed', now(), n % 100, 'EUR', '{"items": 3}'
                          FROM generate_series(CAST(:from AS bigint), :from + :number - 1) n
                        """)
                .param("workspace", workspace)
                .param("from", from)
                .param("number", number)
                .update();
    }

    /** Mails that are neither sent nor ended. */
    public long queuedMails() {
        return owner.sql("SELECT count(*) FROM mail WHERE status = 'QUEUED'")
                .query(Long.class)
                .single();
    }
}
