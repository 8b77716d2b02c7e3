package io.mailgenius.jobs.analytics;

import io.mailgenius.jobs.events.EventType;
import io.mailgenius.schema.WorkspaceScope;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.springframework.jdbc.core.RowCallbackHandler;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Tells what became of campaigns, as far as it is counted. Reads counted hours and never the events
 * themselves, so a campaign of millions is as quick as one of ten.
 */
@Component
public final class Analytics {

    private final JdbcClient jdbc;
    private final TransactionTemplate transaction;

    Analytics(JdbcClient jdbc, PlatformTransactionManager transactions) {
        this.jdbc = jdbc;
        this.transaction = new TransactionTemplate(transactions);
        this.transaction.setReadOnly(true);
    }

    /** Hour by hour. A campaign of which nothing was heard has no hours. */
    public Series campaign(long campaignId) {
        return reading(
                () ->
                        series(
                                jdbc.sql(
                                                """
                                                SELECT hour AS start, type, events, contacts
                                                  FROM campaign_hour
                                                 WHERE workspace_id = :workspace AND campaign_id = :campaign
                                                """)
                                        .param("campaign", campaignId)));
    }

    /** The sums only, of several campaigns at once, for a list of them. */
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
                            .query(into(byCampaign, row -> row.getLong("campaign_id")));
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

    /** Whether every event of the campaign that has come in is in its figures. */
    public boolean isCurrent(long campaignId) {
        return reading(
                () ->
                        jdbc.sql(
                                        """
                                        SELECT NOT EXISTS (
                                            SELECT FROM event_batch
                                             WHERE workspace_id = :workspace AND campaigns @> ARRAY[:campaign::bigint])
                                        """)
                                .param("workspace", WorkspaceScope.required())
                                .param("campaign", campaignId)
                                .query(Boolean.class)
                                .single());
    }

    /**
     * Over all campaigns of the workspace. Contacts are counted once per campaign, so somebody who
     * opened two of them is counted twice.
     *
     * @param zone whose days, weeks (from Monday) and months they are; where it is not whole hours
     *     off UTC, the hour in which a day begins is counted whole to that day
     */
    public Series overview(Instant from, Instant to, Bucket bucket, ZoneId zone) {
        return reading(
                () ->
                        series(
                                jdbc.sql(
                                                """
                                                SELECT date_trunc(:bucket, hour, :zone) AS start, type,
                                                       sum(events) AS events, sum(contacts) AS contacts
                                                  FROM campaign_hour
                                                 WHERE workspace_id = :workspace
                                                   AND hour >= :from::timestamptz AND hour < :to::timestamptz
                                                 GROUP BY start, type
                                                """)
                                        .param("bucket", bucket.name())
                                        .param("zone", zone.getId())
                                        .param("from", from.toString())
                                        .param("to", to.toString())));
    }

    /** What a campaign's figures are made up of; of each dimension what most contacts did first. */
    public Breakdown breakdown(long campaignId) {
        return reading(
                () -> {
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
                                                        row.getString("dimension"),
                                                        _ -> new ArrayList<>())
                                                .add(
                                                        new Breakdown.Part(
                                                                row.getString("value"),
                                                                EventType.valueOf(
                                                                        row.getString("type")),
                                                                row.getLong("events"),
                                                                row.getLong("contacts")));
                                    });
                    return Breakdown.of(byDimension);
                });
    }

    private <T> T reading(Supplier<T> query) {
        return Objects.requireNonNull(transaction.execute(_ -> query.get()));
    }

    private static Series series(JdbcClient.StatementSpec query) {
        Map<Instant, Map<EventType, Figure>> byTime = new TreeMap<>();
        query.param("workspace", WorkspaceScope.required())
                .query(
                        into(
                                byTime,
                                row -> row.getObject("start", OffsetDateTime.class).toInstant()));
        return Series.of(
                byTime.entrySet().stream()
                        .map(e -> new Series.Point(e.getKey(), new Figures(e.getValue())))
                        .toList());
    }

    private interface Key<K> {
        K of(ResultSet row) throws SQLException;
    }

    private static <K> RowCallbackHandler into(Map<K, Map<EventType, Figure>> figures, Key<K> key) {
        return row ->
                figures.computeIfAbsent(key.of(row), _ -> new EnumMap<>(EventType.class))
                        .put(
                                EventType.valueOf(row.getString("type")),
                                new Figure(row.getLong("events"), row.getLong("contacts")));
    }
}
