package io.mailgenius.engine.worker;

import io.mailgenius.engine.EngineSettings;
import io.mailgenius.engine.node.Role;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * Starts taking chunks when the node is up, and at the end lets those in hand finish, for as long
 * as a drain may take; what is not through by then is interrupted and goes back to the ledger.
 */
public final class Worker implements SmartLifecycle {

    private static final Logger LOG = LoggerFactory.getLogger(Worker.class);
    private static final Duration HAND_BACK = Duration.ofSeconds(5);

    private final Dispatcher dispatcher;
    private final ExecutorService threads;
    private final EngineSettings settings;
    private volatile boolean running;

    public Worker(Dispatcher dispatcher, ExecutorService threads, EngineSettings settings) {
        this.dispatcher = dispatcher;
        this.threads = threads;
        this.settings = settings;
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
        threads.shutdown();
        try {
            if (!threads.awaitTermination(settings.drain().toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.warn("Handing back what is not through after {}", settings.drain());
                threads.shutdownNow();
                threads.awaitTermination(HAND_BACK.toMillis(), TimeUnit.MILLISECONDS);
            }
        } catch (InterruptedException e) {
            threads.shutdownNow();
            Thread.currentThread().interrupt();
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

    /** Last to start, first to stop: everything that a chunk needs is there while it works. */
    @Override
    public int getPhase() {
        return DEFAULT_PHASE - 100;
    }
}
