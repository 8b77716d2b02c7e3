package io.mailgenius.console.pages;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.mailgenius.engine.failures.TransientFailure;
import io.mailgenius.schema.WorkspaceScope;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What pages have read of late, by workspace. Fifty people who look at the same job cause one query
 * a second, and while the database is slow or away a page shows what was last known and its age.
 */
public final class LastKnown implements AutoCloseable {

    /** How old something may be that a live page shows. */
    public static final Duration LIVE = Duration.ofMillis(900);

    /** How long a page waits that has something older to show. */
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    /** How long a page waits that has nothing else to show. */
    private static final Duration FIRST = Duration.ofSeconds(20);

    private static final int REMEMBERED = 1_000;
    private static final Duration FORGOTTEN = Duration.ofMinutes(15);

    private final Clock clock;
    private final ExecutorService readers = Executors.newVirtualThreadPerTaskExecutor();
    private final Cache<Key, Entry> entries =
            Caffeine.newBuilder().maximumSize(REMEMBERED).expireAfterAccess(FORGOTTEN).build();

    /** When somebody last changed something, by workspace. */
    private final Cache<Long, Instant> changes =
            Caffeine.newBuilder().expireAfterWrite(FORGOTTEN).build();

    public LastKnown(Clock clock) {
        this.clock = clock;
    }

    private record Key(long workspace, String what) {}

    private static final class Entry {
        private @Nullable Seen<?> seen;
        private @Nullable CompletableFuture<Seen<?>> reading;
        private Instant begun = Instant.MIN;
    }

    /**
     * Whoever has changed something sees it: what was asked before now is read again, and only
     * shown while the store is slow or away.
     */
    public void changed() {
        changes.put(workspace(), clock.instant());
    }

    private Instant lastChange() {
        Instant change = changes.getIfPresent(workspace());
        return change == null ? Instant.MIN : change;
    }

    private static long workspace() {
        return WorkspaceScope.current().orElse(0);
    }

    /**
     * @param what names the question with all its parameters
     * @param maxAge what is not older is not read again
     * @throws RuntimeException what the read threw, unless the store is away and an older answer is
     *     known
     */
    @SuppressWarnings("unchecked")
    public <T> Seen<T> read(String what, Duration maxAge, Supplier<T> read) {
        Entry entry = entries.get(new Key(workspace(), what), _ -> new Entry());
        Instant change = lastChange();
        Seen<T> known;
        CompletableFuture<Seen<?>> reading;
        synchronized (entry) {
            known = (Seen<T>) entry.seen;
            if (known != null
                    && known.at().isAfter(change)
                    && !known.at().plus(maxAge).isBefore(clock.instant())) {
                return known;
            }
            reading = entry.reading;
            if (reading == null || !entry.begun.isAfter(change)) {
                reading = begin(entry, read);
            }
        }
        return (Seen<T>) await(reading, known);
    }

    private CompletableFuture<Seen<?>> begin(Entry entry, Supplier<?> read) {
        Instant asked = clock.instant();
        CompletableFuture<Seen<?>> reading = new CompletableFuture<>();
        entry.reading = reading;
        entry.begun = asked;
        readers.execute(
                WorkspaceScope.carried(
                        () -> {
                            try {
                                Seen<?> seen = new Seen<>(read.get(), asked, false);
                                synchronized (entry) {
                                    if (entry.reading == reading) {
                                        entry.seen = seen;
                                        entry.reading = null;
                                    }
                                }
                                reading.complete(seen);
                            } catch (RuntimeException | Error thrown) {
                                synchronized (entry) {
                                    if (entry.reading == reading) {
                                        entry.reading = null;
                                    }
                                }
                                reading.completeExceptionally(thrown);
                            }
                        }));
        return reading;
    }

    private static Seen<?> await(CompletableFuture<Seen<?>> reading, @Nullable Seen<?> known) {
        try {
            return reading.get(
                    (known == null ? FIRST : PATIENCE).toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException slow) {
            if (known == null) {
                throw new StoreTooSlow(slow);
            }
            return known.asLate();
        } catch (ExecutionException failed) {
            Throwable cause = failed.getCause();
            if (known != null && TransientFailure.passing(cause).isPresent()) {
                return known.asLate();
            }
            throw cause instanceof RuntimeException thrown
                    ? thrown
                    : new IllegalStateException(cause);
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(ended);
        }
    }

    @Override
    public void close() {
        readers.shutdownNow();
    }
}
