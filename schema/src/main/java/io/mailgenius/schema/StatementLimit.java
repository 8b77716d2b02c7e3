package io.mailgenius.schema;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How long an answer of PostgreSQL is waited for. The pool's own limit fits the lease, so that a
 * connection that died without a word is given up while the chunk is still this node's; work whose
 * single statements rightly take longer runs inside a limit of its own.
 *
 * <p>Inside of one, {@link WorkspaceSource} lets a connection answer a short question first, within
 * the pool's limit: one that is dead already is found out then, and not at the end of the longer
 * limit.
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

    /** Null where the pool's own holds. */
    static @Nullable Duration current() {
        return LIMIT.isBound() ? LIMIT.get() : null;
    }

    /** Carries the limit of the submitting thread, if there is one, into another thread. */
    static Runnable carried(Runnable work) {
        Duration limit = current();
        return limit == null ? work : () -> run(limit, work);
    }
}
