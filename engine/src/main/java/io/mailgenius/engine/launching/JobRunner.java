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
 * Runs a launch on this node, from the first step or from where a dead node, a stop or a failure
 * left it. Only one node at a time has the launch's epoch, so only one can write.
 */
final class JobRunner {

    private static final Logger LOG = LoggerFactory.getLogger(JobRunner.class);

    /** The launch has ended, and its task goes. */
    static final CompletionHandler<Void> OVER = new OnCompleteRemove<>();

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

    /** From now on jobs end here to go on elsewhere, and what fails is taken for interrupted. */
    void leave() {
        live.leave();
    }

    /** Answers what becomes of the launch's task. */
    CompletionHandler<Void> run(long launchId, int run) {
        // Empty when a run that was revived had ended before its task was removed: nothing is left
        // to do.
        return store.take(launchId, run, node.value(), clock.instant())
                .map(
                        taken ->
                                WorkspaceScope.callWithoutWaitingForTheDisk(
                                        taken.launch().workspaceId(),
                                        () -> execute(taken.launch(), taken.resumed())))
                .orElse(OVER);
    }

    /**
     * @param resumed whether it was parked, and goes on in the same run
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
            return end(launch, null, parameters, failed("There is no job " + launch.jobName()));
        }
        try {
            JobExecution execution = executions.run(job.get(), parameters);
            return end(launch, execution, parameters);
        } catch (JobInstanceAlreadyCompleteException e) {
            // A node died, or lost its database, between the job's last write and the launch's.
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
     * A job that stopped although nobody asked it to was interrupted, since this node leaves, or
     * waits for its chunks and is parked; and one that failed because a server was away has not
     * failed. In all cases the task stays, and whichever node takes it goes on.
     */
    private CompletionHandler<Void> end(
            Launch launch, JobExecution execution, JobParameters parameters) {
        JobEnd end = JobEnd.of(execution);
        if (end.state() == LaunchState.FAILED) {
            if (live.leaving()) {
                // Whatever was interrupted, down to a wait for a connection, looks like a failure.
                throw RetryLater.elsewhere(launch, node);
            }
            execution.getAllFailureExceptions().stream()
                    .map(TransientFailure::passing)
                    .flatMap(Optional::stream)
                    .findFirst()
                    .ifPresent(trouble -> later(launch, trouble));
        }
        long instance = execution.getJobInstance().getInstanceId();
        Launch started = launch.withJobInstance(instance);
        if (end.state() == LaunchState.STOPPED
                && live.signal(launch.id(), launch.epoch()) == Signal.GO_ON) {
            if (live.leaving()) {
                throw RetryLater.elsewhere(launch, node);
            }
            return new Parked(started, LaunchState.RUNNING, null, store, parked, control);
        }
        return end(started, instance, parameters, end);
    }

    private void later(Launch launch, String trouble) {
        store.troubled(launch.id(), launch.epoch(), trouble);
        throw RetryLater.after(launch, trouble);
    }

    private CompletionHandler<Void> end(
            Launch launch, @Nullable Long jobInstanceId, JobParameters parameters, JobEnd end) {
        try {
            if (jobInstanceId != null
                    && end.state() != LaunchState.COMPLETED
                    && ends.waitsForChunksInHand(launch, jobInstanceId, end)) {
                return waitForChunksInHand(launch, end);
            }
            if (ends.end(launch, jobInstanceId, parameters, end)) {
                LOG.info("{} {} ended {}", launch.jobName(), launch.jobKey(), end.state());
                return OVER;
            }
        } catch (RuntimeException e) {
            // It ran to its end and cannot be ended: tried again until it can, and said why not.
            store.troubled(launch.id(), launch.epoch(), String.valueOf(e.getMessage()));
            throw e;
        }
        return switch (live.signal(launch.id(), launch.epoch())) {
            case GO_ON -> throw RetryLater.elsewhere(launch, node);
            case STOP, LEAVE -> {
                LOG.warn("{} {} went on elsewhere", launch.jobName(), launch.jobKey());
                yield OVER;
            }
        };
    }

    private CompletionHandler<Void> waitForChunksInHand(Launch launch, JobEnd end) {
        return switch (live.signal(launch.id(), launch.epoch())) {
            case GO_ON -> {
                if (end.state() == LaunchState.STOPPED) {
                    // The stop was taken back.
                    throw RetryLater.elsewhere(launch, node);
                }
                yield new Parked(launch, LaunchState.RUNNING, end, store, parked, control);
            }
            case STOP -> new Parked(launch, LaunchState.STOPPING, end, store, parked, control);
            case LEAVE -> {
                LOG.warn("{} {} went on elsewhere", launch.jobName(), launch.jobKey());
                yield OVER;
            }
        };
    }
}
