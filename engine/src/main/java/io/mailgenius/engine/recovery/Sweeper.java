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
 * Mends what crashes leave behind: takes chunks from silent workers, marks silent nodes dead, and
 * calls for chunks that wait although nobody is on the way to them. Every node sweeps; twice does
 * no harm.
 *
 * <p>Each round costs what happened since the last one. The comparison of all live jobs with the
 * queues in Redis is the exception: it takes a twentieth of the time at most, however many jobs are
 * alive, and while none is alive it is made every five seconds.
 */
public final class Sweeper implements SmartLifecycle {

    private static final Logger LOG = LoggerFactory.getLogger(Sweeper.class);
    private static final Duration PACE = Duration.ofSeconds(1);
    private static final int AT_ONCE = 10_000;
    private static final Duration LONG_AGO = Duration.ofMinutes(1);
    private static final int SHARE_OF_COMPARISONS = 20;
    private static final Duration BETWEEN_COMPARISONS_WHEN_IDLE = Duration.ofSeconds(5);

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
    private boolean troubled;
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
        round = monitor.watch("sweeper", silentNodes.lease().multipliedBy(3), this::sweepAnew);
        begin();
    }

    private void sweepAnew() {
        ScheduledExecutorService hanging = timer;
        if (hanging != null) {
            hanging.shutdownNow();
            begin();
        }
    }

    private void begin() {
        ScheduledExecutorService sweeping =
                Executors.newSingleThreadScheduledExecutor(
                        Thread.ofPlatform().name("sweeper").daemon().factory());
        sweeping.scheduleWithFixedDelay(
                this::sweepSafely, 0, PACE.toMillis(), TimeUnit.MILLISECONDS);
        timer = sweeping;
    }

    private void sweepSafely() {
        try {
            sweep();
            if (troubled) {
                troubled = false;
                LOG.info("Sweeping as usual again");
            }
        } catch (RedisException e) {
            troubled("Redis is away ({}); workers ask the ledger meanwhile", e);
        } catch (RuntimeException e) {
            troubled("Sweeping is behind until this passes: {}", e);
        }
        RoundMonitor.Round watched = round;
        if (watched != null) {
            watched.completed();
        }
    }

    /** Logged once, however many rounds meet it. */
    private void troubled(String message, RuntimeException e) {
        if (!troubled) {
            troubled = true;
            LOG.warn(message, e.getMessage());
        }
    }

    /**
     * One round. The ledger's part comes first: it must not wait for Redis.
     *
     * @throws RedisException if nobody can be called
     */
    public void sweep() {
        Instant now = clock.instant();
        if (silentNodes.release(now)) {
            // What it had taken from the queues is called for below.
            compareAt = System.nanoTime();
        }
        boolean compares = System.nanoTime() - compareAt >= 0;
        if (compares || idle) {
            parked.wakeAll();
        }
        if (!queues.marked()) {
            LOG.info("Redis was emptied: every chunk that waits is called for again");
            ready.unpublishAll();
            compares = true;
        }
        if (compares) {
            long begun = System.nanoTime();
            backlog = ready.backlog(now);
            idle = compare(now);
            long pause = SHARE_OF_COMPARISONS * (System.nanoTime() - begun);
            compareAt =
                    System.nanoTime()
                            + (idle
                                    ? Math.max(pause, BETWEEN_COMPARISONS_WHEN_IDLE.toNanos())
                                    : pause);
        }
        publish(ready.unpublished(now, AT_ONCE), now);
    }

    /** What could be taken and is not, as it was when all jobs were last looked at. */
    ReadyChunks.Backlog backlog() {
        return backlog;
    }

    /**
     * Makes Redis agree with the ledger: which jobs there are, and which of their chunks it lost.
     *
     * @return whether no job is alive
     */
    private boolean compare(Instant now) {
        // Asked in this order: whatever Redis knows now had its launch running before.
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
                queues.forget(gone);
            }
        }
        callLostOnes(now);
        return alive.isEmpty();
    }

    /**
     * What was published long ago is most likely queued behind many others: only when the queue is
     * shorter than the chunks that wait were some lost, as by a Redis that came back with an older
     * state.
     */
    private void callLostOnes(Instant now) {
        Map<Long, List<ReadyChunk>> old =
                byJob(ready.publishedBefore(now.minus(LONG_AGO), AT_ONCE));
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
        ScheduledExecutorService sweeping = timer;
        if (sweeping != null) {
            sweeping.shutdownNow();
            timer = null;
            monitor.forget("sweeper");
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
