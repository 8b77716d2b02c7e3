package io.mailgenius.jobs.events.tracking;

import io.mailgenius.jobs.events.EventType;
import io.mailgenius.schema.WorkspaceScope;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Bounds the events that the links of one mail can make, so that whoever has the mail cannot fill
 * the database. Each type has its own bound, so that a bot does not use up what people open.
 */
final class RepeatedHits {

    /** The number of events of a type that are stored for a mail. */
    static final int MOST = 200;

    /**
     * So many of a type and mail are stored without asking the database, since this node started or
     * has forgotten the mail.
     */
    private static final int UNASKED = 20;

    private static final int REMEMBERED = 50_000;
    private static final int FULL = Integer.MAX_VALUE / 2;

    private record Kind(long workspaceId, long campaignId, long contactId, EventType type) {}

    private final JdbcClient jdbc;
    private final TransactionTemplate transaction;
    private final Map<Kind, Integer> seen =
            new LinkedHashMap<>(16, 0.75f, true) {
                private static final long serialVersionUID = 1L;

                @Override
                protected boolean removeEldestEntry(Map.Entry<Kind, Integer> eldest) {
                    return size() > REMEMBERED;
                }
            };

    RepeatedHits(JdbcClient jdbc, TransactionTemplate transaction) {
        this.jdbc = jdbc;
        this.transaction = transaction;
    }

    /**
     * The hits that are within the bound, in their order. A hit that is passed again, because it
     * could not be stored, is not held against its mail: what counts is what the database has.
     */
    List<Hit> withinBound(List<Hit> hits, Function<Hit, EventType> type) {
        Map<Kind, List<Hit>> byKind = new LinkedHashMap<>();
        for (Hit hit : hits) {
            byKind.computeIfAbsent(kind(hit, type.apply(hit)), _ -> new ArrayList<>()).add(hit);
        }
        Map<Kind, Integer> room = new LinkedHashMap<>();
        byKind.forEach((kind, ofKind) -> room.put(kind, room(kind, ofKind.size())));
        List<Hit> within = new ArrayList<>(hits.size());
        for (Hit hit : hits) {
            if (room.merge(kind(hit, type.apply(hit)), -1, Integer::sum) >= 0) {
                within.add(hit);
            }
        }
        return within;
    }

    private static Kind kind(Hit hit, EventType type) {
        return new Kind(hit.workspaceId(), hit.campaignId(), hit.contactId(), type);
    }

    private int room(Kind kind, int more) {
        int before;
        synchronized (seen) {
            before = seen.getOrDefault(kind, 0);
            if (before < FULL) {
                seen.put(kind, Math.min(before + more, FULL - 1));
            }
        }
        if (before >= FULL) {
            return 0;
        }
        if (before + more <= UNASKED) {
            return more;
        }
        int room = Math.max(0, MOST - stored(kind));
        if (room == 0) {
            synchronized (seen) {
                seen.put(kind, FULL);
            }
        }
        return room;
    }

    private int stored(Kind kind) {
        return WorkspaceScope.call(
                kind.workspaceId,
                () -> Objects.requireNonNull(transaction.execute(_ -> count(kind))));
    }

    /** {@code + 0} keeps the planner on the index by contact. */
    private int count(Kind kind) {
        return jdbc.sql(
                        """
                        SELECT count(*)
                          FROM (SELECT FROM event
                                 WHERE workspace_id = :workspace AND contact_id = :contact
                                   AND campaign_id + 0 = :campaign AND type = :type
                                 LIMIT :most) AS stored
                        """)
                .param("workspace", kind.workspaceId)
                .param("contact", kind.contactId)
                .param("campaign", kind.campaignId)
                .param("type", kind.type.name())
                .param("most", MOST)
                .query(Integer.class)
                .single();
    }
}
