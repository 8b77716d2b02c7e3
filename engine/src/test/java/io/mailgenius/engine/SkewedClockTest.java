package io.mailgenius.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mailgenius.engine.launching.Launch;
import io.mailgenius.engine.settings.Role;
import io.mailgenius.schema.ChunkState;
import io.mailgenius.schema.LaunchState;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A node whose machine has a wrong clock uses the time of PostgreSQL, like all others. */
@Execution(ExecutionMode.CONCURRENT)
class SkewedClockTest {

    private static final int CHUNKS = 12;
    private static final Duration A_MOMENT = Duration.ofSeconds(5);

    private final TestCluster cluster = new TestCluster();

    @AfterEach
    void stop() {
        cluster.close();
    }

    private TestNode ahead(String by, Role... roles) {
        return cluster.start(2, List.of(), Map.of("mailgenius.clock-ahead", by), roles);
    }

    @ParameterizedTest
    @ValueSource(strings = {"11m", "-11m", "400d"})
    void nobody_is_held_for_dead_and_no_chunk_is_taken_from_anybody(String by) throws Exception {
        CountDownLatch goOn = new CountDownLatch(1);
        TestNode right = cluster.start(2, List.of(), Role.MANAGER, Role.WORKER);
        right.get(CountingJob.Hook.class).set((number, chunk) -> goOn.await());
        TestNode wrong = ahead(by, Role.MANAGER, Role.WORKER);
        wrong.get(CountingJob.Hook.class).set((number, chunk) -> goOn.await());
        Launch launch = cluster.launch(right, "skewed", CHUNKS, 2);
        await().until(() -> cluster.chunksIn(ChunkState.CLAIMED) == 4);

        // Waits for longer than a lease, in which both nodes have swept and sent heartbeats.
        Instant until = beat("max").plusSeconds(4);
        await().atMost(Duration.ofSeconds(30)).until(() -> beat("min").isAfter(until));
        assertThat(
                        cluster.owner()
                                .sql("SELECT DISTINCT state FROM node")
                                .query(String.class)
                                .list())
                .containsExactly("ALIVE");
        goOn.countDown();

        assertThat(cluster.end(right, launch).state()).isEqualTo(LaunchState.COMPLETED);
        cluster.assertEveryNumberOnce(CHUNKS);
        assertThat(number("SELECT max(attempt) FROM chunk")).isEqualTo(1);
    }

    private Instant beat(String which) {
        return cluster.owner()
                .sql("SELECT " + which + "(heartbeat_at) FROM node")
                .query((row, _) -> row.getTimestamp(1).toInstant())
                .single();
    }

    private long number(String sql) {
        return cluster.owner().sql(sql).query(Long.class).single();
    }

    /** A single manager, without others that could correct it. */
    @Test
    void a_node_with_a_slow_clock_wakes_jobs_and_stores_the_time_of_the_server() {
        TestNode behind = ahead("-11m", Role.MANAGER, Role.WORKER);
        Launch launch = cluster.launch(behind, "behind", CHUNKS, 2);

        assertThat(cluster.end(behind, launch).state()).isEqualTo(LaunchState.COMPLETED);
        cluster.assertEveryNumberOnce(CHUNKS);
        assertThat(behind.get(Clock.class).instant())
                .isBetween(Instant.now().minus(A_MOMENT), Instant.now().plus(A_MOMENT));
    }
}
