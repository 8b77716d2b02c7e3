package io.mailgenius.engine;

import static java.time.temporal.ChronoUnit.MICROS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.core.read.ListAppender;
import io.mailgenius.engine.cluster.Heartbeat;
import io.mailgenius.engine.launching.Launch;
import io.mailgenius.engine.launching.Launches;
import io.mailgenius.engine.ledger.Claim;
import io.mailgenius.engine.ledger.Ledger;
import io.mailgenius.engine.recovery.Sweeper;
import io.mailgenius.engine.settings.Role;
import io.mailgenius.engine.transport.JobQueues;
import io.mailgenius.schema.ChunkState;
import io.mailgenius.schema.LaunchState;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** A superseded worker or manager writes nothing, and repeated notifications have no effect. */
class FenceTest {

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

    @Test
    void a_worker_that_was_paused_past_its_lease_writes_nothing_and_registers_again()
            throws Exception {
        CountDownLatch still = new CountDownLatch(1);
        CountDownLatch moves = new CountDownLatch(1);
        TestNode zombie = cluster.start(1, List.of(TestNode.by(clock)), Role.WORKER);
        zombie.get(CountingJob.Hook.class)
                .set(
                        (number, chunk) -> {
                            if (number == 0) {
                                still.countDown();
                                moves.await();
                            }
                        });
        Launch launch = cluster.launch(manager, "zombie", 4, 1);
        still.await();
        // The whole process is paused, so its heartbeat does not detect the loss of the chunk.
        zombie.get(Heartbeat.class).stop();
        clock.advance(Duration.ofSeconds(3));
        manager.get(Sweeper.class).sweep();
        TestNode other = cluster.start(1, List.of(TestNode.by(clock)), Role.WORKER);
        await().atMost(Duration.ofSeconds(30)).until(() -> cluster.numbersWritten().size() == 4);

        moves.countDown();
        assertThat(cluster.end(manager, launch).state()).isEqualTo(LaunchState.COMPLETED);
        other.close();
        zombie.get(Heartbeat.class).start();
        zombie.get(CountingJob.Hook.class).set((number, chunk) -> {});
        Launch next = cluster.launch(manager, "after the zombie", 3, 1);
        assertThat(cluster.end(manager, next).state()).isEqualTo(LaunchState.COMPLETED);
        // By now the zombie has tried to write its first chunk.
        assertThat(cluster.numbersWritten()).hasSize(4 + 3);
        assertThat(cluster.numbersWritten().subList(0, 4)).doesNotHaveDuplicates();
    }

    @Test
    void a_manager_that_was_replaced_can_write_nothing() throws Exception {
        CountDownLatch moves = new CountDownLatch(1);
        Launch launch = standsStillUntil(moves);
        long before = chunks();
        // As if another node had taken the launch over and was paused too.
        cluster.owner().sql("UPDATE launch SET epoch = epoch + 1").update();
        moves.countDown();
        await().atMost(Duration.ofSeconds(30)).until(() -> statuses().contains("FAILED"));
        assertThat(chunks()).as("chunks that the replaced manager wrote").isEqualTo(before);
        assertThat(cluster.reportedEnds()).isEmpty();

        // The scheduler revives the task, and the job continues under a new epoch.
        cluster.start(2, List.of(TestNode.by(clock)), Role.WORKER);
        assertThat(cluster.end(manager, launch).state()).isEqualTo(LaunchState.COMPLETED);
        cluster.assertEveryNumberOnce(100);
        assertThat(cluster.reportedEnds()).containsExactly("COMPLETED");
    }

    @Test
    void a_manager_that_was_replaced_leaves_the_task_to_its_successor_without_an_error()
            throws Exception {
        CountDownLatch moves = new CountDownLatch(1);
        Launch launch = standsStillUntil(moves);
        // As another node's scheduler updates the task of a dead node, and as its run updates the
        // launch.
        cluster.owner().sql("UPDATE scheduled_tasks SET version = version + 1").update();
        cluster.owner().sql("UPDATE launch SET epoch = epoch + 1").update();
        Logger scheduler = (Logger) LoggerFactory.getLogger("com.github.kagkarlsson.scheduler");
        Logger task = (Logger) LoggerFactory.getLogger("io.mailgenius.engine.launching.LaunchTask");
        ListAppender<ILoggingEvent> said = new ListAppender<>();
        said.start();
        scheduler.addAppender(said);
        task.addAppender(said);
        try {
            moves.countDown();
            await().atMost(Duration.ofSeconds(30))
                    .until(
                            () ->
                                    messages(said, Level.INFO).stream()
                                            .anyMatch(
                                                    line ->
                                                            line.contains(
                                                                    "taken over by another node")));
        } finally {
            scheduler.detachAppender(said);
            task.detachAppender(said);
        }
        assertThat(messages(said, Level.ERROR)).isEmpty();

        // The successor is detected as dead too, and the job continues.
        cluster.start(2, List.of(TestNode.by(clock)), Role.WORKER);
        assertThat(cluster.end(manager, launch).state()).isEqualTo(LaunchState.COMPLETED);
        cluster.assertEveryNumberOnce(100);
    }

