package io.mailgenius.bench.chaos;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Ends faults when their time is over, and executes long faults in other threads. */
final class Later implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final ScheduledExecutorService threads =
            Executors.newScheduledThreadPool(8, Thread.ofPlatform().name("later-", 1).factory());
    private final List<String> complaints = new CopyOnWriteArrayList<>();

    interface Step {
        void go() throws Exception;
    }

    void after(Duration pause, Step step) {
        threads.schedule(
                () -> {
                    try {
                        step.go();
                    } catch (Exception e) {
                        complaints.add("The director failed: " + e);
                    }
                },
                pause.toMillis(),
                TimeUnit.MILLISECONDS);
    }

    void complain(List<String> more) {
        complaints.addAll(more);
    }

    List<String> complaints() {
        return complaints;
    }

    /** Continues all stopped nodes and restores all stores before it returns. */
    @Override
    public void close() throws InterruptedException {
        threads.shutdown();
        if (!threads.awaitTermination(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
            threads.shutdownNow();
        }
    }
}
