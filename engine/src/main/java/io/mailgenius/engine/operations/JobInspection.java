package io.mailgenius.engine.operations;

import io.mailgenius.engine.progress.JobProgress;
import io.mailgenius.engine.progress.JobView;
import io.mailgenius.engine.tenancy.AutocommitRead;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/**
 * Looks into one job of the current workspace. Everything is aggregated by the database and
 * bounded, whatever number of chunks the job has. Of a job that does not exist nothing is found.
 */
@Component
@AutocommitRead
public class JobInspection {

    /** How many partitions of a step are shown, those that take longest. */
    public static final int MAX_PARTITIONS = 200;

    /** How many tiles a heat map has, with at most one more per partition. */
    public static final int MAX_TILES = 1_000;

    /** How many points a series has at most per step. */
    public static final int MAX_POINTS = 240;

    /** How many causes of failures are told apart, those of most chunks first. */
    public static final int MAX_CAUSES = 50;

    private final JdbcClient jdbc;
    private final JobProgress progress;
    private final JobTimelines timelines;
    private final JobFigures figures;
    private final JobChunkRows chunks;

    JobInspection(JdbcClient jdbc, JobProgress progress, JsonMapper json, Clock clock) {
        this.jdbc = jdbc;
        this.progress = progress;
        this.timelines = new JobTimelines(jdbc, clock);
        this.figures = new JobFigures(jdbc);
        this.chunks = new JobChunkRows(jdbc, json);
    }

    /** The launch that an execution of Spring Batch belongs to, whichever run it was. */
    public OptionalLong launchOf(long executionId) {
        return jdbc
                .sql(
                        """
                        SELECT id FROM launch
                         WHERE job_execution_id = :execution
                            OR job_instance_id = (SELECT job_instance_id FROM batch_job_execution
                                                   WHERE job_execution_id = :execution)
                         LIMIT 1
                        """)
                .param("execution", executionId)
                .query((row, n) -> row.getLong(1))
                .list()
                .stream()
                .mapToLong(Long::longValue)
                .findFirst();
    }

    public Optional<JobView> job(long launchId) {
        return progress.jobs(List.of(launchId)).stream().findFirst();
    }

    /** The steps of the job in their order, with their partitions and stragglers. */
    public List<StepTimeline> timeline(long launchId) {
        return timelines.of(launchId);
    }

    /**
     * The chunks by state, age and attempts.
     *
     * @param tiles about how many, up to {@link #MAX_TILES}
     */
    public List<ChunkTile> tiles(long launchId, int tiles) {
        return figures.tiles(launchId, Math.clamp(tiles, 1, MAX_TILES));
    }

    /**
     * Items and chunks over time.
     *
     * @param points how many at most, up to {@link #MAX_POINTS}
     */
    public RateSeries rates(long launchId, int points) {
        return figures.rates(launchId, Math.clamp(points, 1, MAX_POINTS));
    }

    /** Failures by cause, those of most chunks first. */
    public List<FailureCause> causes(long launchId) {
        return figures.causes(launchId, MAX_CAUSES);
    }

    /** The claimed chunks, the longest claimed first: who works on what. */
    public List<ChunkView> inHand(long launchId, int limit) {
        return chunks.inHand(launchId, limit);
    }

    /**
     * Chunks by id.
     *
     * @param after the id of a chunk, behind which to read on; 0 at the start
     */
    public List<ChunkView> chunks(long launchId, ChunkFilter filter, long after, int limit) {
        return chunks.page(launchId, filter, after, limit);
    }

    public Optional<ChunkDetail> chunk(long launchId, long chunkId) {
        return chunks.one(launchId, chunkId);
    }
}
