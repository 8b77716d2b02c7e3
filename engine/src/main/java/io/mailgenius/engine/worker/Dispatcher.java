package io.mailgenius.engine.worker;

import io.lettuce.core.RedisException;
import io.mailgenius.engine.cluster.NodeId;
import io.mailgenius.engine.cluster.RoundMonitor;
import io.mailgenius.engine.failures.TransientFailure;
import io.mailgenius.engine.ledger.Claim;
import io.mailgenius.engine.ledger.Ledger;
import io.mailgenius.engine.ledger.ReadyChunks;
import io.mailgenius.engine.observation.JobObservation;
import io.mailgenius.engine.settings.EngineSettings;
import io.mailgenius.engine.transport.JobQueues;
import io.mailgenius.engine.transport.JobQueues.Taken;
import java.time.Clock;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.batch.core.job.JobExecution;
import org.springframework.batch.core.job.JobInstance;
import org.springframework.batch.core.job.parameters.JobParameters;
import org.springframework.batch.core.step.StepContribution;
import org.springframework.batch.core.step.StepExecution;
import org.springframework.batch.infrastructure.item.Chunk;
import org.springframework.batch.integration.chunk.ChunkRequest;
import org.springframework.dao.DataAccessException;
import org.springframework.integration.endpoint.MessageProducerSupport;
import org.springframework.integration.support.MessageBuilder;
import org.springframework.messaging.Message;
import org.springframework.transaction.TransactionException;

/**
 * The worker's inbound channel adapter. While the prefetch window has capacity, it takes chunks
 * from the queues, claims them in the ledger and passes them on. While Redis is unavailable or the
 * queues are empty, it polls the ledger once a second.
 */
public final class Dispatcher extends MessageProducerSupport {

    private static final Logger LOG = LoggerFactory.getLogger(Dispatcher.class);

    /** How often the ledger is polled by a node that receives no notification. */
    private static final Duration LEDGER_POLL = Duration.ofSeconds(1);

    /** How often a node whose slots are all busy looks for chunks for its extra slots. */
    private static final Duration EXTRA_SLOT_POLL = Duration.ofMillis(50);

    /** How soon a node that an operator had paused takes chunks again. */
    private static final Duration REST = Duration.ofMillis(200);

    private static final Duration LEDGER_RETRY_PAUSE = Duration.ofMillis(250);

    private final EngineSettings settings;
    private final NodeId node;
    private final Ledger ledger;
    private final ReadyChunks ready;
    private final ChunkWorker worker;
    private final JobQueues queues;
    private final RoundMonitor monitor;
    private final Clock clock;
    private final PrefetchWindow prefetchWindow;
    private volatile @Nullable Thread thread;
    private volatile RoundMonitor.@Nullable Round round;
    private final Set<Long> inExtraSlots = new HashSet<>();
    private List<Taken> taken = List.of();
    private long ledgerPolledAt = System.nanoTime();
    private long begunPolledAt = System.nanoTime();
    private boolean degraded;
    private boolean resting;

    public Dispatcher(
            EngineSettings settings,
            NodeId node,
            Ledger ledger,
            ReadyChunks ready,
            ChunkWorker worker,
            JobQueues queues,
            RoundMonitor monitor,
            Clock clock) {
        this.settings = settings;
        this.node = node;
        this.ledger = ledger;
        this.ready = ready;
        this.worker = worker;
        this.queues = queues;
        this.monitor = monitor;
        this.clock = clock;
        this.prefetchWindow = new PrefetchWindow(settings.slots());
        worker.onWorkTime(prefetchWindow::worked);
        setAutoStartup(false);
    }

    @Override
    protected void doStart() {
        round =
                monitor.watch(
                        "dispatcher",
                        settings.lease().multipliedBy(3),
                        () -> {
                            interrupt();
                            begin();
                        });
        begin();
    }

    private void begin() {
        // Assigned before the thread starts, because the loop runs only while this field holds its
        // thread.
        Thread dispatching = Thread.ofPlatform().name("dispatcher").unstarted(this::dispatch);
        thread = dispatching;
        dispatching.start();
    }

    /** Claims no more chunks; chunks that were passed on continue. */
    @Override
    protected void doStop() {
        monitor.unwatch("dispatcher");
        interrupt();
        thread = null;
    }

    private void interrupt() {
        Thread running = thread;
        if (running != null) {
            running.interrupt();
        }
    }

    private void dispatch() {
        while (thread == Thread.currentThread()) {
            try {
                worker.meter();
                if (!worker.takesChunks()) {
                    rest();
                    continue;
                }
                resting = false;
                int free =
                        prefetchWindow.await(
                                Slots.extra(settings.slots()) > 0 ? EXTRA_SLOT_POLL : LEDGER_POLL);
                if (free > 0) {
                    if (offerWork(free)) {
                        recovered();
                    }
                } else {
                    offerExtraSlots();
                }
            } catch (InterruptedException e) {
                return;
            } catch (RedisException | DataAccessException | TransactionException e) {
                if (Thread.currentThread().isInterrupted()) {
                    return;
                }
                degraded(e);
            }
            // At the end, so that a restarted loop that hangs again does not look alive.
            completedRound();
        }
    }

