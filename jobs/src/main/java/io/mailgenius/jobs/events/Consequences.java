package io.mailgenius.jobs.events;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.mailgenius.jobs.contacts.Suppressions;
import io.mailgenius.jobs.contacts.addresses.EmailAddress;
import io.mailgenius.schema.SuppressionReason;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Applies the consequences of events, in the transaction that writes the events. */
final class Consequences {

    /** The source of suppressions that come from the provider's list. */
    static final String PROVIDERS_LIST = "provider's suppression list";

    /** The field in the detail of a bounce that identifies the address. */
    static final String MAILBOX = "mailbox";

    private final JdbcClient jdbc;
    private final Suppressions suppressions;

    Consequences(JdbcClient jdbc, Suppressions suppressions) {
        this.jdbc = jdbc;
        this.suppressions = suppressions;
    }

    /**
     * Called after the events and their batches were written, whose locks serialize concurrent
     * nodes.
     */
    void applyTo(long workspaceId, List<Event> fresh) {
        count(workspaceId, fresh);
        suppress(workspaceId, fresh);
    }

    /**
     * Updates campaigns in ascending order, so that two nodes wait for each other and do not
     * deadlock.
     */
    private void count(long workspaceId, List<Event> fresh) {
        TreeMap<Long, long[]> campaigns = new TreeMap<>();
        for (Event event : fresh) {
            int column =
                    switch (event.type()) {
                        case "DELIVERED" -> 0;
                        case "BOUNCED" -> 1;
                        case "COMPLAINED" -> 2;
                        case "FAILED" -> 3;
                        case String other -> -1;
                    };
            if (column >= 0 && event.campaignId() != null) {
                campaigns.computeIfAbsent(event.campaignId(), _ -> new long[4])[column]++;
            }
        }
        if (campaigns.isEmpty()) {
            return;
        }
        Collection<long[]> counts = campaigns.values();
        jdbc.sql(
                        """
                        INSERT INTO campaign_health AS h (workspace_id, campaign_id, delivered, bounced, complained, failed)
                        SELECT :workspace, c.* FROM unnest(:campaigns, :delivered, :bounced, :complained, :failed) AS c
                        ON CONFLICT (workspace_id, campaign_id) DO UPDATE
                           SET delivered = h.delivered + excluded.delivered,
                               bounced = h.bounced + excluded.bounced,
                               complained = h.complained + excluded.complained,
                               failed = h.failed + excluded.failed
                        """)
                .param("workspace", workspaceId)
                .param("campaigns", campaigns.keySet().toArray(Long[]::new))
                .param("delivered", counts.stream().map(c -> c[0]).toArray(Long[]::new))
                .param("bounced", counts.stream().map(c -> c[1]).toArray(Long[]::new))
                .param("complained", counts.stream().map(c -> c[2]).toArray(Long[]::new))
                .param("failed", counts.stream().map(c -> c[3]).toArray(Long[]::new))
                .update();
    }

    /**
     * Suppresses the address that was mailed, which the contact may not have any more. Complaints
     * are written after bounces, so that the more severe reason remains.
     */
    private void suppress(long workspaceId, List<Event> fresh) {
        fresh.stream().filter(Consequences::isRemoval).forEach(this::removeSuppression);
        suppress(fresh, SuppressionReason.MANUAL, Source.LIST);
        suppress(fresh, SuppressionReason.UNSUBSCRIBED, Source.EVENT);
        suppress(fresh, SuppressionReason.BOUNCED, Source.LIST);
        suppress(fresh, SuppressionReason.BOUNCED, Source.EVENT);
        suppressRepeatedBounces(workspaceId, fresh);
        suppress(fresh, SuppressionReason.COMPLAINED, Source.LIST);
        suppress(fresh, SuppressionReason.COMPLAINED, Source.EVENT);
    }

    /** The origin of a suppression: an event of a mail, or the provider's suppression list. */
    private enum Source {
        EVENT,
        LIST;

        static Source of(Event event) {
            return event.type().equals(EventType.SUPPRESSED.name())
                            || ResendWebhook.isListEvent(event.type())
                    ? LIST
                    : EVENT;
        }

