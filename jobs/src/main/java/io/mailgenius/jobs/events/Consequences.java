package io.mailgenius.jobs.events;

import static java.util.stream.Collectors.toCollection;

import io.mailgenius.jobs.contacts.Suppressions;
import io.mailgenius.schema.SuppressionReason;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What follows from events, in the transaction that writes them. */
final class Consequences {

    private final JdbcClient jdbc;
    private final Suppressions suppressions;

    Consequences(JdbcClient jdbc, Suppressions suppressions) {
        this.jdbc = jdbc;
        this.suppressions = suppressions;
    }

    /** After the events and their marks, whose locks keep two nodes from counting side by side. */
    void follow(long workspaceId, List<Event> fresh) {
        count(workspaceId, fresh);
        suppress(workspaceId, fresh);
    }

    /** In the order of campaigns, so that two nodes wait for each other and do not deadlock. */
    private void count(long workspaceId, List<Event> fresh) {
        TreeMap<Long, long[]> campaigns = new TreeMap<>();
        for (Event event : fresh) {
            int column =
                    switch (event.type()) {
                        case "DELIVERED" -> 0;
                        case "BOUNCED" -> 1;
                        case "COMPLAINED" -> 2;
                        case String other -> -1;
                    };
            if (column >= 0 && event.campaignId() != null) {
                campaigns.computeIfAbsent(event.campaignId(), _ -> new long[3])[column]++;
            }
        }
        if (campaigns.isEmpty()) {
            return;
        }
        Collection<long[]> counts = campaigns.values();
        jdbc.sql(
                        """
                        INSERT INTO campaign_health AS h (workspace_id, campaign_id, delivered, bounced, complained)
                        SELECT :workspace, c.* FROM unnest(:campaigns, :delivered, :bounced, :complained) AS c
                        ON CONFLICT (workspace_id, campaign_id) DO UPDATE
                           SET delivered = h.delivered + excluded.delivered,
                               bounced = h.bounced + excluded.bounced,
                               complained = h.complained + excluded.complained
                        """)
                .param("workspace", workspaceId)
                .param("campaigns", campaigns.keySet().toArray(Long[]::new))
                .param("delivered", counts.stream().map(c -> c[0]).toArray(Long[]::new))
                .param("bounced", counts.stream().map(c -> c[1]).toArray(Long[]::new))
                .param("complained", counts.stream().map(c -> c[2]).toArray(Long[]::new))
                .update();
    }

    /** Whoever complained may have bounced as well: the graver reason is written last. */
    private void suppress(long workspaceId, List<Event> fresh) {
        suppress(fresh, SuppressionReason.UNSUBSCRIBED, "unsubscribe link");
        suppress(fresh, SuppressionReason.BOUNCED, "bounce");
        suppressThoseThatKeepBouncing(workspaceId, fresh);
        suppress(fresh, SuppressionReason.COMPLAINED, "complaint");
    }

    private void suppress(List<Event> fresh, SuppressionReason reason, String source) {
        Set<Long> contacts = contacts(fresh.stream().filter(e -> e.suppresses() == reason));
        if (!contacts.isEmpty()) {
            suppressions.suppressContacts(contacts, reason, source);
        }
    }

    private static Set<Long> contacts(Stream<Event> events) {
        return events.map(Event::contactId)
                .flatMap(Stream::ofNullable)
                .collect(toCollection(TreeSet::new));
    }

    /** A mailbox that is full again and again since it last took a mail is nobody's any more. */
    private void suppressThoseThatKeepBouncing(long workspaceId, List<Event> fresh) {
        Set<Long> bounced =
                contacts(
                        fresh.stream()
                                .filter(e -> e.type().equals(EventType.BOUNCED.name()))
                                .filter(e -> e.suppresses() == null));
        if (bounced.isEmpty()) {
            return;
        }
        Set<Long> over =
                new HashSet<>(
                        jdbc.sql(
                                        """
                                        SELECT c.id
                                          FROM unnest(:contacts::bigint[]) AS c (id)
                                         CROSS JOIN LATERAL (
                                               SELECT count(*) AS bounces FROM event e
                                                WHERE e.workspace_id = :workspace AND e.contact_id = c.id
                                                  AND e.type = 'BOUNCED'
                                                  AND e.occurred_at > coalesce(
                                                      (SELECT max(d.occurred_at) FROM event d
                                                        WHERE d.workspace_id = :workspace AND d.contact_id = c.id
                                                          AND d.type = 'DELIVERED'), '-infinity')
                                               OFFSET 0) AS since
                                         WHERE since.bounces >= (SELECT transient_bounces FROM workspace
                                                                  WHERE id = :workspace)
                                        """)
                                .param("workspace", workspaceId)
                                .param("contacts", bounced.toArray(Long[]::new))
                                .query((row, _) -> row.getLong(1))
                                .list());
        if (!over.isEmpty()) {
            suppressions.suppressContacts(
                    new TreeSet<>(over), SuppressionReason.BOUNCED, "transient bounces");
        }
    }
}
