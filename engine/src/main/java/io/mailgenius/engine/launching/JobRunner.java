package io.mailgenius.engine.launching;

import com.github.kagkarlsson.scheduler.task.CompletionHandler;
import com.github.kagkarlsson.scheduler.task.CompletionHandler.OnCompleteRemove;
import io.mailgenius.engine.cluster.NodeId;
import io.mailgenius.engine.database.ControlDatabase;
import io.mailgenius.engine.failures.TransientFailure;
import io.mailgenius.engine.launching.LiveLaunches.Signal;
import io.mailgenius.schema.LaunchState;
import io.mailgenius.schema.WorkspaceScope;
import java.time.Clock;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.batch.core.job.Job;
import org.springframework.batch.core.job.JobExecution;
import org.springframework.batch.core.job.JobExecutionException;
import org.springframework.batch.core.job.parameters.JobParameters;
import org.springframework.batch.core.job.parameters.JobParametersBuilder;
import org.springframework.batch.core.launch.JobInstanceAlreadyCompleteException;

/**
 * Runs a launch on this node: from its first step, or from the position at which a crash, a stop or
 * a failure left it. Only the node that owns the launch's epoch can write.
 */
final class JobRunner {

    private static final Logger LOG = LoggerFactory.getLogger(JobRunner.class);

    /** Removes the task of a launch that has ended. */
    static final CompletionHandler<Void> REMOVE_TASK = new OnCompleteRemove<>();

    private final LaunchStore store;
    private final LiveLaunches live;
    private final LaunchCompletion ends;
    private final ParkedLaunches parked;
    private final ControlDatabase control;
    private final BatchExecutions executions;
    private final NodeId node;
    private final Clock clock;

    JobRunner(
            LaunchStore store,
            LiveLaunches live,
            LaunchCompletion ends,
            ParkedLaunches parked,
            ControlDatabase control,
            BatchExecutions executions,
            NodeId node,
            Clock clock) {
        this.store = store;
        this.live = live;
        this.ends = ends;
        this.parked = parked;
        this.control = control;
        this.executions = executions;
        this.node = node;
        this.clock = clock;
    }

    /**
     * Starts the shutdown: jobs end here and continue on another node, and failures are treated as
     * interruptions.
     */
    void beginShutdown() {
        live.beginShutdown();
    }

    /** Runs the launch and returns what the scheduler does with its task. */
    CompletionHandler<Void> run(long launchId, int run) {
        // Empty if a revived run had ended before its task was removed; then only the task is left
        // to remove.
        return store.take(launchId, run, node.value(), clock.instant())
                .map(
                        taken ->
                                WorkspaceScope.callWithoutWaitingForTheDisk(
                                        taken.launch().workspaceId(),
                                        () -> execute(taken.launch(), taken.resumed())))
                .orElse(REMOVE_TASK);
    }

    /**
     * @param resumed whether the launch was parked and continues in the same run
     */
    private CompletionHandler<Void> execute(Launch launch, boolean resumed) {
        JobParameters parameters = parameters(launch, resumed);
        if (launch.ending() != null) {
            return end(launch, launch.jobInstanceId(), parameters, launch.ending());
        }
        if (launch.state() == LaunchState.STOPPING) {
            return end(
                    launch,
                    launch.jobInstanceId(),
                    parameters,
                    new JobEnd(LaunchState.STOPPED, null));
        }
        Optional<Job> job = executions.job(launch.jobName());
        if (job.isEmpty()) {
            return end(
                    launch, null, parameters, failed("There is no job named " + launch.jobName()));
        }
        try {
            JobExecution execution = executions.run(job.get(), parameters);
            return end(launch, execution, parameters);
        } catch (JobInstanceAlreadyCompleteException e) {
            // A node crashed or lost its database connection between the end of the job and the end
            // of the launch.
            return end(
                    launch,
                    launch.jobInstanceId(),
                    parameters,
                    new JobEnd(LaunchState.COMPLETED, null));
        } catch (JobExecutionException e) {
            return end(
                    launch,
                    launch.jobInstanceId(),
                    parameters,
                    failed(String.valueOf(e.getMessage())));
        }
    }

