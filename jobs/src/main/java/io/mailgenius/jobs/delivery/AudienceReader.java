package io.mailgenius.jobs.delivery;

import io.mailgenius.jobs.campaigns.Audience;
import io.mailgenius.jobs.campaigns.FollowUp;
import io.mailgenius.schema.WorkspaceScope;
import java.sql.Array;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;
import org.springframework.batch.infrastructure.item.ExecutionContext;
import org.springframework.batch.infrastructure.item.ItemStreamReader;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.json.JsonMapper;

/**
 * Enumerates an audience in the order of contact ids, a chunk of recipients at a time. Unsubscribed
 * and suppressed contacts are left out here, and checked again when the chunk is planned. If the
 * campaign's timing depends on the recipient, a page of recipients is divided first.
 */
final class AudienceReader implements ItemStreamReader<Recipients> {

    static final int CHUNK = 1_000;

    private static final String AFTER = "audience.after";

    private static final String PENDING = "audience.pending";

    private final JdbcClient jdbc;
    private final JsonMapper json;
    private final LongConsumer requireSends;
    private final long campaignId;
    private final Audience audience;
    private final @Nullable Long topicId;
    private final ChunkSizing chunkSizing;
    private final long from;
    private final long to;
    private final Queue<Recipients> pending = new ArrayDeque<>();
    private long after;

    /** Contact ids from the first to the last. */
    record ContactRange(long from, long to) {}

    /**
     * @param requireSends throws if the sends of this campaign were purged
     * @param topicId of the campaign, or null
     */
    AudienceReader(
            JdbcClient jdbc,
            JsonMapper json,
            LongConsumer requireSends,
            long campaignId,
            Audience audience,
            @Nullable Long topicId,
            ChunkSizing chunkSizing,
            ContactRange range) {
        this.jdbc = jdbc;
        this.json = json;
        this.requireSends = requireSends;
        this.campaignId = campaignId;
        this.audience = audience;
        this.topicId = topicId;
        this.chunkSizing = chunkSizing;
        this.from = range.from();
        this.to = range.to();
    }

    @Override
    public void open(ExecutionContext context) {
        after = context.getLong(AFTER, from - 1);
        if (context.containsKey(PENDING)) {
            pending.addAll(List.of(json.readValue(context.getString(PENDING), Recipients[].class)));
        }
    }

    @Override
    public @Nullable Recipients read() {
        while (pending.isEmpty()) {
            Page page = page();
            if (audience.followUp() != null) {
                requireSends.accept(audience.followUp().campaignId());
            }
            if (page.last() == null) {
                return null;
            }
            after = page.last();
            divide(mailable(page.subscribed()));
        }
        return pending.poll();
    }

    private void divide(long[] mailable) {
        if (!chunkSizing.asksForZones()) {
            cut(new ChunkSizing.Group(null, null), mailable);
            return;
        }
        Map<Long, String> zones = zones(mailable);
        Map<ChunkSizing.Group, List<Long>> groups = new LinkedHashMap<>();
        for (long id : mailable) {
            groups.computeIfAbsent(chunkSizing.group(zones.get(id)), group -> new ArrayList<>())
                    .add(id);
        }
        groups.forEach(
                (group, ids) -> cut(group, ids.stream().mapToLong(Long::longValue).toArray()));
    }

    private void cut(ChunkSizing.Group group, long[] ids) {
        for (int from = 0; from < ids.length; from += chunkSizing.most()) {
            long[] some =
                    Arrays.copyOfRange(ids, from, Math.min(ids.length, from + chunkSizing.most()));
            pending.add(new Recipients(campaignId, some, group.notBefore(), group.zone()));
        }
    }

    private Map<Long, String> zones(long[] contacts) {
        Map<Long, String> zones = HashMap.newHashMap(contacts.length);
        jdbc.sql(
                        """
                        SELECT id, time_zone FROM contact
                         WHERE workspace_id = :workspace AND id = ANY (:ids)
                           AND time_zone IS NOT NULL
                        """)
                .param("workspace", WorkspaceScope.required())
                .param("ids", contacts)
                .query(
                        row -> {
                            zones.put(row.getLong(1), row.getString(2));
                        });
        return zones;
    }

    /**
     * The next members of the audience.
     *
     * @param last the last of them; null if there are no more
     * @param subscribed those who may be mailed, in order
     */
    private record Page(@Nullable Long last, long[] subscribed) {}

