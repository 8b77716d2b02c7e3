package io.mailgenius.jobs.analytics;

import io.mailgenius.engine.tenancy.AutocommitReadTemplate;
import io.mailgenius.jobs.events.EventType;
import io.mailgenius.jobs.workspaces.Refusal;
import io.mailgenius.schema.WorkspaceScope;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;

/**
 * Reports on campaigns. Reports read hourly figures and never events, so their cost does not depend
 * on the size of a campaign.
 */
@Component
public final class Analytics {

    private final JdbcClient jdbc;
    private final AutocommitReadTemplate reads;

    Analytics(JdbcClient jdbc, PlatformTransactionManager transactions) {
        this.jdbc = jdbc;
        this.reads = new AutocommitReadTemplate(transactions);
    }

    /**
     * The version of the figures that a report is made from. Equal editions have equal reports.
     *
     * @param number how often figures of the campaign have changed
     * @param current whether all received events are counted
     */
    public record Edition(long workspace, long campaign, long number, boolean current) {}

    public Edition edition(long campaignId) {
        long workspace = WorkspaceScope.required();
        return reading(
                () ->
                        jdbc.sql(
                                        """
                                        SELECT coalesce(e.number, 0) AS number, NOT EXISTS (
                                            SELECT FROM event_batch
                                             WHERE workspace_id = :workspace AND campaigns && ARRAY[c.id]) AS current
                                          FROM campaign c
                                          LEFT JOIN campaign_edition e ON e.workspace_id = :workspace AND e.campaign_id = c.id
                                         WHERE c.workspace_id = :workspace AND c.id = :campaign
                                        """)
                                .param("workspace", workspace)
                                .param("campaign", campaignId)
                                .query(
                                        (row, _) ->
                                                new Edition(
                                                        workspace,
                                                        campaignId,
                                                        row.getLong("number"),
                                                        row.getBoolean("current")))
                                .optional()
                                .orElseThrow(() -> new Refusal.NotFound("campaign", campaignId)));
    }

    /** All figures of a campaign, from one snapshot. */
    public record Report(Series series, Breakdown breakdown) {}

    /**
     * @param zone as in {@link Span}
     */
    public Report report(long id, Bucket bucket, ZoneId zone) {
        return reading(
                () -> {
                    names(List.of(id));
                    return new Report(required(hours(List.of(id), bucket, zone), id), parts(id));
                });
    }

    /** By hours, in UTC. */
    public Series campaign(long id) {
        return campaign(id, Bucket.HOUR, ZoneOffset.UTC);
    }

    /**
     * A campaign without events has no points.
     *
     * @param zone as in {@link Span}
     */
    public Series campaign(long id, Bucket bucket, ZoneId zone) {
        return reading(
                () -> {
                    names(List.of(id));
                    return required(hours(List.of(id), bucket, zone), id);
                });
    }

    /**
     * @param campaignIds the others are compared with the first
     * @param now excludes hours that have not begun
     */
    public Comparison compare(List<Long> campaignIds, Instant now) {
        Comparison.require(campaignIds);
        return reading(
                () -> {
                    Map<Long, String> names = names(campaignIds);
                    boolean current = areCurrent(campaignIds);
                    Map<Long, Series> hours = hours(campaignIds, Bucket.HOUR, ZoneOffset.UTC);
                    return Comparison.of(
                            current,
                            campaignIds.stream()
                                    .map(
                                            id ->
                                                    new Comparison.Counted(
                                                            id,
                                                            required(names, id),
                                                            required(hours, id)))
                                    .toList(),
                            now);
                });
    }

    private Map<Long, String> names(List<Long> campaignIds) {
        Map<Long, String> names = new HashMap<>();
        jdbc.sql(
                        """
                        SELECT id, name FROM campaign
                         WHERE workspace_id = :workspace AND id = ANY (:campaigns)
                        """)
                .param("workspace", WorkspaceScope.required())
                .param("campaigns", campaignIds.toArray(Long[]::new))
                .query(
                        row -> {
                            names.put(row.getLong("id"), row.getString("name"));
                        });
        for (long id : campaignIds) {
            if (!names.containsKey(id)) {
                throw new Refusal.NotFound("campaign", id);
            }
        }
        return names;
    }

    private Map<Long, Series> hours(List<Long> campaignIds, Bucket bucket, ZoneId zone) {
        Map<Long, Series.Sums> sums = new HashMap<>();
        campaignIds.forEach(id -> sums.put(id, new Series.Sums(bucket, zone)));
        jdbc.sql(
                        """
                        SELECT campaign_id, CAST(date_part('epoch', hour) AS bigint) AS hour, type, events, contacts
                          FROM campaign_hour
                         WHERE workspace_id = :workspace AND campaign_id = ANY (:campaigns)
                        """)
                .param("workspace", WorkspaceScope.required())
                .param("campaigns", campaignIds.toArray(Long[]::new))
                .query(
                        row -> {
                            add(row, required(sums, row.getLong(1)));
                        });
        Map<Long, Series> hours = new HashMap<>();
        sums.forEach((id, sum) -> hours.put(id, sum.series()));
        return hours;
    }

