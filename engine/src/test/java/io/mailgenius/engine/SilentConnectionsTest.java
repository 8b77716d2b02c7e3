package io.mailgenius.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mailgenius.engine.faults.TcpRelay;
import io.mailgenius.engine.faults.TcpRelay.Way;
import io.mailgenius.engine.launching.Launch;
import io.mailgenius.engine.settings.Role;
import io.mailgenius.schema.ChunkState;
import io.mailgenius.schema.LaunchState;
import java.io.IOException;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/**
 * A firewall drops the state of a node's connections without notifying either end, as for idle
 * connections or in a failover behind one address. New connections work. Operations on an old
 * connection must not wait for TCP, which gives up after a quarter of an hour.
 */
@Execution(ExecutionMode.CONCURRENT)
class SilentConnectionsTest {

    /** The limit of docs/guarantees.md. */
    private static final Duration PROMISED = Duration.ofSeconds(15);

    private static final int CHUNKS = 12;

    static final List<Set<Way>> LOST =
            List.of(EnumSet.allOf(Way.class), EnumSet.of(Way.REQUESTS), EnumSet.of(Way.ANSWERS));

    private TestCluster cluster;
    private TcpRelay postgres;
    private TcpRelay redis;

    @BeforeEach
    void start() throws IOException {
        cluster = new TestCluster();
        postgres = TcpRelay.inFrontOf(cluster.database().url());
        redis = TcpRelay.inFrontOf(TestRedis.uri().toString());
    }

    @AfterEach
    void stop() throws IOException {
        // Relays are closed first, because a node that waits on a silent connection could not shut
        // down.
        postgres.close();
        redis.close();
        cluster.close();
    }

    private TestNode behindRelays(int slots, Role... roles) {
        return cluster.start(
                slots,
                List.of(),
                Map.of(
                        "spring.datasource.url", postgres.instead(cluster.database().url()),
                        "spring.data.redis.url", redis.instead(TestRedis.uri().toString())),
                roles);
    }

    private void assertCompletesInTime(TestNode door, Launch launch) {
        await().atMost(PROMISED)
                .pollInterval(Duration.ofMillis(50))
                .untilAsserted(
                        () ->
                                assertThat(state(launch))
                                        .as("%s, %s", launch, numbers())
                                        .isEqualTo(LaunchState.COMPLETED));
        cluster.assertEveryNumberOnce(CHUNKS);
    }

    private LaunchState state(Launch launch) {
        return LaunchState.valueOf(
                cluster.owner()
                        .sql("SELECT state FROM launch WHERE id = :id")
                        .param("id", launch.id())
                        .query(String.class)
                        .single());
    }

    private String numbers() {
        return "%d of %d done".formatted(cluster.numbersWritten().size(), CHUNKS);
    }

    /**
     * The manager waits for chunks, and the connections by which it waits and is notified are dead.
     */
    @ParameterizedTest
    @FieldSource("LOST")
    void a_manager_ends_the_job_that_it_was_waiting_for(Set<Way> lost) throws Exception {
        CountDownLatch goOn = new CountDownLatch(1);
        TestNode worker = cluster.start(Role.WORKER);
        worker.get(CountingJob.Hook.class).set((number, chunk) -> goOn.await());
        behindRelays(4, Role.MANAGER);
        Launch launch = cluster.launch(worker, "waiting", CHUNKS, 2);
        await().until(() -> cluster.chunksIn(ChunkState.CLAIMED) > 0);

        assertThat(postgres.forget(lost)).isPositive();
        goOn.countDown();

        assertCompletesInTime(worker, launch);
    }

    /** The connection of its scheduler's poll is dead. */
    @ParameterizedTest
    @FieldSource("LOST")
    void a_manager_with_nothing_to_do_takes_the_next_launch(Set<Way> lost) {
        TestNode worker = cluster.start(Role.WORKER);
        behindRelays(4, Role.MANAGER);
        Launch first = cluster.launch(worker, "first", CHUNKS, 2);
        assertThat(cluster.end(worker, first).state()).isEqualTo(LaunchState.COMPLETED);
        cluster.owner().sql("DELETE FROM written WHERE what = 'number'").update();

        assertThat(postgres.forget(lost)).isPositive();

        assertCompletesInTime(worker, cluster.launch(worker, "next", CHUNKS, 2));
    }

    /** During enumeration, between two commits of chunks. */
    @ParameterizedTest
    @FieldSource("LOST")
    void a_manager_goes_on_with_its_enumeration(Set<Way> lost) throws Exception {
        CountDownLatch inTheMiddle = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        TestNode worker = cluster.start(Role.WORKER);
        TestNode manager = behindRelays(4, Role.MANAGER);
        manager.get(CountingJob.Hook.class)
                .whileEnumerating(
                        number -> {
                            if (number == CHUNKS / 2) {
                                inTheMiddle.countDown();
                                goOn.await();
                            }
                        });
        Launch launch = cluster.launch(worker, "enumerating", CHUNKS, 1);
        inTheMiddle.await();

        assertThat(postgres.forget(lost)).isPositive();
        goOn.countDown();

        assertCompletesInTime(worker, launch);
    }

