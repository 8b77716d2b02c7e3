package io.mailgenius.engine.operations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import io.mailgenius.engine.CountingJob;
import io.mailgenius.engine.TestCluster;
import io.mailgenius.engine.TestNode;
import io.mailgenius.engine.launching.JobAction;
import io.mailgenius.engine.launching.Launch;
import io.mailgenius.engine.launching.LaunchRefused;
import io.mailgenius.engine.launching.Launches;
import io.mailgenius.engine.ledger.Ledger;
import io.mailgenius.engine.settings.Role;
import io.mailgenius.schema.ActorScope;
import io.mailgenius.schema.AttemptOutcome;
import io.mailgenius.schema.ChunkState;
import io.mailgenius.schema.LaunchAction;
import io.mailgenius.schema.LaunchState;
import io.mailgenius.schema.WorkspaceScope;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** What operators see of jobs and do with them, on one cluster of one node. */
class OperationsTest {

    private static final Duration SOON = Duration.ofSeconds(30);
    private static final ActorScope.Actor ANN =
            new ActorScope.Actor(ActorScope.Kind.PERSON, 7L, "Ann", null, null);

    private static TestCluster cluster;
    private static TestNode node;
    private static JobInspection inspection;
    private static JobActions actions;
    private static JobSearch search;

    @BeforeAll
    static void start() {
        cluster = new TestCluster();
        node =
                cluster.start(
                        4,
                        List.of(),
                        Map.of("mailgenius.node-name", "one", "mailgenius.version", "1.2"),
                        Role.MANAGER,
                        Role.WORKER);
        inspection = node.get(JobInspection.class);
        actions = node.get(JobActions.class);
        search = node.get(JobSearch.class);
    }

    @AfterAll
    static void stop() {
        cluster.close();
    }

    @AfterEach
    void interfereNoMore() {
        hook((number, chunk) -> {});
        cluster.owner().sql("TRUNCATE written").update();
    }

    private static void hook(CountingJob.Hook.Interference interference) {
        node.get(CountingJob.Hook.class).set(interference);
    }

    private static <T> T here(Supplier<T> work) {
        return WorkspaceScope.call(cluster.workspace(), work::get);
    }

    private static Launch launched(Launch launch) {
        return node.get(Launches.class).find(launch.id()).orElseThrow();
    }

    private static List<ChunkView> chunks(Launch launch, ChunkState... states) {
        ChunkFilter filter = new ChunkFilter(Set.of(states), null, null, null, null);
        return here(() -> inspection.chunks(launch.id(), filter, 0, 100));
    }

    private static int retry(Launch launch, RetryScope scope) {
        return ActorScope.call(
                ANN, () -> here(() -> actions.retryFailed(launch.id(), scope, "mended")));
    }

    @Test
    void a_poison_chunk_is_found_by_its_cause_and_retried_alone() {
        AtomicInteger mended = new AtomicInteger(-1);
        hook(
                (number, chunk) -> {
                    if ((number == 2 || number == 4) && mended.get() != number) {
                        throw new IllegalStateException("Row " + number + " of \"a\" is bad");
                    }
                });
        Launch launch = cluster.launch(node, "poison", 6, 1);
        assertThat(cluster.end(node, launch).state()).isEqualTo(LaunchState.FAILED);

        FailureCause cause =
                assertThat(here(() -> inspection.causes(launch.id()))).singleElement().actual();
        assertThat(cause.cause()).isEqualTo("IllegalStateException: Row # of … is bad");
        assertThat(List.of(cause.failed(), cause.attempts())).containsExactly(2L, 6L);
        assertThat(cause.example()).contains("Row ").contains("\"a\"");

        ChunkView poison = chunks(launch, ChunkState.FAILED).getFirst();
        assertThat(poison.cause()).isEqualTo(cause.cause());
        mended.set(2);
        assertThat(retry(launch, new RetryScope.OneChunk(poison.id()))).isEqualTo(1);
        assertThat(cluster.end(node, launch).state()).isEqualTo(LaunchState.FAILED);
        assertThat(chunks(launch, ChunkState.FAILED)).hasSize(1);
        assertThat(retry(launch, new RetryScope.OneChunk(poison.id()))).as("it is done").isZero();
        assertThat(launched(launch).state()).isEqualTo(LaunchState.FAILED);

        ChunkDetail detail = here(() -> inspection.chunk(launch.id(), poison.id())).orElseThrow();
        assertThat(detail.chunk().state()).isEqualTo(ChunkState.DONE);
        assertThat(detail.payload()).isEqualTo("2");
        assertThat(detail.counts()).containsEntry("numbers", 1L);
        assertThat(detail.attempts())
                .as("a retry changes no earlier attempt")
                .hasSize(3)
                .allSatisfy(
                        attempt -> {
                            assertThat(attempt.outcome()).isEqualTo(AttemptOutcome.FAILED);
                            assertThat(attempt.error()).contains("Row 2");
                            assertThat(attempt.stack()).contains("at io.mailgenius");
                            assertThat(attempt.startedAt()).isBeforeOrEqualTo(attempt.endedAt());
                            assertThat(attempt.node()).startsWith("node-");
                        });

        mended.set(4);
        assertThat(retry(launch, new RetryScope.OfCause("another"))).isZero();
        assertThat(retry(launch, new RetryScope.OfCause(cause.cause()))).isEqualTo(1);
        assertThat(cluster.end(node, launch).state()).isEqualTo(LaunchState.COMPLETED);
        cluster.assertEveryNumberOnce(6);
        assertThatThrownBy(() -> retry(launch, new RetryScope.All()))
                .isInstanceOf(LaunchRefused.class);

        List<JobAction> history = here(() -> actions.history(launch.id()));
        assertThat(history)
                .extracting(JobAction::action, JobAction::actor, JobAction::reason)
                .containsExactly(
                        tuple(LaunchAction.RETRY, "Ann", "mended"),
                        tuple(LaunchAction.RETRY, "Ann", "mended"));
        assertThat(
                        cluster.owner()
                                .sql(
                                        """
                                        SELECT count(*) FROM audit_entry
                                         WHERE noun = 'launch_action' AND target = :launch
                                        """)
                                .param("launch", Long.toString(launch.id()))
                                .query(Long.class)
                                .single())
                .isEqualTo(2);
    }

