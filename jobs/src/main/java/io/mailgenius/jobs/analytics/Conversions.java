package io.mailgenius.jobs.analytics;

import io.mailgenius.engine.tenancy.AutocommitRead;
import io.mailgenius.jobs.workspaces.Refusal;
import io.mailgenius.schema.WorkspaceScope;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/**
 * What contacts did after they had clicked in a mail of a campaign. An activity belongs to the
 * campaign that the contact clicked last before it, if that was within the window.
 */
@Component
@Transactional
public class Conversions {

    /** The longest attribution window. */
    public static final int MOST_DAYS = 90;

    private static final int NAMES = 200;

    private final JdbcClient jdbc;

    public Conversions(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    private record Row(
            String name,
            @Nullable String currency,
            boolean whole,
            long conversions,
            long contacts,
            Conversion.Revenue revenue) {}

    /**
     * @param withinDays the attribution window, from the first click of the contact in this
     *     campaign; 1 to {@value #MOST_DAYS}
     * @return the most frequent names first
     */
    @AutocommitRead
    public List<Conversion> of(long campaignId, int withinDays) {
        if (withinDays < 1 || withinDays > MOST_DAYS) {
            throw new Refusal.Invalid(
                    "conversion-window",
                    "withinDays is a number of days from 1 to %d.".formatted(MOST_DAYS));
        }
        if (!exists(campaignId)) {
            throw new Refusal.NotFound("campaign", campaignId);
        }
        Map<String, List<Row>> names = new LinkedHashMap<>();
        rows(campaignId, withinDays)
                .forEach(row -> names.computeIfAbsent(row.name, _ -> new ArrayList<>()).add(row));
        return names.values().stream().limit(NAMES).map(Conversions::conversion).toList();
    }

    private boolean exists(long campaignId) {
        return jdbc.sql(
                        "SELECT EXISTS (SELECT FROM campaign WHERE workspace_id = :workspace AND id = :campaign)")
                .param("workspace", WorkspaceScope.required())
                .param("campaign", campaignId)
                .query(Boolean.class)
                .single();
    }

    /** The row over all currencies is the first of its name, because it counts the most. */
    private List<Row> rows(long campaignId, int withinDays) {
        return jdbc.sql(
                        """
                        SELECT a.name, a.currency, grouping(a.currency) = 1 AS whole, count(*) AS conversions,
                               count(DISTINCT a.contact_id) AS contacts, coalesce(sum(a.value), 0) AS value,
                               max(count(*)) OVER (PARTITION BY a.name) AS most
                          FROM engagement e
                          JOIN activity a
                            ON a.workspace_id = e.workspace_id AND a.contact_id = e.contact_id
                           AND a.occurred_at >= e.clicked_at
                           AND a.occurred_at < e.clicked_at + make_interval(days => :days)
                         WHERE e.workspace_id = :workspace AND e.campaign_id = :campaign
                           AND e.clicked_at IS NOT NULL
                           AND NOT EXISTS (SELECT FROM engagement later
                                            WHERE later.workspace_id = e.workspace_id
                                              AND later.contact_id = e.contact_id
                                              AND later.campaign_id <> e.campaign_id
                                              AND later.clicked_at > e.clicked_at
                                              AND later.clicked_at <= a.occurred_at)
                         GROUP BY GROUPING SETS ((a.name), (a.name, a.currency))
                         ORDER BY most DESC, a.name, whole DESC, a.currency
                        """)
                .param("workspace", WorkspaceScope.required())
                .param("campaign", campaignId)
                .param("days", withinDays)
                .query(
                        (row, _) ->
                                new Row(
                                        row.getString("name"),
                                        row.getString("currency"),
                                        row.getBoolean("whole"),
                                        row.getLong("conversions"),
                                        row.getLong("contacts"),
                                        new Conversion.Revenue(
                                                String.valueOf(row.getString("currency")),
                                                row.getBigDecimal("value"),
                                                row.getLong("conversions"))))
                .list();
    }

    private static Conversion conversion(List<Row> rows) {
        Row whole = rows.getFirst();
        return new Conversion(
                whole.name,
                whole.conversions,
                whole.contacts,
                rows.stream()
                        .filter(row -> !row.whole && row.currency != null)
                        .map(Row::revenue)
                        .toList());
    }
}
