package io.mailgenius.bench.load;

import com.zaxxer.hikari.HikariDataSource;
import io.mailgenius.engine.embedded.EmbeddedRedis;
import io.mailgenius.engine.launching.Launch;
import io.mailgenius.engine.launching.LaunchRequest;
import io.mailgenius.engine.launching.Launches;
import io.mailgenius.engine.retention.Retention;
import io.mailgenius.engine.settings.Role;
import io.mailgenius.schema.LaunchState;
import io.mailgenius.schema.Migrations;
import io.mailgenius.schema.Priority;
import io.mailgenius.schema.WorkspaceScope;
import io.mailgenius.schema.embedded.EmbeddedDatabase;
import java.nio.file.Path;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.postgresql.ds.PGSimpleDataSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;
import tools.jackson.databind.json.JsonMapper;

/** {@code bench dispatch}: the engine with chunks that do nothing. */
public final class DispatchBench implements AutoCloseable {

    private static final int SLOTS = 8;
    private static final int ROUNDS = 5;
    private static final int WARM_UP = 20_000;
    private static final int LAUNCHES = 9;
    private static final long POLL_MILLIS = 20;
    private static final int CALL_MILLIS = 100;
    private static final int CALLS_A_SLOT = 60;

    private final EmbeddedDatabase database;
    private final EmbeddedRedis redis;
    private final EngineAlone manager;
    private final HikariDataSource pool;
    private final long workspace;
    private int launches;

    private DispatchBench(Path folder) {
        database = EmbeddedDatabase.start(folder);
        redis = EmbeddedRedis.start(folder);
        PGSimpleDataSource owner = new PGSimpleDataSource();
        owner.setUrl(database.jdbcUrl());
        owner.setUser(database.username());
        owner.setPassword(database.password());
        Migrations.apply(owner);
        workspace = BenchWorkspace.make(owner);
        pool = new HikariDataSource();
        pool.setDataSource(owner);
        pool.setMaximumPoolSize(3 * SLOTS);
        manager = EngineAlone.start(database, redis.uri().toString(), Role.MANAGER, 1);
    }

    /**
     * @param folder the empty folder of its servers
     * @return the exit code
     */
    public static int run(Path folder, int chunks) throws Exception {
        System.err.println("Starting engines, PostgreSQL and Redis in " + folder);
        Map<String, Object> figures = new LinkedHashMap<>();
        try (DispatchBench bench = new DispatchBench(folder)) {
            bench.noOps(chunks, figures);
            bench.calls(figures);
            bench.years(figures);
        }
        System.out.println(JsonMapper.shared().writeValueAsString(figures));
        System.out.flush();
        return 0;
    }

    /** Rounds alternate, so that a slow minute of the machine affects all variants. */
    private void noOps(int chunks, Map<String, Object> figures) throws Exception {
        ScheduledNoOps scheduled = new ScheduledNoOps(pool, SLOTS);
        List<String> names =
                List.of(
                        "oneNode",
                        "twoNodes",
                        "oneNodeWithTransactions",
                        "dbSchedulerOneNode",
                        "dbSchedulerTwoNodes");
        double[][] perSecond = new double[names.size()][ROUNDS];
        try (EngineAlone first = worker(SLOTS)) {
            launched(WARM_UP, 0, false);
            launched(WARM_UP, 0, true);
            scheduled.run(WARM_UP, 1);
            for (int round = 0; round < ROUNDS; round++) {
                perSecond[0][round] = chunks / launched(chunks, 0, false);
                try (EngineAlone second = worker(SLOTS)) {
                    launched(WARM_UP / 5, 0, false);
                    perSecond[1][round] = chunks / launched(chunks, 0, false);
                }
                perSecond[2][round] = chunks / launched(chunks, 0, true);
                perSecond[3][round] = chunks / (scheduled.run(chunks, 1).toNanos() / 1e9);
                perSecond[4][round] = chunks / (scheduled.run(chunks, 2).toNanos() / 1e9);
                int now = round;
                System.err.println(
                        String.format(
                                Locale.ROOT,
                                "Round %d, per second: %s",
                                round + 1,
                                Arrays.stream(perSecond)
                                        .map(all -> Math.round(all[now]))
                                        .toList()));
            }
        }
        figures.put("chunks", chunks);
        figures.put("slotsPerNode", SLOTS);
        System.out.printf(
                Locale.ROOT,
                "%,d no-ops, %d slots a node   median/s of %d%n",
                chunks,
                SLOTS,
                ROUNDS);
        for (int n = 0; n < names.size(); n++) {
            long median = Math.round(median(perSecond[n]));
            figures.put(names.get(n) + "PerSecond", median);
            System.out.printf(Locale.ROOT, "  %-28s %,10d%n", names.get(n), median);
        }
        figures.put(
                "ratioToDbScheduler",
                Math.round(100 * median(perSecond[0]) / median(perSecond[3])) / 100.0);
    }

