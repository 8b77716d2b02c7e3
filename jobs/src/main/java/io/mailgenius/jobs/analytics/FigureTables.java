package io.mailgenius.jobs.analytics;

import io.mailgenius.jobs.analytics.FigureDeltas.Delta;
import io.mailgenius.jobs.analytics.FigureDeltas.HourKey;
import io.mailgenius.jobs.analytics.FigureDeltas.PartKey;
import io.mailgenius.schema.WorkspaceScope;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Adds deltas to the tables of figures. The rows are locked until the commit, so this comes last
 * and goes in key order.
 */
final class FigureTables {

    private final JdbcClient jdbc;

    FigureTables(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    void add(FigureDeltas deltas) {
        incrementEdition(deltas.campaigns());
        if (!deltas.hours().isEmpty()) {
            addHours(List.copyOf(deltas.hours().keySet()), deltas.hours().values());
            takeFromHours(deltas);
        }
        if (!deltas.parts().isEmpty()) {
            addParts(List.copyOf(deltas.parts().keySet()), deltas.parts().values());
        }
    }

    private void incrementEdition(SortedSet<Long> campaigns) {
        jdbc.sql(
                        """
                        INSERT INTO campaign_edition AS e (workspace_id, campaign_id, number)
                        SELECT :workspace, campaign, 1
                          FROM unnest(:campaigns) WITH ORDINALITY AS c (campaign, place)
                         ORDER BY place
                        ON CONFLICT (workspace_id, campaign_id) DO UPDATE SET number = e.number + 1
                        """)
                .param("workspace", WorkspaceScope.required())
                .param("campaigns", campaigns.toArray(Long[]::new))
                .update();
    }

    /** Rows that lose contacts are locked here in key order and updated below. */
    private void addHours(List<HourKey> keys, Collection<Delta> deltas) {
        jdbc.sql(
                        """
                        INSERT INTO campaign_hour AS c (workspace_id, campaign_id, hour, type, events, contacts)
                        SELECT :workspace, campaign, hour, type, events, greatest(contacts, 0)
                          FROM unnest(:campaigns, :hours::timestamptz[], :types, :events, :contacts)
                               WITH ORDINALITY AS d (campaign, hour, type, events, contacts, place)
                         ORDER BY place
                        ON CONFLICT (workspace_id, campaign_id, hour, type)
                        DO UPDATE SET events = c.events + excluded.events, contacts = c.contacts + excluded.contacts
                        """)
                .param("workspace", WorkspaceScope.required())
                .param("campaigns", numbers(keys, HourKey::campaign))
                .param("hours", texts(keys, key -> key.hour().toString()))
                .param("types", texts(keys, HourKey::type))
                .param("events", numbers(deltas, Delta::events))
                .param("contacts", numbers(deltas, Delta::contacts))
                .update();
    }

    private void takeFromHours(FigureDeltas deltas) {
        List<HourKey> losers =
                deltas.hours().entrySet().stream()
                        .filter(it -> it.getValue().contacts() < 0)
                        .map(Map.Entry::getKey)
                        .toList();
        if (losers.isEmpty()) {
            return;
        }
        jdbc.sql(
                        """
                        UPDATE campaign_hour c
                           SET contacts = c.contacts + d.contacts
                          FROM unnest(:campaigns, :hours::timestamptz[], :types, :contacts) AS d (campaign, hour, type, contacts)
                         WHERE c.workspace_id = :workspace
                           AND c.campaign_id = d.campaign AND c.hour = d.hour AND c.type = d.type
                        """)
                .param("workspace", WorkspaceScope.required())
                .param("campaigns", numbers(losers, HourKey::campaign))
                .param("hours", texts(losers, key -> key.hour().toString()))
                .param("types", texts(losers, HourKey::type))
                .param(
                        "contacts",
                        numbers(
                                losers,
                                key -> deltas.hours().getOrDefault(key, Delta.NONE).contacts()))
                .update();
    }

    private void addParts(List<PartKey> keys, Collection<Delta> deltas) {
        jdbc.sql(
                        """
                        INSERT INTO campaign_breakdown AS c
                               (workspace_id, campaign_id, dimension, value, type, events, contacts)
                        SELECT :workspace, campaign, dimension, value, type, events, contacts
                          FROM unnest(:campaigns, :dimensions, :values, :types, :events, :contacts)
                               WITH ORDINALITY AS d (campaign, dimension, value, type, events, contacts, place)
                         ORDER BY place
                        ON CONFLICT (workspace_id, campaign_id, dimension, value, type)
                        DO UPDATE SET events = c.events + excluded.events, contacts = c.contacts + excluded.contacts
                        """)
                .param("workspace", WorkspaceScope.required())
                .param("campaigns", numbers(keys, PartKey::campaign))
                .param("dimensions", texts(keys, PartKey::dimension))
                .param("values", texts(keys, PartKey::value))
                .param("types", texts(keys, PartKey::type))
                .param("events", numbers(deltas, Delta::events))
                .param("contacts", numbers(deltas, Delta::contacts))
                .update();
    }

    private static <T> Long[] numbers(Collection<T> of, ToLongFunction<T> number) {
        return of.stream().map(number::applyAsLong).toArray(Long[]::new);
    }

    private static <T> String[] texts(Collection<T> of, Function<T, String> text) {
        return of.stream().map(text).toArray(String[]::new);
    }
}
