package io.mailgenius.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailgenius.engine.launching.Launch;
import io.mailgenius.engine.settings.Role;
import io.mailgenius.schema.LaunchState;
import io.mailgenius.schema.Priority;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A workspace that is suspended while its job waits for workers. */
class SuspendedWorkspaceTest {

    private static final int CHUNKS = 20;

    private final TestCluster cluster = new TestCluster();

    @AfterEach
    void close() {
        cluster.close();
    }

    @Test
    void its_chunks_wait_until_it_is_resumed_and_nobody_waits_for_them() {
        TestNode manager = cluster.start(4, List.of(), Role.MANAGER);
        Launch held = cluster.launch(manager, "held", CHUNKS, 1);
        cluster.owner()
                .sql(
                        "UPDATE workspace SET suspended_by = 'OPERATOR', suspended_at = now() WHERE id = :id")
                .param("id", held.workspaceId())
                .update();

        cluster.start(4, List.of(), Role.WORKER);
        Launch other =
                cluster.launch(
                        cluster.anotherWorkspace("another"),
                        manager,
                        "other",
                        CHUNKS,
                        1,
                        Priority.NORMAL);
        assertThat(cluster.end(manager, other).state()).isEqualTo(LaunchState.COMPLETED);
        assertThat(cluster.numbersWritten()).as("chunks of the other workspace").hasSize(CHUNKS);

        cluster.owner()
                .sql("UPDATE workspace SET suspended_by = NULL, suspended_at = NULL WHERE id = :id")
                .param("id", held.workspaceId())
                .update();
        assertThat(cluster.end(manager, held).state()).isEqualTo(LaunchState.COMPLETED);
        assertThat(cluster.numbersWritten()).hasSize(2 * CHUNKS);
    }
}
