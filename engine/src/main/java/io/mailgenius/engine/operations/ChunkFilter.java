package io.mailgenius.engine.operations;

import io.mailgenius.schema.ChunkState;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which chunks of a job are meant; what is null or empty does not filter.
 *
 * @param cause of {@link FailureCause}
 * @param attempts at least so many attempts
 */
public record ChunkFilter(
        Set<ChunkState> states,
        @Nullable String step,
        @Nullable Integer partition,
        @Nullable String cause,
        @Nullable Integer attempts) {

    public static final ChunkFilter ALL = new ChunkFilter(Set.of(), null, null, null, null);

    public ChunkFilter {
        states = Set.copyOf(states);
    }
}