    private void calls(Map<String, Object> figures) throws Exception {
        System.out.printf(
                Locale.ROOT, "calls of %d ms, one node      calls/s  of linear%n", CALL_MILLIS);
        for (int slots : new int[] {1, 8, 16}) {
            try (EngineAlone worker = worker(slots)) {
                launched(slots, CALL_MILLIS, false);
                int calls = slots * CALLS_A_SLOT;
                double perSecond = calls / launched(calls, CALL_MILLIS, false);
                double share = perSecond / (slots * 1_000.0 / CALL_MILLIS);
                figures.put("callsPerSecondWith" + slots, Math.round(perSecond * 10) / 10.0);
                figures.put("ofLinearWith" + slots, Math.round(share * 1_000) / 1_000.0);
                System.out.printf(
                        Locale.ROOT,
                        "  %2d slots                    %8.1f   %8.3f%n",
                        slots,
                        perSecond,
                        share);
            }
        }
    }

    /** The time of a job of one chunk from launch to end, with a growing history of jobs. */
    private void years(Map<String, Object> figures) throws Exception {
        try (EngineAlone worker = worker(1)) {
            double fresh = oneChunk();
            // The history is written through a temporary table, so it needs a single connection.
            int past;
            try (Connection connection = pool.getConnection()) {
                past =
                        YearOfJobs.write(
                                JdbcClient.create(new SingleConnectionDataSource(connection, true)),
                                workspace);
            }
            double year = oneChunk();
            long begin = System.nanoTime();
            int forgotten = WorkspaceScope.callAcrossWorkspaces(manager.bean(Retention.class)::run);
            double retention = (System.nanoTime() - begin) / 1e9;
            double after = oneChunk();
            figures.put("launchMillis", fresh);
            figures.put("launchMillisAfterAYear", year);
            figures.put("launchMillisAfterRetention", after);
            figures.put("retentionSeconds", Math.round(retention * 100) / 100.0);
            figures.put("launchesForgotten", forgotten);
            System.out.printf(
                    Locale.ROOT,
                    """
                    a job of one chunk          median ms of %d
                      before                    %9.1f
                      after %,d jobs         %9.1f
                      after retention           %9.1f   (which took %.2f s)
                    """,
                    LAUNCHES,
                    fresh,
                    past,
                    year,
                    after,
                    retention);
        }
    }

    private double oneChunk() throws InterruptedException {
        double[] millis = new double[LAUNCHES];
        for (int n = 0; n < LAUNCHES; n++) {
            long begin = System.nanoTime();
            launched(1, 0, false);
            millis[n] = (System.nanoTime() - begin) / 1e6;
        }
        return Math.round(median(millis) * 10) / 10.0;
    }

    private EngineAlone worker(int slots) {
        return EngineAlone.start(database, redis.uri().toString(), Role.WORKER, slots);
    }

    /** Seconds from the launch to the end of the last chunk, including the enumeration. */
    private double launched(int chunks, int millis, boolean transaction)
            throws InterruptedException {
        Launches door = manager.bean(Launches.class);
        LaunchRequest request =
                new LaunchRequest(
                        NoOpJob.JOB,
                        Integer.toString(launches++),
                        Map.of(
                                "chunks", Integer.toString(chunks),
                                "millis", Integer.toString(millis),
                                "transaction", Boolean.toString(transaction)),
                        Priority.NORMAL);
        Launch launch = WorkspaceScope.call(workspace, () -> door.launch(request));
        while (door.find(launch.id()).orElseThrow().alive()) {
            Thread.sleep(POLL_MILLIS);
        }
        if (door.find(launch.id()).orElseThrow().state() != LaunchState.COMPLETED) {
            throw new IllegalStateException("The job failed: " + door.find(launch.id()));
        }
        return worked(launch.id());
    }

    private double worked(long launchId) {
        return JdbcClient.create(pool)
                .sql(
                        """
                        SELECT extract(epoch FROM max(c.finished_at) - min(c.ready_at))
                          FROM launch l JOIN chunk c ON c.job_instance_id = l.job_instance_id
                         WHERE l.id = :id
                        """)
                .param("id", launchId)
                .query(Double.class)
                .single();
    }

    private static double median(double[] figures) {
        double[] sorted = figures.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }

    @Override
    public void close() {
        List<AutoCloseable> all = new ArrayList<>(List.of(manager, pool, redis, database));
        for (AutoCloseable one : all) {
            try {
                one.close();
            } catch (Exception e) {
                System.err.println("Not closed: " + e.getMessage());
            }
        }
    }
}
