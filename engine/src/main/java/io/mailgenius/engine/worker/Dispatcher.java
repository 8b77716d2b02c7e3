package io.mailgenius.engine.worker;

import io.lettuce.core.RedisException;
import io.mailgenius.engine.cluster.NodeId;
import io.mailgenius.engine.cluster.RoundMonitor;
import io.mailgenius.engine.failures.TransientFailure;
import io.mailgenius.engine.ledger.Claim;
import io.mailgenius.engine.ledger.Ledger;
import io.mailgenius.engine.ledger.ReadyChunks;
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
 * The worker's inbound adapter: as long as there is room it takes chunks from the queues, claims
 * them in the ledger, and hands them on. While Redis is away it asks the ledger itself, once a
 * second, and so it does when the queues are empty.
 */
public final class Dispatcher extends MessageProducerSupport {

    private static final Logger LOG = LoggerFactory.getLogger(Dispatcher.class);

    /** How often the ledger is asked by who hears nothing. */
    private static final Duration ASK_AGAIN = Duration.ofSeconds(1);

    /** How often a node without room looks whether somebody has nothing in hand here. */
    private static final Duration LOOK = Duration.ofMillis(50);

    private static final Duration WITHOUT_LEDGER = Duration.ofMillis(250);

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
    private long asked = System.nanoTime();
    private long askedForBegun = System.nanoTime();
    private boolean troubled;

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
        worker.tellWorkTimes(prefetchWindow::worked);
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
        // Known before it runs: it goes on only while it is the one that is named here.
        Thread dispatching = Thread.ofPlatform().name("dispatcher").unstarted(this::dispatch);
        thread = dispatching;
        dispatching.start();
    }

    /** Takes nothing more; what was handed on goes on. */
    @Override
    protected void doStop() {
        monitor.forget("dispatcher");
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
                completedRound();
                int free =
                        prefetchWindow.await(Slots.extra(settings.slots()) > 0 ? LOOK : ASK_AGAIN);
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
                troubled(e);
            }
        }
    }

    private void completedRound() {
        RoundMonitor.Round watched = round;
        if (watched != null) {
            watched.completed();
        }
    }

    /** While there is no room, those who have nothing in hand here do not wait until there is. */
    private void offerExtraSlots() throws InterruptedException {
        inExtraSlots.retainAll(worker.inHand());
        int free = Slots.extra(settings.slots()) - inExtraSlots.size();
        if (free > 0 && taken.isEmpty()) {
            taken = queues.takeOthers(node.value(), free, worker.workspacesInHand());
            taken.forEach(one -> inExtraSlots.add(one.chunkId()));
        }
        if (!taken.isEmpty()) {
            claimTaken();
        }
    }

    /** Answers whether Redis and the ledger were both heard. */
    private boolean offerWork(int free) throws InterruptedException {
        if (System.nanoTime() - askedForBegun >= ASK_AGAIN.toNanos()) {
            // What a dead worker left goes first: its call stands at the end of its queue.
            askedForBegun = System.nanoTime();
            if (claim(ready.begunBefore(free, clock.instant())) > 0) {
                return false;
            }
        }
        if (taken.isEmpty()) {
            try {
                taken = queues.take(node.value(), free);
                if (taken.isEmpty()) {
                    queues.awaitWakeUp(node.value(), ASK_AGAIN);
                }
            } catch (RedisException e) {
                if (Thread.currentThread().isInterrupted()) {
                    throw new InterruptedException();
                }
                troubled(e);
                TimeUnit.NANOSECONDS.sleep(ASK_AGAIN.toNanos());
                claimWithout(free);
                return false;
            }
        }
        if (!taken.isEmpty()) {
            claimTaken();
        } else if (System.nanoTime() - asked >= ASK_AGAIN.toNanos()) {
            // The queues are empty, which may be since a call was lost.
            claimWithout(free);
        }
        return true;
    }

    /**
     * While the ledger is away what was taken stays in reach, and is claimed when it is back. What
     * is not claimed here was claimed by others, is done, or is held: nobody need be called for it
     * again.
     */
    private void claimTaken() throws InterruptedException {
        Set<Long> ids = new LinkedHashSet<>();
        taken.forEach(one -> ids.add(one.chunkId()));
        try {
            claim(List.copyOf(ids));
        } catch (DataAccessException | TransactionException e) {
            TimeUnit.NANOSECONDS.sleep(WITHOUT_LEDGER.toNanos());
            throw e;
        }
        taken = List.of();
    }

    private void claimWithout(int free) {
        asked = System.nanoTime();
        claim(ready.inTurn(free, clock.instant()));
    }

    private int claim(List<Long> ids) {
        if (ids.isEmpty()) {
            return 0;
        }
        List<Claim> claims = ledger.claim(ids, node.value(), clock.instant(), settings.lease());
        claims.forEach(worker::accept);
        for (Claim claim : claims) {
            handOn(claim);
        }
        return claims.size();
    }

    private void handOn(Claim claim) {
        prefetchWindow.taken();
        boolean handedOn = false;
        try {
            sendMessage(message(claim));
            handedOn = true;
        } finally {
            if (!handedOn) {
                prefetchWindow.left();
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
        return MessageBuilder.withPayload(request).build();
    }

    /** The chunk was answered: there is room for another. */
    void answered() {
        prefetchWindow.left();
    }

    private void troubled(Exception e) {
        if (!troubled) {
            troubled = true;
            LOG.warn(
                    "Taking chunks is slow until this passes: {}",
                    TransientFailure.passing(e).orElseGet(e::toString));
        }
    }

    private void recovered() {
        if (troubled) {
            troubled = false;
            LOG.info("Taking chunks as usual again");
        }
    }
}
