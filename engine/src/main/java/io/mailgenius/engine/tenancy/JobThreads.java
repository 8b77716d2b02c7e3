package io.mailgenius.engine.tenancy;

import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Threads of jobs that start, enumerate or end, as opposed to those of requests and chunks. Their
 * transactions share a part of the connections, so however many jobs start at once, requests and
 * chunks find connections and cores.
 */
public final class JobThreads {

    private JobThreads() {}

    /**
     * Makes threads called {@code name-1}, {@code name-2} and so on. Platform threads because this
     * work is CPU-bound: virtual threads are not preempted, so requests would wait for it.
     */
    public static ThreadFactory named(String name) {
        AtomicLong number = new AtomicLong();
        return work -> new JobThread(work, name + "-" + number.incrementAndGet());
    }

    static boolean isCurrent() {
        return Thread.currentThread() instanceof JobThread;
    }

    private static final class JobThread extends Thread {

        JobThread(Runnable work, String name) {
            super(work, name);
            setDaemon(true);
        }
    }
}
