package io.mailgenius.bench.chaos;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;

/**
 * Records when this process was stalled by its garbage collector or for lack of CPU: requests of
 * that time are observed late and all at once.
 */
final class Stalls implements AutoCloseable {

    private static final long TICK = 1_000_000;

    /** Shorter delays are normal for sleeping. */
    private static final long STALL = 5 * TICK;

    private final Queue<Stall> stalls = new ConcurrentLinkedQueue<>();
    private final Thread watch = Thread.ofPlatform().daemon().name("stalls").start(this::run);

    private record Stall(long from, long to) {}

    private void run() {
        long before = System.nanoTime();
        while (!Thread.currentThread().isInterrupted()) {
            LockSupport.parkNanos(TICK);
            long now = System.nanoTime();
            if (now - before > STALL) {
                stalls.add(new Stall(before, now));
            }
            before = now;
        }
    }

    /** The longest stall that overlaps this time, in nanoseconds; 0 if there is none. */
    long longest(long from, long to) {
        return stalls.stream()
                .filter(it -> it.to() - from >= 0 && to - it.from() >= 0)
                .mapToLong(it -> it.to() - it.from())
                .max()
                .orElse(0);
    }

    @Override
    public void close() {
        watch.interrupt();
    }
}
