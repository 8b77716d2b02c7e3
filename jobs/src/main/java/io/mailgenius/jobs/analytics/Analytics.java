package io.mailgenius.jobs.analytics;

import io.mailgenius.jobs.events.EventType;
import io.mailgenius.schema.WorkspaceScope;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
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
                                            SELECT FROM event_mark
                                             WHERE workspace_id = :workspace AND campaign_id = :campaign)
                                        """)
                                .param("workspace", WorkspaceScope.required())
                                .param("campaign", campaignId)
                                .query(Boolean.class)
                                .single());
    }

    /**
     * Day by day over all campaigns of the workspace. Contacts are counted once per campaign, so
     * somebody who opened two of them is counted twice.
     */
    public Series overview(Instant from, Instant to) {
        return reading(
                () ->
                        series(
                                jdbc.sql(
                                                """
                                                SELECT date_trunc('day', hour, 'UTC') AS start, type,
                                                       sum(events) AS events, sum(contacts) AS contacts
                                                  FROM campaign_hour
                                                 WHERE workspace_id = :workspace
                                                   AND hour >= :from::timestamptz AND hour < :to::timestamptz
                                                 GROUP BY start, type
                                                """)
                                        .param("from", from.toString())
                                        .param("to", to.toString())));
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