    /** Launches a hundred chunks; the manager is paused when it first reaches the sixtieth. */
    private Launch standsStillUntil(CountDownLatch moves) throws InterruptedException {
        CountDownLatch still = new CountDownLatch(1);
        AtomicInteger visits = new AtomicInteger();
        manager.get(CountingJob.Hook.class)
                .whileEnumerating(
                        number -> {
                            if (number == 60 && visits.getAndIncrement() == 0) {
                                still.countDown();
                                moves.await();
                            }
                        });
        Launch launch = cluster.launch(manager, "replaced", 100, 1);
        still.await();
        return launch;
    }

    /** Without those of dead nodes of other tests, whose schedulers go on trying in this JVM. */
    private static List<String> messages(ListAppender<ILoggingEvent> said, Level least) {
        return List.copyOf(said.list).stream()
                .filter(event -> event.getLevel().isGreaterOrEqual(least))
                .filter(event -> !isOfADeadNode(event.getThrowableProxy()))
                .map(ILoggingEvent::getFormattedMessage)
                .toList();
    }

    private static boolean isOfADeadNode(@Nullable IThrowableProxy thrown) {
        return thrown != null
                && (FaultInjection.DEAD.equals(thrown.getMessage())
                        || isOfADeadNode(thrown.getCause()));
    }

    @Test
    void a_chunk_is_not_claimed_before_its_earliest_moment_even_after_a_stop() {
        Instant turn = clock.instant().plus(Duration.ofHours(1));
        manager.get(CountingJob.Hook.class).notBefore(number -> number < 2 ? null : turn);
        cluster.start(1, List.of(TestNode.by(clock)), Role.WORKER);
        Launch launch = cluster.launch(manager, "later", 4, 1);
        await().until(() -> cluster.numbersWritten().size() == 2);
        Launches launches = manager.get(Launches.class);
        launches.stop(launch.id());
        assertThat(cluster.end(manager, launch).state()).isEqualTo(LaunchState.STOPPED);
        launches.restart(launch.id());
        await().until(() -> cluster.chunksIn(ChunkState.READY) == 2);

        manager.get(Sweeper.class).sweep();
        manager.get(CountingJob.Hook.class).notBefore(number -> null);
        Launch next = cluster.launch(manager, "meanwhile", 3, 1);
        assertThat(cluster.end(manager, next).state()).isEqualTo(LaunchState.COMPLETED);
        assertThat(cluster.chunksIn(ChunkState.READY)).as("chunks that wait").isEqualTo(2);
        assertThat(dueOfThoseThatWait()).isCloseTo(turn, within(1, MICROS));

        clock.advance(Duration.ofHours(1));
        assertThat(cluster.end(manager, launch).state()).isEqualTo(LaunchState.COMPLETED);
        assertThat(cluster.numbersWritten())
                .containsExactlyInAnyOrder("0", "1", "2", "3", "0", "1", "2");
    }

    private Instant dueOfThoseThatWait() {
        return cluster.owner()
                .sql("SELECT min(ready_at) FROM chunk WHERE state = 'READY'")
                .query(OffsetDateTime.class)
                .single()
                .toInstant();
    }

    @Test
    void a_late_manager_cannot_hold_chunks_of_a_restart() {
        Launch launch = cluster.launch(manager, "late", 3, 1);
        await().until(() -> cluster.chunksIn(ChunkState.READY) == 3);
        Launch running = manager.get(Launches.class).find(launch.id()).orElseThrow();
        Ledger ledger = manager.get(Ledger.class);
        long instance = Objects.requireNonNull(running.jobInstanceId());

        assertThat(ledger.holdWhileStopping(instance, launch.id(), running.epoch())).isZero();
        cluster.owner().sql("UPDATE launch SET state = 'STOPPING'").update();
        assertThat(ledger.holdWhileStopping(instance, launch.id(), running.epoch() - 1)).isZero();
        ledger.holdWhileStopping(instance, launch.id(), running.epoch());
        await().until(() -> cluster.chunksIn(ChunkState.HELD) == 3);
    }

