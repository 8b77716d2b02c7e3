package io.mailgenius.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariDataSource;
import io.mailgenius.engine.FaultInjection.Side;
import io.mailgenius.engine.launching.Launch;
import io.mailgenius.engine.launching.Launches;
import io.mailgenius.engine.settings.Role;
import io.mailgenius.schema.ChunkState;
import io.mailgenius.schema.LaunchState;
import io.mailgenius.schema.WorkspaceScope;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** A job that has enumerated its chunks is parked, and resumes on any node when they are done. */
@Execution(ExecutionMode.CONCURRENT)
class ParkTest {

    /**
     * More than a node may run at a time by {@link TestNode#settings}, and more than its pool has
     * connections.
     */
    private static final int JOBS = 40;

    private final Instant turn = Instant.now().plus(Duration.ofHours(1));
    private TestCluster cluster;

    @BeforeEach
    void start() {
        cluster = new TestCluster();
        cluster.start(Role.WORKER);
    }

    @AfterEach
    void stop() {
        cluster.close();
    }

    @Test
    void jobs_that_wait_keep_no_other_from_running() throws Exception {
        TestNode manager = manager();
        waits(manager);
        List<Launch> waiting = new ArrayList<>();
        for (int job = 0; job < JOBS; job++) {
            waiting.add(cluster.launch(manager, "waits " + job, 2, 2));
        }
        await().atMost(Duration.ofSeconds(60)).until(() -> parked() == JOBS);
        assertThat(states(waiting, manager)).containsOnly(LaunchState.RUNNING);
        assertThat(pool(manager).getHikariPoolMXBean().getActiveConnections())
                .as("connections held by %d jobs that wait", JOBS)
                .isZero();

        manager.get(CountingJob.Hook.class).notBefore(_ -> null);
        Launch other = cluster.launch(manager, "other", 3, 1);
        assertThat(cluster.end(manager, other).state()).isEqualTo(LaunchState.COMPLETED);

        theHourPasses();
        waiting.forEach(launch -> cluster.end(manager, launch));
        assertThat(states(waiting, manager)).containsOnly(LaunchState.COMPLETED);
        assertThat(cluster.numbersWritten()).hasSize(2 * JOBS + 3);
    }

    @Test
    void a_job_is_woken_even_if_the_notification_of_its_last_chunk_is_lost() throws Exception {
        TestNode manager = manager();
        waits(manager);
        Launch launch = cluster.launch(manager, "unheard", 2, 1);
        await().atMost(Duration.ofSeconds(30)).until(() -> parked() == 1);
        // As if its worker had crashed between the commit and the notification.
        cluster.owner()
                .sql(
                        """
                        UPDATE chunk SET state = 'DONE', counts = '{"numbers": 1}', finished_at = now()
                        """)
                .update();
        assertThat(cluster.end(manager, launch).state()).isEqualTo(LaunchState.COMPLETED);
    }

    @Test
    void a_job_that_failed_to_enumerate_is_parked_until_claimed_chunks_finish_and_stays_failed()
            throws Exception {
        CountDownLatch inHand = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        TestNode worker = cluster.start(1, List.of(), Role.WORKER);
        for (TestNode each : List.of(worker, cluster.first())) {
            each.get(CountingJob.Hook.class)
                    .set(
                            (number, chunk) -> {
                                inHand.countDown();
                                goOn.await();
                            });
        }
        TestNode manager = manager();
        manager.get(CountingJob.Hook.class)
                .whileEnumerating(
                        number -> {
                            if (number == 60) {
                                inHand.await();
                                throw new IllegalStateException("the file has a hole");
                            }
                        });
        Launch launch = cluster.launch(manager, "hole", 100, 1);
        await().atMost(Duration.ofSeconds(30)).until(() -> parked() == 1);
        assertThat(manager.get(Launches.class).find(launch.id()).orElseThrow().state())
                .isEqualTo(LaunchState.RUNNING);
        goOn.countDown();
        Launch ended = cluster.end(manager, launch);
        assertThat(ended.state()).isEqualTo(LaunchState.FAILED);
        assertThat(ended.error()).contains("the file has a hole");
        assertThat(cluster.chunksIn(ChunkState.CLAIMED)).isZero();
        assertThat(cluster.reportedEnds()).containsExactly("FAILED");

        manager.get(CountingJob.Hook.class).whileEnumerating(number -> {});
        manager.get(Launches.class).restart(launch.id());
        assertThat(cluster.end(manager, launch).state()).isEqualTo(LaunchState.COMPLETED);
        cluster.assertEveryNumberOnce(100);
    }

