package io.mailgenius.engine.partitioning;

import io.mailgenius.engine.launching.EndedJob;
import io.mailgenius.engine.launching.JobEndHandler;
import io.mailgenius.engine.launching.LiveLaunches;
import io.mailgenius.engine.ledger.Ledger;
import io.mailgenius.engine.transport.CompletionNotifier;
import io.mailgenius.engine.transport.JobQueues;
import io.mailgenius.schema.StatementLimit;
import java.time.Clock;
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
 * Builds Spring Batch jobs of heavy steps. Each becomes two: the partitioned {@code x.enumerate}
 * writes the chunks of {@code x} into the ledger, and {@code x} takes their counts when the
 * workers, who begin while it still enumerates, have worked them off. In between the job is parked.
 */
public final class ChunkedJobs {

    /** So many chunks are written at a time: workers get the first soon, and commits stay few. */
    private static final int BATCHES_A_COMMIT = 1;

    /** Where a table is cut may take counting it. */
    private static final Duration PARTITIONS_LIMIT = Duration.ofMinutes(2);

    private final JobRepository repository;
    private final PlatformTransactionManager transactions;
    private final Ledger ledger;
    private final Ledger control;
    private final LiveLaunches launches;
    private final JobEndHandler jobEndHandler;
    private final JobQueues queues;
    private final CompletionNotifier notifier;
    private final JsonMapper json;
    private final Clock clock;

    /**
     * @param ledger over the main pool's connections, in whose transactions chunks are written
     * @param control the same over the control plane's connections
     */
    public ChunkedJobs(
            JobRepository repository,
            PlatformTransactionManager transactions,
            Ledger ledger,
            Ledger control,
            LiveLaunches launches,
            JobEndHandler jobEndHandler,
            JobQueues queues,
            CompletionNotifier notifier,
            JsonMapper json,
            Clock clock) {
        this.repository = repository;
        this.transactions = transactions;
        this.ledger = ledger;
        this.control = control;
        this.launches = launches;
        this.jobEndHandler = jobEndHandler;
        this.queues = queues;
        this.notifier = notifier;
        this.json = json;
        this.clock = clock;
    }

    public Builder job(String name) {
        return new Builder(name);
    }

    /** A job in the making. */
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
         * In the job's workspace and in no transaction, right before the one that makes the start
         * known: for what asks the world outside. Throwing keeps the job from starting.
         */
        public Builder beforeStart(Consumer<JobParameters> listener) {
            beforeStart.add(listener);
            return this;
        }

        /** In the job's workspace and in the transaction that makes the start known. */
        public Builder whenStarted(Consumer<JobParameters> listener) {
            whenStarted.add(listener);
            return this;
        }

        /**
         * In the job's workspace and in the transaction that ends the launch: both happen, once per
         * end, or neither. When it throws, the job goes on until it can be ended.
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
                all.add(await(step));
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
        return new ChunkOrientedStepBuilder<List<P>, List<P>>(name, repository, BATCHES_A_COMMIT)
                .reader(new ChunkBatches<>(chunks))
                .writer(
                        new ChunkWriter<>(
                                LaunchRun.of(execution.getJobExecution()),
                                step,
                                partition.number(),
                                ledger,
                                launches,
                                queues,
                                json,
                                clock))
                .transactionManager(transactions)
                .interruptionPolicy(new StopSignal(launches))
                .build();
    }

    private Step await(ChunkedStep<?> step) {
        return new AwaitStep(step.name(), repository, control, launches, notifier);
    }

    private Step partitioned(PartitionSplitter splitter, Function<StepExecution, Step> steps) {
        PartitionStep step = new PartitionStep(repository);
        step.setName(splitter.getStepName());
        step.setStepExecutionSplitter(splitter);
        step.setPartitionHandler(new StepPerPartition(steps));
        return step;
    }
}
