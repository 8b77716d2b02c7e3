package io.mailgenius.bench.provider;

import java.time.Duration;

/** Admits batches one by one, at an interval that can change at any time. */
final class BatchPacer {

    private long distance;
    private long next = System.nanoTime();

    synchronized void every(Duration pause) {
        distance = pause.toNanos();
    }

    void await() throws InterruptedException {
        Thread.sleep(Duration.ofNanos(Math.max(0, turn() - System.nanoTime())));
    }

    private synchronized long turn() {
        long mine = Math.max(next, System.nanoTime());
        next = mine + distance;
        return mine;
    }
}
