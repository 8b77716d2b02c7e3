package io.mailgenius.jobs.analytics;

import static java.util.stream.Collectors.joining;

import io.mailgenius.jobs.events.EventType;
import java.util.Collection;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/**
 * The statement that updates table engagement from batches. It only has columns for the types that
 * occur, because every further column costs time in each row.
 */
final class FirstTimes {

    private final Set<EventType> types;

    FirstTimes(Collection<EventType> types) {
        this.types = EnumSet.copyOf(types);
    }

    static String hour(String time) {
        return "date_bin('1 hour', %s, timestamptz 'epoch')".formatted(time);
    }

    /**
     * Aggregates the events per engagement, inserts new engagements and moves later first times
     * forward. Returns the number of contacts whose first time of a type changed, with its new and
     * its former hour.
     *
     * <p>The caller holds the lock for engagement. Existing engagements are read in one index scan
     * per campaign, and so are the contacts of new ones, whose mailbox is not known yet; single
     * lookups took twice as long. Table mailbox_domain is read as a whole, because the planner
     * expects ten contacts and would otherwise look up the domain of each. Changed rows are found
     * by their key, because a join on ctid may scan the whole table.
     */
    String apply() {
        return """
        WITH fresh AS MATERIALIZED (
            SELECT campaign_id, contact_id, %1$s
              FROM event
             WHERE workspace_id = :workspace
               AND batch BETWEEN :first AND :last AND batch = ANY (:batches)
               AND contact_id IS NOT NULL
             GROUP BY campaign_id, contact_id
             ORDER BY campaign_id, contact_id
        ), there AS MATERIALIZED (
            SELECT g.*
              FROM (SELECT campaign_id, array_agg(contact_id) AS contacts FROM fresh GROUP BY campaign_id) AS a
             CROSS JOIN LATERAL (SELECT campaign_id, contact_id, mailbox, %2$s
                                   FROM engagement
                                  WHERE workspace_id = :workspace
                                    AND campaign_id = a.campaign_id AND contact_id = ANY (a.contacts)
                                 OFFSET 0) AS g
        ), paired AS MATERIALIZED (
            SELECT f.*, g.mailbox, %3$s
              FROM fresh f
              LEFT JOIN there g ON g.campaign_id = f.campaign_id AND g.contact_id = f.contact_id
        ), people AS MATERIALIZED (
            SELECT c.id, m.mailbox
              FROM (SELECT id, split_part(email, '@', 2) AS domain
                      FROM contact
                     WHERE workspace_id = :workspace
                       AND id = ANY (ARRAY(SELECT contact_id FROM paired WHERE mailbox IS NULL))
                    OFFSET 0) AS c
              JOIN (SELECT domain, mailbox FROM mailbox_domain OFFSET 0) AS m ON m.domain = c.domain
        ), known AS MATERIALIZED (
            SELECT k.campaign_id, k.contact_id, k.mailbox IS NULL AS new,
                   coalesce(k.mailbox, p.mailbox, 'other') AS mailbox, %4$s
              FROM paired k
              LEFT JOIN people p ON p.id = k.contact_id
             WHERE k.mailbox IS NULL OR %5$s
        ), added AS (
            INSERT INTO engagement (workspace_id, campaign_id, contact_id, mailbox, %2$s)
            SELECT :workspace, campaign_id, contact_id, mailbox, %2$s
              FROM known
             WHERE new
        ), improved AS (
            INSERT INTO engagement AS g (workspace_id, campaign_id, contact_id, mailbox, %2$s)
            SELECT :workspace, campaign_id, contact_id, mailbox, %2$s
              FROM known
             WHERE NOT new
            ON CONFLICT (workspace_id, campaign_id, contact_id) DO UPDATE SET %6$s
        ), moves AS (
            SELECT campaign_id, mailbox, %7$s, %8$s, count(*) AS contacts
              FROM known
             GROUP BY campaign_id, mailbox, %9$s, %10$s
        )
        SELECT campaign_id, mailbox, type, becomes, was, sum(contacts)::bigint AS contacts
          FROM moves
         CROSS JOIN LATERAL (VALUES %11$s) AS m (type, becomes, was)
         WHERE becomes IS DISTINCT FROM was
         GROUP BY campaign_id, mailbox, type, becomes, was
        """
                .formatted(
                        each("min(occurred_at) FILTER (WHERE type = '%1$s') AS %2$s", ", "),
                        each("%2$s", ", "),
                        each("g.%2$s AS was_%2$s", ", "),
                        each("k.%2$s, k.was_%2$s", ", "),
                        each("k.%2$s < coalesce(k.was_%2$s, 'infinity')", " OR "),
                        each("%2$s = least(g.%2$s, excluded.%2$s)", ", "),
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
