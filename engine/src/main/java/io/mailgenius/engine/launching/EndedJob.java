package io.mailgenius.engine.launching;

import io.mailgenius.engine.ledger.ChunkTally;
import io.mailgenius.schema.LaunchState;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.batch.core.job.parameters.JobParameters;

/**
 * The end of a run of a job.
 *
 * @param state COMPLETED, STOPPED or FAILED
 * @param error why it failed, as a message
 * @param tallies the chunk tally of a step from the ledger, by the name of the step
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
