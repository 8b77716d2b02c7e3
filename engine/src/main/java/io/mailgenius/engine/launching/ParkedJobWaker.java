package io.mailgenius.engine.launching;

import io.mailgenius.engine.cluster.RoundMonitor;
import io.mailgenius.engine.settings.EngineSettings;
import io.mailgenius.engine.settings.Role;
import io.mailgenius.engine.transport.CompletionNotifier;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.TransactionException;

/**
 * The thread of a manager that waits for chunks on behalf of all parked jobs. One statement checks
 * all jobs that were notified since the last check.
 */
final class ParkedJobWaker implements SmartLifecycle {

    private static final Logger LOG = LoggerFactory.getLogger(ParkedJobWaker.class);
    private static final Duration ROUND = Duration.ofSeconds(1);

    /**
     * The interval between checks, so that notifications in quick succession cost one statement.
     */
    private static final Duration CHECK_INTERVAL = Duration.ofMillis(20);

    private final CompletionNotifier notifier;
    private final ParkedLaunches parked;
    private final DueSignal due;
    private final EngineSettings settings;
    private final RoundMonitor monitor;
    private volatile RoundMonitor.@Nullable Round round;
    private volatile @Nullable Thread thread;

    ParkedJobWaker(
            CompletionNotifier notifier,
            ParkedLaunches parked,
            DueSignal due,
            EngineSettings settings,
            RoundMonitor monitor) {
        this.notifier = notifier;
        this.parked = parked;
        this.due = due;
        this.settings = settings;
        this.monitor = monitor;
    }

    @Override
    public void start() {
        round =
                monitor.watch(
                        "parked-jobs",
                        settings.lease().multipliedBy(3),
                        () -> {
                            interrupt();
                            begin();
                        });
        begin();
    }

    private void begin() {
        Thread waking = Thread.ofPlatform().name("parked-jobs").daemon().unstarted(this::wake);
        thread = waking;
        waking.start();
    }

    private void wake() {
        while (thread == Thread.currentThread()) {
            try {
                Set<Long> jobs = notifier.awaitAny(ROUND);
                if (parked.wake(jobs) > 0) {
                    due.send();
                }
                TimeUnit.NANOSECONDS.sleep(CHECK_INTERVAL.toNanos());
            } catch (InterruptedException e) {
                return;
            } catch (DataAccessException | TransactionException e) {
                LOG.debug("Parked jobs were not woken; the sweeper will wake them", e);
            }
            // At the end, so that a restarted loop that hangs again does not look alive.
            RoundMonitor.Round watched = round;
            if (watched != null) {
                watched.completed();
            }
        }
    }

    @Override
    public void stop() {
        monitor.unwatch("parked-jobs");
        interrupt();
        thread = null;
    }

    private void interrupt() {
        Thread waking = thread;
        if (waking != null) {
            waking.interrupt();
        }
    }

    @Override
    public boolean isRunning() {
        return thread != null;
    }

    @Override
    public boolean isAutoStartup() {
        return settings.has(Role.MANAGER);
    }

    @Override
    public int getPhase() {
        return DEFAULT_PHASE - 60;
    }
}
