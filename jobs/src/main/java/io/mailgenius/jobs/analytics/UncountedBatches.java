package io.mailgenius.jobs.analytics;

import io.mailgenius.jobs.events.EventShards;
import io.mailgenius.schema.WorkspaceScope;
import java.util.List;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Batches of events that no rollup has counted, by shard. */
@Component
final class UncountedBatches {

    /** Limits the batches per chunk, because a batch may have a single event. */
    private static final int MOST = 20_000;

    private static final int PAGE = 500;

    private final JdbcClient jdbc;

    UncountedBatches(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** The newest batch, so that an enumeration ends although new events arrive. */
    long last() {
        return jdbc.sql(
                        """
                        SELECT coalesce(max(id), 0) FROM event_batch WHERE workspace_id = :workspace
                        """)
                .param("workspace", WorkspaceScope.required())
                .query(Long.class)
                .single();
    }

    /** The number of uncounted events. */
    long events() {
        return jdbc.sql(
                        """
                        SELECT coalesce(sum(events), 0)::bigint FROM event_batch WHERE workspace_id = :workspace
                        """)
                .param("workspace", WorkspaceScope.required())
                .query(Long.class)
                .single();
    }

    /**
     * Adjacent batches with about as many events as a chunk should have; a larger batch is a range
     * of its own.
     */
    record Range(int shard, long from, long to, long events) {}

    Optional<Range> after(int shard, long id, long until, int events) {
        long from = 0;
        long to = id;
        long sum = 0;
        for (int looked = 0; looked < MOST && sum < events; looked += PAGE) {
            List<Batch> page = page(shard, to, until);
            for (Batch batch : page) {
                if (sum >= events) {
                    break;
                }
                from = sum == 0 ? batch.id() : from;
                to = batch.id();
                sum += batch.events();
            }
            if (page.size() < PAGE) {
                break;
            }
        }
        return sum == 0 ? Optional.empty() : Optional.of(new Range(shard, from, to, sum));
    }

    private List<Batch> page(int shard, long after, long until) {
        return jdbc.sql(
                        """
                        SELECT id, events
                          FROM event_batch
                         WHERE workspace_id = :workspace AND shard = ANY (:shards) AND id > :after AND id <= :until
                         ORDER BY id
                         LIMIT :page
                        """)
                .param("workspace", WorkspaceScope.required())
                .param("shards", shards(shard))
                .param("after", after)
                .param("until", until)
                .param("page", PAGE)
                .query((row, _) -> new Batch(row.getLong("id"), row.getInt("events")))
                .list();
    }

    private static Integer[] shards(int shard) {
        return shard == EventShards.ANY
                ? EventShards.all().toArray(Integer[]::new)
                : new Integer[] {shard};
    }

    record Batch(long id, int events) {}

    /**
     * Takes the batches of the range that exist and are not locked by another worker. They are
     * counted when the transaction commits, and available again if it rolls back.
     */
    List<Batch> take(int shard, long from, long to) {
        return jdbc.sql(
                        """
                        WITH free AS MATERIALIZED (
                            SELECT id
                              FROM event_batch
                             WHERE workspace_id = :workspace AND shard = ANY (:shards) AND id BETWEEN :from AND :to
                             ORDER BY id
                               FOR UPDATE SKIP LOCKED
                        )
                        DELETE FROM event_batch
                         WHERE workspace_id = :workspace AND id BETWEEN :from AND :to
                           AND id IN (SELECT id FROM free)
                        RETURNING id, events
                        """)
                .param("workspace", WorkspaceScope.required())
                .param("shards", shards(shard))
                .param("from", from)
                .param("to", to)
                .query((row, _) -> new Batch(row.getLong("id"), row.getInt("events")))
                .list();
    }
}
