package io.mailgenius.engine.launching;

import io.mailgenius.engine.node.NodeId;
import io.mailgenius.schema.LaunchState;
import io.mailgenius.schema.WorkspaceScope;
import java.time.Clock;
import java.time.LocalDateTime;
import java.util.Collection;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.batch.core.BatchStatus;
import org.springframework.batch.core.job.Job;
import org.springframework.batch.core.job.JobExecution;
import org.springframework.batch.core.job.JobExecutionException;
import org.springframework.batch.core.job.parameters.JobParameters;
import org.springframework.batch.core.job.parameters.JobParametersBuilder;
import org.springframework.batch.core.launch.JobInstanceAlreadyCompleteException;
import org.springframework.batch.core.launch.JobOperator;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.batch.core.step.StepExecution;

/**
 * Runs a launch on this node, from the first step or from where a dead node, a stop or a failure
 * left it. Only one node at a time has the launch's epoch, so only one can write.
 */
final class JobRunner {

    private static final Logger LOG = LoggerFactory.getLogger(JobRunner.class);

    private final LaunchStore store;
    private final LiveLaunches live;
    private final Map<String, Job> jobs;
    private final JobRepository repository;
    private final JobOperator operator;
    private final NodeId node;
    private final Clock clock;

    JobRunner(
            LaunchStore store,
            LiveLaunches live,
            Collection<Job> jobs,
            JobRepository repository,
            JobOperator operator,
            NodeId node,
            Clock clock) {
        this.store = store;
        this.live = live;
        this.jobs = jobs.stream().collect(Collectors.toMap(Job::getName, Function.identity()));
        this.repository = repository;
        this.operator = operator;
        this.node = node;
        this.clock = clock;
    }

    void run(long launchId, int run) {
        // Empty when a run that was revived had ended before its task was removed: nothing is left
        // to do.
        store.take(launchId, run, node.value(), clock.instant())
                .ifPresent(
                        launch -> WorkspaceScope.run(launch.workspaceId(), () -> execute(launch)));
    }

    private void execute(Launch launch) {
        if (launch.state() == LaunchState.STOPPING && launch.jobInstanceId() == null) {
            store.ended(launch.id(), launch.epoch(), LaunchState.STOPPED, null, clock.instant());
            return;
        }
        Job job = jobs.get(launch.jobName());
        if (job == null) {
            end(launch, LaunchState.FAILED, "There is no job " + launch.jobName());
            return;
        }
        JobParameters parameters = parameters(launch);
        recover(repository.getLastJobExecution(job.getName(), parameters));
        try {
            end(launch, operator.start(job, parameters));
        } catch (JobInstanceAlreadyCompleteException e) {
            // A node died between the job's last write and the launch's.
            end(launch, LaunchState.COMPLETED, null);
        } catch (JobExecutionException e) {
            end(launch, LaunchState.FAILED, e.getMessage());
        }
    }

    private static JobParameters parameters(Launch launch) {
        JobParametersBuilder parameters =
                new JobParametersBuilder()
                        .addLong("launchId", launch.id(), true)
                        .addLong("workspaceId", launch.workspaceId(), false)
                        .addLong("epoch", (long) launch.epoch(), false);
        launch.parameters().forEach((name, value) -> parameters.addString(name, value, false));
        return parameters.toJobParameters();
    }

    /**
     * The execution before this one has no owner any more, or this node would not have been given
     * the launch. What it left running is marked as failed, so that it can be restarted; the
     * versions of its rows grow, so that a paused owner's late writes are refused.
     */
    private void recover(@Nullable JobExecution last) {
        if (last == null
                || (!last.getStatus().isRunning() && last.getStatus() != BatchStatus.UNKNOWN)) {
            return;
        }
        LOG.warn("Going on with execution {} of {}", last.getId(), last.getJobInstance());
        LocalDateTime now = LocalDateTime.now(clock);
        for (StepExecution step : last.getStepExecutions()) {
            if (step.getStatus().isRunning() || step.getStatus() == BatchStatus.UNKNOWN) {
                step.setStatus(BatchStatus.FAILED);
                step.setEndTime(now);
                repository.update(step);
            }
        }
        last.setStatus(BatchStatus.FAILED);
        last.setEndTime(now);
        repository.update(last);
    }

    /**
     * A job that stopped although nobody asked it to was interrupted, since this node leaves: the
     * task stays, and another node takes it.
     */
    private void end(Launch launch, JobExecution execution) {
        JobEnd end = JobEnd.of(execution);
        if (end.state() == LaunchState.STOPPED && !live.stopping(launch.id())) {
            throw new GoesOnElsewhere(launch, node);
        }
        end(launch, end.state(), end.error());
    }

    private void end(Launch launch, LaunchState state, @Nullable String error) {
        if (store.ended(launch.id(), launch.epoch(), state, error, clock.instant())) {
            LOG.info("{} {} ended {}", launch.jobName(), launch.jobKey(), state);
        } else {
            LOG.warn("{} {} went on elsewhere", launch.jobName(), launch.jobKey());
        }
    }
}
