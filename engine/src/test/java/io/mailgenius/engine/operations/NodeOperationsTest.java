package io.mailgenius.engine.operations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mailgenius.engine.CountingJob;
import io.mailgenius.engine.TestCluster;
import io.mailgenius.engine.TestNode;
import io.mailgenius.engine.cluster.NodeId;
import io.mailgenius.engine.cluster.NodeOrder;
import io.mailgenius.engine.launching.Launch;
import io.mailgenius.engine.settings.Role;
import io.mailgenius.schema.ChunkState;
import io.mailgenius.schema.LaunchState;
import io.mailgenius.schema.NodeIntake;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Orders to nodes, which they obey within a heartbeat. */
class NodeOperationsTest {

    private static final Duration SOON = Duration.ofSeconds(30);

    private TestCluster cluster;
    private TestNode manager;
    private NodeOperations operations;

    @BeforeEach
    void start() {
        cluster = new TestCluster();
        manager = cluster.start(0, List.of(), Map.of("mailgenius.node-name", "m"), Role.MANAGER);
        operations = manager.get(NodeOperations.class);
    }

    @AfterEach
    void stop() {
        cluster.close();
    }

    private TestNode worker(String name) {
        return cluster.start(
                2,
                List.of(),
                Map.of("mailgenius.node-name", name, "mailgenius.version", "1.2"),
                Role.WORKER);
    }

    private NodeView view(TestNode node) {
        return operations.node(node.get(NodeId.class).value()).orElseThrow();
    }

    private void awaitIntake(TestNode node, NodeIntake intake) {
        await().atMost(SOON).until(() -> view(node).intake() == intake);
    }

    @Test
    void a_paused_node_takes_nothing_until_it_is_resumed_also_after_a_restart() {
        TestNode paused = worker("w");
        String alias = NodeId.alias(paused.get(NodeId.class).value());
        NodeView ordered = operations.pause(alias, "disk is replaced").orElseThrow();
        assertThat(ordered.ordered()).isEqualTo(NodeOrder.PAUSE);
        assertThat(ordered.reason()).isEqualTo("disk is replaced");
        awaitIntake(paused, NodeIntake.PAUSED);
        assertThat(view(paused).version()).isEqualTo("1.2");
        assertThat(view(paused).load())
                .satisfies(load -> assertThat(load.usedBytes()).isPositive())
                .satisfies(load -> assertThat(load.active() + load.idle()).isPositive());
        paused.close();

        TestNode again = worker("w");
        assertThat(view(again).ordered()).isEqualTo(NodeOrder.PAUSE);
        Launch launch = cluster.launch(manager, "paused", 5, 1);
        awaitIntake(again, NodeIntake.PAUSED);
        await().atMost(SOON).until(() -> cluster.chunksIn(ChunkState.READY) == 5);
        assertThat(cluster.numbersWritten()).isEmpty();

        // Another node is not concerned.
        TestNode other = worker("another");
        assertThat(cluster.end(manager, launch).state()).isEqualTo(LaunchState.COMPLETED);
        assertThat(view(again).inHand()).isZero();
        other.close();

        Launch next = cluster.launch(manager, "resumed", 5, 1);
        operations.resume(view(again).id());
        assertThat(cluster.end(manager, next).state()).isEqualTo(LaunchState.COMPLETED);
        assertThat(cluster.numbersWritten()).hasSize(10);
    }

    @Test
    void a_node_is_drained_when_its_last_chunk_is_finished_and_says_so() throws Exception {
        TestNode drained = worker("w");
        CountDownLatch finish = new CountDownLatch(1);
        CountDownLatch begun = new CountDownLatch(2);
        drained.get(CountingJob.Hook.class)
                .set(
                        (number, chunk) -> {
                            begun.countDown();
                            finish.await();
                        });
        Launch launch = cluster.launch(manager, "drained", 8, 1);
        begun.await();
        operations.drain(view(drained).id(), null);
        awaitIntake(drained, NodeIntake.DRAINING);
        finish.countDown();
        awaitIntake(drained, NodeIntake.DRAINED);
        assertThat(cluster.chunksIn(ChunkState.DONE)).isPositive().isLessThan(8);

        drained.close();
        TestNode restarted = worker("w");
        assertThat(cluster.end(manager, launch).state())
                .as("a drain ends with the process")
                .isEqualTo(LaunchState.COMPLETED);
        cluster.assertEveryNumberOnce(8);
        assertThat(view(restarted).intake()).isEqualTo(NodeIntake.TAKING);
    }

    @Test
    void a_node_writes_its_threads_when_it_is_asked() {
        String node = view(manager).id();
        ThreadDump asked = operations.requestThreadDump(node).orElseThrow();
        assertThat(asked.node()).isEqualTo(node);
        await().atMost(SOON)
                .until(
                        () ->
                                operations.threadDump(node, asked.id()).orElseThrow().status()
                                        == ThreadDump.Status.ANSWERED);
        assertThat(operations.threadDump(node, asked.id()).orElseThrow().text())
                .contains("\"heartbeat\"")
                .contains("    at io.mailgenius.engine.cluster");
        assertThat(operations.threadDump(node, asked.id() + 1)).isEmpty();
        assertThat(operations.requestThreadDump("nobody")).isEmpty();
        assertThat(operations.pause("nobody", null)).isEmpty();
    }
}
