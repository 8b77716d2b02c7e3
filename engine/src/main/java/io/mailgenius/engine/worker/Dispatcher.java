package io.mailgenius.engine.worker;

import io.lettuce.core.RedisException;
import io.mailgenius.engine.EngineSettings;
import io.mailgenius.engine.ledger.Claim;
import io.mailgenius.engine.ledger.Ledger;
import io.mailgenius.engine.ledger.ReadyChunks;
import io.mailgenius.engine.node.NodeId;
import io.mailgenius.engine.transport.Entry;
import io.mailgenius.engine.transport.Lanes;
import io.mailgenius.engine.transport.Turns;
import io.mailgenius.engine.trouble.Trouble;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
 * The worker's inbound adapter: as long as there is room it reads wake-ups from the lanes in turn,
 * claims their chunks in the ledger, and hands them on. While Redis is away it asks the ledger
 * itself, once a second, and so it does when it hears nothing.
 */
public final class Dispatcher extends MessageProducerSupport {

    private static final Logger LOG = LoggerFactory.getLogger(Dispatcher.class);

    /** How often the ledger is asked by who hears nothing. */
    private static final Duration ASK_AGAIN = Duration.ofSeconds(1);

    private static final Duration WITHOUT_LEDGER = Duration.ofMillis(250);

    private final EngineSettings settings;
    private final NodeId node;
    private final Ledger ledger;
    private final ReadyChunks ready;
    private final ChunkWorker worker;
    private final Lanes lanes;
    private final Turns turns;
    private final Clock clock;
    private final Room room;
    private volatile @Nullable Thread thread;
    private List<Entry> read = List.of();
    private long asked = System.nanoTime();
    private long askedForBegun = System.nanoTime();
    private boolean troubled;

    public Dispatcher(
            EngineSettings settings,
            NodeId node,
            Ledger ledger,
            ReadyChunks ready,
            ChunkWorker worker,
            Lanes lanes,
            Clock clock) {
        this.settings = settings;
        this.node = node;
        this.ledger = ledger;
        this.ready = ready;
        this.worker = worker;
        this.lanes = lanes;
        this.turns = new Turns(lanes, node.value());
        this.clock = clock;
        this.room = new Room(settings.slots());
        worker.tellWorkTimes(room::worked);
        setAutoStartup(false);
    }

    @Override
    protected void doStart() {
        // Known before it runs: it goes on only while it is the one that is named here.
        Thread dispatching = Thread.ofPlatform().name("dispatcher").unstarted(this::dispatch);
        thread = dispatching;
        dispatching.start();
    }

    /** Takes nothing more; what was handed on goes on. */
    @Override
    protected void doStop() {
        Thread running = thread;
        if (running != null) {
            running.interrupt();
        }
        thread = null;
    }

    private void dispatch() {
        while (thread == Thread.currentThread()) {
            try {
                if (offerWork(room.await())) {
                    recovered();
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

    /** Answers whether Redis and the ledger were both heard. */
    private boolean offerWork(int free) throws InterruptedException {
        if (System.nanoTime() - askedForBegun >= ASK_AGAIN.toNanos()) {
            // What a dead worker left goes first: its call stands at the end of its lane.
            askedForBegun = System.nanoTime();
            if (claim(ready.begunBefore(free, clock.instant())) > 0) {
                return false;
            }
        }
        if (read.isEmpty()) {
            try {
                read = turns.take(free);
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
        if (!read.isEmpty()) {
            claimRead();
        } else if (System.nanoTime() - asked >= ASK_AGAIN.toNanos()) {
            // Nobody calls, which may be since a call was lost.
            claimWithout(free);
        }
        return true;
    }

    /** While the ledger is away what was read stays in reach, and is claimed when it is back. */
    private void claimRead() throws InterruptedException {
        Map<Long, Entry> byChunk = new LinkedHashMap<>();
        List<Entry> needless = new ArrayList<>();
        for (Entry entry : read) {
            Entry twin = byChunk.put(entry.chunkId(), entry);
            if (twin != null) {
                needless.add(twin);
            }
        }
        List<Claim> claims;
        try {
            claims =
                    ledger.claim(byChunk.keySet(), node.value(), clock.instant(), settings.lease());
        } catch (DataAccessException | TransactionException e) {
            TimeUnit.NANOSECONDS.sleep(WITHOUT_LEDGER.toNanos());
            throw e;
        }
        read = List.of();
        claims.forEach(worker::accept);
        for (Claim claim : claims) {
            handOn(claim, byChunk.remove(claim.id()));
        }
        // The rest was taken by others, is done, or is held: nobody need be woken for it again.
        needless.addAll(byChunk.values());
        if (!needless.isEmpty()) {
            lanes.acknowledge(needless);
        }
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
            handOn(claim, null);
        }
        return claims.size();
    }

    private void handOn(Claim claim, @Nullable Entry entry) {
        room.taken();
        boolean handedOn = false;
        try {
            sendMessage(message(claim, entry));
            handedOn = true;
        } finally {
            if (!handedOn) {
                room.left();
            }
        }
    }

    private static Message<ChunkRequest<Claim>> message(Claim claim, @Nullable Entry entry) {
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
        return MessageBuilder.withPayload(request).setHeader(Entry.HEADER, entry).build();
    }

    /** The chunk was answered: there is room for another. */
    void answered() {
        room.left();
    }

    private void troubled(Exception e) {
        if (!troubled) {
            troubled = true;
            LOG.warn(
                    "Taking chunks is slow until this passes: {}",
                    Trouble.passing(e).orElseGet(e::toString));
        }
    }

    private void recovered() {
        if (troubled) {
            troubled = false;
            LOG.info("Taking chunks as usual again");
        }
    }
}
