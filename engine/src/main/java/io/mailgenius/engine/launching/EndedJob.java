package io.mailgenius.engine.launching;

import io.mailgenius.engine.ledger.ChunkTally;
import io.mailgenius.schema.LaunchState;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.batch.core.job.parameters.JobParameters;

/**
 * A job has come to its end, for now or for good.
 *
 * @param state COMPLETED, STOPPED or FAILED
 * @param error why it failed, in words
 * @param tallies the figures of a step, from the ledger, by the step's name
 */
public record EndedJob(
        JobParameters parameters,
        LaunchState state,
        @Nullable String error,
        Function<String, ChunkTally> tallies) {

    public ChunkTally tally(String step) {
        return tallies.apply(step);
    }
}
