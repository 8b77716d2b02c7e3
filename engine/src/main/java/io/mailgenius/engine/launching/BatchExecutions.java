package io.mailgenius.engine.launching;

import io.mailgenius.engine.observation.JobObservation;
import java.time.Clock;
import java.time.LocalDateTime;
import java.util.Collection;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.batch.core.BatchStatus;
import org.springframework.batch.core.job.Job;
import org.springframework.batch.core.job.JobExecution;
import org.springframework.batch.core.job.JobExecutionException;
import org.springframework.batch.core.job.JobInstance;
import org.springframework.batch.core.job.parameters.JobParameters;
import org.springframework.batch.core.launch.JobOperator;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.batch.core.step.StepExecution;

/**
 * Starts and restarts jobs of Spring Batch. Whatever the last execution left behind is tidied up
 * first, since Spring Batch restarts only what has ended.
 */
final class BatchExecutions {

    private static final Logger LOG = LoggerFactory.getLogger(BatchExecutions.class);

    private final Map<String, Job> jobs;
    private final JobRepository repository;
    private final JobOperator operator;
    private final JobObservation observation;
    private final Clock clock;

    BatchExecutions(
            Collection<Job> jobs,
            JobRepository repository,
            JobOperator operator,
            JobObservation observation,
            Clock clock) {
        this.jobs = jobs.stream().collect(Collectors.toMap(Job::getName, Function.identity()));
        this.repository = repository;
        this.operator = operator;
        this.observation = observation;
        this.clock = clock;
    }

    Optional<Job> job(String name) {
        return Optional.ofNullable(jobs.get(name));
    }

    /**
     * Runs the job to its end on this thread. The caller owns the launch, so the execution before
     * this one has no owner any more.
     */
    JobExecution run(Job job, JobParameters parameters) throws JobExecutionException {
        JobExecution last = repository.getLastJobExecution(job.getName(), parameters);
        if (last == null) {
            deleteInstanceWithoutExecution(job, parameters);
        } else {
            close(last);
        }
        try (JobObservation.JobExecuted run = begin(job, parameters)) {
            JobExecution execution = operator.start(job, parameters);
            run.ended(execution.getId(), execution.getStatus().name());
            return execution;
        }
    }

    private JobObservation.JobExecuted begin(Job job, JobParameters parameters) {
        return observation.begin(
                Objects.requireNonNull(parameters.getLong("launchId")),
                Objects.requireNonNull(parameters.getLong("workspaceId")),
                job.getName(),
                parameters.getString(LiveLaunches.RESUMED) != null);
    }

    /**
     * Spring Batch writes an instance first and its execution after it. A node that died in between
     * leaves an instance that can neither be started nor restarted.
     */
    private void deleteInstanceWithoutExecution(Job job, JobParameters parameters) {
        JobInstance half = repository.getJobInstance(job.getName(), parameters);
        if (half != null) {
            LOG.warn("{} has no execution and is made anew", half);
            repository.deleteJobInstance(half);
        }
    }

    /**
     * What is still marked as running is marked as failed, so that it can be restarted. The
     * versions of its rows grow, so that late writes of a paused owner are refused.
     */
    private void close(JobExecution last) {
        LocalDateTime now = LocalDateTime.now(clock);
        // Also for an execution that has ended: a node that was shut down in a hurry may have
        // written its end, and not that of all its steps.
        for (StepExecution step : last.getStepExecutions()) {
            if (isOpen(step.getStatus())) {
                step.setStatus(BatchStatus.FAILED);
                step.setEndTime(now);
                repository.update(step);
            }
        }
        if (isOpen(last.getStatus())) {
            LOG.warn("Going on with execution {} of {}", last.getId(), last.getJobInstance());
            last.setStatus(BatchStatus.FAILED);
            last.setEndTime(now);
            repository.update(last);
        }
    }

    private static boolean isOpen(BatchStatus status) {
        return status.isRunning() || status == BatchStatus.UNKNOWN;
    }
}
