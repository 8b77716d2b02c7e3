package io.mailgenius.engine.partitioning;

import io.mailgenius.engine.launching.EndedJob;
import io.mailgenius.engine.launching.JobEndHandler;
import io.mailgenius.engine.launching.LiveLaunches;
import io.mailgenius.engine.transport.JobQueues;
import io.mailgenius.schema.StatementLimit;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Function;
import org.springframework.batch.core.job.Job;
import org.springframework.batch.core.job.JobExecution;
import org.springframework.batch.core.job.builder.JobBuilder;
import org.springframework.batch.core.job.builder.SimpleJobBuilder;
import org.springframework.batch.core.job.parameters.JobParameters;
import org.springframework.batch.core.partition.PartitionStep;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.batch.core.step.Step;
import org.springframework.batch.core.step.StepExecution;
import org.springframework.batch.core.step.builder.ChunkOrientedStepBuilder;
import org.springframework.batch.infrastructure.item.ItemStreamReader;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.json.JsonMapper;

/**
 * Builds Spring Batch jobs from heavy steps. Each heavy step becomes two: the partitioned {@code
 * x.enumerate} writes the chunks of {@code x} into the ledger, and {@code x} takes their counts
 * when workers have processed them. Workers start while {@code x.enumerate} still runs. In between
 * the job is parked.
 */
public final class ChunkedJobs {

    /**
     * The number of batches per commit: workers get the first chunks early, and commits stay few.
     */
    private static final int BATCHES_PER_COMMIT = 1;

    /** The statement limit for computing partitions, which may count a table. */
    private static final Duration PARTITIONS_LIMIT = Duration.ofMinutes(2);

    private final JobRepository repository;
    private final PlatformTransactionManager transactions;
    private final ChunkWriters writers;
    private final AwaitSteps awaitSteps;
    private final LiveLaunches launches;
    private final JobEndHandler jobEndHandler;
    private final JobQueues queues;
    private final JsonMapper json;

    public ChunkedJobs(
            JobRepository repository,
            PlatformTransactionManager transactions,
            ChunkWriters writers,
            AwaitSteps awaitSteps,
            LiveLaunches launches,
            JobEndHandler jobEndHandler,
            JobQueues queues,
            JsonMapper json) {
        this.repository = repository;
        this.transactions = transactions;
        this.writers = writers;
        this.awaitSteps = awaitSteps;
        this.launches = launches;
        this.jobEndHandler = jobEndHandler;
        this.queues = queues;
        this.json = json;
    }

    public Builder job(String name) {
        return new Builder(name);
    }

    /** A builder of a job. */
    public final class Builder {

        private final String name;
        private final List<Step> own = new ArrayList<>();
        private final List<ChunkedStep<?>> steps = new ArrayList<>();
        private final List<Consumer<JobParameters>> beforeStart = new ArrayList<>();
        private final List<Consumer<JobParameters>> whenStarted = new ArrayList<>();
        private final List<Consumer<EndedJob>> whenEnded = new ArrayList<>();

        private Builder(String name) {
            this.name = name;
        }

        /** Before all steps that have chunks. */
        public Builder first(OwnStep step) {
            own.add(new OwnStepRun(step, repository, launches));
            return this;
        }

        public Builder step(ChunkedStep<?> step) {
            steps.add(step);
            return this;
        }

        /**
         * Registers a listener that runs in the scope of the job's workspace and outside of a
         * transaction, directly before the transaction that records the start. It may call external
         * systems. An exception prevents the start of the job.
         */
        public Builder beforeStart(Consumer<JobParameters> listener) {
            beforeStart.add(listener);
            return this;
        }

        /**
         * Registers a listener that runs in the scope of the job's workspace and in the transaction
         * that records the start.
         */
        public Builder whenStarted(Consumer<JobParameters> listener) {
            whenStarted.add(listener);
            return this;
        }

        /**
         * Registers a listener that runs in the scope of the job's workspace and in the transaction
         * that ends the launch, so that both happen once or not at all. If it throws, ending the
         * job is retried.
         */
        public Builder whenEnded(Consumer<EndedJob> listener) {
            whenEnded.add(listener);
            return this;
        }

        public Job build() {
            TransactionTemplate transaction = new TransactionTemplate(transactions);
            JobBuilder job =
                    new JobBuilder(name, repository)
                            .listener(
                                    new JobStart(
                                            launches,
                                            queues,
                                            transaction,
                                            beforeStart,
                                            whenStarted));
            jobEndHandler.register(name, whenEnded);
            List<Step> all = new ArrayList<>(own);
            for (ChunkedStep<?> step : steps) {
                all.add(enumerate(step, transaction));
                all.add(awaitSteps.of(step));
            }
            SimpleJobBuilder built = null;
            for (Step step : all) {
                built = built == null ? job.start(step) : built.next(step);
            }
            return Objects.requireNonNull(built, "A job needs a step").build();
        }
    }

    private <P> Step enumerate(ChunkedStep<P> step, TransactionTemplate transaction) {
        String name = step.name() + ".enumerate";
        Function<JobExecution, List<?>> descriptions =
                job ->
                        StatementLimit.call(
                                PARTITIONS_LIMIT,
                                () ->
                                        Objects.requireNonNull(
                                                transaction.execute(
                                                        status ->
                                                                step.partitions(
                                                                        job.getJobParameters()))));
        return partitioned(
                PartitionSplitter.described(repository, name, descriptions, json),
                partition -> enumerateOne(name, step, partition));
    }

    private <P> Step enumerateOne(String name, ChunkedStep<P> step, StepExecution execution) {
        Partition partition = PartitionSplitter.partition(execution, json);
        ItemStreamReader<P> chunks =
                step.chunks(execution.getJobExecution().getJobParameters(), partition);
        return new ChunkOrientedStepBuilder<List<P>, List<P>>(name, repository, BATCHES_PER_COMMIT)
                .reader(new ChunkBatches<>(chunks))
                .writer(writers.of(execution, step, partition))
                .transactionManager(transactions)
                .interruptionPolicy(new StopSignal(launches))
                .build();
    }

    private Step partitioned(PartitionSplitter splitter, Function<StepExecution, Step> steps) {
        PartitionStep step = new PartitionStep(repository);
        step.setName(splitter.getStepName());
        step.setStepExecutionSplitter(splitter);
        step.setPartitionHandler(new StepPerPartition(steps));
        return step;
    }
}
