package io.mailgenius.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mailgenius.engine.failures.TransientFailure;
import io.mailgenius.engine.launching.Launch;
import io.mailgenius.engine.launching.LaunchRequest;
import io.mailgenius.engine.launching.Launches;
import io.mailgenius.engine.ledger.ChunkTally;
import io.mailgenius.engine.ledger.Ledger;
import io.mailgenius.engine.settings.Role;
import io.mailgenius.schema.ChunkState;
import io.mailgenius.schema.Priority;
import io.mailgenius.schema.TestDatabase;
import io.mailgenius.schema.WorkspaceScope;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.springframework.beans.BeansException;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Several nodes in this JVM on their own database, with the counting job. */
public final class TestCluster implements AutoCloseable {

    private static final Duration SOON = Duration.ofSeconds(60);

    private final TestDatabase database = TestDatabase.create();
    private final long workspace = database.workspace("engine");
    private final List<TestNode> nodes = new ArrayList<>();

    public TestCluster() {
        CountingJob.prepare(database);
    }

    public TestNode start(Role... roles) {
        return start(4, List.of(), roles);
    }

    public TestNode start(int slots, List<BeanPostProcessor> changes, Role... roles) {
        return start(slots, changes, Map.of(), roles);
    }

    /**
     * @param more properties of the node, as for {@link TestNode#start}
     */
    public TestNode start(
            int slots, List<BeanPostProcessor> changes, Map<String, Object> more, Role... roles) {
        TestNode node =
                TestNode.start(
                        database,
                        TestNode.settings(database, Set.copyOf(Arrays.asList(roles)), slots),
                        changes,
                        more,
                        CountingJob.class);
        nodes.add(node);
        return node;
    }

    /** The running node that was started first. */
    public TestNode first() {
        return nodes.getFirst();
    }

    /** Starts a manager and returns when it has crashed, possibly during its start. */
    public void startAndDie(FaultInjection faultInjection) throws InterruptedException {
        TestNode dying;
        try {
            dying = start(1, List.of(faultInjection), Role.MANAGER);
        } catch (BeansException inMidStart) {
            if (!faultInjection.happened()) {
                throw inMidStart;
            }
            return;
        }
        faultInjection.await();
        nodes.remove(dying);
        dying.close();
    }

    public Launch launch(TestNode node, String key, int chunks, int partitions) {
        return launch(node, key, chunks, partitions, Priority.NORMAL);
    }

    /** The workspace of jobs that name none. */
    public long workspace() {
        return workspace;
    }

    public long anotherWorkspace(String name) {
        return database.workspace(name);
    }

    public Launch launch(TestNode node, String key, int chunks, int partitions, Priority priority) {
        return launch(workspace, node, key, chunks, partitions, priority);
    }

    public Launch launch(
            long workspace,
            TestNode node,
            String key,
            int chunks,
            int partitions,
            Priority priority) {
        LaunchRequest request =
                new LaunchRequest(
                        CountingJob.NAME,
                        key,
                        Map.of(
                                "chunks", Integer.toString(chunks),
                                "partitions", Integer.toString(partitions)),
                        priority);
        return WorkspaceScope.call(workspace, () -> node.get(Launches.class).launch(request));
    }

    /** Waits until the job has ended; the node's connections may fail meanwhile. */
    public Launch end(TestNode node, Launch launch) {
        Launches launches = node.get(Launches.class);
        await().atMost(SOON)
                .ignoreExceptionsMatching(e -> TransientFailure.passing(e).isPresent())
                .pollInterval(Duration.ofMillis(20))
                .untilAsserted(
                        () ->
                                assertThat(launches.find(launch.id()))
                                        .as("%s; chunks %s", launch, chunks())
                                        .hasValueSatisfying(
                                                found -> assertThat(found.alive()).isFalse()));
        return launches.find(launch.id()).orElseThrow();
    }

    public ChunkTally tally(TestNode node, Launch launch) {
        return node.get(Ledger.class)
                .of(Objects.requireNonNull(launch.jobInstanceId()))
                .tally(CountingJob.STEP);
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

    /** The numbers that were written; a duplicate appears twice. */
    public List<String> numbersWritten() {
        return written("number");
    }

    /** The state of each call of the job's end listener. */
    public List<String> reportedEnds() {
        return written("ended");
    }

    private List<String> written(String what) {
        return owner().sql("SELECT value FROM written WHERE what = :what ORDER BY id")
                .param("what", what)
                .query((row, n) -> row.getString(1))
                .list();
    }

    public void assertEveryNumberOnce(int numbers) {
        assertThat(numbersWritten()).doesNotHaveDuplicates().hasSize(numbers);
    }

    public long chunksIn(ChunkState state) {
        return owner().sql("SELECT count(*) FROM chunk WHERE state = :state")
                .param("state", state.name())
                .query(Long.class)
                .single();
    }

    /** A client that bypasses row-level security. */
    public JdbcClient owner() {
        return JdbcClient.create(database.owner());
    }

    public TestDatabase database() {
        return database;
    }

    @Override
    public void close() {
        nodes.reversed().forEach(TestNode::close);
        database.close();
    }
}