    /** Its id may still be in a queue, from which a worker would claim it. */
    @Test
    void a_chunk_that_is_handed_back_or_fails_while_its_job_stops_is_not_begun_again() {
        Launch launch = cluster.launch(manager, "handed back", 3, 1);
        await().until(() -> cluster.chunksIn(ChunkState.READY) == 3);
        Ledger ledger = manager.get(Ledger.class);
        List<Long> ids =
                cluster.owner()
                        .sql("SELECT id FROM chunk ORDER BY id LIMIT 2")
                        .query((row, n) -> row.getLong(1))
                        .list();
        Duration lease = Duration.ofMinutes(1);
        List<Claim> inHand = ledger.claim(ids, "node", clock.instant(), lease);
        manager.get(Launches.class).stop(launch.id());

        ledger.handBack(inHand.getFirst(), clock.instant());
        ledger.failed(inHand.getLast(), "no", clock.instant(), 5, clock.instant());
        assertThat(ledger.claim(ids, "node", clock.instant(), lease)).isEmpty();
        assertThat(cluster.end(manager, launch).state()).isEqualTo(LaunchState.STOPPED);

        manager.get(Launches.class).restart(launch.id());
        cluster.start(1, List.of(TestNode.by(clock)), Role.WORKER);
        assertThat(cluster.end(manager, launch).state()).isEqualTo(LaunchState.COMPLETED);
        cluster.assertEveryNumberOnce(3);
    }

    @Test
    void a_chunk_that_is_published_again_is_worked_off_once() {
        AtomicInteger works = new AtomicInteger();
        Launch launch = cluster.launch(manager, "again", 10, 1);
        await().until(() -> cluster.chunksIn(ChunkState.READY) == 10);
        List<Long> ids =
                cluster.owner()
                        .sql("SELECT id FROM chunk ORDER BY id")
                        .query((row, n) -> row.getLong(1))
                        .list();
        JobQueues queues = manager.get(JobQueues.class);
        long instance =
                Objects.requireNonNull(
                        manager.get(Launches.class)
                                .find(launch.id())
                                .orElseThrow()
                                .jobInstanceId());
        queues.publish(instance, launch.workspaceId(), ids);
        queues.publish(instance, launch.workspaceId(), Collections.nCopies(5, ids.getFirst()));

        TestNode worker = cluster.start(3, List.of(TestNode.by(clock)), Role.WORKER);
        worker.get(CountingJob.Hook.class).set((number, chunk) -> works.incrementAndGet());
        cluster.end(manager, launch);
        cluster.assertEveryNumberOnce(10);
        assertThat(works).hasValue(10);
    }

    @Test
    void a_stale_response_ends_nothing_early() throws Exception {
        CountDownLatch gate = new CountDownLatch(1);
        TestNode worker = cluster.start(1, List.of(TestNode.by(clock)), Role.WORKER);
        worker.get(CountingJob.Hook.class)
                .set(
                        (number, chunk) -> {
                            if (number == 2) {
                                gate.await();
                            }
                        });
        Launch launch = cluster.launch(manager, "old answer", 3, 1);
        await().until(() -> cluster.numbersWritten().size() == 2);
        Launch running = manager.get(Launches.class).find(launch.id()).orElseThrow();
        String answer =
                """
                [{"job": %d, "step": "counting.numbers", "sequence": 2, "successful": true, "message": ""}]
                """
                        .formatted(running.jobInstanceId());
        try (var redis = TestRedis.connect()) {
            String topic = TestNode.settings(cluster.database(), Set.of(Role.WORKER)).namespace();
            for (int n = 0; n < 20; n++) {
                assertThat(redis.sync().publish(topic + ":answers", answer)).isPositive();
            }
        }
        await().during(Duration.ofMillis(700))
                .atMost(Duration.ofSeconds(20))
                .until(() -> manager.get(Launches.class).find(launch.id()).orElseThrow().alive());
        gate.countDown();
        assertThat(cluster.end(manager, launch).state()).isEqualTo(LaunchState.COMPLETED);
        cluster.assertEveryNumberOnce(3);
    }

    private long chunks() {
        return cluster.owner().sql("SELECT count(*) FROM chunk").query(Long.class).single();
    }

    private List<String> statuses() {
        return cluster.owner()
                .sql("SELECT status FROM batch_job_execution")
                .query((row, n) -> row.getString(1))
                .list();
    }
}
