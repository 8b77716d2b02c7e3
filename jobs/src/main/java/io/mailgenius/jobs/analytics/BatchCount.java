package io.mailgenius.jobs.analytics;

import static java.util.stream.Collectors.toSet;

import io.mailgenius.jobs.events.EventShards;
import io.mailgenius.schema.WorkspaceScope;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Counts batches of events and the first times of contacts. The earliest first time wins, whenever
 * it arrives, and moves the contact to its hour, so batches may be counted in any order and by
 * several workers. To avoid deadlocks, each worker writes links in key order, then takes the lock
 * for engagement, then writes figures in key order.
 */
@Component
final class BatchCount {

    /** Longer links are cut, because an index entry is limited to about 2,700 bytes. */
    private static final String LINK =
            """
            CASE WHEN octet_length(link) <= 1000 THEN link ELSE left(link, 200) || '#' || md5(link) END""";

    private static final String AGENT = "AGENT";

    /** The events of the batches by hour, by breakdown value, and by user agent. */
    private static final String EVENTS =
            """
            WITH fresh AS MATERIALIZED (
                SELECT campaign_id, %1$s AS hour, type,
                       CASE WHEN type IN ('OPENED', 'CLICKED') THEN coalesce(detail ->> 'userAgent', '') END AS agent,
                       CASE WHEN type = 'CLICKED' THEN coalesce(detail ->> 'url', detail ->> 'link') END AS link,
                       CASE WHEN type = 'CLICKED' THEN contact_id END AS clicker,
                       count(*) AS events
                  FROM event
                 WHERE workspace_id = :workspace
                   AND batch BETWEEN :first AND :last AND batch = ANY (:batches)
                 GROUP BY campaign_id, hour, type, agent, link, clicker
            ), clicks AS MATERIALIZED (
                SELECT campaign_id, clicker, %2$s AS link, events
                  FROM fresh
                 WHERE link IS NOT NULL
            ), clickers AS (
                INSERT INTO engagement_link (workspace_id, campaign_id, contact_id, link)
                SELECT DISTINCT :workspace::bigint, campaign_id, clicker, link
                  FROM clicks
                 WHERE clicker IS NOT NULL
                 ORDER BY 2, 3, 4
                ON CONFLICT DO NOTHING
                RETURNING campaign_id, link
            )
            SELECT NULL AS dimension, campaign_id, hour, type, NULL AS value, sum(events)::bigint AS events, 0 AS contacts
              FROM fresh GROUP BY campaign_id, hour, type
             UNION ALL
            SELECT 'LINK', campaign_id, NULL, 'CLICKED', link, sum(events)::bigint, 0 FROM clicks GROUP BY campaign_id, link
             UNION ALL
            SELECT 'LINK', campaign_id, NULL, 'CLICKED', link, 0, count(*) FROM clickers GROUP BY campaign_id, link
             UNION ALL
            SELECT '%3$s', campaign_id, NULL, type, agent, sum(events)::bigint, 0
              FROM fresh WHERE agent IS NOT NULL GROUP BY campaign_id, type, agent
            """
                    .formatted(FirstTimes.hour("occurred_at"), LINK, AGENT);

    private final JdbcClient jdbc;
    private final UncountedBatches batches;
    private final MailPrograms programs;

    BatchCount(JdbcClient jdbc, UncountedBatches batches, MailPrograms programs) {
        this.jdbc = jdbc;
        this.batches = batches;
        this.programs = programs;
    }

    /**
     * @param changed the number of changed figures
     */
    record Counted(long events, long changed) {}

    /**
     * Counts the remaining batches of the range. Called inside a transaction: a crash before its
     * commit leaves batches and figures unchanged.
     */
    Counted count(UncountedBatches.Range range) {
        List<UncountedBatches.Batch> taken = batches.take(range.shard(), range.from(), range.to());
        if (taken.isEmpty()) {
            return new Counted(0, 0); // another run has counted them
        }
        configurePlanner();
        FigureDeltas deltas = new FigureDeltas();
        events(taken, deltas);
        lockShard(range.shard());
        addFirstTimes(of(taken, new FirstTimes(deltas.types()).apply()), deltas);
        new FigureTables(jdbc).add(deltas);
        return new Counted(
                taken.stream().mapToLong(UncountedBatches.Batch::events).sum(), deltas.size());
    }

