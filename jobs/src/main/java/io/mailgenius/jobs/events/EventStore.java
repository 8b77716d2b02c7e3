package io.mailgenius.jobs.events;

import static java.util.stream.Collectors.toCollection;

import io.mailgenius.jobs.contacts.Suppressions;
import io.mailgenius.jobs.contacts.addresses.EmailAddress;
import io.mailgenius.schema.WorkspaceScope;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Writes events, their receipts, the batches for the rollup and their consequences in one
 * transaction. After a crash the receipts tell whether a redelivered message was stored.
 */
@Component
final class EventStore {

    private static final Set<String> COUNTED =
            Arrays.stream(EventType.values()).map(Enum::name).collect(toCollection(HashSet::new));

    private final JdbcClient jdbc;
    private final TransactionTemplate transaction;
    private final Consequences consequences;
    private final ReportedClicks clicks;
    private final Clock clock;

    EventStore(
            JdbcClient jdbc,
            PlatformTransactionManager transactions,
            Suppressions suppressions,
            Clock clock) {
        this.jdbc = jdbc;
        this.transaction = new TransactionTemplate(transactions);
        this.consequences = new Consequences(jdbc, suppressions);
        this.clicks = new ReportedClicks(jdbc);
        this.clock = clock;
    }

    /**
     * @param events of this workspace
     * @return the receipts in the order of the events
     */
    List<Receipt> write(long workspaceId, List<Event> events) {
        return WorkspaceScope.call(
                workspaceId,
                () ->
                        Objects.requireNonNull(
                                transaction.execute(_ -> writeAll(workspaceId, events))));
    }

    /**
     * Whether the mail of an unsubscribe has one already, and its address is suppressed and of no
     * contact that may be mailed.
     */
    boolean hasUnsubscribed(Event unsubscribe) {
        String mailed =
                EmailAddress.parse(unsubscribe.email()) instanceof EmailAddress address
                        ? address.value()
                        : null;
        return WorkspaceScope.call(
                unsubscribe.workspaceId(),
                () ->
                        Boolean.TRUE.equals(
                                transaction.execute(_ -> hasUnsubscribed(unsubscribe, mailed))));
    }

    private boolean hasUnsubscribed(Event unsubscribe, @Nullable String mailed) {
        return jdbc.sql(
                        """
                        SELECT EXISTS (SELECT FROM event
                                        WHERE workspace_id = :workspace AND contact_id = :contact
                                          AND campaign_id + 0 = :campaign AND type = 'UNSUBSCRIBED')
                           AND EXISTS (SELECT FROM suppression
                                        WHERE workspace_id = :workspace AND email = mailed.email)
                           AND NOT EXISTS (SELECT FROM contact
                                            WHERE workspace_id = :workspace AND email = mailed.email
                                              AND status IN ('SUBSCRIBED', 'PENDING'))
                          FROM (SELECT coalesce(:email::text, (SELECT email FROM contact
                                                                WHERE workspace_id = :workspace AND id = :contact))
                                       COLLATE "C" AS email) AS mailed
                        """)
                .param("workspace", unsubscribe.workspaceId())
                .param("contact", unsubscribe.contactId())
                .param("campaign", unsubscribe.campaignId())
                .param("email", mailed)
                .query(Boolean.class)
                .single();
    }

    private List<Receipt> writeAll(long workspaceId, List<Event> events) {
        commitToDisk();
        if (!exists(workspaceId)) {
            return events.stream()
                    .<Receipt>map(event -> new Receipt.Unaddressed(event.type()))
                    .toList();
        }
        Map<String, Event> messages = new LinkedHashMap<>();
        events.forEach(event -> messages.putIfAbsent(event.messageId(), event));
        Set<String> unseen = new HashSet<>(receipts(workspaceId, messages.keySet()));
        List<Event> fresh =
                clicks.classified(
                        workspaceId,
                        messages.values().stream()
                                .filter(e -> unseen.contains(e.messageId()))
                                .toList());
        if (!fresh.isEmpty()) {
            append(workspaceId, fresh, batches(workspaceId, fresh));
            consequences.applyTo(workspaceId, fresh);
        }
        List<Receipt> answers = new ArrayList<>(events.size());
        for (Event event : events) {
            // Of several deliveries in one batch, the first counts as stored.
            boolean first = unseen.remove(event.messageId());
            answers.add(first ? new Receipt.Stored() : new Receipt.Duplicate());
        }
        return answers;
    }

    /**
     * The server may have synchronous_commit off, but the provider does not redeliver an
     * acknowledged message.
     */
    private void commitToDisk() {
        jdbc.sql(
                        """
                        SELECT set_config('synchronous_commit', 'on', true)
                         WHERE current_setting('synchronous_commit') = 'off'
                        """)
                .query((_, _) -> true)
                .list();
    }

    /** A tag may name a workspace that does not exist, and no foreign key would reject it. */
    private boolean exists(long workspaceId) {
        return jdbc.sql("SELECT EXISTS (SELECT FROM workspace WHERE id = :workspace)")
                .param("workspace", workspaceId)
                .query(Boolean.class)
                .single();
    }