    /** The totals of several campaigns, for lists. */
    public Map<Long, Figures> totals(Collection<Long> campaignIds) {
        return reading(
                () -> {
                    Map<Long, Map<EventType, Figure>> byCampaign = new HashMap<>();
                    jdbc.sql(
                                    """
                                    SELECT campaign_id, type, sum(events) AS events, sum(contacts) AS contacts
                                      FROM campaign_hour
                                     WHERE workspace_id = :workspace AND campaign_id = ANY (:campaigns)
                                     GROUP BY campaign_id, type
                                    """)
                            .param("workspace", WorkspaceScope.required())
                            .param("campaigns", campaignIds.toArray(Long[]::new))
                            .query(
                                    row -> {
                                        byCampaign
                                                .computeIfAbsent(
                                                        row.getLong("campaign_id"),
                                                        _ -> new EnumMap<>(EventType.class))
                                                .put(type(row), figure(row));
                                    });
                    Map<Long, Figures> totals = new HashMap<>();
                    for (long id : campaignIds) {
                        totals.put(id, new Figures(byCampaign.getOrDefault(id, Map.of())));
                    }
                    return totals;
                });
    }

    public Figures totals(long campaignId) {
        return totals(List.of(campaignId)).getOrDefault(campaignId, Figures.NONE);
    }

    /** Whether all received events of the campaign are counted. */
    public boolean isCurrent(long campaignId) {
        return reading(() -> areCurrent(List.of(campaignId)));
    }

    private boolean areCurrent(List<Long> campaignIds) {
        return jdbc.sql(
                        """
                        SELECT NOT EXISTS (
                            SELECT FROM event_batch
                             WHERE workspace_id = :workspace AND campaigns && :campaigns::bigint[])
                        """)
                .param("workspace", WorkspaceScope.required())
                .param("campaigns", campaignIds.toArray(Long[]::new))
                .query(Boolean.class)
                .single();
    }

    /**
     * The figures of all campaigns of the workspace. Contacts count once per campaign, so a contact
     * that opened two of them counts twice.
     */
    public Series overview(Span span) {
        return reading(
                () -> {
                    Series.Sums sums = new Series.Sums(span.bucket(), span.zone());
                    jdbc.sql(
                                    """
                                    SELECT 0 AS all_of_them, CAST(date_part('epoch', hour) AS bigint) AS hour, type,
                                           CAST(sum(events) AS bigint) AS events, CAST(sum(contacts) AS bigint) AS contacts
                                      FROM campaign_hour
                                     WHERE workspace_id = :workspace
                                       AND hour >= :from::timestamptz AND hour < :to::timestamptz
                                     GROUP BY hour, type
                                    """)
                            .param("workspace", WorkspaceScope.required())
                            .param("from", span.from().toString())
                            .param("to", span.to().toString())
                            .query(
                                    row -> {
                                        add(row, sums);
                                    });
                    return sums.series();
                });
    }

    /**
     * The breakdown of a campaign's figures; in each dimension the values with most contacts come
     * first.
     */
    public Breakdown breakdown(long campaignId) {
        return reading(
                () -> {
                    names(List.of(campaignId));
                    return parts(campaignId);
                });
    }

    private Breakdown parts(long campaignId) {
        Map<String, List<Breakdown.Part>> byDimension = new HashMap<>();
        jdbc.sql(
                        """
                                    SELECT dimension, value, type, events, contacts
                                      FROM (SELECT *, row_number() OVER (PARTITION BY dimension
                                                                         ORDER BY contacts DESC, events DESC, value, type) AS place
                                              FROM campaign_breakdown
                                             WHERE workspace_id = :workspace AND campaign_id = :campaign) AS b
                                     WHERE place <= :most
                                     ORDER BY dimension, place
                                    """)
                .param("workspace", WorkspaceScope.required())
                .param("campaign", campaignId)
                .param("most", Breakdown.MOST)
                .query(
                        row -> {
                            byDimension
                                    .computeIfAbsent(
                                            row.getString("dimension"), _ -> new ArrayList<>())
                                    .add(
                                            new Breakdown.Part(
                                                    row.getString("value"),
                                                    type(row),
                                                    row.getLong("events"),
                                                    row.getLong("contacts")));
                        });
        return Breakdown.of(byDimension);
    }

    private <T> T reading(Supplier<T> query) {
        return Objects.requireNonNull(reads.execute(_ -> query.get()));
    }

    /** Reads columns by index, because looking up names is slow for thousands of rows. */
    private static void add(ResultSet row, Series.Sums sums) throws SQLException {
        sums.add(
                Instant.ofEpochSecond(row.getLong(2)),
                EventType.valueOf(row.getString(3)),
                new Figure(row.getLong(4), row.getLong(5)));
    }

    private static EventType type(ResultSet row) throws SQLException {
        return EventType.valueOf(row.getString("type"));
    }

    private static Figure figure(ResultSet row) throws SQLException {
        return new Figure(row.getLong("events"), row.getLong("contacts"));
    }

    private static <T> T required(Map<Long, T> byCampaign, long id) {
        return Objects.requireNonNull(byCampaign.get(id));
    }
}
