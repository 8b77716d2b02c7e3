package io.mailgenius.jobs.analytics;

import static java.util.stream.Collectors.joining;

import io.mailgenius.jobs.events.EventType;
import java.util.Collection;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/**
 * The statements that bring table engagement up to date with some batches, for the types that occur
 * in them: every further one would cost time in each row.
 */
final class FirstTimes {

    private final Set<EventType> types;

    FirstTimes(Collection<EventType> types) {
        this.types = EnumSet.copyOf(types);
    }

    static String hour(String time) {
        return "date_bin('1 hour', %s, timestamptz 'epoch')".formatted(time);
    }

    /** A table of this connection for the rest of a chunk; empty again after each commit. */
    static String room() {
        return "CREATE TEMPORARY TABLE IF NOT EXISTS rollup_rest (campaign_id bigint, contact_id bigint, %s) ON COMMIT DELETE ROWS"
                .formatted(
                        new FirstTimes(EnumSet.allOf(EventType.class))
                                .each("%2$s timestamptz", ", "));
    }

    /**
     * Adds the engagements that are not there, and leaves the rest to {@link #improve}, also those
     * that another worker was adding: they are waited for. Answers how many contacts have a first
     * time of a type by it, and in which hour.
     *
     * <p>The order is one that no index has, so all is read and sorted before the first row is
     * there: while one worker writes, those that wait for its rows have their own ready. The rest
     * is found by EXCEPT, which hashes whatever the planner believes.
     */
    String add() {
        return """
        WITH first AS MATERIALIZED (
            SELECT campaign_id, contact_id, %1$s
              FROM event
             WHERE workspace_id = :workspace
               AND batch BETWEEN :first AND :last AND batch = ANY (:batches)
               AND contact_id IS NOT NULL
             GROUP BY campaign_id, contact_id
        ), added AS (
            INSERT INTO engagement (workspace_id, campaign_id, contact_id, mailbox, %2$s)
            SELECT :workspace, campaign_id, contact_id,
                   coalesce((SELECT m.mailbox
                               FROM contact c
                               JOIN mailbox_domain m ON m.domain = split_part(c.email, '@', 2)
                              WHERE c.workspace_id = :workspace AND c.id = contact_id), 'other'),
                   %2$s
              FROM first
             ORDER BY campaign_id + 0, contact_id
            ON CONFLICT DO NOTHING
            RETURNING campaign_id, contact_id, mailbox, %2$s
        ), rest AS (
            INSERT INTO rollup_rest (campaign_id, contact_id, %2$s)
            SELECT campaign_id, contact_id, %2$s FROM first
            EXCEPT ALL
            SELECT campaign_id, contact_id, %2$s FROM added
        ), moves AS (
            SELECT campaign_id, mailbox, %3$s, count(*) AS contacts
              FROM added
             GROUP BY campaign_id, mailbox, %4$s
        )
        SELECT campaign_id, mailbox, type, becomes, NULL::timestamptz AS was, sum(contacts)::bigint AS contacts
          FROM moves
         CROSS JOIN LATERAL (VALUES %5$s) AS m (type, becomes)
         WHERE becomes IS NOT NULL
         GROUP BY campaign_id, mailbox, type, becomes
        """
                .formatted(
                        each("min(occurred_at) FILTER (WHERE type = '%1$s') AS %2$s", ", "),
                        each("%2$s", ", "),
                        each(hour("%2$s") + " AS becomes_%2$s", ", "),
                        each("becomes_%2$s", ", "),
                        each("('%1$s', becomes_%2$s)", ", "));
    }

    /**
     * Brings forward what is later than it should be. A statement of its own, since it must see
     * what others committed while {@link #add} waited. What it changes it locks before it looks, so
     * that no first time moves unnoticed.
     */
    String improve() {
        return """
        WITH before AS MATERIALIZED (
            SELECT g.campaign_id, g.contact_id, g.mailbox, %1$s
              FROM rollup_rest f
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
        SELECT campaign_id, mailbox, type, becomes, was, count(*) AS contacts
          FROM before
         CROSS JOIN LATERAL (VALUES %4$s) AS m (type, becomes, was)
         WHERE becomes IS DISTINCT FROM was
         GROUP BY campaign_id, mailbox, type, becomes, was
        """
                .formatted(
                        each("g.%2$s, f.%2$s AS new_%2$s", ", "),
                        each("f.%2$s < coalesce(g.%2$s, 'infinity')", " OR "),
                        each("%2$s = least(g.%2$s, b.new_%2$s)", ", "),
                        each(
                                "('%%1$s', %s, %s)"
                                        .formatted(hour("least(%2$s, new_%2$s)"), hour("%2$s")),
                                ", "));
    }

    /**
     * @param pattern with the type's name as {@code %1$s} and its column as {@code %2$s}
     */
    private String each(String pattern, String between) {
        return types.stream()
                .map(
                        type ->
                                pattern.formatted(
                                        type.name(), type.name().toLowerCase(Locale.ROOT) + "_at"))
                .collect(joining(between));
    }
}
