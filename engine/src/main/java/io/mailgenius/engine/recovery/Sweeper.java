package io.mailgenius.engine.recovery;

import io.lettuce.core.RedisException;
import io.mailgenius.engine.cluster.RoundMonitor;
import io.mailgenius.engine.launching.LiveLaunches;
import io.mailgenius.engine.launching.ParkedLaunches;
import io.mailgenius.engine.ledger.ReadyChunk;
import io.mailgenius.engine.ledger.ReadyChunks;
import io.mailgenius.engine.transport.JobQueues;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * Recovers from crashes: revokes expired leases, marks nodes without heartbeats as dead, and
 * publishes READY chunks that are in no queue. Every node sweeps; concurrent sweeps do no harm.
 *
 * <p>The cost of a round depends on what happened since the last one. The comparison of all running
 * jobs with Redis is the exception: it takes a twentieth of the time at most, and runs every five
 * seconds while no job is active.
 */
public final class Sweeper implements SmartLifecycle {

    private static final Logger LOG = LoggerFactory.getLogger(Sweeper.class);
    private static final Duration INTERVAL = Duration.ofSeconds(1);
    private static final int MAX_BATCH = 10_000;
    private static final Duration STALE_AFTER = Duration.ofMinutes(1);
    private static final int COMPARISON_TIME_RATIO = 20;
    private static final Duration IDLE_COMPARISON_INTERVAL = Duration.ofSeconds(5);

    private final SilentNodes silentNodes;
    private final ReadyChunks ready;
    private final LiveLaunches launches;
    private final ParkedLaunches parked;
    private final JobQueues queues;
    private final RoundMonitor monitor;
    private final Clock clock;
    private volatile RoundMonitor.@Nullable Round round;
    private volatile @Nullable ScheduledExecutorService timer;
    private long compareAt = System.nanoTime();
    private boolean failing;
    private boolean idle;
    private volatile ReadyChunks.Backlog backlog = new ReadyChunks.Backlog(0, null);

    Sweeper(
            SilentNodes silentNodes,
            ReadyChunks ready,
            LiveLaunches launches,
            ParkedLaunches parked,
            JobQueues queues,
            RoundMonitor monitor,
            Clock clock) {
        this.silentNodes = silentNodes;
        this.ready = ready;
        this.launches = launches;
        this.parked = parked;
        this.queues = queues;
        this.monitor = monitor;
        this.clock = clock;
    }

    @Override
    public void start() {
        round = monitor.watch("sweeper", silentNodes.lease().multipliedBy(3), this::restart);
        begin();
    }

    private void restart() {
        ScheduledExecutorService stuckTimer = timer;
        if (stuckTimer != null) {
            stuckTimer.shutdownNow();
            begin();
        }
    }

    private void begin() {
        ScheduledExecutorService scheduler =
                Executors.newSingleThreadScheduledExecutor(
                        Thread.ofPlatform().name("sweeper").daemon().factory());
        scheduler.scheduleWithFixedDelay(
                this::sweepSafely, 0, INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
        timer = scheduler;
    }

    private void sweepSafely() {
        try {
            sweep();
            if (failing) {
                failing = false;
                LOG.info("Sweeping works again");
            }
        } catch (RedisException e) {
            failed("Redis is unavailable ({}); workers poll the ledger meanwhile", e);
        } catch (RuntimeException e) {
            failed("Sweeping failed and is retried: {}", e);
        }
        RoundMonitor.Round watched = round;
        if (watched != null) {
            watched.completed();
        }
    }

    /** Logs once, however many rounds fail. */
    private void failed(String message, RuntimeException e) {
        if (!failing) {
            failing = true;
            LOG.warn(message, e.getMessage());
        }
    }

    /**
     * Runs one round. The ledger comes first, because it must not wait for Redis.
     *
     * @throws RedisException if chunks cannot be published
     */
    public void sweep() {
        Instant now = clock.instant();
        if (silentNodes.release(now)) {
            // The comparison below publishes the chunks again that the node had taken from queues.
            compareAt = System.nanoTime();
        }
        boolean compares = System.nanoTime() - compareAt >= 0;
        if (compares || idle) {
            parked.wakeAll();
        }
        if (!queues.marked()) {
            LOG.info("Redis has lost its data; all READY chunks are published again");
            ready.unpublishAll();
            compares = true;
        }
        if (compares) {
            long begun = System.nanoTime();
            backlog = ready.backlog(now);
            idle = compare(now);
            long pause = COMPARISON_TIME_RATIO * (System.nanoTime() - begun);
            compareAt =
                    System.nanoTime()
                            + (idle ? Math.max(pause, IDLE_COMPARISON_INTERVAL.toNanos()) : pause);
        }
        publish(ready.unpublished(now, MAX_BATCH), now);
    }

    /** The backlog at the time of the last comparison. */
    ReadyChunks.Backlog backlog() {
        return backlog;
    }

    /**
     * Reconciles Redis with the ledger: opens and closes queues, and publishes chunks that Redis
     * lost.
     *
     * @return whether no job is active
     */
    private boolean compare(Instant now) {
        // Redis is read first, so that every job it has was running before the launches are read.
        Map<Long, JobQueues.Known> known = queues.known();
        List<LiveLaunches.Live> alive = launches.live();
        for (LiveLaunches.Live live : alive) {
            JobQueues.Known found = known.remove(live.jobInstanceId());
            if (found == null || found.weight() != JobQueues.weight(live.priority())) {
                queues.open(live.jobInstanceId(), live.workspaceId(), live.priority());
            }
        }
        queues.close(known.keySet());
        Set<String> takers = queues.takers();
        if (!takers.isEmpty()) {
            takers.removeAll(silentNodes.alive());
            for (String gone : takers) {
                ready.unpublish(queues.takenBy(gone));
                queues.removeNode(gone);
            }
        }
        republishLost(now);
        return alive.isEmpty();
    }

    /**
     * Publishes lost chunks again. Chunks that were published long ago are usually still queued;
     * only if the queue is shorter than the number of READY chunks were some lost, for instance
     * when Redis was restored to an older state.
     */
    private void republishLost(Instant now) {
        Map<Long, List<ReadyChunk>> old =
                byJob(ready.publishedBefore(now.minus(STALE_AFTER), MAX_BATCH));
        if (old.isEmpty()) {
            return;
        }
        Map<Long, Long> lengths = queues.lengths(old.keySet());
        old.forEach(
                (job, chunks) -> {
                    if (lengths.getOrDefault(job, 0L) < chunks.size()) {
                        publish(chunks, now);
                    }
                });
    }

    private void publish(List<ReadyChunk> chunks, Instant now) {
        byJob(chunks)
                .forEach(
                        (job, ofJob) -> {
                            List<Long> ids = ofJob.stream().map(ReadyChunk::id).toList();
                            queues.publish(job, ofJob.getFirst().workspaceId(), ids);
                            ready.published(ids, now);
                        });
    }

    private static Map<Long, List<ReadyChunk>> byJob(List<ReadyChunk> chunks) {
        return chunks.stream()
                .collect(
                        Collectors.groupingBy(
                                ReadyChunk::jobInstanceId,
                                LinkedHashMap::new,
                                Collectors.toList()));
    }

    @Override
    public void stop() {
        ScheduledExecutorService scheduler = timer;
        if (scheduler != null) {
            scheduler.shutdownNow();
            timer = null;
            monitor.unwatch("sweeper");
        }
    }

    @Override
    public boolean isRunning() {
        return timer != null;
    }

    @Override
    public int getPhase() {
        return DEFAULT_PHASE - 200;
    }
}