    @Test
    void a_chunk_that_a_silent_worker_still_works_on_runs_once() throws Exception {
        CountDownLatch silent = new CountDownLatch(1);
        AtomicInteger attempts = new AtomicInteger();
        CountDownLatch begun = new CountDownLatch(1);
        hook(
                (number, chunk) -> {
                    if (number == 1 && attempts.incrementAndGet() == 1) {
                        begun.countDown();
                        silent.await();
                    }
                });
        Launch launch = cluster.launch(node, "silent", 3, 1);
        begun.await();
        await().atMost(SOON).until(() -> chunks(launch, ChunkState.DONE).size() == 2);
        long chunk = chunks(launch, ChunkState.CLAIMED).getFirst().id();
        assertThat(retry(launch, new RetryScope.OneChunk(chunk)))
                .as("a claimed chunk is not retried")
                .isZero();
        assertThat(here(() -> inspection.inHand(launch.id(), 10)))
                .singleElement()
                .satisfies(it -> assertThat(it.id()).isEqualTo(chunk));

        loseTheOnlyChunk();
        assertThat(chunks(launch, ChunkState.FAILED)).hasSize(1);
        assertThat(retry(launch, new RetryScope.All())).isEqualTo(1);
        await().atMost(SOON).until(() -> attempts.get() == 2);
        await().atMost(SOON).until(() -> chunks(launch, ChunkState.DONE).size() == 3);
        silent.countDown();

        assertThat(cluster.end(node, launch).state()).isEqualTo(LaunchState.COMPLETED);
        cluster.assertEveryNumberOnce(3);
        assertThat(here(() -> inspection.chunk(launch.id(), chunk)).orElseThrow().attempts())
                .singleElement()
                .satisfies(it -> assertThat(it.outcome()).isEqualTo(AttemptOutcome.LOST));
    }