    @Test
    void a_parked_job_stops_and_restarts_at_once() {
        TestNode manager = manager();
        waits(manager);
        Launch launch = cluster.launch(manager, "asked", 2, 1);
        await().atMost(Duration.ofSeconds(30)).until(() -> parked() == 1);
        Launches door = manager.get(Launches.class);
        door.stop(launch.id());
        await().atMost(Duration.ofSeconds(2))
                .until(() -> door.find(launch.id()).orElseThrow().state() == LaunchState.STOPPED);
        assertThat(cluster.chunksIn(ChunkState.HELD)).isEqualTo(2);

        door.restart(launch.id());
        await().atMost(Duration.ofSeconds(30)).until(() -> parked() == 1);
        theHourPasses();
        assertThat(cluster.end(manager, launch).state()).isEqualTo(LaunchState.COMPLETED);
        cluster.assertEveryNumberOnce(2);
        assertThat(cluster.reportedEnds()).containsExactly("STOPPED", "COMPLETED");
    }

    @Test
    void a_stop_at_the_moment_of_parking_is_not_lost() {
        TestNode manager = manager();
        waits(manager);
        Launch launch = cluster.launch(manager, "both", 2, 1);
        await().until(() -> cluster.chunksIn(ChunkState.READY) == 2);
        Launches door = manager.get(Launches.class);
        WorkspaceScope.runAcrossWorkspaces(
                () ->
                        new TransactionTemplate(manager.get(PlatformTransactionManager.class))
                                .executeWithoutResult(
                                        _ -> {
                                            door.stop(launch.id());
                                            await().until(() -> parked() == 1 || isWaitedFor());
                                        }));
        await().atMost(Duration.ofSeconds(2))
                .until(() -> door.find(launch.id()).orElseThrow().state() == LaunchState.STOPPED);
    }

    private boolean isWaitedFor() {
        return number(
                        """
                        SELECT count(*) FROM pg_stat_activity
                         WHERE datname = current_database() AND wait_event_type = 'Lock'
                        """)
                > 0;
    }

    @ParameterizedTest
    @EnumSource(Side.class)
    void another_node_goes_on_for_one_that_died_as_it_parked_its_job(Side side) throws Exception {
        FaultInjection faultInjection = FaultInjection.at(side, "FOR NO KEY UPDATE");
        TestNode dying = cluster.start(1, List.of(faultInjection), Role.MANAGER);
        waits(dying);
        Launch launch = cluster.launch(dying, "dies", 2, 1);
        faultInjection.await();
        TestNode other = manager();
        await().atMost(Duration.ofSeconds(30)).until(() -> parked() == 1);
        theHourPasses();
        assertThat(cluster.end(other, launch).state()).isEqualTo(LaunchState.COMPLETED);
        cluster.assertEveryNumberOnce(2);
        assertThat(cluster.reportedEnds()).containsExactly("COMPLETED");
    }

    private static HikariDataSource pool(TestNode node) throws SQLException {
        return node.get(DataSource.class).unwrap(HikariDataSource.class);
    }

    private TestNode manager() {
        return cluster.start(1, List.of(), Role.MANAGER);
    }

    private void waits(TestNode manager) {
        manager.get(CountingJob.Hook.class).notBefore(_ -> turn);
    }

    private static List<LaunchState> states(List<Launch> launches, TestNode door) {
        return launches.stream()
                .map(launch -> door.get(Launches.class).find(launch.id()).orElseThrow().state())
                .toList();
    }

    private long parked() {
        return number(
                """
                SELECT count(*) FROM launch l JOIN scheduled_tasks t ON t.task_instance = l.id || ':' || l.run
                 WHERE l.parked AND NOT t.picked AND t.execution_time > now() + interval '1 minute'
                """);
    }

    private long number(String sql) {
        return cluster.owner().sql(sql).query(Long.class).single();
    }

    private void theHourPasses() {
        cluster.owner()
                .sql(
                        """
                        UPDATE chunk SET ready_at = ready_at - interval '1 hour',
                               not_before = not_before - interval '1 hour'
                        """)
                .update();
    }
}
