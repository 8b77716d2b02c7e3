package io.mailgenius.jobs.analytics;

import io.mailgenius.schema.WorkspaceScope;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Settles when each contact of a campaign did each thing for the first time. An earlier time wins,
 * so slices may be settled in any order, twice, and by two workers at once: both go through rows in
 * the same order, and so wait for each other instead of deadlocking.
 */
@Component
final class Settlement {

    private static final String FIRSTS =
            """
            firsts AS MATERIALIZED (
                SELECT e.campaign_id, e.contact_id,
                       min(e.occurred_at) FILTER (WHERE e.type = 'DELIVERED')    AS delivered_at,
                       min(e.occurred_at) FILTER (WHERE e.type = 'OPENED')       AS opened_at,
                       min(e.occurred_at) FILTER (WHERE e.type = 'CLICKED')      AS clicked_at,
                       min(e.occurred_at) FILTER (WHERE e.type = 'BOUNCED')      AS bounced_at,
                       min(e.occurred_at) FILTER (WHERE e.type = 'COMPLAINED')   AS complained_at,
                       min(e.occurred_at) FILTER (WHERE e.type = 'UNSUBSCRIBED') AS unsubscribed_at
                  FROM unnest(:campaigns, :froms::timestamptz[], :tos::timestamptz[])
                         AS s (campaign_id, from_time, to_time)
                 CROSS JOIN LATERAL (
                       SELECT campaign_id, contact_id, type, occurred_at
                         FROM event
                        WHERE workspace_id = :workspace
                          AND campaign_id = s.campaign_id
                          AND occurred_at >= s.from_time
                          AND occurred_at < s.to_time
                          AND contact_id IS NOT NULL
                          AND type IN ('DELIVERED', 'OPENED', 'CLICKED', 'BOUNCED', 'COMPLAINED', 'UNSUBSCRIBED')
                       OFFSET 0) AS e
                 GROUP BY e.campaign_id, e.contact_id
            )
            """;

    private final JdbcClient jdbc;

    Settlement(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * @param added contacts of a campaign that were heard of for the first time
     * @param moved hours that lost a first time to an earlier one, and are to be counted again
     */
    record Settled(int added, int moved) {}

    /** To be called inside a transaction. */
    Settled settle(List<Slice> slices) {
        lookUpRows();
        return new Settled(add(slices), improve(slices));
    }

    /**
     * The planner cannot know how little a slice is of all events (hence OFFSET 0 above) and of all
     * contacts, and would rather read the whole of them.
     */
    private void lookUpRows() {
        jdbc.sql(
                        "SELECT set_config('enable_hashjoin', 'off', true), set_config('enable_mergejoin', 'off', true)")
                .query((_, _) -> true)
                .single();
    }

    /** A row that another worker is adding is waited for, and left to {@link #improve}. */
    private int add(List<Slice> slices) {
        return statement(
                        "WITH "
                                + FIRSTS
                                + """
                                INSERT INTO engagement (workspace_id, campaign_id, contact_id,
                                       delivered_at, opened_at, clicked_at, bounced_at, complained_at, unsubscribed_at)
                                SELECT :workspace, campaign_id, contact_id,
                                       delivered_at, opened_at, clicked_at, bounced_at, complained_at, unsubscribed_at
                                  FROM firsts f
                                 WHERE NOT EXISTS (SELECT FROM engagement g
                                                    WHERE g.workspace_id = :workspace
                                                      AND g.campaign_id = f.campaign_id
                                                      AND g.contact_id = f.contact_id)
                                 ORDER BY campaign_id, contact_id
                                ON CONFLICT DO NOTHING
                                """,
                        slices)
                .update();
    }

    /**
     * A statement of its own, since it must see what others committed while the first one waited.
     * What it changes it locks before it looks, so that no first time moves unnoticed. The marks
     * come last: they are what the writer of events waits for.
     */
    private int improve(List<Slice> slices) {
        return statement(
                        "WITH "
                                + FIRSTS
                                + """
                                , before AS (
                                    SELECT g.campaign_id, g.contact_id,
                                           g.delivered_at, f.delivered_at AS new_delivered_at,
                                           g.opened_at, f.opened_at AS new_opened_at,
                                           g.clicked_at, f.clicked_at AS new_clicked_at,
                                           g.bounced_at, f.bounced_at AS new_bounced_at,
                                           g.complained_at, f.complained_at AS new_complained_at,
                                           g.unsubscribed_at, f.unsubscribed_at AS new_unsubscribed_at
                                      FROM firsts f
                                      JOIN engagement g ON g.workspace_id = :workspace
                                                       AND g.campaign_id = f.campaign_id
                                                       AND g.contact_id = f.contact_id
                                     WHERE least(g.delivered_at, f.delivered_at) IS DISTINCT FROM g.delivered_at
                                        OR least(g.opened_at, f.opened_at) IS DISTINCT FROM g.opened_at
                                        OR least(g.clicked_at, f.clicked_at) IS DISTINCT FROM g.clicked_at
                                        OR least(g.bounced_at, f.bounced_at) IS DISTINCT FROM g.bounced_at
                                        OR least(g.complained_at, f.complained_at) IS DISTINCT FROM g.complained_at
                                        OR least(g.unsubscribed_at, f.unsubscribed_at) IS DISTINCT FROM g.unsubscribed_at
                                     ORDER BY g.campaign_id, g.contact_id
                                       FOR UPDATE OF g
                                ), after AS (
                                    UPDATE engagement g
                                       SET delivered_at = least(g.delivered_at, b.new_delivered_at),
                                           opened_at = least(g.opened_at, b.new_opened_at),
                                           clicked_at = least(g.clicked_at, b.new_clicked_at),
                                           bounced_at = least(g.bounced_at, b.new_bounced_at),
                                           complained_at = least(g.complained_at, b.new_complained_at),
                                           unsubscribed_at = least(g.unsubscribed_at, b.new_unsubscribed_at)
                                      FROM before b
                                     WHERE g.workspace_id = :workspace
                                       AND g.campaign_id = b.campaign_id
                                       AND g.contact_id = b.contact_id
                                ), moved AS (
                                    SELECT DISTINCT b.campaign_id, date_trunc('hour', t.was, 'UTC') AS hour
                                      FROM before b
                                     CROSS JOIN LATERAL (VALUES
                                               (b.delivered_at, b.new_delivered_at),
                                               (b.opened_at, b.new_opened_at),
                                               (b.clicked_at, b.new_clicked_at),
                                               (b.bounced_at, b.new_bounced_at),
                                               (b.complained_at, b.new_complained_at),
                                               (b.unsubscribed_at, b.new_unsubscribed_at)) AS t (was, becomes)
                                     WHERE t.becomes < date_trunc('hour', t.was, 'UTC')
                                )
                                INSERT INTO event_mark (workspace_id, campaign_id, hour)
                                SELECT :workspace, campaign_id, hour
                                  FROM moved
                                 ORDER BY campaign_id, hour
                                ON CONFLICT (workspace_id, campaign_id, hour)
                                DO UPDATE SET marks = event_mark.marks + 1
                                """,
                        slices)
                .update();
    }

    private JdbcClient.StatementSpec statement(String sql, List<Slice> slices) {
        return jdbc.sql(sql)
                .param("workspace", WorkspaceScope.required())
                .param("campaigns", slices.stream().map(Slice::campaignId).toArray(Long[]::new))
                .param(
                        "froms",
                        slices.stream().map(s -> s.from().toString()).toArray(String[]::new))
                .param("tos", slices.stream().map(s -> s.to().toString()).toArray(String[]::new));
    }
}
