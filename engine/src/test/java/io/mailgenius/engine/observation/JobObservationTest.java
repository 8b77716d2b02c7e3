package io.mailgenius.engine.observation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.mailgenius.engine.CountingJob;
import io.mailgenius.engine.TestNode;
import io.mailgenius.engine.TestRedis;
import io.mailgenius.engine.census.Census;
import io.mailgenius.engine.cluster.NodeId;
import io.mailgenius.engine.launching.Launch;
import io.mailgenius.engine.launching.LaunchRequest;
import io.mailgenius.engine.launching.Launches;
import io.mailgenius.engine.observation.JobLog.Line;
import io.mailgenius.engine.observation.JobLog.LinePage;
import io.mailgenius.engine.settings.Role;
import io.mailgenius.schema.LaunchState;
import io.mailgenius.schema.NodeState;
import io.mailgenius.schema.Priority;
import io.mailgenius.schema.TestDatabase;
import io.mailgenius.schema.WorkspaceScope;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;
import org.springframework.context.annotation.Bean;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What a job leaves behind for whoever watches it, on one node. */
class JobObservationTest {

    private static TestDatabase database;
    private static long workspace;
    private static TestNode node;
    private static final Map<Integer, Map<String, String>> IDS = new ConcurrentHashMap<>();
    private static Launch ended;

    /** Without an annotation, since nodes of other tests scan this package. */
    static class WithMeters {
        @Bean
        MeterRegistry meters() {
            return new SimpleMeterRegistry();
        }
    }

    @BeforeAll
    static void run() {
        database = TestDatabase.create();
        CountingJob.prepare(database);
        workspace = database.workspace("observed");
        node =
                TestNode.start(
                        database,
                        List.of(CountingJob.class, WithMeters.class),
                        Role.MANAGER,
                        Role.WORKER);
        node.get(CountingJob.Hook.class)
                .set(
                        (number, chunk) -> {
                            IDS.put(number, Objects.requireNonNull(MDC.getCopyOfContextMap()));
                            if (number == 3) {
                                throw new IllegalStateException("Number Three is broken");
                            }
                        });
        Launch launch =
                WorkspaceScope.call(
                        workspace,
                        () ->
                                node.get(Launches.class)
                                        .launch(
                                                new LaunchRequest(
                                                        CountingJob.NAME,
                                                        "observed",
                                                        Map.of("chunks", "6", "partitions", "1"),
                                                        Priority.NORMAL)));
        await().atMost(Duration.ofSeconds(60)).until(() -> !find(launch).alive());
        ended = find(launch);
    }

    private static Launch find(Launch launch) {
        return node.get(Launches.class).find(launch.id()).orElseThrow();
    }

    @AfterAll
    static void close() {
        node.close();
        database.close();
    }

    @Test
    void log_lines_of_a_chunk_carry_the_ids_of_workspace_job_execution_and_chunk() {
        assertThat(ended.state()).isEqualTo(LaunchState.FAILED);
        assertThat(IDS).hasSize(6);
        assertThat(IDS.values())
                .allSatisfy(
                        ids ->
                                assertThat(ids)
                                        .containsEntry("workspace", Long.toString(workspace))
                                        .containsEntry("job", CountingJob.NAME)
                                        .containsEntry("node", node.get(NodeId.class).value())
                                        .containsKeys("execution", "chunk", "launch"));
        assertThat(IDS.get(1).get("chunk")).isNotEqualTo(IDS.get(2).get("chunk"));
        assertThat(IDS.get(1).get("execution")).matches("[1-9]\\d*");
    }

    /** Threads are used again; also a scope within a scope gives back what was there. */
    @Test
    void the_ids_leave_a_thread_with_the_work_and_go_along_to_others() throws Exception {
        try (LogContext.Scope outer = LogContext.open(Map.of("request", "r1"))) {
            try (LogContext.Scope inner = LogContext.open(Map.of("chunk", "7"))) {
                Map<String, String> elsewhere = new ConcurrentHashMap<>();
                Map<String, String> after = new ConcurrentHashMap<>();
                try (ExecutorService other = Executors.newSingleThreadExecutor()) {
                    other.submit(
                                    LogContext.carried(
                                            () -> elsewhere.putAll(MDC.getCopyOfContextMap())))
                            .get();
                    other.submit(
                                    () -> {
                                        Map<String, String> left = MDC.getCopyOfContextMap();
                                        after.putAll(left == null ? Map.of() : left);
                                    })
                            .get();
                }
                assertThat(elsewhere).containsEntry("request", "r1").containsEntry("chunk", "7");
                assertThat(after).isEmpty();
            }
            assertThat(MDC.getCopyOfContextMap()).isEqualTo(Map.of("request", "r1"));
        }
        assertThat(MDC.get("request")).isNull();
    }

    @Test
    void attempts_items_and_ends_are_counted_by_what_came_of_them() {
        MeterRegistry meters = node.get(MeterRegistry.class);
        assertThat(attempts(meters, "done")).isEqualTo(5);
        assertThat(attempts(meters, "retried")).isEqualTo(2);
        assertThat(attempts(meters, "failed")).isEqualTo(1);
        assertThat(
                        meters.get("mailgenius.chunk.items")
                                .tags("step", CountingJob.STEP, "outcome", "numbers")
                                .counter()
                                .count())
                .isEqualTo(5);
        assertThat(
                        meters.get("mailgenius.jobs.ended")
                                .tags("job", CountingJob.NAME, "state", "FAILED")
                                .counter()
                                .count())
                .isEqualTo(1);
    }

