package io.mailgenius.schema;

import java.util.OptionalLong;

/**
 * The workspace that the current thread works for. Every connection that is got inside the scope
 * sees this workspace's rows and no others; outside of any scope row-level security shows nothing
 * but the engine's own tables.
 */
public final class WorkspaceScope {

    private static final ScopedValue<Long> CURRENT = ScopedValue.newInstance();

    private WorkspaceScope() {}

    public static void run(long workspaceId, Runnable work) {
        ScopedValue.where(CURRENT, workspaceId).run(work);
    }

    public static <R, X extends Throwable> R call(
            long workspaceId, ScopedValue.CallableOp<? extends R, X> work) throws X {
        return ScopedValue.where(CURRENT, workspaceId).<R, X>call(work);
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

    /** Carries the scope of the submitting thread, if there is one, into another thread. */
    public static Runnable carried(Runnable work) {
        return CURRENT.isBound() ? carried(CURRENT.get(), work) : work;
    }

    private static Runnable carried(long workspaceId, Runnable work) {
        return () -> run(workspaceId, work);
    }
}
