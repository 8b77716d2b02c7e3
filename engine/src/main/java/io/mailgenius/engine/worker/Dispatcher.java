package io.mailgenius.engine.worker;

import io.lettuce.core.RedisException;
import io.mailgenius.engine.EngineSettings;
import io.mailgenius.engine.ledger.Claim;
import io.mailgenius.engine.ledger.Ledger;
import io.mailgenius.engine.node.NodeId;
import io.mailgenius.engine.transport.Entry;
import io.mailgenius.engine.transport.Lanes;
import io.mailgenius.engine.transport.Turns;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
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
 * The worker's inbound adapter: as long as a slot is free it reads wake-ups from the lanes in turn,
 * claims their chunks in the ledger, and hands them on. While Redis is away it asks the ledger
 * itself, once a second.
 */
public final class Dispatcher extends MessageProducerSupport {

    /** Header that carries the {@link Entry} to {@link #answered}. */
    private static final String ENTRY = "mailgenius_entry";

    private static final Logger LOG = LoggerFactory.getLogger(Dispatcher.class);
    private static final Duration WITHOUT_REDIS = Duration.ofSeconds(1);

    private final EngineSettings settings;
    private final NodeId node;
    private final Ledger ledger;
    private final ChunkWorker worker;
    private final Lanes lanes;
    private final Turns turns;
    private final Clock clock;
    private final Semaphore slots;
    private volatile @Nullable Thread thread;
    private boolean troubled;

    public Dispatcher(
            EngineSettings settings,
            NodeId node,
            Ledger ledger,
            ChunkWorker worker,
            Lanes lanes,
            Clock clock) {
        this.settings = settings;
        this.node = node;
        this.ledger = ledger;
        this.worker = worker;
        this.lanes = lanes;
        this.turns = new Turns(lanes, node.value());
        this.clock = clock;
        this.slots = new Semaphore(settings.slots());
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
                slots.acquire();
                slots.release();
                if (!offerWork(slots.availablePermits())) {
                    continue;
                }
                recovered();
            } catch (InterruptedException e) {
                return;
            } catch (RedisException | DataAccessException | TransactionException e) {
                troubled(e);
            }
        }
    }

    private boolean offerWork(int free) throws InterruptedException {
        List<Entry> entries;
        try {
            entries = turns.take(free);
        } catch (RedisException e) {
            if (Thread.currentThread().isInterrupted()) {
                throw new InterruptedException();
            }
            troubled(e);
            TimeUnit.NANOSECONDS.sleep(WITHOUT_REDIS.toNanos());
            claimWithout(free);
            return false;
        }
        claimAll(entries);
        return true;
    }

    private void claimAll(List<Entry> entries) throws InterruptedException {
        if (entries.isEmpty()) {
            return;
        }
        Map<Long, Entry> byChunk = new HashMap<>();
        for (Entry entry : entries) {
            Entry twin = byChunk.put(entry.chunkId(), entry);
            if (twin != null) {
                lanes.acknowledge(twin);
            }
        }
        List<Claim> claims =
                ledger.claim(byChunk.keySet(), node.value(), clock.instant(), settings.lease());
        claims.forEach(worker::accept);
        for (Claim claim : claims) {
            handOn(claim, byChunk.remove(claim.id()));
        }
        // The rest was taken by others, is done, or is held: nobody need be woken for it again.
        byChunk.values().forEach(lanes::acknowledge);
    }

    private void claimWithout(int free) throws InterruptedException {
        List<Long> ready = ledger.readyInTurn(free, clock.instant());
        List<Claim> claims = ledger.claim(ready, node.value(), clock.instant(), settings.lease());
        claims.forEach(worker::accept);
        for (Claim claim : claims) {
            handOn(claim, null);
        }
    }

    private void handOn(Claim claim, @Nullable Entry entry) throws InterruptedException {
        slots.acquire();
        boolean handedOn = false;
        try {
            sendMessage(message(claim, entry));
            handedOn = true;
        } finally {
            if (!handedOn) {
                slots.release();
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
        return MessageBuilder.withPayload(request).setHeader(ENTRY, entry).build();
    }

    /** The chunk was answered: its slot is free, and nobody need be woken for it any more. */
    void answered(Map<String, Object> headers) {
        slots.release();
        Entry entry = (Entry) headers.get(ENTRY);
        if (entry != null) {
            try {
                lanes.acknowledge(entry);
            } catch (RedisException e) {
                // The entry stays; whoever gets it finds the chunk answered.
                LOG.debug("An entry was not acknowledged", e);
            }
        }
    }

    private void troubled(Exception e) {
        if (!troubled) {
            troubled = true;
            LOG.warn("Taking chunks is slow until this passes: {}", e.toString());
        }
    }

    private void recovered() {
        if (troubled) {
            troubled = false;
            LOG.info("Taking chunks as usual again");
        }
    }
}
