package io.mailgenius.engine.cluster;

import io.mailgenius.engine.database.ClockOffset;
import io.mailgenius.engine.ledger.Ledger;
import io.mailgenius.engine.settings.EngineSettings;
import io.mailgenius.engine.settings.Role;
import io.mailgenius.schema.NodeState;
import java.time.Clock;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * Says that this node is there, and keeps its chunks for another lease, three times a lease. A node
 * that was marked dead meanwhile registers anew and drops the chunks that went to others.
 */
public final class Heartbeat implements SmartLifecycle {

    private static final Logger LOG = LoggerFactory.getLogger(Heartbeat.class);

    private final EngineSettings settings;
    private final NodeId node;
    private final Nodes nodes;
    private final Ledger ledger;
    private final ChunksInHand chunks;
    private final RoundMonitor monitor;
    private final ClockOffset offset;
    private final Clock clock;
    private volatile RoundMonitor.@Nullable Round round;
    private volatile @Nullable ScheduledExecutorService timer;

    public Heartbeat(
            EngineSettings settings,
            NodeId node,
            Nodes nodes,
            Ledger ledger,
            ChunksInHand chunks,
            RoundMonitor monitor,
            ClockOffset offset,
            Clock clock) {
        this.settings = settings;
        this.node = node;
        this.nodes = nodes;
        this.ledger = ledger;
        this.chunks = chunks;
        this.monitor = monitor;
        this.offset = offset;
        this.clock = clock;
    }

    @Override
    public void start() {
        nodes.register(node, settings.roles(), slots(), clock.instant());
        LOG.info("Node {} is there as {} with {} slots", node, settings.roles(), slots());
        round = monitor.watch("heartbeat", settings.lease().multipliedBy(2), this::beatAnew);
        begin();
    }

    private void beatAnew() {
        ScheduledExecutorService hanging = timer;
        if (hanging != null) {
            hanging.shutdownNow();
            begin();
        }
    }

    private void begin() {
        ScheduledExecutorService beating =
                Executors.newSingleThreadScheduledExecutor(
                        Thread.ofPlatform().name("heartbeat").daemon().factory());
        long pause = settings.lease().toMillis() / 3;
        beating.scheduleWithFixedDelay(this::beatSafely, pause, pause, TimeUnit.MILLISECONDS);
        timer = beating;
    }

    private int slots() {
        return settings.has(Role.WORKER) ? settings.slots() : 0;
    }

    private void beatSafely() {
        try {
            beat();
        } catch (RuntimeException e) {
            LOG.warn("No heartbeat this time: {}", e.getMessage());
        }
        RoundMonitor.Round watched = round;
        if (watched != null) {
            watched.completed();
        }
    }

    /** One heartbeat. */
    void beat() {
        offset.measure();
        Set<Long> inHand = chunks.inHand();
        if (!nodes.beat(node, inHand.size(), clock.instant())) {
            LOG.warn("Node {} was silent for too long and was marked dead; joining again", node);
            nodes.register(node, settings.roles(), slots(), clock.instant());
        }
        if (settings.has(Role.WORKER)) {
            List<Long> held = ledger.renew(inHand, node.value(), clock.instant(), settings.lease());
            chunks.keepOnly(held, inHand);
        }
    }

    @Override
    public void stop() {
        ScheduledExecutorService beating = timer;
        if (beating != null) {
            beating.shutdownNow();
            timer = null;
            monitor.forget("heartbeat");
            try {
                nodes.state(node, NodeState.GONE);
            } catch (RuntimeException e) {
                LOG.warn("The registry could not be told that {} left: {}", node, e.getMessage());
            }
        }
    }

    @Override
    public boolean isRunning() {
        return timer != null;
    }

    /** Beats from before the first chunk until after the last. */
    @Override
    public int getPhase() {
        return DEFAULT_PHASE - 300;
    }
}