    /**
     * Walks one index, and looks each contact up in others, whatever the planner knows about tables
     * that were filled a moment ago. The workspace is a parameter, since the session's workspace
     * would be read from its settings at each lookup. Ids are returned as one array, since a row
     * for each would cost more than finding them.
     */
    private Page page() {
        long of = 0;
        String members;
        if (audience.segmentId() != null) {
            of = audience.segmentId();
            members = membersOf("segment_member", "segment_id");
        } else if (audience.listId() != null) {
            of = audience.listId();
            members = membersOf("list_member", "list_id");
        } else if (audience.followUp() != null) {
            of = audience.followUp().campaignId();
            members = membersOf(sendsOf(audience.followUp().to()), "campaign_id");
        } else {
            members =
                    """
                    SELECT id AS member, id, email, status FROM contact
                     WHERE workspace_id = :workspace AND id > :after AND id <= :to AND :of = 0
                     ORDER BY id LIMIT :rows
                    """;
        }
        return jdbc.sql(
                        """
                        WITH page AS MATERIALIZED (%s)
                        SELECT max(c.member),
                               array_agg(c.id ORDER BY c.id)
                                   FILTER (WHERE c.status = 'SUBSCRIBED'
                                             AND NOT EXISTS (SELECT FROM suppression s
                                                              WHERE s.workspace_id = :workspace
                                                                AND s.email = c.email OFFSET 0)
                                             %s)
                          FROM page c
                        """
                                .formatted(members, topicId == null ? "" : "AND " + WANTS))
                .param("workspace", WorkspaceScope.required())
                .param("of", of)
                .param("after", after)
                .param("to", to)
                .param("rows", chunkSizing.page())
                .params(topicId == null ? Map.of() : Map.of("topic", topicId))
                .query((row, n) -> new Page((Long) row.getObject(1), longs(row.getArray(2))))
                .single();
    }

    /**
     * @param table whose rows reference contacts, with further conditions
     * @param of the column that references the list, segment or campaign
     */
    private static String membersOf(String table, String of) {
        return """
               SELECT m.contact_id AS member, c.id, c.email, c.status
                 FROM (SELECT contact_id FROM %s
                        WHERE workspace_id = :workspace AND %s = :of
                          AND contact_id > :after AND contact_id <= :to
                        ORDER BY contact_id LIMIT :rows) m
                 LEFT JOIN LATERAL (SELECT id, email, status FROM contact
                                     WHERE workspace_id = :workspace AND id = m.contact_id
                                    OFFSET 0) c ON true
               """
                .formatted(table, of);
    }

    private static String sendsOf(FollowUp.To to) {
        String status =
                switch (to) {
                    case FAILED -> "FAILED";
                    case NOT_OPENED -> "SENT";
                };
        return "(SELECT * FROM send WHERE status = '%s') s".formatted(status);
    }

    private static long[] longs(@Nullable Array array) throws SQLException {
        return array == null
                ? new long[0]
                : Arrays.stream((Long[]) array.getArray()).mapToLong(Long::longValue).toArray();
    }

    private long[] mailable(long[] subscribed) {
        return audience.followUp() != null && audience.followUp().to() == FollowUp.To.NOT_OPENED
                ? silent(subscribed, audience.followUp().campaignId())
                : subscribed;
    }

    /**
     * Contacts who got the mail without a known reaction. The events are read, since figures are
     * updated later. Events of one contact are few and those of a campaign many: {@code OFFSET 0}
     * and {@code + 0} leave the index of the contact as the only plan, also without statistics.
     */
    private long[] silent(long[] contacts, long campaign) {
        return ids(
                jdbc.sql(
                                """
                                SELECT id FROM unnest(:ids::bigint[]) AS c (id)
                                 WHERE NOT EXISTS (
                                       SELECT FROM event e
                                        WHERE e.workspace_id = :workspace AND e.contact_id = c.id
                                          AND e.campaign_id + 0 = :campaign
                                          AND e.type IN ('OPENED', 'CLICKED', 'BOUNCED', 'COMPLAINED')
                                          AND e.occurred_at > (SELECT launched_at - interval '1 day'
                                                                 FROM campaign WHERE id = :campaign)
                                       OFFSET 0)
                                 ORDER BY id
                                """)
                        .param("workspace", WorkspaceScope.required())
                        .param("ids", contacts)
                        .param("campaign", campaign));
    }

    /** Whether contact c wants mails about :topic; one lookup in the key of topic_choice. */
    static final String WANTS =
            """
            coalesce((SELECT t.wanted FROM topic_choice t
                       WHERE t.workspace_id = :workspace AND t.topic_id = :topic
                         AND t.contact_id = c.id),
                     (SELECT NOT opt_in FROM topic
                       WHERE workspace_id = :workspace AND id = :topic))
            """;

    private static long[] ids(JdbcClient.StatementSpec query) {
        return query.query((row, n) -> row.getLong(1)).list().stream()
                .mapToLong(Long::longValue)
                .toArray();
    }

    /**
     * Keeps what was read and not written yet: contacts may have moved to another zone by the time
     * of a restart, and would be left out or enumerated twice.
     */
    @Override
    public void update(ExecutionContext context) {
        context.putLong(AFTER, after);
        if (!pending.isEmpty()) {
            context.putString(PENDING, json.writeValueAsString(pending));
        } else if (context.containsKey(PENDING)) {
            context.remove(PENDING);
        }
    }
}
