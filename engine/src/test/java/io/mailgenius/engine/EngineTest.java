package io.mailgenius.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.mailgenius.engine.launching.Launch;
import io.mailgenius.engine.launching.LaunchRefused;
import io.mailgenius.engine.launching.LaunchRequest;
import io.mailgenius.engine.launching.Launches;
import io.mailgenius.engine.ledger.ChunkTally;
import io.mailgenius.engine.ledger.Ledger;
import io.mailgenius.engine.settings.Role;
import io.mailgenius.schema.ChunkState;
import io.mailgenius.schema.LaunchState;
import io.mailgenius.schema.Priority;
import io.mailgenius.schema.TestDatabase;
import io.mailgenius.schema.WorkspaceScope;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

class EngineTest {

    private TestDatabase database;
    private long workspace;
    private TestNode node;

    @BeforeEach
    void start() {
        database = TestDatabase.create();
        CountingJob.prepare(database);
        workspace = database.workspace("engine");
        node = TestNode.start(database, List.of(CountingJob.class), Role.MANAGER, Role.WORKER);
    }

    @AfterEach
    void stop() {
        node.close();
        database.close();
    }

    @Test
    void every_chunk_is_processed_once_and_the_counts_come_from_the_ledger() {
        Launch ended = end(launch("all", 200, 3));

        assertThat(ended.state()).isEqualTo(LaunchState.COMPLETED);
        assertThat(numbersWritten()).isEqualTo(200);
        ChunkTally tally = tally(ended);
        assertThat(tally.done()).isEqualTo(200);
        assertThat(tally.counts().get("numbers")).isEqualTo(200);
        // Spring Batch's metadata has the same counts.
        assertThat(
                        owner().sql(
                                        """
                                        SELECT sum(write_count) FROM batch_step_execution
                                         WHERE step_name = 'counting.numbers'
                                        """)
                                .query(Long.class)
                                .single())
                .isEqualTo(200);
    }

    @Test
    void a_second_launch_of_the_same_instance_is_refused() {
        end(launch("twice", 5, 1));
        assertThatThrownBy(() -> launch("twice", 5, 1)).isInstanceOf(LaunchRefused.class);
    }

    @Test
    void a_chunk_that_fails_again_and_again_is_set_aside_and_a_restart_redoes_only_it() {
        AtomicInteger works = new AtomicInteger();
        hook().set(
                        (number, chunk) -> {
                            works.incrementAndGet();
                            if (number == 7) {
                                throw new IllegalStateException("seven is broken");
                            }
                        });
        Launch failed = end(launch("poison", 20, 2));
        assertThat(failed.state()).isEqualTo(LaunchState.FAILED);
        assertThat(failed.error()).contains("seven is broken");
        assertThat(numbersWritten()).isEqualTo(19);
        assertThat(works).hasValue(19 + 3);

        works.set(0);
        hook().set((number, chunk) -> works.incrementAndGet());
        node.get(Launches.class).restart(failed.id());
        assertThat(end(failed).state()).isEqualTo(LaunchState.COMPLETED);
        assertThat(numbersWritten()).isEqualTo(20);
        assertThat(works).hasValue(1);
    }

    @Test
    void a_stop_lets_claimed_chunks_finish_and_a_restart_continues_where_it_stopped()
            throws InterruptedException {
        CountDownLatch begun = new CountDownLatch(4);
        CountDownLatch goOn = new CountDownLatch(1);
        hook().set(
                        (number, chunk) -> {
                            begun.countDown();
                            goOn.await();
                        });
        Launch launch = launch("stop", 40, 2);
        begun.await();
        node.get(Launches.class).stop(launch.id());
        goOn.countDown();

        Launch stopped = end(launch);
        assertThat(stopped.state()).isEqualTo(LaunchState.STOPPED);
        ChunkTally tally = tally(stopped);
        assertThat(tally.in(ChunkState.CLAIMED)).isZero();
        assertThat(tally.in(ChunkState.READY)).isZero();
        assertThat(tally.done()).isBetween(1L, 39L).isEqualTo(numbersWritten());

        hook().set((number, chunk) -> {});
        node.get(Launches.class).restart(launch.id());
        assertThat(end(launch).state()).isEqualTo(LaunchState.COMPLETED);
        assertThat(numbersWritten()).isEqualTo(40);
    }

    @Test
    void a_redis_that_is_emptied_costs_time_and_no_work() {
        hook().set(
                        (number, chunk) -> {
                            if (number == 10) {
                                TestRedis.connect().sync().flushall();
                            }
                        });
        Launch ended = end(launch("flushed", 60, 1));
        assertThat(ended.state()).isEqualTo(LaunchState.COMPLETED);
        assertThat(numbersWritten()).isEqualTo(60);
    }

    private Launch launch(String key, int chunks, int partitions) {
        return WorkspaceScope.call(
                workspace,
                () ->
                        node.get(Launches.class)
                                .launch(
                                        new LaunchRequest(
                                                CountingJob.NAME,
                                                key,
                                                Map.of(
                                                        "chunks",
                                                        Integer.toString(chunks),
                                                        "partitions",
                                                        Integer.toString(partitions)),
                                                Priority.NORMAL)));
    }

    private Launch end(Launch launch) {
        await().atMost(Duration.ofSeconds(60))
                .untilAsserted(
                        () ->
                                assertThat(node.get(Launches.class).find(launch.id()))
                                        .as("%s; chunks %s", launch, chunks())
                                        .hasValueSatisfying(
                                                found -> assertThat(found.alive()).isFalse()));
        return node.get(Launches.class).find(launch.id()).orElseThrow();
    }

    private List<Map<String, Object>> chunks() {
        return owner().sql(
                        """
                        SELECT state, count(*), max(attempt) AS attempt, min(lease_until) AS lease,
                               min(published_at) AS published
                          FROM chunk GROUP BY state
                        """)
                .query()
                .listOfRows();
    }

    private ChunkTally tally(Launch launch) {
        return node.get(Ledger.class)
                .of(Objects.requireNonNull(launch.jobInstanceId()))
                .tally(CountingJob.STEP);
    }

    private CountingJob.Hook hook() {
        return node.get(CountingJob.Hook.class);
    }

    private long numbersWritten() {
        return owner().sql("SELECT count(*) FROM written WHERE what = 'number'")
                .query(Long.class)
                .single();
    }

    private JdbcClient owner() {
        return JdbcClient.create(database.owner());
    }
}