        String words(SuppressionReason reason) {
            return this == LIST
                    ? PROVIDERS_LIST
                    : switch (reason) {
                        case UNSUBSCRIBED -> "unsubscribe link";
                        case BOUNCED -> "bounce";
                        case COMPLAINED -> "complaint";
                        case MANUAL -> "by hand";
                    };
        }
    }

    private void suppress(List<Event> fresh, SuppressionReason reason, Source source) {
        suppress(
                fresh.stream()
                        .filter(e -> e.suppresses() == reason && Source.of(e) == source)
                        .toList(),
                reason,
                source.words(reason));
    }

    private void suppress(List<Event> events, SuppressionReason reason, String source) {
        Set<EmailAddress> told = new HashSet<>();
        Set<Long> contacts = new TreeSet<>();
        for (Event event : events) {
            if (EmailAddress.parse(event.email()) instanceof EmailAddress address) {
                told.add(address);
            } else if (event.contactId() != null) {
                contacts.add(event.contactId());
            }
        }
        if (!told.isEmpty()) {
            suppressions.addAll(told, reason, source);
        }
        if (!contacts.isEmpty()) {
            suppressions.suppressContacts(contacts, reason, source);
        }
    }

    private static boolean isRemoval(Event event) {
        return event.type().equals(ResendWebhook.REMOVED_FROM_LIST);
    }

    /**
     * Removes only suppressions that came from the provider's list, never those of the contact or
     * an operator.
     */
    private void removeSuppression(Event removal) {
        if (EmailAddress.parse(removal.email()) instanceof EmailAddress address) {
            suppressions.removeFrom(address, PROVIDERS_LIST);
        }
    }

    /** A truncated SHA-256: equal for all events of one address, without storing the address. */
    static String mailbox(String email) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(email.getBytes(UTF_8));
            return HexFormat.of().formatHex(digest, 0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every JDK has SHA-256", e);
        }
    }

    /**
     * Suppresses an address after repeated transient bounces since its last delivery. Bounces of
     * other addresses of the contact do not count.
     */
    private void suppressRepeatedBounces(long workspaceId, List<Event> fresh) {
        List<Event> bounced =
                fresh.stream()
                        .filter(e -> e.type().equals(EventType.BOUNCED.name()))
                        .filter(e -> e.suppresses() == null && e.contactId() != null)
                        .toList();
        if (bounced.isEmpty()) {
            return;
        }
        Set<Integer> over =
                new HashSet<>(
                        jdbc.sql(
                                        """
                                        SELECT c.place
                                          FROM unnest(:contacts::bigint[], :mailboxes::text[])
                                               WITH ORDINALITY AS c (id, mailbox, place)
                                         CROSS JOIN LATERAL (
                                               SELECT count(*) AS bounces FROM event e
                                                WHERE e.workspace_id = :workspace AND e.contact_id = c.id
                                                  AND e.type = 'BOUNCED'
                                                  AND coalesce(e.detail ->> 'mailbox' = c.mailbox, true)
                                                  AND e.occurred_at > coalesce(
                                                      (SELECT max(d.occurred_at) FROM event d
                                                        WHERE d.workspace_id = :workspace AND d.contact_id = c.id
                                                          AND d.type = 'DELIVERED'), '-infinity')
                                               OFFSET 0) AS since
                                         WHERE since.bounces >= (SELECT transient_bounces FROM workspace
                                                                  WHERE id = :workspace)
                                        """)
                                .param("workspace", workspaceId)
                                .param(
                                        "contacts",
                                        bounced.stream().map(Event::contactId).toArray(Long[]::new))
                                .param(
                                        "mailboxes",
                                        bounced.stream()
                                                .map(
                                                        e ->
                                                                e.email() == null
                                                                        ? null
                                                                        : mailbox(e.email()))
                                                .toArray(String[]::new))
                                .query((row, _) -> row.getInt(1))
                                .list());
        suppress(
                IntStream.range(0, bounced.size())
                        .filter(n -> over.contains(n + 1))
                        .mapToObj(bounced::get)
                        .toList(),
                SuppressionReason.BOUNCED,
                "transient bounces");
    }
}
