package io.mailgenius.schema;

import org.jspecify.annotations.Nullable;

/**
 * Who makes the changes of the current thread. Transactions name the actor to PostgreSQL, whose
 * triggers record it in table {@code audit_entry}; changes outside of any scope are those of jobs,
 * and are not recorded there.
 */
public final class ActorScope {

    private static final ScopedValue<Actor> CURRENT = ScopedValue.newInstance();

    private ActorScope() {}

    /** What an actor is. */
    public enum Kind {
        KEY,
        CLIENT,
        PERSON,
        OPERATOR
    }

    /**
     * @param id of the API key, OAuth client or person
     * @param name for people to read
     * @param address from which the request came
     * @param requestId as it stands in the log and in the answer
     */
    public record Actor(
            Kind kind,
            @Nullable Long id,
            String name,
            @Nullable String address,
            @Nullable String requestId) {}

    public static <R, X extends Throwable> R call(
            Actor actor, ScopedValue.CallableOp<? extends R, X> work) throws X {
        return ScopedValue.where(CURRENT, actor).<R, X>call(work);
    }

    public static @Nullable Actor current() {
        return CURRENT.isBound() ? CURRENT.get() : null;
    }
}
