package io.mailgenius.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mailgenius.engine.launching.Launch;
import io.mailgenius.engine.launching.Launches;
import io.mailgenius.engine.retention.Retention;
import io.mailgenius.engine.settings.Role;
import io.mailgenius.schema.ChunkState;
import io.mailgenius.schema.LaunchState;
import io.mailgenius.schema.WorkspaceScope;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RetentionTest {

    private static final List<String> TABLES =
            List.of(
                    "launch",
                    "chunk",
                    "batch_job_instance",
                    "batch_job_execution",
                    "batch_job_execution_params",
                    "batch_job_execution_context",
                    "batch_step_execution",
                    "batch_step_execution_context");

    private static final List<String> OF_FAILURES =
            List.of("launch_word", "chunk_attempt", "launch_action");

    private final ManualClock clock = new ManualClock();
    private TestCluster cluster;
    private TestNode node;

    @BeforeEach
    void start() {
        cluster = new TestCluster();
        node = cluster.start(4, List.of(TestNode.by(clock)), Role.MANAGER, Role.WORKER);
    }

    @AfterEach
    void stop() {
        cluster.close();
    }

    @Test
    void jobs_that_completed_long_ago_are_deleted_with_all_their_rows_and_nothing_else() {
        Launch old = cluster.end(node, cluster.launch(node, "long ago", 5, 2));
        Launch recent = cluster.end(node, cluster.launch(node, "recent", 5, 2));
        cluster.owner()
                .sql("UPDATE launch SET ended_at = ended_at - interval '29 days' WHERE id = :id")
                .param("id", old.id())
                .update();
        Map<String, Long> before = rows();
        assertThat(before.values()).allMatch(count -> count > 0);

        assertThat(WorkspaceScope.callAcrossWorkspaces(node.get(Retention.class)::run))
                .as("nothing is old enough")
                .isZero();
        clock.advance(Duration.ofDays(2));
        assertThat(WorkspaceScope.callAcrossWorkspaces(node.get(Retention.class)::run))
                .isEqualTo(1);

        // Both jobs had the same size, so half of the rows of each table is gone.
        Map<String, Long> after = rows();
        TABLES.forEach(
                table -> assertThat(after.get(table)).as(table).isEqualTo(before.get(table) / 2));
        assertThat(node.get(Launches.class).find(recent.id())).isPresent();
    }

    @Test
    void a_failed_job_is_kept_until_it_is_abandoned() {
        node.get(CountingJob.Hook.class)
                .set(
                        (number, chunk) -> {
                            throw new IllegalStateException("always");
                        });
        Launch failing = cluster.launch(node, "failed", 1, 1);
        await().until(
                        () -> {
                            // Retries have pauses, and this clock must be advanced for them.
                            clock.advance(Duration.ofSeconds(1));
                            return cluster.chunksIn(ChunkState.FAILED) == 1;
                        });
        Launch failed = cluster.end(node, failing);
        assertThat(failed.state()).isEqualTo(LaunchState.FAILED);
        clock.advance(Duration.ofDays(400));
        assertThat(WorkspaceScope.callAcrossWorkspaces(node.get(Retention.class)::run)).isZero();
        node.get(Launches.class).abandon(failed.id());
        assertThat(OF_FAILURES).allSatisfy(table -> assertThat(count(table)).isPositive());
        assertThat(WorkspaceScope.callAcrossWorkspaces(node.get(Retention.class)::run))
                .isEqualTo(1);
        assertThat(rows().values()).containsOnly(0L);
        assertThat(OF_FAILURES).allSatisfy(table -> assertThat(count(table)).isZero());
    }

    @Test
    void a_node_that_left_long_ago_is_deleted_and_a_running_one_is_not() {
        TestNode leaving = cluster.start(1, List.of(TestNode.by(clock)), Role.WORKER);
        leaving.close();
        assertThat(nodes()).isEqualTo(2);
        clock.advance(Duration.ofDays(31));
        WorkspaceScope.callAcrossWorkspaces(node.get(Retention.class)::run);
        assertThat(nodes()).isEqualTo(1);
    }

    private long nodes() {
        return count("node");
    }

    private Map<String, Long> rows() {
        return TABLES.stream().collect(Collectors.toMap(t -> t, this::count));
    }

    private long count(String table) {
        return cluster.owner().sql("SELECT count(*) FROM " + table).query(Long.class).single();
    }
}
