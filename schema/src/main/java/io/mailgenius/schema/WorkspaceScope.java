package io.mailgenius.schema;

import java.util.OptionalLong;

/**
 * The workspace of the current thread. A connection that is opened inside the scope sees the rows
 * of this workspace only; outside of any scope row-level security shows no rows at all. The engine
 * says explicitly where it works {@linkplain #callAcrossWorkspaces across workspaces}.
 */
public final class WorkspaceScope {

    private static final ScopedValue<Long> CURRENT = ScopedValue.newInstance();
    private static final ScopedValue<Boolean> UNHURRIED = ScopedValue.newInstance();
    private static final ScopedValue<Boolean> ACROSS = ScopedValue.newInstance();

    private WorkspaceScope() {}

    public static void run(long workspaceId, Runnable work) {
        of(workspaceId).run(work);
    }

    public static <R, X extends Throwable> R call(
            long workspaceId, ScopedValue.CallableOp<? extends R, X> work) throws X {
        return of(workspaceId).<R, X>call(work);
    }

    private static ScopedValue.Carrier of(long workspaceId) {
        return ScopedValue.where(CURRENT, workspaceId).where(ACROSS, false);
    }

    /**
     * For the engine's own work: connections that are opened inside see the launches and chunks of
     * all workspaces, and no customer rows but those of the current workspace. A workspace scope
     * inside of this one ends it.
     */
    public static <R, X extends Throwable> R callAcrossWorkspaces(
            ScopedValue.CallableOp<? extends R, X> work) throws X {
        return ScopedValue.where(ACROSS, true).<R, X>call(work);
    }

    /** As {@link #callAcrossWorkspaces}, without a result. */
    public static void runAcrossWorkspaces(Runnable work) {
        ScopedValue.where(ACROSS, true).run(work);
    }

    /** Whether launches and chunks of all workspaces are seen. */
    static boolean isAcrossWorkspaces() {
        return ACROSS.orElse(false);
    }

    /**
     * As {@link #call}, for work whose commits need not wait for the WAL flush. A crash of
     * PostgreSQL loses the latest commits only, and the work is then repeated. A later commit that
     * waits makes all earlier ones durable.
     */
    public static <R, X extends Throwable> R callWithoutWaitingForTheDisk(
            long workspaceId, ScopedValue.CallableOp<? extends R, X> work) throws X {
        return of(workspaceId).where(UNHURRIED, true).<R, X>call(work);
    }

    /**
     * Work inside of {@link #callWithoutWaitingForTheDisk} whose commits do wait, because a file
     * outside of the database depends on them.
     */
    public static <R, X extends Throwable> R callWaitingForTheDisk(
            ScopedValue.CallableOp<? extends R, X> work) throws X {
        return ScopedValue.where(UNHURRIED, false).<R, X>call(work);
    }

    /** Whether commits wait for the WAL flush. */
    public static boolean waitsForTheDisk() {
        return !UNHURRIED.orElse(false);
    }

    public static OptionalLong current() {
        return CURRENT.isBound() ? OptionalLong.of(CURRENT.get()) : OptionalLong.empty();
    }

    /**
     * @throws IllegalStateException outside of any scope, which is a defect of the caller
     */
    public static long required() {
        return current()
                .orElseThrow(
                        () ->
                                new IllegalStateException(
                                        "No workspace is set: call inside WorkspaceScope.run"));
    }

    /**
     * Wraps a task so that it runs with the workspace, the commit mode and the {@link
     * StatementLimit} of the submitting thread.
     */
    public static Runnable carried(Runnable work) {
        Runnable limited = StatementLimit.carried(work);
        return CURRENT.isBound() ? carried(CURRENT.get(), limited) : limited;
    }

    private static Runnable carried(long workspaceId, Runnable work) {
        if (waitsForTheDisk()) {
            return () -> run(workspaceId, work);
        }
        return () -> of(workspaceId).where(UNHURRIED, true).run(work);
    }
}
