package io.mailgenius.bench.chaos;

import io.mailgenius.bench.load.Latencies;
import java.io.IOException;
import java.net.URI;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongFunction;

/**
 * Sends API requests at a fixed rate. The latency counts from when a request was due; a request
 * without a response counts with its timeout.
 */
final class ApiProbe implements AutoCloseable {

    private static final long SECOND = 1_000_000_000L;

    /** A path and the key to use. */
    record Question(String key, String path) {}

    private final URI node;
    private final long perSecond;
    private final LongFunction<Question> questions;
    private final Queue<TenantApi> idle = new ConcurrentLinkedQueue<>();
    private final Queue<Long> nanos = new ConcurrentLinkedQueue<>();
    private final AtomicLong errors = new AtomicLong();
    private final ExecutorService asking = Executors.newVirtualThreadPerTaskExecutor();
    private final Thread clock =
            Thread.ofPlatform().daemon().name("api-probe").unstarted(this::run);
    private volatile long begin;
    private volatile boolean ended;

    /**
     * @param questions the request for each number from 0
     */
    ApiProbe(URI node, long perSecond, LongFunction<Question> questions) {
        this.node = node;
        this.perSecond = perSecond;
        this.questions = questions;
    }

    ApiProbe start() {
        begin = System.nanoTime();
        clock.start();
        return this;
    }

    private void run() {
        for (long number = 0; !ended; number++) {
            long due = begin + number * SECOND / perSecond;
            for (long wait = due - System.nanoTime(); wait > 0; wait = due - System.nanoTime()) {
                LockSupport.parkNanos(wait);
            }
            Question question = questions.apply(number);
            asking.execute(() -> ask(question, due));
        }
    }

    private void ask(Question question, long due) {
        TenantApi kept = idle.poll();
        TenantApi api = kept == null ? new TenantApi(node) : kept;
        try {
            if (api.get(question.key(), question.path()).status() != 200) {
                errors.incrementAndGet();
            }
        } catch (IOException noAnswer) {
            errors.incrementAndGet();
        }
        nanos.add(System.nanoTime() - due);
        idle.add(api);
    }

    /** Stops sending, and waits for outstanding responses. */
    @Override
    public void close() throws InterruptedException {
        ended = true;
        clock.join();
        asking.close();
        idle.forEach(TenantApi::close);
    }

    private Latencies latencies() {
        return Latencies.of(
                nanos.stream().mapToLong(Long::longValue).toArray(),
                (System.nanoTime() - begin) / 1e9);
    }

    /** Must be called after {@link #close}. */
    void tell(Map<String, Object> figures) {
        Latencies all = latencies();
        figures.put("apiRequests", all.sorted().length);
        figures.put("apiErrors", errors.get());
        figures.put("apiP50Millis", all.percentile(50));
        figures.put("apiP95Millis", all.percentile(95));
        figures.put("apiP99Millis", all.percentile(99));
    }
}
