package io.mailgenius.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mailgenius.engine.cluster.RoundMonitor;
import io.mailgenius.engine.database.ControlDatabase;
import io.mailgenius.engine.settings.Role;
import io.mailgenius.engine.transport.CompletionNotifier;
import io.mailgenius.schema.ChunkState;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.jdbc.datasource.DelegatingDataSource;

/**
 * The loops of a node wait for a connection of the control plane without end, which no timeout of
 * the product allows: a defect of a loop cannot be seen otherwise.
 */
@Execution(ExecutionMode.CONCURRENT)
class HangingLoopsTest {

    /** The names that health and metrics show, by an expression for the names of its threads. */
    private static final Map<String, String> LOOPS =
            Map.of(
                    "heartbeat", "heartbeat",
                    "sweeper", "sweeper",
                    "scheduler", "execute-due|restart-scheduler",
                    "dispatcher", "dispatcher",
                    "parked-jobs", "parked-jobs");

    private static final Duration SOON = Duration.ofSeconds(30);

    /** The longest limit of a loop is three leases. */
    private static final Duration LIMIT = Duration.ofSeconds(6);

    private enum Pool {
        WORKS,
        FAILS,
        HANGS
    }

    private final AtomicLong nanos = new AtomicLong();
    private final List<String> stuck = new CopyOnWriteArrayList<>();
    private final RoundMonitor monitor = new RoundMonitor(nanos::get, stuck::add, null);
    private final Set<Thread> hanging = ConcurrentHashMap.newKeySet();
    private final CountDownLatch released = new CountDownLatch(1);
    private volatile Pool pool = Pool.WORKS;

    private BeanPostProcessor changes() {
        return new BeanPostProcessor() {
            @Override
            public Object postProcessAfterInitialization(Object bean, String name) {
                if (name.equals(ControlDatabase.POOL)) {
                    return new Switched((DataSource) bean);
                }
                return bean instanceof RoundMonitor ? monitor : bean;
            }
        };
    }

    private final class Switched extends DelegatingDataSource {

        Switched(DataSource target) {
            super(target);
        }

        @Override
        public Connection getConnection() throws SQLException {
            switch (pool) {
                case WORKS -> {}
                case FAILS -> throw new SQLTransientConnectionException("PostgreSQL is away");
                case HANGS -> hang();
            }
            return super.getConnection();
        }

        /** Interrupts do not help, as in a read. */
        private void hang() {
            hanging.add(Thread.currentThread());
            boolean interrupted = false;
            while (true) {
                try {
                    released.await();
                    break;
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private boolean hang(int each) {
        return LOOPS.values().stream().allMatch(part -> hanging(part) >= each);
    }

    private long hanging(String part) {
        return hanging.stream()
                .filter(thread -> thread.getName().matches(".*(" + part + ").*"))
                .count();
    }

    @Test
    void each_loop_is_restarted_then_named_then_ends_the_node() throws Exception {
        CountDownLatch goOn = new CountDownLatch(1);
        try (TestCluster cluster = new TestCluster()) {
            TestNode node = cluster.start(1, List.of(changes()), Role.MANAGER, Role.WORKER);
            try {
                node.get(CountingJob.Hook.class).set((number, chunk) -> goOn.await());
                cluster.launch(node, "hanging", 12, 1);
                await().atMost(SOON).until(() -> cluster.chunksIn(ChunkState.CLAIMED) > 0);
                assertThat(monitor.late()).isEmpty();

                pool = Pool.HANGS;
                goOn.countDown();
                await().atMost(SOON)
                        .untilAsserted(() -> assertThat(hang(1)).as("%s", hanging).isTrue());

                nanos.addAndGet(LIMIT.toNanos() + 1);
                // Parked jobs are looked at when there is news of them.
                CompletionNotifier news = node.get(CompletionNotifier.class);
                await().atMost(SOON)
                        .untilAsserted(
                                () -> {
                                    news.completed(List.of(1L));
                                    assertThat(hang(2)).as("restarted: %s", hanging).isTrue();
                                });
                assertThat(stuck).isEmpty();

                nanos.addAndGet(LIMIT.toNanos());
                assertThat(monitor.late()).containsExactlyInAnyOrderElementsOf(LOOPS.keySet());

                nanos.addAndGet(LIMIT.multipliedBy(2).toNanos());
                await().atMost(SOON).until(() -> stuck.containsAll(LOOPS.keySet()));
            } finally {
                pool = Pool.WORKS;
                released.countDown();
            }
        }
    }

    /** A node that exits while PostgreSQL is away could not store clicks and opens any more. */
    @Test
    void a_loop_whose_rounds_fail_does_not_hang() {
        try (TestCluster cluster = new TestCluster()) {
            cluster.start(1, List.of(changes()), Role.MANAGER, Role.WORKER);
            try {
                pool = Pool.FAILS;
                nanos.addAndGet(LIMIT.multipliedBy(3).toNanos());

                await().atMost(SOON).untilAsserted(() -> assertThat(monitor.late()).isEmpty());
            } finally {
                pool = Pool.WORKS;
            }
        }
    }
}
