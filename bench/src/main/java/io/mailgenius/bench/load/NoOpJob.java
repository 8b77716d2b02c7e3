package io.mailgenius.bench.load;

import io.mailgenius.engine.ledger.ChunkCounts;
import io.mailgenius.engine.partitioning.ChunkedJobs;
import io.mailgenius.engine.partitioning.ChunkedStep;
import io.mailgenius.engine.partitioning.Partition;
import io.mailgenius.engine.worker.Assignment;
import io.mailgenius.engine.worker.ChunkDone;
import io.mailgenius.engine.worker.ChunkWork;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.springframework.batch.core.job.Job;
import org.springframework.batch.core.job.parameters.JobParameters;
import org.springframework.batch.infrastructure.item.ExecutionContext;
import org.springframework.batch.infrastructure.item.ItemStreamReader;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;

/**
 * A job whose chunks do nothing, or wait like for a response, so that only the engine is measured.
 */
// No @Configuration, because the component scan of a node must not find it.
@EnableAutoConfiguration
@Import(io.mailgenius.engine.EngineConfiguration.class)
class NoOpJob {

    static final String JOB = "bench.noops";
    static final String STEP = "bench.noop";

    /**
     * @param millis how long the chunk waits, like for a provider's response
     * @param transaction whether it has a transaction, like for an effect of its own
     */
    record NoOp(int number, long millis, boolean transaction) {}

    @Bean
    Job noOps(ChunkedJobs jobs, ChunkedStep<NoOp> numbers) {
        return jobs.job(JOB).step(numbers).build();
    }

    /** Parameters: {@code chunks}, {@code millis} and {@code transaction}. */
    @Bean
    ChunkedStep<NoOp> noOpNumbers() {
        return new ChunkedStep<>() {
            @Override
            public String name() {
                return STEP;
            }

            @Override
            public List<?> partitions(JobParameters parameters) {
                return List.of("all");
            }

            @Override
            public ItemStreamReader<NoOp> chunks(JobParameters parameters, Partition partition) {
                return new Numbers(
                        number(parameters, "chunks"),
                        number(parameters, "millis"),
                        Boolean.parseBoolean(parameters.getString("transaction")));
            }
        };
    }

    private static int number(JobParameters parameters, String name) {
        return Integer.parseInt(Objects.requireNonNull(parameters.getString(name)));
    }

    private static final class Numbers implements ItemStreamReader<NoOp> {

        private static final String NEXT = "next";

        private final int chunks;
        private final long millis;
        private final boolean transaction;
        private int next;

        Numbers(int chunks, long millis, boolean transaction) {
            this.chunks = chunks;
            this.millis = millis;
            this.transaction = transaction;
        }

        @Override
        public void open(ExecutionContext context) {
            next = context.getInt(NEXT, 0);
        }

        @Override
        public @Nullable NoOp read() {
            return next < chunks ? new NoOp(next++, millis, transaction) : null;
        }

        @Override
        public void update(ExecutionContext context) {
            context.putInt(NEXT, next);
        }
    }

    @Bean
    ChunkWork noOpWork() {
        return new ChunkWork() {
            @Override
            public String step() {
                return STEP;
            }

            @Override
            public ChunkDone work(Assignment chunk) throws InterruptedException {
                NoOp noOp = chunk.payload(NoOp.class);
                TimeUnit.MILLISECONDS.sleep(noOp.millis());
                return noOp.transaction()
                        ? chunk.complete(() -> ChunkCounts.NONE)
                        : chunk.complete(ChunkCounts.NONE);
            }
        };
    }
}
