package io.mailgenius.engine.census;

import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.HikariPoolMXBean;
import io.mailgenius.engine.cluster.NodeId;
import io.mailgenius.schema.LaunchState;
import io.mailgenius.schema.NodeState;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.TransactionException;

/**
 * Counts jobs and nodes every few seconds with three short statements, whose cost depends neither
 * on the number of workspaces nor on that of ended jobs, and reports the health of this node for
 * the others. Metrics and alerts read the last count.
 */
public final class Census implements SmartLifecycle {

    private static final Logger LOG = LoggerFactory.getLogger(Census.class);
    private static final Duration INTERVAL = Duration.ofSeconds(15);

    private final NodeId node;
    private final DataSource main;
    private final WatchedFolders folders;
    private final JdbcClient jdbc;
    private final Clock clock;
    private volatile Count last = Count.NONE;
    private volatile @Nullable ScheduledExecutorService timer;
    private boolean failing;

    /**
     * @param jdbc over the connections of the control plane
     */
    Census(NodeId node, DataSource main, WatchedFolders folders, JdbcClient jdbc, Clock clock) {
        this.node = node;
        this.main = main;
        this.folders = folders;
        this.jdbc = jdbc;
        this.clock = clock;
    }

    /**
     * The figures of one moment.
     *
     * @param jobs by state; of jobs that have not ended
     * @param oldestDue since when the first queued job could have started; null if none is queued
     * @param nodes by state; DEAD and GONE ones of the last day
     * @param chunksInHand of all nodes, as of their heartbeats
     * @param replicationLag in seconds; 0 if no standby is known
     * @param diskUsed of this node, from 0 to 1
     * @param poolWaiting threads of this node that wait for a connection of the main pool
     */
    public record Count(
            Map<LaunchState, Long> jobs,
            @Nullable Instant oldestDue,
            Map<NodeState, Long> nodes,
            long chunksInHand,
            double replicationLag,
            double diskUsed,
            int poolWaiting) {

        static final Count NONE = new Count(Map.of(), null, Map.of(), 0, 0, 0, 0);

        public Count {
            jobs = Map.copyOf(jobs);
            nodes = Map.copyOf(nodes);
        }
    }

    /** The latest count, at most some seconds old. */
    public Count last() {
        return last;
    }

    @Override
    public void start() {
        ScheduledExecutorService counting =
                Executors.newSingleThreadScheduledExecutor(
                        Thread.ofPlatform().name("census").daemon().factory());
        counting.scheduleWithFixedDelay(
                this::countSafely, 0, INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
        timer = counting;
    }

    private void countSafely() {
        try {
            count();
            failing = false;
        } catch (DataAccessException | TransactionException e) {
            if (!failing) {
                failing = true;
                LOG.warn("Jobs and nodes cannot be counted; metrics are old: {}", e.getMessage());
            }
        }
    }

    /** Counts now. */
    public void count() {
        Instant now = clock.instant();
        double diskUsed = folders.used();
        int poolWaiting = waiting();
        report(diskUsed, poolWaiting, now);
        Map<LaunchState, Long> jobs = new EnumMap<>(LaunchState.class);
        for (LaunchState state :
                new LaunchState[] {LaunchState.QUEUED, LaunchState.RUNNING, LaunchState.STOPPING}) {
            jobs.put(state, 0L);
        }
        jdbc.sql(
                        """
                        SELECT state, count(*) FROM launch
                         WHERE state IN ('QUEUED', 'RUNNING', 'STOPPING') GROUP BY state
                        """)
                .query(
                        row -> {
                            jobs.put(LaunchState.valueOf(row.getString(1)), row.getLong(2));
                        });
        Map<NodeState, Long> nodes = new EnumMap<>(NodeState.class);
        for (NodeState state : NodeState.values()) {
            nodes.put(state, 0L);
        }
        long[] inHand = {0};
        jdbc.sql(
                        """
                        SELECT state, count(*), coalesce(sum(in_hand), 0) FROM node
                         WHERE state IN ('ALIVE', 'DRAINING') OR heartbeat_at > :yesterday
                         GROUP BY state
                        """)
                .param("yesterday", at(now.minus(Duration.ofDays(1))))
                .query(
                        row -> {
                            NodeState state = NodeState.valueOf(row.getString(1));
                            nodes.put(state, row.getLong(2));
                            if (state == NodeState.ALIVE || state == NodeState.DRAINING) {
                                inHand[0] += row.getLong(3);
                            }
                        });
        Moment moment =
                jdbc.sql(
                                """
                                SELECT (SELECT min(due_at) FROM launch
                                         WHERE state = 'QUEUED' AND due_at <= :now) AS oldest_due,
                                       replication_lag() AS lag
                                """)
                        .param("now", at(now))
                        .query(
                                (row, n) ->
                                        new Moment(
                                                row.getObject("oldest_due", OffsetDateTime.class),
                                                row.getDouble("lag")))
                        .single();
        last =
                new Count(
                        jobs,
                        moment.oldestDue() == null ? null : moment.oldestDue().toInstant(),
                        nodes,
                        inHand[0],
                        moment.lag(),
                        diskUsed,
                        poolWaiting);
    }

    private record Moment(@Nullable OffsetDateTime oldestDue, double lag) {}

    private int waiting() {
        try {
            @Nullable HikariPoolMXBean pool =
                    main.unwrap(HikariDataSource.class).getHikariPoolMXBean();
            return pool == null ? 0 : pool.getThreadsAwaitingConnection();
        } catch (SQLException noSuchPool) {
            return 0;
        }
    }

    private void report(double diskUsed, int poolWaiting, Instant now) {
        jdbc.sql(
                        """
                        INSERT INTO node_health (node_id, disk_used, pool_waiting, reported_at)
                        SELECT id, :disk, :waiting, :now FROM node WHERE id = :node
                        ON CONFLICT (node_id) DO UPDATE
                           SET disk_used = excluded.disk_used, pool_waiting = excluded.pool_waiting,
                               reported_at = excluded.reported_at
                        """)
                .param("disk", diskUsed)
                .param("waiting", poolWaiting)
                .param("now", at(now))
                .param("node", node.value())
                .update();
    }

    private static OffsetDateTime at(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }

    @Override
    public void stop() {
        ScheduledExecutorService counting = timer;
        if (counting != null) {
            counting.shutdownNow();
            timer = null;
        }
    }

    @Override
    public boolean isRunning() {
        return timer != null;
    }

    /** After the heartbeat has registered the node. */
    @Override
    public int getPhase() {
        return DEFAULT_PHASE - 150;
    }
}
