package io.mailgenius.engine.alerts;

import static io.mailgenius.engine.alerts.Alerts.at;

import io.mailgenius.engine.alerts.AlertKind.Unit;
import io.mailgenius.engine.cluster.NodeId;
import io.mailgenius.engine.ledger.ReadyChunks;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The figures that the engine knows: of jobs, chunks, nodes and PostgreSQL. */
final class EngineFigures implements AlertSource {

    static final String STUCK_JOB = "STUCK_JOB";
    static final String FAILED_JOB = "FAILED_JOB";
    static final String DEAD_NODE = "DEAD_NODE";
    static final String OLD_CHUNK = "OLD_CHUNK";
    static final String DISK_USED = "DISK_USED";
    static final String REPLICATION_LAG = "REPLICATION_LAG";
    static final String POOL_WAITING = "POOL_WAITING";

    private static final String INSTALLATION = "installation";

    private final JdbcClient jdbc;

    /** Of claimed chunks, since when this evaluator has seen the attempt. */
    private Map<Attempt, Instant> seen = new HashMap<>();

    private record Attempt(long chunkId, int number) {}

    /**
     * @param jdbc over the connections of the control plane
     */
    EngineFigures(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    @Override
    public List<AlertKind> kinds() {
        return List.of(
                new AlertKind(
                        STUCK_JOB,
                        Unit.SECONDS,
                        900,
                        Duration.ofMinutes(1),
                        false,
                        "A job has made no progress: it waits for a manager, its next chunk waits for a worker, or an attempt of a chunk takes this long."),
                new AlertKind(
                        FAILED_JOB,
                        Unit.COUNT,
                        1,
                        Duration.ZERO,
                        false,
                        "Jobs of one kind have failed within 24 hours and were neither restarted nor abandoned."),
                new AlertKind(
                        DEAD_NODE,
                        Unit.COUNT,
                        1,
                        Duration.ZERO,
                        true,
                        "A node has died within the last hour: its heartbeat stopped, and it did not say goodbye."),
                new AlertKind(
                        OLD_CHUNK,
                        Unit.SECONDS,
                        300,
                        Duration.ofMinutes(1),
                        true,
                        "The oldest chunk that could be claimed has been waiting this long."),
                new AlertKind(
                        DISK_USED,
                        Unit.SHARE,
                        0.9,
                        Duration.ofMinutes(5),
                        true,
                        "The fullest disk of a node is filled to this share."),
                new AlertKind(
                        REPLICATION_LAG,
                        Unit.SECONDS,
                        60,
                        Duration.ofMinutes(5),
                        true,
                        "The slowest standby of PostgreSQL is behind by this long."),
                new AlertKind(
                        POOL_WAITING,
                        Unit.COUNT,
                        10,
                        Duration.ofMinutes(2),
                        true,
                        "So many threads of a node wait for a connection to PostgreSQL."));
    }

    @Override
    public synchronized List<AlertFigure> figures(Watched watched, Instant now) {
        List<AlertFigure> figures = new ArrayList<>();
        if (watched.has(STUCK_JOB)) {
            figures.addAll(stuckJobs(watched.workspaces(STUCK_JOB), now));
        }
        if (watched.has(FAILED_JOB)) {
            figures.addAll(failedJobs(watched.workspaces(FAILED_JOB), now));
        }
        if (watched.has(DEAD_NODE)) {
            figures.addAll(deadNodes(now));
        }
        if (watched.has(OLD_CHUNK)) {
            Instant oldest = new ReadyChunks(jdbc).backlog(now).oldest();
            double age = oldest == null ? 0 : seconds(oldest, now);
            figures.add(
                    new AlertFigure(
                            OLD_CHUNK,
                            null,
                            INSTALLATION,
                            age,
                            format("The oldest ready chunk has been waiting for %.0f s.", age)));
        }
        if (watched.has(REPLICATION_LAG)) {
            double lag =
                    jdbc.sql("SELECT coalesce(replication_lag(), 0)").query(Double.class).single();
            figures.add(
                    new AlertFigure(
                            REPLICATION_LAG,
                            null,
                            INSTALLATION,
                            lag,
                            format("The slowest standby is %.0f s behind.", lag)));
        }
        if (watched.has(DISK_USED) || watched.has(POOL_WAITING)) {
            figures.addAll(nodes(now));
        }
        return figures;
    }

    private record JobState(
            long workspaceId,
            long launchId,
            String name,
            String state,
            @Nullable Instant due,
            @Nullable Instant waiting) {}

    private List<AlertFigure> stuckJobs(Set<Long> workspaces, Instant now) {
        Map<Long, Instant> claimed = claimed(workspaces, now);
        List<JobState> jobs =
                jdbc.sql(
                                """
                                SELECT l.workspace_id, l.id, l.job_name, l.state, l.due_at, w.ready_at
                                  FROM launch l
                                  LEFT JOIN LATERAL (
                                       SELECT c.ready_at FROM chunk c
                                        WHERE c.job_instance_id = l.job_instance_id AND c.unfinished
                                          AND c.state = 'READY'
                                        LIMIT 1) AS w ON true
                                 WHERE l.state IN ('QUEUED', 'RUNNING', 'STOPPING')
                                   AND l.workspace_id = ANY (:workspaces)
                                """)
                        .param("workspaces", workspaces.toArray(Long[]::new))
                        .query(
                                (row, n) ->
                                        new JobState(
                                                row.getLong(1),
                                                row.getLong(2),
                                                row.getString(3),
                                                row.getString(4),
                                                instant(row.getObject(5, OffsetDateTime.class)),
                                                instant(row.getObject(6, OffsetDateTime.class))))
                        .list();
        List<AlertFigure> figures = new ArrayList<>();
        for (JobState job : jobs) {
            Instant since =
                    job.state().equals("QUEUED")
                            ? job.due()
                            : claimed.getOrDefault(job.launchId(), job.waiting());
            double age = since == null ? 0 : seconds(since, now);
            if (age > 0) {
                figures.add(
                        new AlertFigure(
                                STUCK_JOB,
                                job.workspaceId(),
                                "job " + job.launchId(),
                                age,
                                format(
                                        "Job %d (%s, %s) has made no progress for %.0f s.",
                                        job.launchId(), job.name(), job.state(), age)));
            }
        }
        return figures;
    }

    private record Claimed(long launchId, long chunkId, int attempt, Instant started) {}

    /**
     * By launch, since when its longest attempt runs. The ledger has the time of the first attempt
     * alone; of later ones counts when this evaluator saw them first.
     */
    private Map<Long, Instant> claimed(Set<Long> workspaces, Instant now) {
        List<Claimed> chunks =
                jdbc.sql(
                                """
                                SELECT l.id, c.id, c.attempt, c.started_at
                                  FROM chunk c JOIN launch l ON l.job_instance_id = c.job_instance_id
                                 WHERE c.lease_until IS NOT NULL AND c.state = 'CLAIMED'
                                   AND l.workspace_id = ANY (:workspaces)
                                """)
                        .param("workspaces", workspaces.toArray(Long[]::new))
                        .query(
                                (row, n) ->
                                        new Claimed(
                                                row.getLong(1),
                                                row.getLong(2),
                                                row.getInt(3),
                                                row.getObject(4, OffsetDateTime.class).toInstant()))
                        .list();
        Map<Attempt, Instant> present = new HashMap<>();
        Map<Long, Instant> oldest = new HashMap<>();
        for (Claimed chunk : chunks) {
            Attempt attempt = new Attempt(chunk.chunkId(), chunk.attempt());
            Instant since =
                    chunk.attempt() == 1 ? chunk.started() : seen.getOrDefault(attempt, now);
            present.put(attempt, since);
            oldest.merge(
                    chunk.launchId(), since, (one, other) -> one.isBefore(other) ? one : other);
        }
        seen = present;
        return oldest;
    }

    private List<AlertFigure> failedJobs(Set<Long> workspaces, Instant now) {
        return jdbc.sql(
                        """
                        SELECT workspace_id, job_name, count(*) AS failed,
                               (array_agg(id ORDER BY ended_at DESC))[1] AS last,
                               left((array_agg(error ORDER BY ended_at DESC))[1], 500) AS error
                          FROM launch
                         WHERE state = 'FAILED' AND ended_at > :yesterday AND workspace_id = ANY (:workspaces)
                         GROUP BY workspace_id, job_name
                        """)
                .param("yesterday", at(now.minus(Duration.ofDays(1))))
                .param("workspaces", workspaces.toArray(Long[]::new))
                .query(
                        (row, n) ->
                                new AlertFigure(
                                        FAILED_JOB,
                                        row.getLong("workspace_id"),
                                        row.getString("job_name"),
                                        row.getLong("failed"),
                                        format(
                                                "%d jobs \"%s\" have failed; the last is job %d: %s",
                                                row.getLong("failed"),
                                                row.getString("job_name"),
                                                row.getLong("last"),
                                                row.getString("error"))))
                .list();
    }

    private List<AlertFigure> deadNodes(Instant now) {
        return jdbc.sql("SELECT id FROM node WHERE state = 'DEAD' AND heartbeat_at > :hour")
                .param("hour", at(now.minus(Duration.ofHours(1))))
                .query(
                        (row, n) ->
                                new AlertFigure(
                                        DEAD_NODE,
                                        null,
                                        NodeId.alias(row.getString(1)),
                                        1,
                                        "Node "
                                                + NodeId.alias(row.getString(1))
                                                + " has died; others continue its work."))
                .list();
    }

    private List<AlertFigure> nodes(Instant now) {
        List<AlertFigure> figures = new ArrayList<>();
        jdbc.sql(
                        """
                        SELECT n.id, h.disk_used, h.pool_waiting
                          FROM node_health h JOIN node n ON n.id = h.node_id
                         WHERE n.state IN ('ALIVE', 'DRAINING') AND h.reported_at > :lately
                        """)
                .param("lately", at(now.minus(Duration.ofMinutes(2))))
                .query(
                        row -> {
                            String node = NodeId.alias(row.getString(1));
                            figures.add(
                                    new AlertFigure(
                                            DISK_USED,
                                            null,
                                            node,
                                            row.getDouble(2),
                                            format(
                                                    "The fullest disk of %s is filled to %.0f %%.",
                                                    node, 100 * row.getDouble(2))));
                            figures.add(
                                    new AlertFigure(
                                            POOL_WAITING,
                                            null,
                                            node,
                                            row.getInt(3),
                                            format(
                                                    "%d threads of %s wait for a connection.",
                                                    row.getInt(3), node)));
                        });
        return figures;
    }

    private static double seconds(Instant since, Instant now) {
        return Math.max(0, Duration.between(since, now).toMillis() / 1_000.0);
    }

    private static @Nullable Instant instant(@Nullable OffsetDateTime moment) {
        return moment == null ? null : moment.toInstant();
    }

    private static String format(String text, @Nullable Object... values) {
        return String.format(Locale.ROOT, text, values);
    }
}
