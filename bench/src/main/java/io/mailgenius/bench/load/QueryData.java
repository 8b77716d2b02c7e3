package io.mailgenius.bench.load;

import javax.sql.DataSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Contacts to query, inserted by PostgreSQL itself, because loading is not measured. Every other
 * contact got a campaign; some of those opened it and clicked.
 */
public final class QueryData {

    private final JdbcClient owner;
    private final long workspace;

    /**
     * @param owner the login that owns the tables
     */
    public QueryData(DataSource owner, long workspace) {
        this.owner = JdbcClient.create(owner);
        this.workspace = workspace;
    }

    /**
     * @return the id of a campaign with figures of two weeks
     */
    public long campaign() {
        long campaign =
                owner.sql(
                                """
                                INSERT INTO campaign (workspace_id, name, subject, sender, html, audience, status, launched_at)
                                VALUES (:workspace, 'Benchmark', 'Hello', 'a@example.com', 'Hello', '{"all":true}', 'SENT', now())
                                RETURNING id
                                """)
                        .param("workspace", workspace)
                        .query((row, _) -> row.getLong(1))
                        .single();
        owner.sql("SELECT ensure_send_partition(:campaign)")
                .param("campaign", campaign)
                .query((_, _) -> true)
                .single();
        owner.sql(
                        """
                        INSERT INTO campaign_hour (workspace_id, campaign_id, hour, type, events, contacts)
                        SELECT :workspace, :campaign, date_trunc('hour', now(), 'UTC') - h * interval '1 hour', type, 1000, 900
                          FROM generate_series(1, 336) h, unnest(ARRAY['SENT', 'DELIVERED', 'OPENED', 'CLICKED']) type
                        """)
                .param("workspace", workspace)
                .param("campaign", campaign)
                .update();
        return campaign;
    }

    /**
     * Inserts the contacts with numbers in {@code (from, to]}, and their events of the campaign.
     */
    public void contacts(long from, long to, long campaign) {
        long before = from == 0 ? 0 : ids()[1];
        owner.sql(
                        """
                        INSERT INTO contact (workspace_id, email, first_name, last_name, city, country, status,
                                             attributes, created_at)
                        SELECT :workspace, 'person.' || n || '@' || (ARRAY['example.com', 'example.org', 'example.net'])[1 + n % 3],
                               'First' || hashint8(n) % 500, 'Last' || hashint8(n + 1) % 5000,
                               'City' || abs(hashint8(n + 2)) % 300, 'C' || abs(hashint8(n + 3)) % 40,
                               CASE WHEN n % 20 = 0 THEN 'UNSUBSCRIBED' ELSE 'SUBSCRIBED' END,
                               jsonb_build_object('plan', (ARRAY['free', 'free', 'pro', 'team'])[1 + abs(hashint8(n + 4)) % 4],
                                                  'score', abs(hashint8(n + 5)) % 1000,
                                                  'signup', CAST(date '2021-01-01' + abs(hashint8(n + 6)) % 1800 AS text)),
                               now() - abs(hashint8(n + 7)) % 1000 * interval '1 day'
                          FROM generate_series(CAST(:from AS bigint) + 1, :to) n
                        """)
                .param("workspace", workspace)
                .param("from", from)
                .param("to", to)
                .update();
        owner.sql(
                        """
                        INSERT INTO send (workspace_id, campaign_id, contact_id, status, recorded_at)
                        SELECT workspace_id, :campaign, id, 'SENT', now() - id % 60 * interval '1 day'
                          FROM contact WHERE workspace_id = :workspace AND id % 2 = 0 AND id > :before
                        """)
                .param("workspace", workspace)
                .param("campaign", campaign)
                .param("before", before)
                .update();
        owner.sql(
                        """
                        INSERT INTO engagement (workspace_id, campaign_id, contact_id, delivered_at, opened_at, clicked_at)
                        SELECT workspace_id, :campaign, id, now() - id % 60 * interval '1 day',
                               CASE WHEN id % 4 = 0 THEN now() - id % 50 * interval '1 day' END,
                               CASE WHEN id % 20 = 0 THEN now() - id % 40 * interval '1 day' END
                          FROM contact WHERE workspace_id = :workspace AND id % 2 = 0 AND id > :before
                        """)
                .param("workspace", workspace)
                .param("campaign", campaign)
                .param("before", before)
                .update();
        for (String table : new String[] {"contact", "send", "engagement"}) {
            owner.sql("VACUUM ANALYZE " + table).update();
        }
        // Otherwise the checkpoint of the loaded data would run during the measurement.
        owner.sql("CHECKPOINT").update();
    }

    /** The lowest and the highest id of the contacts. */
    public long[] ids() {
        return owner.sql(
                        "SELECT min(id) AS first, max(id) AS last FROM contact WHERE workspace_id = :workspace")
                .param("workspace", workspace)
                .query((row, _) -> new long[] {row.getLong("first"), row.getLong("last")})
                .single();
    }
}
