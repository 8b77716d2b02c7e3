package io.mailgenius.engine.worker;

import io.mailgenius.engine.cluster.NodeId;
import io.mailgenius.engine.cluster.Nodes;
import io.mailgenius.engine.settings.EngineSettings;
import io.mailgenius.engine.settings.Role;
import io.mailgenius.schema.NodeState;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.dao.DataAccessException;

/**
 * Starts claiming chunks when the node has started. At shutdown it lets claimed chunks finish
 * within the drain period; chunks that have not finished by then are interrupted and returned to
 * the ledger.
 */
public final class WorkerLifecycle implements SmartLifecycle {

    private static final Logger LOG = LoggerFactory.getLogger(WorkerLifecycle.class);
    private static final Duration HAND_BACK_TIMEOUT = Duration.ofSeconds(5);

    private final Dispatcher dispatcher;
    private final ExecutorService threads;
    private final EngineSettings settings;
    private final Nodes nodes;
    private final NodeId node;
    private volatile boolean running;

    public WorkerLifecycle(
            Dispatcher dispatcher,
            ExecutorService threads,
            EngineSettings settings,
            Nodes nodes,
            NodeId node) {
        this.dispatcher = dispatcher;
        this.threads = threads;
        this.settings = settings;
        this.nodes = nodes;
        this.node = node;
    }

    @Override
    public void start() {
        dispatcher.start();
        running = true;
    }

    @Override
    public void stop() {
        running = false;
        dispatcher.stop();
        draining();
        threads.shutdown();
        try {
            if (!threads.awaitTermination(settings.drain().toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.warn("Returning the chunks that have not finished after {}", settings.drain());
                threads.shutdownNow();
                threads.awaitTermination(HAND_BACK_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
            }
        } catch (InterruptedException e) {
            threads.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }

    private void draining() {
        try {
            nodes.state(node, NodeState.DRAINING);
        } catch (DataAccessException e) {
            LOG.warn("The state of node {} could not be set to DRAINING: {}", node, e.getMessage());
        }
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    @Override
    public boolean isAutoStartup() {
        return settings.has(Role.WORKER);
    }

    /**
     * Stops before the beans that a chunk needs, and after the manager, whose jobs continue on
     * other nodes while the chunks drain.
     */
    @Override
    public int getPhase() {
        return DEFAULT_PHASE - 100;
    }
}
