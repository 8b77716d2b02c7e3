package io.mailgenius.jobs.analytics;

import io.mailgenius.jobs.events.EventType;
import io.mailgenius.schema.WorkspaceScope;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Counts hours from the raw events and takes their marks away. A mark stays, and with it the hour
 * is counted again, when events came meanwhile or when the hour has events that are not settled.
 */
@Component
final class Recount {

    private static final String[] TYPES =
            Arrays.stream(EventType.values()).map(Enum::name).toArray(String[]::new);

    private final JdbcClient jdbc;

    Recount(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * To be called inside a transaction. A crash before its commit leaves figures and marks as they
     * were.
     *
     * @param large whether the hours have more events than a chunk should
     * @return how many of the hours are counted for good
     */
    int count(List<Hour> hours, boolean large) {
        plan(large);
        lock(hours);
        Map<Hour, Long> marks = marks(hours);
        if (marks.isEmpty()) {
            return 0; // another run was faster
        }
        List<Hour> marked = List.copyOf(marks.keySet());
        List<Line> lines = lines(marked);
        replace(marked, lines);
        Set<Hour> done = new HashSet<>(marked);
        lines.stream().filter(Line::unsettled).map(Line::hour).forEach(done::remove);
        return unmark(List.copyOf(done), marks);
    }

    /**
     * The planner cannot know how many events an hour has (hence OFFSET 0 below), but we do:
     * contacts of few are looked up, those of many are read in one go.
     */
    private void plan(boolean large) {
        jdbc.sql(
                        large
                                ? "SELECT set_config('enable_nestloop', 'off', true), set_config('work_mem', '64MB', true)"
                                : "SELECT set_config('enable_hashjoin', 'off', true), set_config('enable_mergejoin', 'off', true)")
                .query((_, _) -> true)
                .single();
    }

    /**
     * Two counters of the same hour go one after the other: the slower would else write figures of
     * before, and take away a mark that was put there since and happens to look the same.
     */
    private void lock(List<Hour> hours) {
        jdbc.sql(
                        """
                        SELECT pg_advisory_xact_lock(key)
                          FROM (SELECT DISTINCT hashtextextended(
                                           format('mailgenius.rollup %s %s %s', :workspace::bigint, campaign_id, hour), 0) AS key
                                  FROM unnest(:campaigns, :hours) AS h (campaign_id, hour)
                                 ORDER BY key) AS keys
                        """)
                .param("workspace", WorkspaceScope.required())
                .param("campaigns", campaigns(hours))
                .param("hours", starts(hours))
                .query((_, _) -> true)
                .list();
    }

    private Map<Hour, Long> marks(List<Hour> hours) {
        Map<Hour, Long> marks = new HashMap<>();
        jdbc.sql(
                        """
                        SELECT m.campaign_id, m.hour, m.marks
                          FROM unnest(:campaigns, :hours::timestamptz[]) AS h (campaign_id, hour)
                          JOIN event_mark m ON m.workspace_id = :workspace
                                           AND m.campaign_id = h.campaign_id
                                           AND m.hour = h.hour
                        """)
                .param("workspace", WorkspaceScope.required())
                .param("campaigns", campaigns(hours))
                .param("hours", starts(hours))
                .query(
                        row -> {
                            Instant start = row.getObject("hour", OffsetDateTime.class).toInstant();
                            marks.put(
                                    new Hour(row.getLong("campaign_id"), start),
                                    row.getLong("marks"));
                        });
        return marks;
    }

    private record Line(Hour hour, String type, long events, long contacts, boolean unsettled) {}

    /**
     * A contact counts in the hour of its first time, as far as engagement has the type. Of the
     * others it counts in each hour that has one: a mail is sent, fails or is suppressed once, but
     * it may be delayed in several hours.
     */
    private List<Line> lines(List<Hour> hours) {
        return jdbc.sql(
                        """
                        WITH seen AS (
                            SELECT h.campaign_id, h.hour, e.type, e.contact_id,
                                   count(*) AS events, min(e.occurred_at) AS first
                              FROM unnest(:campaigns, :hours::timestamptz[]) AS h (campaign_id, hour)
                             CROSS JOIN LATERAL (
                                   SELECT contact_id, array_position(:types, type) AS type, occurred_at
                                     FROM event
                                    WHERE workspace_id = :workspace
                                      AND campaign_id = h.campaign_id
                                      AND occurred_at >= h.hour
                                      AND occurred_at < h.hour + interval '1 hour'
                                      AND type = ANY (:types)
                                   OFFSET 0) AS e
                             GROUP BY h.campaign_id, h.hour, e.type, e.contact_id
                        ), compared AS (
                            SELECT s.*,
                                   CASE (:types)[s.type]
                                       WHEN 'DELIVERED'    THEN coalesce(g.delivered_at, 'infinity')
                                       WHEN 'OPENED'       THEN coalesce(g.opened_at, 'infinity')
                                       WHEN 'CLICKED'      THEN coalesce(g.clicked_at, 'infinity')
                                       WHEN 'BOUNCED'      THEN coalesce(g.bounced_at, 'infinity')
                                       WHEN 'COMPLAINED'   THEN coalesce(g.complained_at, 'infinity')
                                       WHEN 'UNSUBSCRIBED' THEN coalesce(g.unsubscribed_at, 'infinity')
                                       ELSE s.first
                                   END AS settled
                              FROM seen s
                              LEFT JOIN engagement g ON g.workspace_id = :workspace
                                                    AND g.campaign_id = ANY (:campaigns)
                                                    AND g.campaign_id = s.campaign_id
                                                    AND g.contact_id = s.contact_id
                        )
                        SELECT campaign_id, hour, (:types)[type] AS type, sum(events)::bigint AS events,
                               count(contact_id) FILTER (WHERE settled = first) AS contacts,
                               coalesce(bool_or(settled > first) FILTER (WHERE contact_id IS NOT NULL), false) AS unsettled
                          FROM compared
                         GROUP BY campaign_id, hour, compared.type
                        """)
                .param("workspace", WorkspaceScope.required())
                .param("campaigns", campaigns(hours))
                .param("hours", starts(hours))
                .param("types", TYPES)
                .query(
                        (row, _) ->
                                new Line(
                                        new Hour(
                                                row.getLong("campaign_id"),
                                                row.getObject("hour", OffsetDateTime.class)
                                                        .toInstant()),
                                        row.getString("type"),
                                        row.getLong("events"),
                                        row.getLong("contacts"),
                                        row.getBoolean("unsettled")))
                .list();
    }

    private void replace(List<Hour> hours, List<Line> lines) {
        jdbc.sql(
                        """
                        DELETE FROM campaign_hour c
                         USING unnest(:campaigns, :hours::timestamptz[]) AS h (campaign_id, hour)
                         WHERE c.workspace_id = :workspace
                           AND c.campaign_id = h.campaign_id
                           AND c.hour = h.hour
                        """)
                .param("workspace", WorkspaceScope.required())
                .param("campaigns", campaigns(hours))
                .param("hours", starts(hours))
                .update();
        List<Hour> ofLines = lines.stream().map(Line::hour).toList();
        jdbc.sql(
                        """
                        INSERT INTO campaign_hour (workspace_id, campaign_id, hour, type, events, contacts)
                        SELECT :workspace, l.*
                          FROM unnest(:campaigns, :hours::timestamptz[], :types, :events, :contacts) AS l
                        """)
                .param("workspace", WorkspaceScope.required())
                .param("campaigns", campaigns(ofLines))
                .param("hours", starts(ofLines))
                .param("types", lines.stream().map(Line::type).toArray(String[]::new))
                .param("events", lines.stream().map(Line::events).toArray(Long[]::new))
                .param("contacts", lines.stream().map(Line::contacts).toArray(Long[]::new))
                .update();
    }

    /** Last, since the writer of events waits for these rows; and in its order. */
    private int unmark(List<Hour> hours, Map<Hour, Long> marks) {
        return jdbc.sql(
                        """
                        WITH counted AS (
                            SELECT m.campaign_id, m.hour
                              FROM unnest(:campaigns, :hours::timestamptz[], :marks) AS h (campaign_id, hour, marks)
                              JOIN event_mark m ON m.workspace_id = :workspace
                                               AND m.campaign_id = h.campaign_id
                                               AND m.hour = h.hour
                             WHERE m.marks = h.marks
                             ORDER BY m.campaign_id, m.hour
                               FOR UPDATE OF m
                        )
                        DELETE FROM event_mark m
                         USING counted c
                         WHERE m.workspace_id = :workspace
                           AND m.campaign_id = c.campaign_id
                           AND m.hour = c.hour
                        """)
                .param("workspace", WorkspaceScope.required())
                .param("campaigns", campaigns(hours))
                .param("hours", starts(hours))
                .param("marks", hours.stream().map(marks::get).toArray(Long[]::new))
                .update();
    }

    private static Long[] campaigns(List<Hour> hours) {
        return hours.stream().map(Hour::campaignId).toArray(Long[]::new);
    }

    private static String[] starts(List<Hour> hours) {
        return hours.stream().map(hour -> hour.start().toString()).toArray(String[]::new);
    }
}
