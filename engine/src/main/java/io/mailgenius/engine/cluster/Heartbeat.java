package io.mailgenius.engine.cluster;

import io.mailgenius.engine.database.ClockOffset;
import io.mailgenius.engine.ledger.Ledger;
import io.mailgenius.engine.settings.EngineSettings;
import io.mailgenius.engine.settings.Role;
import io.mailgenius.schema.NodeIntake;
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
 * Updates the heartbeat of this node and renews the leases of its chunks, three times per lease. A
 * node that was marked dead registers again and stops work on chunks that other nodes have claimed.
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
    private volatile NodeOrder order = NodeOrder.TAKE;
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
        obey(nodes.register(node, settings.roles(), slots(), clock.instant()));
        LOG.info(
                "Node {} is registered with roles {} and {} slots",
                node,
                settings.roles(),
                slots());
        round = monitor.watch("heartbeat", settings.lease().multipliedBy(2), this::restart);
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
                        Thread.ofPlatform().name("heartbeat").daemon().factory());
        long pause = settings.lease().toMillis() / 3;
        scheduler.scheduleWithFixedDelay(this::beatSafely, pause, pause, TimeUnit.MILLISECONDS);
        timer = scheduler;
    }

    private int slots() {
        return settings.has(Role.WORKER) ? settings.slots() : 0;
    }

    private void beatSafely() {
        try {
            beat();
        } catch (RuntimeException e) {
            LOG.warn("The heartbeat failed: {}", e.getMessage());
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
        NodeIntake reported = order.intake(inHand.size());
        Nodes.Wanted wanted =
                nodes.beat(node, inHand.size(), reported, clock.instant())
                        .orElseGet(this::registerAgain);
        if (settings.has(Role.WORKER)) {
            List<Long> held = ledger.renew(inHand, node.value(), clock.instant(), settings.lease());
            chunks.keepOnly(held, inHand);
        }
        obey(wanted);
        NodeIntake now = order.intake(inHand.size());
        if (now != reported) {
            nodes.intake(node, now);
        }
    }

    private Nodes.Wanted registerAgain() {
        LOG.warn(
                "Node {} sent no heartbeat for longer than a lease and was marked dead; it registers again",
                node);
        return nodes.register(node, settings.roles(), slots(), clock.instant());
    }

    /** Last in a heartbeat, because leases must not wait for it. */
    private void obey(Nodes.Wanted wanted) {
        if (wanted.order() != order) {
            LOG.info("Node {} was ordered to {}", node, wanted.order());
            order = wanted.order();
        }
        chunks.takeChunks(order == NodeOrder.TAKE);
        if (wanted.dump()) {
            nodes.answerDumps(node, ThreadTexts.all(), clock.instant());
        }
    }

    @Override
    public void stop() {
        ScheduledExecutorService scheduler = timer;
        if (scheduler != null) {
            scheduler.shutdownNow();
            timer = null;
            monitor.unwatch("heartbeat");
            try {
                nodes.state(node, NodeState.GONE);
            } catch (RuntimeException e) {
                LOG.warn("The state of node {} could not be set to GONE: {}", node, e.getMessage());
            }
        }
    }

    @Override
    public boolean isRunning() {
        return timer != null;
    }

    /** Starts before the first chunk is claimed and stops after the last one has finished. */
    @Override
    public int getPhase() {
        return DEFAULT_PHASE - 300;
    }
}
