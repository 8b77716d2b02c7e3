package io.mailgenius.jobs.analytics;

import io.mailgenius.schema.WorkspaceScope;
import java.util.List;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Commits of events that no rollup has counted. */
@Component
final class Batches {

    /** Commits may be of one event each: at most so many are looked at for one chunk. */
    private static final int MOST = 20_000;

    private final JdbcClient jdbc;

    Batches(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** The youngest, so that an enumeration comes to an end while events keep coming. */
    long last() {
        return jdbc.sql(
                        """
                        SELECT coalesce(max(id), 0) FROM event_batch WHERE workspace_id = :workspace
                        """)
                .param("workspace", WorkspaceScope.required())
                .query(Long.class)
                .single();
    }

    /**
     * Neighbours that are together about as large as a chunk should be; one that is larger alone.
     */
    record Range(long from, long to, long events) {}

    Optional<Range> after(long id, long until, int events) {
        return jdbc.sql(
                        """
                        SELECT min(id) AS first, max(id) AS last, sum(events) AS events
                          FROM (SELECT id, events,
                                       sum(events) OVER (ORDER BY id ROWS UNBOUNDED PRECEDING) - events AS before
                                  FROM (SELECT id, events
                                          FROM event_batch
                                         WHERE workspace_id = :workspace AND id > :after AND id <= :until
                                         ORDER BY id
                                         LIMIT :most) AS b) AS s
                         WHERE before < :events
                        HAVING count(*) > 0
                        """)
                .param("workspace", WorkspaceScope.required())
                .param("after", id)
                .param("until", until)
                .param("events", events)
                .param("most", MOST)
                .query(
                        (row, _) ->
                                new Range(
                                        row.getLong("first"),
                                        row.getLong("last"),
                                        row.getLong("events")))
                .optional();
    }

    record Batch(long id, int events) {}

    /**
     * Takes those of the range that are there and in nobody's hand: whoever commits this has
     * counted them, and nobody else will. If it is rolled back they are there again.
     */
    List<Batch> take(long from, long to) {
        return jdbc.sql(
                        """
                        WITH free AS MATERIALIZED (
                            SELECT id
                              FROM event_batch
                             WHERE workspace_id = :workspace AND id BETWEEN :from AND :to
                             ORDER BY id
                               FOR UPDATE SKIP LOCKED
                        )
                        DELETE FROM event_batch
                         WHERE workspace_id = :workspace AND id BETWEEN :from AND :to
                           AND id IN (SELECT id FROM free)
                        RETURNING id, events
                        """)
                .param("workspace", WorkspaceScope.required())
                .param("from", from)
                .param("to", to)
                .query((row, _) -> new Batch(row.getLong("id"), row.getInt("events")))
                .list();
    }
}
