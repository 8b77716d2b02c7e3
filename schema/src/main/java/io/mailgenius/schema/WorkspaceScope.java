package io.mailgenius.schema;

import java.util.OptionalLong;

/**
 * The workspace that the current thread works for. Every connection that is got inside the scope
 * sees this workspace's rows and no others; outside of any scope row-level security shows nothing
 * but the engine's own tables.
 */
public final class WorkspaceScope {

    private static final ScopedValue<Long> CURRENT = ScopedValue.newInstance();
    private static final ScopedValue<Boolean> UNHURRIED = ScopedValue.newInstance();

    private WorkspaceScope() {}

    public static void run(long workspaceId, Runnable work) {
        ScopedValue.where(CURRENT, workspaceId).run(work);
    }

    public static <R, X extends Throwable> R call(
            long workspaceId, ScopedValue.CallableOp<? extends R, X> work) throws X {
        return ScopedValue.where(CURRENT, workspaceId).<R, X>call(work);
    }

    /**
     * As {@link #call}, for work whose commits need not wait for the disk: what PostgreSQL loses in
     * a crash it loses from the end, and whoever goes on does the lost part again. A commit that
     * does wait makes all that were before it durable.
     */
    public static <R, X extends Throwable> R callWithoutWaitingForTheDisk(
            long workspaceId, ScopedValue.CallableOp<? extends R, X> work) throws X {
        return ScopedValue.where(CURRENT, workspaceId).where(UNHURRIED, true).<R, X>call(work);
    }

    /**
     * Work inside of {@link #callWithoutWaitingForTheDisk} whose commits do wait, because a file
     * outside of the database depends on them.
     */
    public static <R, X extends Throwable> R callWaitingForTheDisk(
            ScopedValue.CallableOp<? extends R, X> work) throws X {
        return ScopedValue.where(UNHURRIED, false).<R, X>call(work);
    }

    /** Whether commits wait until they are durable. */
    public static boolean waitsForTheDisk() {
        return !UNHURRIED.orElse(false);
    }

    public static OptionalLong current() {
        return CURRENT.isBound() ? OptionalLong.of(CURRENT.get()) : OptionalLong.empty();
    }

    /**
     * @throws IllegalStateException outside of any scope: the caller forgot whose data it works on
     */
    public static long required() {
        return current()
                .orElseThrow(
                        () ->
                                new IllegalStateException(
                                        "No workspace is set: call inside WorkspaceScope.run"));
    }

    /**
     * Carries what the submitting thread works under into another thread: its workspace, whether
     * commits wait for the disk, and its {@link StatementLimit}.
     */
    public static Runnable carried(Runnable work) {
        Runnable limited = StatementLimit.carried(work);
        return CURRENT.isBound() ? carried(CURRENT.get(), limited) : limited;
    }

    private static Runnable carried(long workspaceId, Runnable work) {
        if (waitsForTheDisk()) {
            return () -> run(workspaceId, work);
        }
        return () -> ScopedValue.where(CURRENT, workspaceId).where(UNHURRIED, true).run(work);
    }
}
