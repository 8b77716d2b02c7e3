package io.mailgenius.engine.manager;

import io.mailgenius.engine.ledger.JobChunks;
import io.mailgenius.engine.ledger.Ledger;
import io.mailgenius.engine.ledger.Tally;
import io.mailgenius.schema.ChunkState;
import org.springframework.batch.core.scope.context.ChunkContext;
import org.springframework.batch.core.step.StepContribution;
import org.springframework.batch.core.step.StepExecution;
import org.springframework.batch.core.step.tasklet.Tasklet;
import org.springframework.batch.infrastructure.repeat.RepeatStatus;

/** Takes the counts of a partition from the ledger, when none of its chunks is unfinished. */
final class CollectChunks implements Tasklet {

    private final String step;
    private final int partition;
    private final Ledger ledger;

    CollectChunks(String step, int partition, Ledger ledger) {
        this.step = step;
        this.partition = partition;
        this.ledger = ledger;
    }

    @Override
    public RepeatStatus execute(StepContribution contribution, ChunkContext context) {
        StepExecution execution = context.getStepContext().getStepExecution();
        JobChunks chunks = ledger.of(Run.of(execution.getJobExecution()).jobInstanceId());
        Tally tally = chunks.tally(step, partition);
        for (long n = 0; n < tally.total(); n++) {
            contribution.incrementReadCount();
        }
        contribution.incrementWriteCount(tally.done());
        long aside = tally.in(ChunkState.FAILED);
        if (aside > 0) {
            throw new ChunksFailed(
                    "%d of %d chunks failed; the first: %s"
                            .formatted(aside, tally.total(), chunks.errors(step, partition, 1)));
        }
        return RepeatStatus.FINISHED;
    }

    /** Ends the step as failed; a restart makes the failed chunks ready again. */
    static final class ChunksFailed extends RuntimeException {
        ChunksFailed(String message) {
            super(message, null, false, false);
        }
    }
}