    /**
     * Forces index lookups, because the planner overestimates how many of all events a chunk has.
     * JIT compilation would take longer than the query.
     */
    private void configurePlanner() {
        jdbc.sql(
                        """
                        SELECT set_config('jit', 'off', true), set_config('work_mem', '64MB', true),
                               set_config('enable_mergejoin', 'off', true), set_config('enable_seqscan', 'off', true)
                        """)
                .query((_, _) -> true)
                .single();
    }

    /**
     * Serializes the writers of the same engagements until they commit: those of one shard, or all
     * of them for a shard with mixed contacts. It is a separate statement, so that later ones see
     * what others committed while this one waited.
     */
    private void lockShard(int shard) {
        workspace(
                        EventShards.isExclusive(shard)
                                ? "SELECT pg_advisory_xact_lock(hashtextextended('mailgenius.engagement', :workspace))"
                                : String.format(
                                        Locale.ROOT,
                                        """
                                SELECT pg_advisory_xact_lock_shared(hashtextextended('mailgenius.engagement', :workspace)),
                                       pg_advisory_xact_lock(hashtextextended('mailgenius.engagement.%d', :workspace))
                                """,
                                        shard))
                .query((_, _) -> true)
                .single();
    }

    private void events(List<UncountedBatches.Batch> taken, FigureDeltas deltas) {
        List<AgentEvents> agentEvents = new ArrayList<>();
        of(taken, EVENTS)
                .query(
                        row -> {
                            Instant hour = instant(row, "hour");
                            long campaign = row.getLong("campaign_id");
                            String type = row.getString("type");
                            String dimension = row.getString("dimension");
                            String value = row.getString("value");
                            long events = row.getLong("events");
                            if (hour != null) {
                                deltas.hour(campaign, hour, type, events, 0);
                            } else if (dimension.equals(AGENT)) {
                                agentEvents.add(new AgentEvents(campaign, type, value, events));
                            } else {
                                deltas.part(
                                        campaign,
                                        dimension,
                                        value,
                                        type,
                                        events,
                                        row.getLong("contacts"));
                            }
                        });
        byProgram(agentEvents, deltas);
    }

    /** Opens or clicks with one user agent. */
    private record AgentEvents(long campaign, String type, String agent, long events) {}

    private void byProgram(List<AgentEvents> agentEvents, FigureDeltas deltas) {
        Map<String, MailPrograms.Program> known =
                programs.of(agentEvents.stream().map(AgentEvents::agent).collect(toSet()));
        for (AgentEvents it : agentEvents) {
            MailPrograms.Program program = Objects.requireNonNull(known.get(it.agent()));
            deltas.part(it.campaign(), "DEVICE", program.device(), it.type(), it.events(), 0);
            deltas.part(it.campaign(), "CLIENT", program.client(), it.type(), it.events(), 0);
        }
    }

    /**
     * Adds a contact to the hour of its first time and removes it from the hour of the former one.
     */
    private static void addFirstTimes(JdbcClient.StatementSpec moves, FigureDeltas deltas) {
        moves.query(
                row -> {
                    long campaign = row.getLong("campaign_id");
                    String type = row.getString("type");
                    long contacts = row.getLong("contacts");
                    Instant was = instant(row, "was");
                    deltas.hour(
                            campaign,
                            Objects.requireNonNull(instant(row, "becomes")),
                            type,
                            0,
                            contacts);
                    if (was != null) {
                        deltas.hour(campaign, was, type, 0, -contacts);
                    } else {
                        deltas.part(
                                campaign, "MAILBOX", row.getString("mailbox"), type, 0, contacts);
                    }
                });
    }

    /**
     * Selects events by the range of their batches only. Without statistics of the current month, a
     * condition on time would make the planner scan the whole month.
     */
    private JdbcClient.StatementSpec of(List<UncountedBatches.Batch> taken, String sql) {
        return workspace(sql)
                .param(
                        "batches",
                        taken.stream().map(UncountedBatches.Batch::id).toArray(Long[]::new))
                .param(
                        "first",
                        taken.stream().mapToLong(UncountedBatches.Batch::id).min().orElseThrow())
                .param(
                        "last",
                        taken.stream().mapToLong(UncountedBatches.Batch::id).max().orElseThrow());
    }

    private JdbcClient.StatementSpec workspace(String sql) {
        return jdbc.sql(sql).param("workspace", WorkspaceScope.required());
    }

    private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
        OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }
}