    /** Effects and their DONE are in flight, and some may be committed. */
    @ParameterizedTest
    @FieldSource("LOST")
    void a_worker_does_each_chunk_once(Set<Way> lost) throws Exception {
        CountDownLatch goOn = new CountDownLatch(1);
        TestNode manager = cluster.start(Role.MANAGER);
        TestNode worker = behindRelays(2, Role.WORKER);
        worker.get(CountingJob.Hook.class).set((number, chunk) -> goOn.await());
        Launch launch = cluster.launch(manager, "working", CHUNKS, 2);
        await().until(() -> cluster.chunksIn(ChunkState.CLAIMED) == 2);

        assertThat(postgres.forget(lost)).isPositive();
        goOn.countDown();

        assertCompletesInTime(manager, launch);
    }

    @ParameterizedTest
    @FieldSource("LOST")
    void a_heart_beats_again(Set<Way> lost) {
        behindRelays(2, Role.WORKER);
        OffsetDateTime before = heartbeat();
        await().until(() -> heartbeat().isAfter(before));

        assertThat(postgres.forget(lost)).isPositive();

        OffsetDateTime then = heartbeat();
        await().atMost(PROMISED).until(() -> heartbeat().isAfter(then.plusSeconds(2)));
        assertThat(nodeState()).isEqualTo("ALIVE");
    }

    private OffsetDateTime heartbeat() {
        return cluster.owner()
                .sql("SELECT heartbeat_at FROM node")
                .query(OffsetDateTime.class)
                .single();
    }

    private String nodeState() {
        return cluster.owner().sql("SELECT state FROM node").query(String.class).single();
    }

    /** No other worker exists that could claim the chunk. */
    @ParameterizedTest
    @FieldSource("LOST")
    void a_sweeper_takes_chunks_from_the_dead(Set<Way> lost) throws Exception {
        TestNode manager = behindRelays(4, Role.MANAGER);
        FaultInjection faultInjection =
                FaultInjection.at(FaultInjection.Side.AFTER, "SET state = 'CLAIMED'");
        cluster.start(1, List.of(faultInjection), Role.WORKER);
        cluster.launch(manager, "dead worker", 1, 1);
        faultInjection.await();
        assertThat(cluster.chunksIn(ChunkState.CLAIMED)).isEqualTo(1);

        assertThat(postgres.forget(lost)).isPositive();

        await().atMost(PROMISED).until(() -> cluster.chunksIn(ChunkState.READY) == 1);
    }

    /** The worker uses the ledger alone until a new connection exists. */
    @ParameterizedTest
    @FieldSource("LOST")
    void who_reads_redis_hears_of_chunks_and_of_their_end_again(Set<Way> lost) {
        TestNode node = behindRelays(4, Role.MANAGER, Role.WORKER);
        Launch first = cluster.launch(node, "first", CHUNKS, 2);
        assertThat(cluster.end(node, first).state()).isEqualTo(LaunchState.COMPLETED);
        cluster.owner().sql("DELETE FROM written WHERE what = 'number'").update();

        assertThat(redis.forget(lost)).isPositive();

        int before = redis.accepted();
        assertCompletesInTime(node, cluster.launch(node, "next", CHUNKS, 2));
        await().atMost(PROMISED.multipliedBy(2))
                .untilAsserted(
                        () -> {
                            assertThat(redis.accepted())
                                    .as("new connections")
                                    .isGreaterThan(before);
                            assertThat(redis.healthy()).as("of them alive").isPositive();
                        });
    }

    @Test
    void a_node_whose_connections_all_die_at_once_does_all_of_its_work() throws Exception {
        CountDownLatch goOn = new CountDownLatch(1);
        TestNode node = behindRelays(2, Role.MANAGER, Role.WORKER);
        node.get(CountingJob.Hook.class).set((number, chunk) -> goOn.await());
        Launch launch = cluster.launch(node, "everything", CHUNKS, 2);
        await().until(() -> cluster.chunksIn(ChunkState.CLAIMED) == 2);

        assertThat(postgres.forget()).isPositive();
        assertThat(redis.forget()).isPositive();
        goOn.countDown();

        assertCompletesInTime(node, launch);
    }

    /** The network to both servers is down for a while, for old and new connections. */
    @Test
    void a_node_that_was_cut_off_continues_when_the_network_is_back() throws Exception {
        CountDownLatch goOn = new CountDownLatch(1);
        TestNode node = behindRelays(2, Role.MANAGER, Role.WORKER);
        node.get(CountingJob.Hook.class).set((number, chunk) -> goOn.await());
        Launch launch = cluster.launch(node, "cut off", CHUNKS, 2);
        await().until(() -> cluster.chunksIn(ChunkState.CLAIMED) == 2);

        postgres.cutOff();
        redis.cutOff();
        goOn.countDown();
        // Until the node has tried a new connection, which is dead too.
        int before = postgres.accepted();
        await().atMost(PROMISED.multipliedBy(2)).until(() -> postgres.accepted() > before);
        postgres.heal();
        redis.heal();

        assertCompletesInTime(node, launch);
    }

    /** A stalled server loses nothing, so nothing may be done twice. */
    @Test
    void a_stall_that_ends_costs_time_and_no_work() throws Exception {
        CountDownLatch goOn = new CountDownLatch(1);
        TestNode node = behindRelays(2, Role.MANAGER, Role.WORKER);
        node.get(CountingJob.Hook.class).set((number, chunk) -> goOn.await());
        Launch launch = cluster.launch(node, "stalled", CHUNKS, 2);
        await().until(() -> cluster.chunksIn(ChunkState.CLAIMED) == 2);

        postgres.stall();
        goOn.countDown();
        // Longer than a lease of these nodes.
        await().pollDelay(Duration.ofSeconds(4)).until(() -> true);
        postgres.heal();

        assertCompletesInTime(node, launch);
    }
}
