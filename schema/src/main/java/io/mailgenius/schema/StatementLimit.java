package io.mailgenius.schema;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A statement timeout for the current thread. The timeout of the pool fits the lease, so that a
 * connection that has failed without an error is closed while the chunk is still claimed; work
 * whose statements take longer runs inside a {@code StatementLimit}.
 *
 * <p>Inside of one, {@link WorkspaceSource} first runs a short statement within the timeout of the
 * pool, so that a dead connection is detected before the longer timeout ends.
 */
public final class StatementLimit {

    private static final ScopedValue<Duration> LIMIT = ScopedValue.newInstance();

    private StatementLimit() {}

    public static <R, X extends Throwable> R call(
            Duration limit, ScopedValue.CallableOp<? extends R, X> work) throws X {
        return ScopedValue.where(LIMIT, limit).<R, X>call(work);
    }

    public static void run(Duration limit, Runnable work) {
        ScopedValue.where(LIMIT, limit).run(work);
    }

    /** Returns null if the timeout of the pool applies. */
    static @Nullable Duration current() {
        return LIMIT.isBound() ? LIMIT.get() : null;
    }

    /** Wraps a task so that it runs under the limit of the submitting thread, if there is one. */
    static Runnable carried(Runnable work) {
        Duration limit = current();
        return limit == null ? work : () -> run(limit, work);
    }
}