    /**
     * Takes nothing, because an operator ordered it. Chunks that were taken from a queue already
     * are claimed first, since no other node would find them soon.
     */
    private void rest() throws InterruptedException {
        if (!taken.isEmpty()) {
            claimTaken();
        }
        if (!resting) {
            // First, so that a Redis that is unavailable is asked once.
            resting = true;
            queues.dismiss(node.value());
        }
        TimeUnit.NANOSECONDS.sleep(REST.toNanos());
        completedRound();
    }

    private void completedRound() {
        RoundMonitor.Round watched = round;
        if (watched != null) {
            watched.completed();
        }
    }

    /**
     * Offers the extra slots to workspaces that have no chunk on this node while all regular slots
     * are busy.
     */
    private void offerExtraSlots() throws InterruptedException {
        inExtraSlots.retainAll(worker.inHand());
        int free = Slots.extra(settings.slots()) - inExtraSlots.size();
        if (free > 0 && taken.isEmpty()) {
            taken = queues.takeOthers(node.value(), free, worker.workspacesOfClaims());
            taken.forEach(one -> inExtraSlots.add(one.chunkId()));
        }
        if (!taken.isEmpty()) {
            claimTaken();
        }
    }

    /** Returns whether both Redis and the ledger responded. */
    private boolean offerWork(int free) throws InterruptedException {
        if (System.nanoTime() - begunPolledAt >= LEDGER_POLL.toNanos()) {
            // Chunks of crashed workers go first, because their ids are at the end of their queues.
            begunPolledAt = System.nanoTime();
            if (claim(ready.begunBefore(free, clock.instant())) > 0) {
                return false;
            }
        }
        if (taken.isEmpty()) {
            try {
                taken = queues.take(node.value(), free);
                if (taken.isEmpty()) {
                    queues.awaitWakeUp(node.value(), LEDGER_POLL);
                }
            } catch (RedisException e) {
                if (Thread.currentThread().isInterrupted()) {
                    throw new InterruptedException();
                }
                degraded(e);
                TimeUnit.NANOSECONDS.sleep(LEDGER_POLL.toNanos());
                claimFromLedger(free);
                return false;
            }
        }
        if (!taken.isEmpty()) {
            claimTaken();
        } else if (System.nanoTime() - ledgerPolledAt >= LEDGER_POLL.toNanos()) {
            // The queues may be empty because a notification was lost.
            claimFromLedger(free);
        }
        return true;
    }

    /**
     * Claims the chunks that were taken from the queues. They are kept while the ledger is
     * unavailable. A chunk that is not claimed here was claimed by another node, is DONE or is
     * HELD, so it need not be published again.
     */
    private void claimTaken() throws InterruptedException {
        Set<Long> ids = new LinkedHashSet<>();
        taken.forEach(one -> ids.add(one.chunkId()));
        try {
            claim(List.copyOf(ids));
        } catch (DataAccessException | TransactionException e) {
            TimeUnit.NANOSECONDS.sleep(LEDGER_RETRY_PAUSE.toNanos());
            throw e;
        }
        taken = List.of();
    }

    private void claimFromLedger(int free) {
        ledgerPolledAt = System.nanoTime();
        claim(ready.inTurn(free, clock.instant()));
    }

    private int claim(List<Long> ids) {
        if (ids.isEmpty()) {
            return 0;
        }
        List<Claim> claims = ledger.claim(ids, node.value(), clock.instant(), settings.lease());
        claims.forEach(worker::accept);
        for (Claim claim : claims) {
            passOn(claim);
        }
        return claims.size();
    }

    private void passOn(Claim claim) {
        prefetchWindow.acquire();
        boolean passedOn = false;
        try {
            sendMessage(message(claim));
            passedOn = true;
        } finally {
            if (!passedOn) {
                prefetchWindow.release();
            }
        }
    }

    private static Message<ChunkRequest<Claim>> message(Claim claim) {
        StepExecution detached =
                new StepExecution(
                        0,
                        claim.key().step(),
                        new JobExecution(
                                0,
                                new JobInstance(claim.key().jobInstanceId(), claim.key().step()),
                                new JobParameters()));
        ChunkRequest<Claim> request =
                new ChunkRequest<>(
                        claim.key().sequence(),
                        Chunk.of(claim),
                        claim.key().jobInstanceId(),
                        new StepContribution(detached));
        return MessageBuilder.withPayload(request)
                .setHeader(JobObservation.TRACE_PARENT, claim.job().traceParent())
                .build();
    }

    /** The response of a chunk was received, so its place in the prefetch window is free. */
    void answered() {
        prefetchWindow.release();
    }

    private void degraded(Exception e) {
        if (!degraded) {
            degraded = true;
            LOG.warn(
                    "Chunks are claimed more slowly until this transient failure ends: {}",
                    TransientFailure.passing(e).orElseGet(e::toString));
        }
    }

    private void recovered() {
        if (degraded) {
            degraded = false;
            LOG.info("Chunks are claimed at full speed again");
        }
    }
}