    /** The manager has seen the last failure, and waits for the lock to write the end. */
    @Test
    void a_retry_between_the_last_failure_and_the_end_is_not_lost() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch silent = new CountDownLatch(1);
        AtomicInteger attempts = new AtomicInteger();
        hook(
                (number, chunk) -> {
                    if (attempts.incrementAndGet() == 1) {
                        begun.countDown();
                        silent.await();
                    }
                });
        Launch launch = cluster.launch(node, "late", 1, 1);
        begun.await();
        TransactionTemplate transaction =
                new TransactionTemplate(node.get(PlatformTransactionManager.class));
        here(
                () ->
                        transaction.execute(
                                status -> {
                                    node.get(Launches.class).lock(launch.id());
                                    loseTheOnlyChunk();
                                    await().atMost(SOON).until(OperationsTest::somebodyWaits);
                                    return actions.retryFailed(
                                            launch.id(), new RetryScope.All(), "late");
                                }));
        assertThat(cluster.end(node, launch).state()).isEqualTo(LaunchState.COMPLETED);
        silent.countDown();
        assertThat(launched(launch).retries()).isEqualTo(1);
        assertThat(launched(launch).run()).as("it was never launched again").isEqualTo(1);
        cluster.assertEveryNumberOnce(1);
    }

    private static void loseTheOnlyChunk() {
        Ledger ledger = node.get(Ledger.class);
        await().atMost(SOON)
                .until(() -> ledger.expire(Instant.now().plus(Duration.ofHours(1)), 1) == 1);
    }

    private static boolean somebodyWaits() {
        return cluster.owner()
                .sql("SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted)")
                .query(Boolean.class)
                .single();
    }

    @Test
    void figures_of_a_job_are_aggregated_and_bounded() {
        Launch launch = cluster.launch(node, "figures", 40, 4);
        assertThat(cluster.end(node, launch).state()).isEqualTo(LaunchState.COMPLETED);
        // Three of the partitions took 20 seconds, one took a minute.
        cluster.owner()
                .sql(
                        """
                        UPDATE chunk SET started_at = '2026-01-01 00:00:00Z',
                               finished_at = '2026-01-01 00:00:20Z'::timestamptz
                                             + CASE partition WHEN 3 THEN interval '40 s' ELSE interval '0 s' END
                         WHERE job_instance_id = :job
                        """)
                .param("job", Objects.requireNonNull(launched(launch).jobInstanceId()))
                .update();

        List<StepTimeline> timeline = here(() -> inspection.timeline(launch.id()));
        assertThat(timeline)
                .extracting(StepTimeline::step)
                .containsExactlyInAnyOrder(CountingJob.STEP, CountingJob.STEP + ".enumerate");
        StepTimeline step =
                timeline.stream().filter(StepTimeline::distributed).findFirst().orElseThrow();
        assertThat(step.status()).isEqualTo("COMPLETED");
        assertThat(step.partitions())
                .hasSize(4)
                .filteredOn(StepTimeline.PartitionBar::straggler)
                .singleElement()
                .satisfies(
                        bar -> {
                            assertThat(bar.partition()).isEqualTo(3);
                            assertThat(bar.took()).isEqualTo(Duration.ofMinutes(1));
                            assertThat(bar.done()).isEqualTo(10);
                        });

        List<ChunkTile> tiles = here(() -> inspection.tiles(launch.id(), 8));
        assertThat(tiles)
                .hasSize(8)
                .allSatisfy(it -> assertThat(it.chunks()).containsEntry(ChunkState.DONE, 5L));
        assertThat(tiles.get(1).firstSequence()).isEqualTo(5);

        RateSeries rates = here(() -> inspection.rates(launch.id(), 10));
        assertThat(rates.interval()).isEqualTo(Duration.ofSeconds(7));
        assertThat(rates.points()).extracting(RatePoint::items).containsExactly(30L, 10L);
        assertThat(here(() -> inspection.causes(launch.id()))).isEmpty();
        assertThat(here(() -> inspection.job(launch.id())).orElseThrow().done()).isEqualTo(40);
        long execution = Objects.requireNonNull(launched(launch).jobExecutionId());
        assertThat(here(() -> inspection.launchOf(execution))).hasValue(launch.id());

        // In another workspace there is none of it.
        long other = cluster.anotherWorkspace("other " + launch.id());
        assertThat(WorkspaceScope.call(other, () -> inspection.tiles(launch.id(), 8))).isEmpty();
        assertThat(WorkspaceScope.call(other, () -> inspection.launchOf(execution))).isEmpty();

        StepLoads loads = node.get(StepLoads.class);
        await().atMost(SOON)
                .untilAsserted(
                        () ->
                                assertThat(here(loads::lastHour))
                                        .filteredOn(it -> it.step().equals(CountingJob.STEP))
                                        .singleElement()
                                        .satisfies(
                                                it -> {
                                                    assertThat(it.ready() + it.inHand()).isZero();
                                                    assertThat(
                                                                    it.minutes().stream()
                                                                            .mapToLong(
                                                                                    StepLoad.Minute
                                                                                            ::chunks)
                                                                            .sum())
                                                            .isGreaterThanOrEqualTo(40);
                                                }));
    }

    @Test
    void many_jobs_are_counted_before_they_are_changed() {
        long workspace = cluster.anotherWorkspace("bulk");
        cluster.owner()
                .sql(
                        """
                        INSERT INTO launch (workspace_id, job_name, job_key, state, error, requested_at,
                                            started_at, ended_at)
                        SELECT :workspace, 'bulk', 'bulk ' || n, CASE WHEN n > 6 THEN 'COMPLETED' ELSE 'FAILED' END,
                               CASE WHEN n > 6 THEN NULL ELSE 'Disk full' END, now(), now(), now()
                          FROM generate_series(1, 10) n
                        """)
                .param("workspace", workspace)
                .update();
        WorkspaceScope.run(
                workspace,
                () -> {
                    BulkResult asked =
                            actions.bulk(BulkAction.ABANDON, JobFilter.ALL, true, "obsolete");
                    assertThat(asked.matching()).isEqualTo(new JobCount(10, false));
                    assertThat(List.of(asked.affected(), asked.done())).containsExactly(6L, 0L);
                    assertThat(search.count(JobFilter.in(LaunchState.ABANDONED)).jobs()).isZero();

                    BulkResult acted =
                            actions.bulk(BulkAction.ABANDON, JobFilter.ALL, false, "obsolete");
                    assertThat(List.of(acted.affected(), acted.done())).containsExactly(6L, 6L);
                    assertThat(acted.refused()).isEmpty();
                    assertThat(search.count(JobFilter.in(LaunchState.ABANDONED)).jobs())
                            .isEqualTo(6);
                    assertThat(
                                    actions.bulk(BulkAction.ABANDON, JobFilter.ALL, false, null)
                                            .affected())
                            .as("nothing is left to do")
                            .isZero();
                    long one =
                            search.find(JobFilter.in(LaunchState.ABANDONED), 0, 1)
                                    .jobs()
                                    .getFirst()
                                    .launchId();
                    assertThat(actions.history(one))
                            .singleElement()
                            .satisfies(it -> assertThat(it.reason()).isEqualTo("obsolete"));
                });
    }
}
