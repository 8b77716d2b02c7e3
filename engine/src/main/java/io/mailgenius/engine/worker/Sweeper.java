package io.mailgenius.engine.worker;

import io.lettuce.core.RedisException;
import io.mailgenius.engine.EngineSettings;
import io.mailgenius.engine.launching.LiveLaunches;
import io.mailgenius.engine.ledger.Ledger;
import io.mailgenius.engine.ledger.ReadyChunk;
import io.mailgenius.engine.ledger.ReadyChunks;
import io.mailgenius.engine.node.NodeId;
import io.mailgenius.engine.node.Nodes;
import io.mailgenius.engine.transport.Lanes;
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
 * Mends what crashes leave behind: takes chunks from silent workers, buries silent nodes, and wakes
 * workers for chunks that wait although nobody is on the way to them. Every node sweeps; twice does
 * no harm.
 */
public final class Sweeper implements SmartLifecycle {

    private static final Logger LOG = LoggerFactory.getLogger(Sweeper.class);
    private static final Duration PACE = Duration.ofSeconds(1);
    private static final int AT_ONCE = 10_000;
    private static final Duration LONG_AGO = Duration.ofMinutes(1);

    private final EngineSettings settings;
    private final NodeId node;
    private final Nodes nodes;
    private final Ledger ledger;
    private final ReadyChunks ready;
    private final LiveLaunches launches;
    private final Lanes lanes;
    private final Clock clock;
    private volatile @Nullable ScheduledExecutorService timer;
    private boolean troubled;

    public Sweeper(
            EngineSettings settings,
            NodeId node,
            Nodes nodes,
            Ledger ledger,
            ReadyChunks ready,
            LiveLaunches launches,
            Lanes lanes,
            Clock clock) {
        this.settings = settings;
        this.node = node;
        this.nodes = nodes;
        this.ledger = ledger;
        this.ready = ready;
        this.launches = launches;
        this.lanes = lanes;
        this.clock = clock;
    }

    @Override
    public void start() {
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
    }

    /** Said once, however many sweeps meet it. */
    private void troubled(String words, RuntimeException e) {
        if (!troubled) {
            troubled = true;
            LOG.warn(words, e.getMessage());
        }
    }

    /**
     * One sweep. The ledger's part comes first: it must not wait for Redis.
     *
     * @throws RedisException if nobody can be woken
     */
    public void sweep() {
        Instant now = clock.instant();
        for (String dead : nodes.bury(now, settings.lease())) {
            LOG.warn("Node {} fell silent and is held for dead", dead);
        }
        int expired = ledger.expire(now, settings.maxFailures());
        if (expired > 0) {
            LOG.warn("{} chunks of silent workers go to others", expired);
        }
        wake(now);
    }

    private void wake(Instant now) {
        // Asked in this order: whatever lane is open now had its launch running before.
        Set<Long> open = lanes.open();
        for (var live : launches.live()) {
            open.remove(live.jobInstanceId());
            if (lanes.open(live.jobInstanceId(), live.priority())) {
                // It is new, or Redis was emptied: whoever was called must be called again.
                ready.unpublish(live.jobInstanceId());
            }
            ready.unpublish(lanes.abandoned(live.jobInstanceId(), node.value(), settings.lease()));
        }
        open.forEach(lanes::close);
        Map<Long, List<ReadyChunk>> waiting =
                ready.uncalled(now, now.minus(LONG_AGO), AT_ONCE).stream()
                        .collect(
                                Collectors.groupingBy(
                                        ReadyChunk::jobInstanceId,
                                        LinkedHashMap::new,
                                        Collectors.toList()));
        waiting.forEach((job, chunks) -> wake(job, chunks, now));
    }

    /**
     * Wakes for every chunk that became ready anew. One that was published long ago is most likely
     * queued behind many others: only when the lane holds fewer entries than chunks wait were some
     * lost, as by a Redis that came back with an older state.
     */
    private void wake(long jobInstanceId, List<ReadyChunk> chunks, Instant now) {
        boolean lost = lanes.outstanding(jobInstanceId) < chunks.size();
        List<Long> ids =
                chunks.stream()
                        .filter(chunk -> lost || !chunk.published())
                        .map(ReadyChunk::id)
                        .toList();
        if (!ids.isEmpty()) {
            lanes.publish(jobInstanceId, ids);
            ready.published(ids, now);
        }
    }

    @Override
    public void stop() {
        ScheduledExecutorService sweeping = timer;
        if (sweeping != null) {
            sweeping.shutdownNow();
            timer = null;
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
