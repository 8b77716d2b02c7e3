package io.mailgenius.jobs.endpoints;

import io.mailgenius.schema.WorkspaceScope;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.annotation.Profile;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Looks every second for endpoints that have something to be delivered, and delivers to each on
 * threads of its own. Any number of managers share the endpoints by leases.
 */
@Component
@Profile("manager")
final class EndpointDispatcher implements SmartLifecycle {

    private static final Logger LOG = LoggerFactory.getLogger(EndpointDispatcher.class);
    private static final Duration PAUSE = Duration.ofSeconds(1);

    /** Connections that all runs of this node may use at a time. */
    private static final int CONNECTIONS = 3;

    private final JdbcClient jdbc;
    private final TransactionTemplate transaction;
    private final Clock clock;
    private final EndpointRun.Means means;
    private final Set<Long> running = ConcurrentHashMap.newKeySet();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition change = lock.newCondition();
    private volatile boolean stopping;
    private @Nullable Thread thread;

    EndpointDispatcher(
            JdbcClient jdbc,
            PlatformTransactionManager transactions,
            EndpointStore endpoints,
            DeliveryStore deliveries,
            SigningSecrets secrets,
            ReceiverAddresses addresses,
            Clock clock) {
        this.jdbc = jdbc;
        this.transaction = new TransactionTemplate(transactions);
        this.clock = clock;
        this.means =
                new EndpointRun.Means(
                        endpoints,
                        deliveries,
                        secrets,
                        new MessagePoster(addresses, clock),
                        new EndpointRun.Transactions() {
                            @Override
                            public <T> T call(Supplier<T> work) {
                                return Objects.requireNonNull(transaction.execute(_ -> work.get()));
                            }
                        },
                        new Semaphore(CONNECTIONS, true),
                        clock,
                        UUID.randomUUID());
    }

    private record Due(long workspace, long endpoint) {}

    @Override
    public void start() {
        stopping = false;
        thread = Thread.ofVirtual().name("endpoints").start(this::watch);
    }

    @Override
    public boolean isRunning() {
        return thread != null;
    }

    private void watch() {
        while (!stopping) {
            try {
                dispatch();
            } catch (RuntimeException e) {
                LOG.warn(
                        "Endpoints could not be looked at and are looked at again: {}",
                        e.toString());
            }
            pause();
        }
    }

    /** Starts a run for each endpoint that needs one and has none. */
    void dispatch() {
        for (Due due : due()) {
            if (!stopping && running.add(due.endpoint)) {
                Thread.ofVirtual().name("endpoint-" + due.endpoint).start(() -> run(due));
            }
        }
    }

    private List<Due> due() {
        return WorkspaceScope.callAcrossWorkspaces(
                () ->
                        means.query(
                                () ->
                                        jdbc.sql(
                                                        "SELECT workspace, endpoint FROM endpoints_due(:now)")
                                                .param(
                                                        "now",
                                                        clock.instant().atOffset(ZoneOffset.UTC))
                                                .query(
                                                        (row, _) ->
                                                                new Due(
                                                                        row.getLong(1),
                                                                        row.getLong(2)))
                                                .list()));
    }

    private void run(Due due) {
        try {
            new EndpointRun(means, due.workspace, due.endpoint, () -> stopping).run();
        } catch (RuntimeException e) {
            LOG.warn("Endpoint {} is delivered to again later: {}", due.endpoint, e.toString());
        } finally {
            running.remove(due.endpoint);
            signal();
        }
    }

    private void signal() {
        lock.lock();
        try {
            change.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void pause() {
        lock.lock();
        try {
            if (!stopping) {
                var unused = change.await(PAUSE.toMillis(), TimeUnit.MILLISECONDS);
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
    }

    /** Waits for attempts that were begun, so that they are recorded. */
    @Override
    public void stop() {
        stopping = true;
        signal();
        lock.lock();
        try {
            long left = TimeUnit.SECONDS.toNanos(12);
            while (!running.isEmpty() && left > 0) {
                left = change.awaitNanos(left);
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
        thread = null;
        means.poster().close();
    }
}
