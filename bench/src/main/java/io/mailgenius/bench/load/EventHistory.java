package io.mailgenius.bench.load;

import io.mailgenius.jobs.events.EventShards;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/**
 * A history of events of campaigns as it would have been received, in the order of time and in
 * commits of a thousand, each with as many batches as there are shards: of ten mails, ten are sent,
 * ten delivered, four opened within hours and one clicked.
 */
public final class EventHistory {

    /** Events per mail. */
    private static final double PER_MAIL = 2.5;

    private static final int CAMPAIGNS = 10;

    private final JdbcClient owner;

    /**
     * @param jdbcUrl for the login that owns the tables
     */
    public EventHistory(String jdbcUrl, String username, String password) {
        this.owner = JdbcClient.create(new DriverManagerDataSource(jdbcUrl, username, password));
    }

    /** The number of contacts; each campaign is sent to all of them. */
    public static long contacts(long events) {
        return Math.max(1, Math.round(events / PER_MAIL / CAMPAIGNS));
    }

    /** Inserts about as many events as requested, uncounted; returns their number. */
    public long fill(long workspace, long events) {
        long contacts = contacts(events);
        owner.sql("SELECT ensure_event_partitions(now(), 1)").query((_, _) -> true).list();
        owner.sql(
                        """
                        WITH mail AS (
                            SELECT campaign, contact,
                                   date_trunc('day', now()) - interval '2 days' + campaign * interval '1 hour'
                                       + contact * interval '2 hours' / :contacts AS at,
                                   hashint8(campaign * 1000003 + contact)::bigint & 1048575 AS dice
                              FROM generate_series(1, :campaigns) AS campaign, generate_series(1, :contacts) AS contact
                        ), happened AS (
                            SELECT campaign, contact, dice, 'SENT' AS type, at FROM mail
                             UNION ALL
                            SELECT campaign, contact, dice, 'DELIVERED', at + interval '2 seconds' FROM mail
                             UNION ALL
                            SELECT campaign, contact, dice, 'OPENED', at + dice / 1048576.0 * dice / 1048576.0 * interval '20 hours'
                              FROM mail WHERE dice % 10 < 4
                             UNION ALL
                            SELECT campaign, contact, dice, 'CLICKED', at + dice / 1048576.0 * dice / 1048576.0 * interval '20 hours' + interval '20 seconds'
                              FROM mail WHERE dice % 10 < 1
                        )
                        INSERT INTO event (workspace_id, occurred_at, campaign_id, contact_id, type, message_id, detail, batch)
                        SELECT :workspace, at, campaign, contact, type, type || campaign || '.' || contact,
                               CASE WHEN type IN ('OPENED', 'CLICKED') THEN jsonb_build_object(
                                   'ipAddress', '203.0.113.7', 'timestamp', at,
                                   'link', CASE WHEN type = 'CLICKED' THEN 'https://example.com/offer/' || dice % 7 END,
                                   'userAgent', CASE dice % 3
                                       WHEN 0 THEN 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148'
                                       WHEN 1 THEN 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/' || dice % 130 || '.0.0.0 Safari/537.36'
                                       ELSE 'Mozilla/5.0 (Windows NT 5.1; rv:11.0) Gecko Firefox/11.0 (via ggpht.com GoogleImageProxy)' END) END,
                               :shards * (1 + (row_number() OVER (ORDER BY at) - 1) / 1000) + contact / :neighbours % :shards AS batch
                          FROM happened
                         ORDER BY batch
                        """)
                .param("workspace", workspace)
                .param("campaigns", CAMPAIGNS)
                .param("contacts", contacts)
                .param("neighbours", EventShards.NEIGHBOURS)
                .param("shards", EventShards.NUMBER)
                .update();
        // Autovacuum would do this over hours; its cost is not the rollup's.
        owner.sql("VACUUM (ANALYZE) event").update();
        owner.sql("CHECKPOINT").update();
        // Inserted last and at once, because the rollup starts with these rows.
        owner.sql(
                        """
                        INSERT INTO event_batch (workspace_id, id, shard, events, campaigns, first_at, last_at)
                        SELECT workspace_id, batch, :shard + batch % :shards, count(*), array_agg(DISTINCT campaign_id), min(occurred_at), max(occurred_at)
                          FROM event
                         GROUP BY workspace_id, batch
                        """)
                .param("shard", EventShards.FIRST)
                .param("shards", EventShards.NUMBER)
                .update();
        return owner.sql("SELECT count(*) FROM event").query(Long.class).single();
    }
}
