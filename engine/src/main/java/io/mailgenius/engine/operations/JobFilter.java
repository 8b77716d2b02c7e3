package io.mailgenius.engine.operations;

import io.mailgenius.schema.LaunchState;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which jobs are meant; what is null or empty does not filter.
 *
 * @param states any of these
 * @param job the name of the job
 * @param node the alias or id of the node that manages the job, or managed it last
 * @param from the first moment at which the latest run was requested
 * @param until the first moment that is not meant any more
 * @param atLeast the shortest duration from the first start to the end, or until now
 * @param atMost the longest such duration
 * @param text words that all begin a word of the key, the parameters or the error of the job; case
 *     is ignored. Jobs that the product launched by itself are found by their errors only
 * @param housekeeping whether to include jobs that the product launched by itself
 */
public record JobFilter(
        Set<LaunchState> states,
        @Nullable String job,
        @Nullable String node,
        @Nullable Instant from,
        @Nullable Instant until,
        @Nullable Duration atLeast,
        @Nullable Duration atMost,
        @Nullable String text,
        boolean housekeeping) {

    /** All jobs that people or programs asked for. */
    public static final JobFilter ALL =
            new JobFilter(Set.of(), null, null, null, null, null, null, null, false);

    public JobFilter {
        states = Set.copyOf(states);
    }

    /** As {@link #ALL}, in these states. */
    public static JobFilter in(LaunchState... states) {
        return new JobFilter(Set.of(states), null, null, null, null, null, null, null, false);
    }

    JobFilter withStates(Set<LaunchState> others) {
        return new JobFilter(others, job, node, from, until, atLeast, atMost, text, housekeeping);
    }
}