    private static long attempts(MeterRegistry meters, String outcome) {
        return meters.get("mailgenius.chunk.work")
                .tags("step", CountingJob.STEP, "outcome", outcome)
                .timer()
                .count();
    }

    @Test
    void the_census_counts_jobs_and_nodes_of_the_whole_installation() {
        Census census = node.get(Census.class);
        census.count();
        assertThat(census.last().nodes()).containsEntry(NodeState.ALIVE, 1L);
        assertThat(census.last().jobs()).containsEntry(LaunchState.RUNNING, 0L);
        assertThat(
                        JdbcClient.create(database.owner())
                                .sql("SELECT count(*) FROM node_health WHERE pool_waiting = 0")
                                .query(Long.class)
                                .single())
                .isEqualTo(1);
    }

    @Test
    void the_lines_of_a_job_can_be_read_and_searched_while_it_runs() {
        JobLog log = node.get(JobLog.class);
        await().until(
                        () ->
                                log.read(ended.id(), "", "attempt 3", Set.of("WARN"), 50)
                                                .items()
                                                .size()
                                        == 1);
        Line failure = log.read(ended.id(), "", "THREE is broken", Set.of(), 1).items().getFirst();
        assertThat(failure.chunkId()).isEqualTo(Long.valueOf(IDS.get(3).get("chunk")));
        assertThat(failure.error()).contains("IllegalStateException");
        assertThat(failure.node()).isEqualTo(node.get(NodeId.class).value());
        await().until(
                        () ->
                                !log.read(ended.id(), "", "ended FAILED", Set.of(), 5)
                                        .items()
                                        .isEmpty());

        LinePage first = log.read(ended.id(), "", "", Set.of(), 2);
        assertThat(first.items()).hasSize(2);
        LinePage second = log.read(ended.id(), first.next(), "", Set.of(), 2);
        assertThat(second.items()).isNotEmpty().doesNotContainAnyElementsOf(first.items());
        assertThat(log.read(ended.id() + 1, "", "", Set.of(), 2).items()).isEmpty();
    }

    @Test
    void lines_are_bounded_and_expire() {
        JobLog log = node.get(JobLog.class);
        long launch = 987_654_321L;
        List<Integer> all = new ArrayList<>(Collections.nCopies(JobLog.KEPT + 2_000, 0));
        for (int n = 0; n < all.size(); n++) {
            log.add(launch, line("line " + n));
        }
        log.add(launch, line("the last one"));
        await().atMost(Duration.ofSeconds(20))
                .until(() -> log.read(launch, "", "the last one", Set.of(), 1).items().size() == 1);
        String key =
                TestNode.settings(database, Set.of(Role.WORKER)).namespace() + ":log:" + launch;
        try (var redis = TestRedis.connect()) {
            // Redis trims whole nodes of a stream, which have a hundred entries.
            assertThat(redis.sync().xlen(key)).isBetween((long) JobLog.KEPT, JobLog.KEPT + 200L);
            assertThat(redis.sync().ttl(key)).isBetween(1L, Duration.ofDays(7).toSeconds());
        }
    }

    private static Line line(String message) {
        return new Line(Instant.now(), "INFO", "n", "Test", message, null, null, null);
    }

    @Test
    void without_redis_lines_are_dropped_and_nobody_waits() {
        SimpleMeterRegistry meters = new SimpleMeterRegistry();
        RedisClient away =
                RedisClient.create(
                        RedisURI.builder()
                                .withHost("127.0.0.1")
                                .withPort(1)
                                .withTimeout(Duration.ofMillis(200))
                                .build());
        JobLog log = new JobLog(away, "away", "node-away", meters);
        log.start();
        try {
            for (int n = 0; n < JobLog.WAITING + 500; n++) {
                log.add(1, line("lost"));
            }
            await().until(() -> meters.get("mailgenius.job.log.dropped").counter().count() >= 500);
            assertThat(log.read(1, "", "", Set.of(), 10).available()).isFalse();
        } finally {
            log.stop();
            away.shutdown(Duration.ZERO, Duration.ofSeconds(1));
        }
    }

    @Test
    void lines_outside_of_jobs_and_those_of_other_nodes_are_not_kept() {
        try (LogContext.Scope scope =
                LogContext.open(Map.of("launch", "" + ended.id(), "node", "another"))) {
            LoggerFactory.getLogger("foreign").warn("of another node");
        }
        LoggerFactory.getLogger("foreign").warn("of no job");
        try (LogContext.Scope scope =
                LogContext.open(
                        Map.of(
                                "launch",
                                "" + ended.id(),
                                "node",
                                node.get(NodeId.class).value()))) {
            LoggerFactory.getLogger("own").warn("of this node");
        }
        JobLog log = node.get(JobLog.class);
        await().until(
                        () ->
                                log.read(ended.id(), "", "of this node", Set.of(), 1).items().size()
                                        == 1);
        assertThat(log.read(ended.id(), "", "of another node", Set.of(), 1).items()).isEmpty();
        assertThat(log.read(ended.id(), "", "of no job", Set.of(), 1).items()).isEmpty();
    }

    @Test
    void without_an_exporter_no_trace_is_made_or_stored() {
        assertThat(node.get(Traces.class).enabled()).isFalse();
        assertThat(
                        JdbcClient.create(database.owner())
                                .sql("SELECT count(*) FROM launch WHERE trace_parent IS NOT NULL")
                                .query(Long.class)
                                .single())
                .isZero();
    }
}
