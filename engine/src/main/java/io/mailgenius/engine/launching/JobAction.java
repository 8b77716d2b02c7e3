package io.mailgenius.engine.launching;

import io.mailgenius.schema.LaunchAction;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Something that somebody did with a job.
 *
 * @param actorKind KEY, PERSON or OPERATOR; null if the product did it by itself
 * @param actor the name of the person or key
 * @param reason as the actor gave it
 * @param detail what exactly: a priority, a cause, or the number of chunks
 */
public record JobAction(
        long id,
        Instant at,
        @Nullable String actorKind,
        @Nullable String actor,
        LaunchAction action,
        @Nullable String reason,
        @Nullable String detail) {}