    /**
     * Sorted, here and below, so that two nodes that write the same rows wait and do not deadlock.
     */
    private List<String> receipts(long workspaceId, Collection<String> messageIds) {
        return jdbc.sql(
                        """
                        INSERT INTO event_receipt (workspace_id, message_id, received_at)
                        SELECT :workspace, id, :now::timestamptz
                          FROM unnest(:ids) AS id
                         ORDER BY id
                        ON CONFLICT DO NOTHING
                        RETURNING message_id
                        """)
                .param("workspace", workspaceId)
                .param("now", clock.instant().toString())
                .param("ids", messageIds.toArray(String[]::new))
                .query((row, _) -> row.getString(1))
                .list();
    }

    /** In the order of the batches, so that the rows of a batch are on few pages. */
    private void append(long workspaceId, List<Event> fresh, Map<Integer, Long> batches) {
        jdbc.sql(
                        """
                        INSERT INTO event (workspace_id, occurred_at, campaign_id, contact_id, type,
                                           message_id, provider_id, detail, received_at, batch)
                        SELECT :workspace, occurred_at::timestamptz, campaign_id, contact_id, type,
                               message_id, provider_id, detail::jsonb, :now::timestamptz,
                               batch
                          FROM unnest(:occurred, :campaigns, :contacts, :types, :ids, :providers, :details, :batches)
                            AS e (occurred_at, campaign_id, contact_id, type, message_id, provider_id, detail, batch)
                         ORDER BY batch
                        """)
                .param("workspace", workspaceId)
                .param("now", clock.instant().toString())
                .param("occurred", texts(fresh, event -> event.occurredAt().toString()))
                .param("campaigns", fresh.stream().map(Event::campaignId).toArray(Long[]::new))
                .param("contacts", fresh.stream().map(Event::contactId).toArray(Long[]::new))
                .param("types", texts(fresh, Event::type))
                .param("ids", texts(fresh, Event::messageId))
                .param("providers", texts(fresh, Event::providerId))
                .param("details", texts(fresh, Event::detail))
                .param(
                        "batches",
                        fresh.stream()
                                .map(
                                        e ->
                                                isCounted(e)
                                                        ? batches.get(EventShards.of(e.contactId()))
                                                        : null)
                                .toArray(Long[]::new))
                .update();
    }

    private static String[] texts(List<Event> events, Function<Event, @Nullable String> text) {
        return events.stream().map(text).toArray(String[]::new);
    }

    /**
     * Creates one batch per shard, which the rollup counts once.
     *
     * @return their ids by shard
     */
    private Map<Integer, Long> batches(long workspaceId, List<Event> fresh) {
        List<Event> counted = fresh.stream().filter(EventStore::isCounted).toList();
        Map<Integer, Long> batches = new HashMap<>();
        jdbc.sql(
                        """
                        INSERT INTO event_batch (workspace_id, shard, events, campaigns, first_at, last_at)
                        SELECT :workspace, shard, count(*), array_agg(DISTINCT campaign), min(at), max(at)
                          FROM unnest(:shards, :campaigns, :times::timestamptz[]) AS e (shard, campaign, at)
                         GROUP BY shard
                        RETURNING shard, id
                        """)
                .param("workspace", workspaceId)
                .param(
                        "shards",
                        counted.stream()
                                .map(e -> EventShards.of(e.contactId()))
                                .toArray(Integer[]::new))
                .param("campaigns", counted.stream().map(Event::campaignId).toArray(Long[]::new))
                .param("times", texts(counted, event -> event.occurredAt().toString()))
                .query(
                        row -> {
                            batches.put(row.getInt("shard"), row.getLong("id"));
                        });
        return batches;
    }

    private static boolean isCounted(Event event) {
        return event.campaignId() != null && COUNTED.contains(event.type());
    }

    List<Long> workspacesThatKnow(EmailAddress address) {
        return jdbc.sql("SELECT workspaces_that_know(:address)")
                .param("address", address.value())
                .query((row, _) -> row.getLong(1))
                .list();
    }

    int ensurePartitions() {
        return jdbc.sql("SELECT ensure_event_partitions(:now::timestamptz, 3)")
                .param("now", clock.instant().toString())
                .query(Integer.class)
                .single();
    }

    /**
     * @return the number of dropped months
     */
    int forget(Instant before) {
        return jdbc.sql("SELECT forget_events(:before::timestamptz)")
                .param("before", before.toString())
                .query(Integer.class)
                .single();
    }

    /**
     * @return the number of deleted receipts; less than {@code atMost} if no more were that old
     */
    int deleteReceipts(Instant before, int atMost) {
        return jdbc.sql("SELECT forget_event_receipts(:before::timestamptz, :most)")
                .param("before", before.toString())
                .param("most", atMost)
                .query(Integer.class)
                .single();
    }
}
