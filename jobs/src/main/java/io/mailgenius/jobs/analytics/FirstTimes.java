package io.mailgenius.jobs.analytics;

import static java.util.stream.Collectors.joining;

import io.mailgenius.jobs.events.EventType;
import java.util.Collection;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/**
 * The statements that bring table engagement up to date with what table rollup_first has gathered,
 * for the types that occur there: every further one would cost time in each row.
 */
final class FirstTimes {

    private final Set<EventType> types;

    FirstTimes(Collection<EventType> types) {
        this.types = EnumSet.copyOf(types);
    }

    /**
     * @param pattern with the type's name as {@code %1$s} and its column as {@code %2$s}
     */
    static String each(String pattern) {
        return each(EnumSet.allOf(EventType.class), pattern, ", ");
    }

    private static String each(Set<EventType> types, String pattern, String between) {
        return types.stream()
                .map(type -> pattern.formatted(type.name(), column(type)))
                .collect(joining(between));
    }

    private static String column(EventType type) {
        return type.name().toLowerCase(Locale.ROOT) + "_at";
    }

    static String hour(String time) {
        return "date_bin('1 hour', %s, timestamptz 'epoch')".formatted(time);
    }

    /** A row that another worker is adding is waited for, and left to {@link #improve}. */
    String add() {
        return """
        WITH missing AS MATERIALIZED (
            SELECT f.*
              FROM rollup_first f
             WHERE NOT EXISTS (SELECT FROM engagement g
                                WHERE g.workspace_id = :workspace
                                  AND g.campaign_id = f.campaign_id
                                  AND g.contact_id = f.contact_id)
        ), added AS (
            INSERT INTO engagement (workspace_id, campaign_id, contact_id, mailbox, %1$s)
            SELECT :workspace, f.campaign_id, f.contact_id, coalesce(m.mailbox, 'other'), %2$s
              FROM missing f
              LEFT JOIN contact c ON c.workspace_id = :workspace AND c.id = f.contact_id
              LEFT JOIN mailbox_domain m ON m.domain = split_part(c.email, '@', 2)
             ORDER BY f.campaign_id, f.contact_id
            ON CONFLICT DO NOTHING
            RETURNING campaign_id, mailbox, %1$s
        )
        """
                        .formatted(each(types, "%2$s", ", "), each(types, "f.%2$s", ", "))
                + each(
                        types,
                        """
                        SELECT campaign_id, mailbox, '%%1$s' AS type, %s AS becomes, NULL::timestamptz AS was, count(*) AS contacts
                          FROM added
                         WHERE %%2$s IS NOT NULL
                         GROUP BY 1, 2, 4
                        """
                                .formatted(hour("%2$s")),
                        " UNION ALL ");
    }

    /**
     * A statement of its own, since it must see what others committed while the first one waited.
     * What it changes it locks before it looks, so that no first time moves unnoticed.
     */
    String improve() {
        return """
        WITH before AS MATERIALIZED (
            SELECT g.campaign_id, g.contact_id, g.mailbox, %1$s
              FROM rollup_first f
              JOIN engagement g ON g.workspace_id = :workspace
                               AND g.campaign_id = f.campaign_id
                               AND g.contact_id = f.contact_id
             WHERE %2$s
             ORDER BY g.campaign_id, g.contact_id
               FOR UPDATE OF g
        ), after AS (
            UPDATE engagement g
               SET %3$s
              FROM before b
             WHERE g.workspace_id = :workspace
               AND g.campaign_id = b.campaign_id
               AND g.contact_id = b.contact_id
        )
        """
                        .formatted(
                                each(types, "g.%2$s, f.%2$s AS new_%2$s", ", "),
                                each(types, "f.%2$s < coalesce(g.%2$s, 'infinity')", " OR "),
                                each(types, "%2$s = least(g.%2$s, b.new_%2$s)", ", "))
                + each(
                        types,
                        """
                        SELECT campaign_id, mailbox, '%%1$s' AS type, %s AS becomes, %s AS was, count(*) AS contacts
                          FROM before
                         WHERE new_%%2$s < coalesce(%%2$s, 'infinity')
                         GROUP BY 1, 2, 4, 5
                        """
                                .formatted(hour("new_%2$s"), hour("%2$s")),
                        " UNION ALL ");
    }
}
