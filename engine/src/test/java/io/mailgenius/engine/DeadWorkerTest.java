package io.mailgenius.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mailgenius.engine.FaultInjection.Side;
import io.mailgenius.engine.launching.Launch;
import io.mailgenius.engine.ledger.ChunkTally;
import io.mailgenius.engine.recovery.Sweeper;
import io.mailgenius.engine.settings.Role;
import io.mailgenius.schema.ChunkState;
import io.mailgenius.schema.LaunchState;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A worker crashes in each window of a chunk's life; another one finishes its chunks. */
@Execution(ExecutionMode.CONCURRENT)
class DeadWorkerTest {

    private static final int CHUNKS = 12;
    private static final String CLAIM = "SET state = 'CLAIMED'";
    private static final String EFFECT = "INSERT INTO written";
    private static final String DONE = "SET state = 'DONE'";

    private final ManualClock clock = new ManualClock();
    private TestCluster cluster;
    private TestNode manager;

    @BeforeEach
    void start() {
        cluster = new TestCluster();
        manager = cluster.start(1, List.of(TestNode.by(clock)), Role.MANAGER);
    }

    @AfterEach
    void stop() {
        cluster.close();
    }

    static Stream<Arguments> windows() {
        return Stream.of(
                Arguments.of("before the claim commits", FaultInjection.at(Side.BEFORE, CLAIM)),
                Arguments.of(
                        "after the claim, before the work", FaultInjection.at(Side.AFTER, CLAIM)),
                Arguments.of(
                        "after the work, before DONE commits",
                        FaultInjection.at(Side.BEFORE, EFFECT)),
                Arguments.of("after DONE, before XACK", FaultInjection.at(Side.AFTER, DONE)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("windows")
    void its_chunks_are_done_once_by_another(String window, FaultInjection faultInjection)
            throws Exception {
        cluster.start(2, List.of(TestNode.by(clock), faultInjection), Role.WORKER);
        Launch launch = cluster.launch(manager, "dead worker", CHUNKS, 2);
        faultInjection.await();

        // The lease expires by this clock, so that the test need not wait for it.
        clock.advance(Duration.ofSeconds(3));
        TestNode other = cluster.start(2, List.of(TestNode.by(clock)), Role.WORKER);

        Launch ended = cluster.end(manager, launch);
        assertThat(ended.state()).isEqualTo(LaunchState.COMPLETED);
        cluster.assertEveryNumberOnce(CHUNKS);
        ChunkTally tally = cluster.tally(other, ended);
        assertThat(tally.done()).isEqualTo(CHUNKS);
        assertThat(tally.counts().get("numbers")).isEqualTo(CHUNKS);
    }

    @Test
    void a_chunk_that_kills_its_workers_is_set_aside_and_the_others_finish() throws Exception {
        Launch launch = cluster.launch(manager, "killer", 3, 1);
        for (int life = 0; life < 3; life++) {
            FaultInjection faultInjection = FaultInjection.later();
            TestNode worker =
                    cluster.start(1, List.of(TestNode.by(clock), faultInjection), Role.WORKER);
            worker.get(CountingJob.Hook.class)
                    .set(
                            (number, chunk) -> {
                                if (number == 1) {
                                    faultInjection.now();
                                }
                            });
            faultInjection.await();
            clock.advance(Duration.ofSeconds(3));
        }
        cluster.start(1, List.of(TestNode.by(clock)), Role.WORKER);

        Launch ended = cluster.end(manager, launch);
        assertThat(ended.state()).isEqualTo(LaunchState.FAILED);
        assertThat(ended.error()).contains("expired");
        assertThat(cluster.tally(manager, ended).in(ChunkState.FAILED)).isEqualTo(1);
        assertThat(cluster.numbersWritten()).containsExactlyInAnyOrder("0", "2");
    }

    @Test
    void chunks_of_a_crashed_worker_go_before_chunks_that_were_never_claimed() throws Exception {
        FaultInjection faultInjection = FaultInjection.at(Side.AFTER, CLAIM);
        cluster.start(1, List.of(TestNode.by(clock), faultInjection), Role.WORKER);
        Launch launch = cluster.launch(manager, "long queue", 400, 1);
        faultInjection.await();
        await().atMost(Duration.ofSeconds(30))
                .until(() -> cluster.chunksIn(ChunkState.READY) == 399);
        clock.advance(Duration.ofSeconds(3));
        manager.get(Sweeper.class).sweep();

        CountDownLatch gate = new CountDownLatch(1);
        TestNode other = cluster.start(1, List.of(TestNode.by(clock)), Role.WORKER);
        List<Integer> order = new CopyOnWriteArrayList<>();
        other.get(CountingJob.Hook.class)
                .set(
                        (number, chunk) -> {
                            order.add(chunk.attempt());
                            if (chunk.attempt() == 1) {
                                // A slow chunk, so that the queue takes long.
                                gate.await(100, TimeUnit.MILLISECONDS);
                            } else {
                                gate.countDown();
                            }
                        });
        assertThat(cluster.end(manager, launch).state()).isEqualTo(LaunchState.COMPLETED);
        assertThat(order.indexOf(2)).as("chunks that came before it").isLessThan(40);
    }

    @Test
    void a_worker_that_joins_in_the_middle_takes_chunks_at_once() throws Exception {
        TestNode slow = cluster.start(1, List.of(TestNode.by(clock)), Role.WORKER);
        var gate = new CountDownLatch(1);
        slow.get(CountingJob.Hook.class).set((number, chunk) -> gate.await());
        Launch launch = cluster.launch(manager, "joining", 6, 1);
        await().until(() -> cluster.chunksIn(ChunkState.CLAIMED) == 1);

        cluster.start(1, List.of(TestNode.by(clock)), Role.WORKER);
        await().atMost(Duration.ofSeconds(30)).until(() -> cluster.numbersWritten().size() == 5);
        gate.countDown();
        assertThat(cluster.end(manager, launch).state()).isEqualTo(LaunchState.COMPLETED);
        cluster.assertEveryNumberOnce(6);
    }
}
