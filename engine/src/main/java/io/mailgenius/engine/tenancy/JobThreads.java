package io.mailgenius.engine.tenancy;

import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Threads of jobs, as opposed to those of requests and chunks. Their transactions share a part of
 * the connections, so however many jobs start at once, requests and chunks find connections and
 * cores. Steps that enumerate have a part of their own, because their transactions are long and
 * those of a job's start are many.
 */
public final class JobThreads {

    /** What a thread of a job does. */
    enum Kind {
        LAUNCH,
        ENUMERATION
    }

    private JobThreads() {}

    /** Makes threads that start and end jobs. */
    public static ThreadFactory launching(String name) {
        return factory(Kind.LAUNCH, name);
    }

    /** Makes threads that enumerate the chunks of a partition. */
    public static ThreadFactory enumerating(String name) {
        return factory(Kind.ENUMERATION, name);
    }

    /**
     * Platform threads because this work is CPU-bound: virtual threads are not preempted, so
     * requests would wait for it.
     */
    private static ThreadFactory factory(Kind kind, String name) {
        AtomicLong number = new AtomicLong();
        return work -> new JobThread(kind, work, name + "-" + number.incrementAndGet());
    }

    /** Null if the current thread is not one of a job. */
    static @Nullable Kind current() {
        return Thread.currentThread() instanceof JobThread thread ? thread.kind : null;
    }

    private static final class JobThread extends Thread {

        private final Kind kind;

        JobThread(Kind kind, Runnable work, String name) {
            super(work, name);
            this.kind = kind;
            setDaemon(true);
        }
    }
}
