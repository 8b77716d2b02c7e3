package io.mailgenius.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mailgenius.engine.launching.Launch;
import io.mailgenius.engine.settings.Role;
import io.mailgenius.schema.LaunchState;
import io.mailgenius.schema.Priority;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** One worker whose slots are all occupied by long chunks of one workspace. */
class LongChunksTest {

    private static final int SLOTS = 4;

    private final CountDownLatch mayEnd = new CountDownLatch(1);
    private final AtomicInteger longOnes = new AtomicInteger();
    private TestCluster cluster;
    private TestNode manager;
    private TestNode worker;

    @BeforeEach
    void start() {
        cluster = new TestCluster();
        manager = cluster.start(1, List.of(), Role.MANAGER);
        worker = cluster.start(SLOTS, List.of(), Role.WORKER);
    }

    @AfterEach
    void close() {
        mayEnd.countDown();
        cluster.close();
    }

    @Test
    void a_workspace_does_not_wait_for_long_chunks_of_another() {
        // Short chunks first, so that the node prefetches the following ones, which are long.
        Launch before = cluster.launch(manager, "short", 200, 1);
        cluster.end(manager, before);
        worker.get(CountingJob.Hook.class)
                .set(
                        (number, chunk) -> {
                            if (chunk.workspaceId() == before.workspaceId()) {
                                longOnes.incrementAndGet();
                                mayEnd.await();
                            }
                        });
        Launch busy = cluster.launch(manager, "long", 100, 1);
        await().until(() -> longOnes.get() == SLOTS);

        Launch small =
                cluster.launch(
                        cluster.anotherWorkspace("another"),
                        manager,
                        "small",
                        10,
                        1,
                        Priority.NORMAL);
        assertThat(cluster.end(manager, small).state()).isEqualTo(LaunchState.COMPLETED);
        assertThat(longOnes).as("long chunks that were begun meanwhile").hasValue(SLOTS);

        mayEnd.countDown();
        assertThat(cluster.end(manager, busy).state()).isEqualTo(LaunchState.COMPLETED);
        assertThat(cluster.numbersWritten()).hasSize(200 + 100 + 10);
    }
}
