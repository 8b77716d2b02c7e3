package io.mailgenius.engine.ledger;

import io.mailgenius.schema.ChunkState;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Reads the state of one job's chunks. Each method queries the ledger. */
public final class JobChunks {

    private final JdbcClient jdbc;
    private final long job;

    JobChunks(JdbcClient jdbc, long jobInstanceId) {
        this.jdbc = jdbc;
        this.job = jobInstanceId;
    }

    /** Whether any step of the job has a READY or CLAIMED chunk. */
    public boolean anyUnfinished() {
        return jdbc.sql(
                        """
                        SELECT EXISTS (SELECT FROM chunk
                                        WHERE job_instance_id = :instance AND unfinished)
                        """)
                .param("instance", job)
                .query(Boolean.class)
                .single();
    }

    /** The number of chunks that workers have claimed. */
    public int inFlight() {
        return jdbc.sql(
                        """
                        SELECT count(*) FROM chunk
                         WHERE job_instance_id = :instance AND unfinished AND state = 'CLAIMED'
                        """)
                .param("instance", job)
                .query(Integer.class)
                .single();
    }

    /** The items and the checkpoint of a chunk that was begun and is not DONE. */
    public record Begun(long items, String checkpoint) {}

    /** The chunks that have a checkpoint and that a restart would repeat. */
    public List<Begun> begun(String step) {
        return jdbc.sql(
                        """
                        SELECT items, checkpoint FROM chunk
                         WHERE job_instance_id = :instance AND step_name = :step
                           AND state <> 'DONE' AND checkpoint IS NOT NULL
                        """)
                .param("instance", job)
                .param("step", step)
                .query((row, n) -> new Begun(row.getLong("items"), row.getString("checkpoint")))
                .list();
    }

    public ChunkTally tally(String step) {
        Map<ChunkState, Long> chunks = new EnumMap<>(ChunkState.class);
        Map<ChunkState, Long> items = new EnumMap<>(ChunkState.class);
        jdbc.sql(
                        """
                        SELECT state, count(*), sum(items) FROM chunk
                         WHERE job_instance_id = :instance AND step_name = :step
                         GROUP BY state
                        """)
                .param("instance", job)
                .param("step", step)
                .query(
                        row -> {
                            ChunkState state = ChunkState.valueOf(row.getString(1));
                            chunks.put(state, row.getLong(2));
                            items.put(state, row.getLong(3));
                        });
        Map<String, Long> counts = new HashMap<>();
        jdbc.sql(
                        """
                        SELECT e.key, sum(e.value::bigint) FROM chunk, jsonb_each_text(counts) e
                         WHERE job_instance_id = :instance AND step_name = :step
                         GROUP BY e.key
                        """)
                .param("instance", job)
                .param("step", step)
                .query(
                        row -> {
                            counts.put(row.getString(1), row.getLong(2));
                        });
        return new ChunkTally(chunks, items, new ChunkCounts(counts));
    }

    /** The errors of the first FAILED chunks. */
    public List<String> errors(String step, int limit) {
        return jdbc.sql(
                        """
                        SELECT error FROM chunk
                         WHERE job_instance_id = :instance AND step_name = :step AND state = 'FAILED'
                         ORDER BY id LIMIT :limit
                        """)
                .param("instance", job)
                .param("step", step)
                .param("limit", limit)
                .query((row, n) -> row.getString(1))
                .list();
    }
}