    private static JobEnd failed(String reason) {
        return new JobEnd(LaunchState.FAILED, reason);
    }

    private static JobParameters parameters(Launch launch, boolean resumed) {
        JobParametersBuilder parameters =
                new JobParametersBuilder()
                        .addLong("launchId", launch.id(), true)
                        .addLong("workspaceId", launch.workspaceId(), false)
                        .addLong("epoch", (long) launch.epoch(), false);
        if (resumed) {
            parameters.addString(LiveLaunches.RESUMED, "true", false);
        }
        launch.parameters().forEach((name, value) -> parameters.addString(name, value, false));
        return parameters.toJobParameters();
    }

    /**
     * Decides what follows an execution. If it stopped without a stop request, this node is
     * shutting down or the job waits for its chunks and is parked; if a transient failure ended it,
     * it has not failed. In these cases the task stays and the node that picks it continues.
     */
    private CompletionHandler<Void> end(
            Launch launch, JobExecution execution, JobParameters parameters) {
        JobEnd end = JobEnd.of(execution);
        if (end.state() == LaunchState.FAILED) {
            if (live.shuttingDown()) {
                // Every interrupted operation, such as waiting for a connection, looks like a
                // failure.
                throw RetryLater.onAnotherNode(launch, node);
            }
            execution.getAllFailureExceptions().stream()
                    .map(TransientFailure::passing)
                    .flatMap(Optional::stream)
                    .findFirst()
                    .ifPresent(failure -> later(launch, failure));
        }
        long instance = execution.getJobInstance().getInstanceId();
        Launch started = launch.withJobInstance(instance);
        if (end.state() == LaunchState.STOPPED
                && live.signal(launch.id(), launch.epoch()) == Signal.CONTINUE) {
            if (live.shuttingDown()) {
                throw RetryLater.onAnotherNode(launch, node);
            }
            return new Parked(started, LaunchState.RUNNING, null, store, parked, control);
        }
        return end(started, instance, parameters, end);
    }

    private void later(Launch launch, String failure) {
        store.recordError(launch.id(), launch.epoch(), failure);
        throw RetryLater.after(launch, failure);
    }

    private CompletionHandler<Void> end(
            Launch launch, @Nullable Long jobInstanceId, JobParameters parameters, JobEnd end) {
        try {
            if (jobInstanceId != null
                    && end.state() != LaunchState.COMPLETED
                    && ends.awaitsClaimedChunks(launch, jobInstanceId, end)) {
                return awaitClaimedChunks(launch, end);
            }
            if (ends.end(launch, jobInstanceId, parameters, end)) {
                LOG.info("{} {} ended {}", launch.jobName(), launch.jobKey(), end.state());
                return REMOVE_TASK;
            }
        } catch (RetryLater e) {
            throw e;
        } catch (RuntimeException e) {
            // The job has ended but its launch could not be ended: the error is stored and the task
            // is retried.
            store.recordError(launch.id(), launch.epoch(), String.valueOf(e.getMessage()));
            throw e;
        }
        return switch (live.signal(launch.id(), launch.epoch())) {
            case CONTINUE -> throw RetryLater.onAnotherNode(launch, node);
            case STOP, SUPERSEDED -> {
                LOG.warn("{} {} continued on another node", launch.jobName(), launch.jobKey());
                yield REMOVE_TASK;
            }
        };
    }

    private CompletionHandler<Void> awaitClaimedChunks(Launch launch, JobEnd end) {
        return switch (live.signal(launch.id(), launch.epoch())) {
            case CONTINUE -> {
                if (end.state() == LaunchState.STOPPED) {
                    // The stop was withdrawn.
                    throw RetryLater.onAnotherNode(launch, node);
                }
                yield new Parked(launch, LaunchState.RUNNING, end, store, parked, control);
            }
            case STOP -> new Parked(launch, LaunchState.STOPPING, end, store, parked, control);
            case SUPERSEDED -> {
                LOG.warn("{} {} continued on another node", launch.jobName(), launch.jobKey());
                yield REMOVE_TASK;
            }
        };
    }
}
