package io.mailgenius.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mailgenius.engine.launching.Launch;
import io.mailgenius.engine.launching.LaunchRefused;
import io.mailgenius.engine.launching.Launches;
import io.mailgenius.engine.settings.Role;
import io.mailgenius.schema.ChunkState;
import io.mailgenius.schema.LaunchState;
import io.mailgenius.schema.Priority;
import io.mailgenius.schema.TestDatabase;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.springframework.dao.DataAccessResourceFailureException;

/**
 * Launching, stopping and restarting: concurrent requests, requests in the wrong state, and
 * withdrawn stops.
 */
@Execution(ExecutionMode.CONCURRENT)
class DoorTest {

    private TestCluster cluster;
    private TestNode node;

    @BeforeEach
    void start() {
        cluster = new TestCluster();
        node = cluster.start(1, List.of(), Role.MANAGER, Role.WORKER);
    }

    @AfterEach
    void stop() {
        cluster.close();
    }

    @Test
    void of_two_restarts_at_the_same_moment_on_two_nodes_one_is_refused() throws Exception {
        TestNode other = cluster.start(Role.MANAGER);
        hook().set(
                        (number, chunk) -> {
                            throw new IllegalStateException("always");
                        });
        Launch failed = cluster.end(node, cluster.launch(node, "twice", 1, 1));
        assertThat(failed.state()).isEqualTo(LaunchState.FAILED);
        hook().set((number, chunk) -> {});

        CyclicBarrier together = new CyclicBarrier(2);
        try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
            List<Future<Boolean>> both =
                    threads.invokeAll(
                            List.of(
                                    restart(node, failed, together),
                                    restart(other, failed, together)));
            assertThat(List.of(both.getFirst().get(), both.getLast().get()))
                    .containsExactlyInAnyOrder(true, false);
        }
        Launch ended = cluster.end(node, failed);
        assertThat(ended.state()).isEqualTo(LaunchState.COMPLETED);
        assertThat(ended.run()).isEqualTo(2);
        cluster.assertEveryNumberOnce(1);
        assertThat(cluster.reportedEnds()).containsExactly("FAILED", "COMPLETED");
    }

    private static Callable<Boolean> restart(TestNode node, Launch launch, CyclicBarrier together) {
        return () -> {
            together.await();
            try {
                node.get(Launches.class).restart(launch.id());
                return true;
            } catch (LaunchRefused e) {
                return false;
            }
        };
    }

    @Test
    void a_stop_reports_chunks_in_flight_and_can_be_withdrawn_while_they_finish() throws Exception {
        CountDownLatch inHand = new CountDownLatch(1);
        CountDownLatch gate = new CountDownLatch(1);
        hook().set(
                        (number, chunk) -> {
                            inHand.countDown();
                            gate.await();
                        });
        Launch launch = cluster.launch(node, "taken back", 5, 1);
        inHand.await();
        Launches launches = node.get(Launches.class);
        assertThat(launches.stop(launch.id()).state()).isEqualTo(LaunchState.STOPPING);
        assertThat(cluster.chunksIn(ChunkState.CLAIMED)).isEqualTo(1);
        await().until(() -> cluster.chunksIn(ChunkState.HELD) == 4);

        assertThat(launches.restart(launch.id()).state()).isEqualTo(LaunchState.RUNNING);
        gate.countDown();
        Launch ended = cluster.end(node, launch);
        assertThat(ended.state()).isEqualTo(LaunchState.COMPLETED);
        assertThat(ended.run()).isEqualTo(1);
        cluster.assertEveryNumberOnce(5);
        assertThat(cluster.reportedEnds()).containsExactly("COMPLETED");
    }

    @Test
    void a_long_job_does_not_hold_up_a_short_one_and_priority_is_a_bigger_share() throws Exception {
        List<String> order = new CopyOnWriteArrayList<>();
        CountDownLatch bothAreQueued = new CountDownLatch(1);
        hook().set(
                        (number, chunk) -> {
                            bothAreQueued.await();
                            order.add(Long.toString(chunk.jobInstanceId()));
                        });
        Launch big = cluster.launch(node, "big", 300, 1);
        await().until(() -> cluster.chunksIn(ChunkState.CLAIMED) == 1);
        Launch small = cluster.launch(node, "small", 20, 1, Priority.LOW);
        await().until(() -> cluster.chunksIn(ChunkState.READY) == 319);
        node.get(Launches.class).prioritise(small.id(), Priority.HIGH);
        bothAreQueued.countDown();

        Launch ended = cluster.end(node, small);
        // The big job is still writing.
        long before = List.copyOf(order).lastIndexOf(String.valueOf(ended.jobInstanceId())) - 19;
        // With equal weights it would be 20, and in one common queue 300.
        assertThat(before).as("chunks of the big job before the last of the small").isLessThan(60);
        cluster.end(node, big);
        assertThat(cluster.numbersWritten()).hasSize(320);
    }

    @Test
    void a_node_that_leaves_finishes_what_it_can_and_hands_back_the_rest() throws Exception {
        node.close();
        TestNode manager = cluster.start(Role.MANAGER);
        TestNode leaving = cluster.start(2, List.of(), Role.WORKER);
        CountDownLatch inHand = new CountDownLatch(2);
        CountDownLatch gate = new CountDownLatch(1);
        leaving.get(CountingJob.Hook.class)
                .set(
                        (number, chunk) -> {
                            inHand.countDown();
                            if (number == 0) {
                                gate.await();
                            } else {
                                // Blocks until the drain period ends and the node interrupts the
                                // chunk.
                                new CountDownLatch(1).await();
                            }
                        });
        Launch launch = cluster.launch(manager, "drain", 8, 1);
        inHand.await();
        try (ExecutorService operator = Executors.newSingleThreadExecutor()) {
            Future<?> left = operator.submit(leaving::close);
            await().until(() -> stateOf("WORKER").equals("DRAINING"));
            gate.countDown();
            await().until(() -> cluster.numbersWritten().equals(List.of("0")));
            left.get();
        }
        assertThat(stateOf("WORKER")).isEqualTo("GONE");
        assertThat(cluster.chunksIn(ChunkState.CLAIMED)).isZero();
        assertThat(cluster.chunksIn(ChunkState.READY)).isEqualTo(7);
        assertThat(failures()).isZero();

        cluster.start(Role.WORKER);
        assertThat(cluster.end(manager, launch).state()).isEqualTo(LaunchState.COMPLETED);
        cluster.assertEveryNumberOnce(8);
    }

    @Test
    void a_database_that_cuts_every_connection_delays_the_job_and_fails_nothing() throws Exception {
        // Limits the chunks, so that each disconnection happens while the job is running.
        Semaphore allowed = new Semaphore(20);
        hook().set((number, chunk) -> allowed.acquire());
        Launch launch = cluster.launch(node, "cut", 400, 2);
        for (int cut = 0; cut < 3; cut++) {
            long written = cluster.numbersWritten().size();
            allowed.release(50);
            cluster.owner()
                    .sql(
                            """
                            SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                             WHERE datname = current_database() AND application_name <> :owner
                            """)
                    .param("owner", TestDatabase.OWNER)
                    .query()
                    .listOfRows();
            await().atMost(Duration.ofSeconds(60))
                    .until(() -> cluster.numbersWritten().size() > written);
        }
        allowed.release(Integer.MAX_VALUE / 2);
        Launch ended = cluster.end(node, launch);
        assertThat(ended.state()).isEqualTo(LaunchState.COMPLETED);
        assertThat(ended.run()).as("it was not restarted").isEqualTo(1);
        cluster.assertEveryNumberOnce(400);
    }

    @Test
    void a_chunk_that_meets_an_outage_more_often_than_it_may_fail_does_not_fail() {
        AtomicInteger tries = new AtomicInteger();
        hook().set(
                        (number, chunk) -> {
                            if (number == 0 && tries.incrementAndGet() <= 5) {
                                throw new DataAccessResourceFailureException(
                                        "cut off", new SQLException("cut off", "08006"));
                            }
                        });
        Launch ended = cluster.end(node, cluster.launch(node, "outages", 2, 1));
        assertThat(ended.state()).isEqualTo(LaunchState.COMPLETED);
        assertThat(failures()).isZero();
        assertThat(tries).hasValue(6);
    }

    @Test
    void a_step_left_open_by_a_shutdown_does_not_prevent_the_restart() throws Exception {
        CountDownLatch inHand = new CountDownLatch(1);
        CountDownLatch gate = new CountDownLatch(1);
        hook().set(
                        (number, chunk) -> {
                            inHand.countDown();
                            gate.await();
                        });
        Launch launch = cluster.launch(node, "left open", 4, 1);
        inHand.await();
        node.get(Launches.class).stop(launch.id());
        gate.countDown();
        assertThat(cluster.end(node, launch).state()).isEqualTo(LaunchState.STOPPED);
        int open =
                cluster.owner()
                        .sql(
                                "UPDATE batch_step_execution SET status = 'STARTED' WHERE status = 'STOPPED'")
                        .update();
        assertThat(open).isPositive();

        node.get(Launches.class).restart(launch.id());
        assertThat(cluster.end(node, launch).state()).isEqualTo(LaunchState.COMPLETED);
        cluster.assertEveryNumberOnce(4);
    }

    private String stateOf(String role) {
        return cluster.owner()
                .sql(
                        "SELECT state FROM node WHERE roles = ARRAY[:role]::text[] ORDER BY started_at DESC LIMIT 1")
                .param("role", role)
                .query(String.class)
                .single();
    }

    private long failures() {
        return cluster.owner()
                .sql("SELECT coalesce(sum(failures), 0) FROM chunk")
                .query(Long.class)
                .single();
    }

    private CountingJob.Hook hook() {
        return node.get(CountingJob.Hook.class);
    }
}
