package io.mailgenius.engine.partitioning;

import io.mailgenius.engine.observation.LogContext;
import io.mailgenius.engine.tenancy.JobThreads;
import io.mailgenius.schema.WorkspaceScope;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import org.springframework.batch.core.job.JobInterruptedException;
import org.springframework.batch.core.partition.PartitionHandler;
import org.springframework.batch.core.partition.StepExecutionSplitter;
import org.springframework.batch.core.step.Step;
import org.springframework.batch.core.step.StepExecution;

/**
 * Runs each partition's step execution with its own step object, so that readers and writers need
 * no scope, and on its own thread.
 */
final class StepPerPartition implements PartitionHandler {

    private final Function<StepExecution, Step> steps;

    StepPerPartition(Function<StepExecution, Step> steps) {
        this.steps = steps;
    }

    @Override
    public Collection<StepExecution> handle(StepExecutionSplitter splitter, StepExecution manager)
            throws Exception {
        Set<StepExecution> partitions = splitter.split(manager, 1);
        try (ExecutorService threads =
                Executors.newThreadPerTaskExecutor(JobThreads.named(manager.getStepName()))) {
            List<Future<?>> running = new ArrayList<>();
            for (StepExecution partition : partitions) {
                running.add(
                        threads.submit(
                                LogContext.carried(
                                        WorkspaceScope.carried(() -> execute(partition)))));
            }
            await(running, threads);
        }
        return partitions;
    }

    private void execute(StepExecution partition) {
        try {
            steps.apply(partition).execute(partition);
        } catch (JobInterruptedException e) {
            // The step has stored that it stopped, and the aggregate reports it.
            Thread.currentThread().interrupt();
        }
    }

    private static void await(List<Future<?>> running, ExecutorService threads) throws Exception {
        try {
            for (Future<?> one : running) {
                one.get();
            }
        } catch (InterruptedException e) {
            // The node is shutting down: each partition ends STOPPED by itself, and so does the
            // job.
            threads.shutdownNow();
            throw new JobInterruptedException("The node is shutting down");
        } catch (ExecutionException e) {
            threads.shutdownNow();
            throw e;
        }
    }
}
