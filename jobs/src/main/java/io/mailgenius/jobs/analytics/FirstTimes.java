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

    /** A table of this connection for the first times of a chunk; empty again after each commit. */
    static String room() {
        return "CREATE TEMPORARY TABLE IF NOT EXISTS rollup_first (campaign_id bigint, contact_id bigint, mailbox text, %s) ON COMMIT DELETE ROWS"
                .formatted(
                        new FirstTimes(EnumSet.allOf(EventType.class))
                                .each("%2$s timestamptz", ", "));
    }

    /**
     * Puts together what the batches know of each engagement, in the order of its key, and who runs
     * the mailbox. This needs no lock, and is half of the work.
     */
    String gather() {
        return """
        INSERT INTO rollup_first (campaign_id, contact_id, mailbox, %2$s)
        SELECT f.campaign_id, f.contact_id, coalesce(m.mailbox, 'other'), %2$s
          FROM (SELECT *, (SELECT split_part(c.email, '@', 2)
                             FROM contact c
                            WHERE c.workspace_id = :workspace AND c.id = f.contact_id) AS domain
                  FROM (SELECT campaign_id, contact_id, %1$s
                          FROM event
                         WHERE workspace_id = :workspace
                           AND batch BETWEEN :first AND :last AND batch = ANY (:batches)
                           AND contact_id IS NOT NULL
                         GROUP BY campaign_id, contact_id
                         ORDER BY campaign_id, contact_id) AS f
                OFFSET 0) AS f
          LEFT JOIN mailbox_domain m ON m.domain = f.domain
        """
                .formatted(
                        each("min(occurred_at) FILTER (WHERE type = '%1$s') AS %2$s", ", "),
                        each("%2$s", ", "));
    }

    /**
     * Adds the engagements that are not there, and brings forward what is later than it should be.
     * Answers how many contacts have an earlier first time of a type by it, in which hour, and in
     * which they had been.
     *
     * <p>It is the worker's turn, and nobody else writes them, so each is looked up once, and found
     * again by its place in the table.
     */
    String apply() {
        return """
        WITH known AS MATERIALIZED (
            SELECT f.campaign_id, f.contact_id, coalesce(g.mailbox, f.mailbox) AS mailbox, g.ctid AS place, %1$s
              FROM rollup_first f
              LEFT JOIN engagement g ON g.workspace_id = :workspace
                                    AND g.campaign_id = f.campaign_id
                                    AND g.contact_id = f.contact_id
        ), added AS (
            INSERT INTO engagement (workspace_id, campaign_id, contact_id, mailbox, %2$s)
            SELECT :workspace, campaign_id, contact_id, mailbox, %2$s
              FROM known
             WHERE place IS NULL
        ), earlier AS MATERIALIZED (
            SELECT *
              FROM known
             WHERE place IS NOT NULL AND (%3$s)
        ), improved AS (
            UPDATE engagement g
               SET %4$s
              FROM earlier e
             WHERE g.workspace_id = :workspace AND g.ctid = e.place
        ), moves AS (
            SELECT campaign_id, mailbox, %5$s, %6$s, count(*) AS contacts
              FROM (SELECT * FROM known WHERE place IS NULL UNION ALL SELECT * FROM earlier) AS k
             GROUP BY campaign_id, mailbox, %7$s, %8$s
        )
        SELECT campaign_id, mailbox, type, becomes, was, sum(contacts)::bigint AS contacts
          FROM moves
         CROSS JOIN LATERAL (VALUES %9$s) AS m (type, becomes, was)
         WHERE becomes IS DISTINCT FROM was
         GROUP BY campaign_id, mailbox, type, becomes, was
        """
                .formatted(
                        each("f.%2$s, g.%2$s AS was_%2$s", ", "),
                        each("%2$s", ", "),
                        each("%2$s < coalesce(was_%2$s, 'infinity')", " OR "),
                        each("%2$s = least(g.%2$s, e.%2$s)", ", "),
                        each(hour("least(%2$s, was_%2$s)") + " AS becomes_%2$s", ", "),
                        each(hour("was_%2$s") + " AS hour_%2$s", ", "),
                        each("becomes_%2$s", ", "),
                        each("hour_%2$s", ", "),
                        each("('%1$s', becomes_%2$s, hour_%2$s)", ", "));
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
