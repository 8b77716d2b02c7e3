package io.mailgenius.jobs.endpoints;

import io.mailgenius.jobs.endpoints.DeliveryStore.Done;
import io.mailgenius.jobs.endpoints.DeliveryStore.Message;
import io.mailgenius.jobs.endpoints.EndpointStore.Target;
import io.mailgenius.jobs.endpoints.MessagePoster.Attempt;
import io.mailgenius.schema.WorkspaceScope;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Delivers the due messages of one endpoint under its lease, as long as there are any. Only its own
 * virtual threads wait for the receiver. How many do so at a time follows from how fast the
 * receiver answers, so that a slow one holds few connections.
 */
final class EndpointRun {

    private static final Logger LOG = LoggerFactory.getLogger(EndpointRun.class);

    /** Longer than an attempt takes, so that a lease outlives what was begun under it. */
    static final int LEASE_SECONDS = 30;

    private static final Duration RENEW = Duration.ofSeconds(10);
    private static final int FEWEST = 4;
    private static final int MOST = 128;
    private static final int SLOW_MILLIS = 1_000;
    private static final int GROUP = 256;
    private static final long SOON_MILLIS = 20;
    private static final Duration FAILING = Duration.ofDays(5);

    /** What all runs of a node share. */
    record Means(
            EndpointStore endpoints,
            DeliveryStore deliveries,
            SigningSecrets secrets,
            MessagePoster poster,
            Transactions transactions,
            Semaphore connections,
            Clock clock,
            UUID node) {

        /** Runs of many endpoints take few connections, and none while they wait for a receiver. */
        <T> T query(Supplier<T> work) {
            connections.acquireUninterruptibly();
            try {
                return transactions.call(work);
            } finally {
                connections.release();
            }
        }
    }

    /** Runs work in a transaction. */
    interface Transactions {
        <T> T call(Supplier<T> work);
    }

    private final Means means;
    private final long workspace;
    private final long endpoint;
    private final BooleanSupplier stopping;
    private final Set<Long> inFlight = new HashSet<>();
    private final LinkedBlockingQueue<Done> finished = new LinkedBlockingQueue<>();
    private int atATime = FEWEST;
    private long renewedAt;
    private @Nullable Target target;
    private MessageSigner signer = new MessageSigner(List.of());

    EndpointRun(Means means, long workspace, long endpoint, BooleanSupplier stopping) {
        this.means = means;
        this.workspace = workspace;
        this.endpoint = endpoint;
        this.stopping = stopping;
    }

    /** Returns when nothing is due, the lease is lost, or the node stops. */
    void run() {
        // What is recorded late is delivered once more, so a commit need not wait for the disk.
        WorkspaceScope.callWithoutWaitingForTheDisk(
                workspace,
                () -> {
                    deliver();
                    return true;
                });
    }

    private void deliver() {
        if (!renewed()) {
            return;
        }
        try {
            boolean more = true;
            while (!inFlight.isEmpty() || (more && !stopping.getAsBoolean())) {
                if (!inFlight.isEmpty()) {
                    recordFinished();
                }
                if (System.nanoTime() - renewedAt > RENEW.toNanos() && !renewed()) {
                    more = false;
                }
                if (more && !stopping.getAsBoolean() && inFlight.size() <= atATime / 2) {
                    more = begin() || !inFlight.isEmpty();
                }
            }
        } finally {
            means.query(
                    () -> {
                        means.endpoints().release(endpoint, means.node());
                        return true;
                    });
        }
    }

    private boolean renewed() {
        renewedAt = System.nanoTime();
        Optional<Target> leased =
                means.query(
                        () -> {
                            Optional<Target> taken =
                                    means.endpoints().lease(endpoint, means.node(), LEASE_SECONDS);
                            if (taken.isPresent()) {
                                signer =
                                        new MessageSigner(
                                                means.secrets()
                                                        .of(endpoint, means.clock().instant()));
                            }
                            return taken;
                        });
        target = leased.orElse(null);
        return target != null;
    }

    /**
     * @return whether any message was due
     */
    private boolean begin() {
        Target to = target;
        if (to == null) {
            return false;
        }
        List<Message> due =
                means.query(
                        () ->
                                means.deliveries()
                                        .due(
                                                endpoint,
                                                to.ordered(),
                                                inFlight,
                                                means.clock().instant(),
                                                atATime - inFlight.size()));
        MessageSigner with = signer;
        for (Message message : due) {
            inFlight.add(message.id());
            Thread.ofVirtual().name("endpoint-" + endpoint).start(() -> post(to, with, message));
        }
        return !due.isEmpty();
    }

    private void post(Target to, MessageSigner with, Message message) {
        Attempt attempt;
        try {
            attempt = means.poster().post(to.url(), with, message);
        } catch (RuntimeException | Error e) {
            attempt = new Attempt(means.clock().instant(), 0, null, null, e.toString());
        }
        Duration retry =
                attempt.succeeded()
                        ? null
                        : RetrySchedule.after(
                                        message.tries() + 1,
                                        ThreadLocalRandom.current().nextDouble())
                                .orElse(null);
        finished.add(new Done(message, attempt, retry));
    }

    private void recordFinished() {
        List<Done> done = new ArrayList<>();
        try {
            Done first = finished.poll(SOON_MILLIS, TimeUnit.MILLISECONDS);
            if (first == null) {
                return;
            }
            done.add(first);
            finished.drainTo(done, GROUP - 1);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            return;
        }
        means.query(
                () -> {
                    record(done);
                    return true;
                });
        done.forEach(it -> inFlight.remove(it.message().id()));
        adapt(done);
    }

    private void record(List<Done> done) {
        means.deliveries().record(done);
        if (done.stream().anyMatch(it -> it.attempt().succeeded())) {
            means.endpoints().succeeded(endpoint);
            return;
        }
        Instant now = means.clock().instant();
        String notice =
                "Every attempt has failed for five days. Mend the receiver, enable the endpoint, and replay what failed.";
        Target to = target;
        if (means.endpoints().failed(endpoint, now, now.minus(FAILING), notice) && to != null) {
            LOG.warn(
                    "Endpoint {} of workspace {} is switched off: {}", endpoint, workspace, notice);
            means.deliveries().disabled(endpoint, to.url(), notice, now);
        }
    }

    /** More at a time as long as all succeed quickly, half of it when one does not. */
    private void adapt(List<Done> done) {
        boolean good =
                done.stream()
                        .allMatch(
                                it ->
                                        it.attempt().succeeded()
                                                && it.attempt().millis() < SLOW_MILLIS);
        atATime = good ? Math.min(MOST, atATime + done.size()) : Math.max(FEWEST, atATime / 2);
    }
}
