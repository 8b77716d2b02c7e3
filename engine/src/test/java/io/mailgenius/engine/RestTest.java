package io.mailgenius.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mailgenius.engine.Death.Side;
import io.mailgenius.engine.launching.Launch;
import io.mailgenius.engine.launching.Launches;
import io.mailgenius.engine.node.Role;
import io.mailgenius.schema.ChunkState;
import io.mailgenius.schema.LaunchState;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** A job that waits for a known moment leaves its place, and comes back at that moment. */
class RestTest {

    /** Of {@link TestNode#settings}. */
    private static final int PLACES = 8;

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
    void jobs_that_wait_keep_no_other_from_running() {
        TestNode manager = manager();
        waits(manager);
        List<Launch> waiting = new ArrayList<>();
        for (int job = 0; job < PLACES; job++) {
            waiting.add(cluster.launch(manager, "waits " + job, 2, 2));
        }
        await().atMost(Duration.ofSeconds(30)).until(() -> resting() == PLACES);
        assertThat(states(waiting, manager)).containsOnly(LaunchState.RUNNING);
        assertThat(dueInSeconds()).isBetween(3_500L, 3_601L);

        manager.get(CountingJob.Hook.class).notBefore(_ -> null);
        Launch other = cluster.launch(manager, "other", 3, 1);
        assertThat(cluster.end(manager, other).state()).isEqualTo(LaunchState.COMPLETED);

        theHourPasses();
        waiting.forEach(launch -> cluster.end(manager, launch));
        assertThat(states(waiting, manager)).containsOnly(LaunchState.COMPLETED);
        assertThat(cluster.numbersWritten()).hasSize(2 * PLACES + 3);
    }

    @Test
    void one_that_rests_stops_and_goes_on_as_soon_as_it_is_asked() {
        TestNode manager = manager();
        waits(manager);
        Launch launch = cluster.launch(manager, "asked", 2, 1);
        await().atMost(Duration.ofSeconds(30)).until(() -> resting() == 1);
        Launches door = manager.get(Launches.class);
        door.stop(launch.id());
        await().atMost(Duration.ofSeconds(2))
                .until(() -> door.find(launch.id()).orElseThrow().state() == LaunchState.STOPPED);
        assertThat(cluster.chunksIn(ChunkState.HELD)).isEqualTo(2);

        door.restart(launch.id());
        await().atMost(Duration.ofSeconds(30)).until(() -> resting() == 1);
        theHourPasses();
        assertThat(cluster.end(manager, launch).state()).isEqualTo(LaunchState.COMPLETED);
        cluster.assertEveryNumberOnce(2);
        assertThat(cluster.endsTold()).containsExactly("STOPPED", "COMPLETED");
    }

    @Test
    void one_that_is_stopped_at_the_moment_when_it_comes_to_rest_stops() {
        TestNode manager = manager();
        waits(manager);
        Launch launch = cluster.launch(manager, "both", 2, 1);
        await().until(() -> cluster.chunksIn(ChunkState.READY) == 2);
        Launches door = manager.get(Launches.class);
        new TransactionTemplate(manager.get(PlatformTransactionManager.class))
                .executeWithoutResult(
                        _ -> {
                            door.stop(launch.id());
                            await().until(() -> resting() == 1 || isWaitedFor());
                        });
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
    void another_node_goes_on_for_one_that_died_as_it_let_its_job_rest(Side side) throws Exception {
        Death death = Death.at(side, "FOR NO KEY UPDATE");
        TestNode dying = cluster.start(1, List.of(death), Role.MANAGER);
        waits(dying);
        Launch launch = cluster.launch(dying, "dies", 2, 1);
        death.await();
        TestNode other = manager();
        await().atMost(Duration.ofSeconds(30)).until(() -> resting() == 1);
        theHourPasses();
        assertThat(cluster.end(other, launch).state()).isEqualTo(LaunchState.COMPLETED);
        cluster.assertEveryNumberOnce(2);
        assertThat(cluster.endsTold()).containsExactly("COMPLETED");
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

    private long resting() {
        return number(
                """
                SELECT count(*) FROM scheduled_tasks
                 WHERE task_name = 'launch' AND NOT picked AND execution_time > now() + interval '1 minute'
                """);
    }

    private long dueInSeconds() {
        return number(
                """
                SELECT extract(epoch FROM min(execution_time) - now())::bigint FROM scheduled_tasks
                 WHERE task_name = 'launch'
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
        cluster.owner()
                .sql(
                        """
                        UPDATE scheduled_tasks SET execution_time = execution_time - interval '1 hour'
                         WHERE task_name = 'launch'
                        """)
                .update();
    }
}
