package io.mailgenius.engine.partitioning;

import java.util.Objects;
import org.springframework.batch.core.job.JobExecution;
import org.springframework.batch.core.job.parameters.JobParameters;

/** The launch that an execution belongs to, and the epoch under which this node runs it. */
record LaunchRun(long launchId, int epoch, long workspaceId, long jobInstanceId) {

    static LaunchRun of(JobExecution execution) {
        JobParameters parameters = execution.getJobParameters();
        return new LaunchRun(
                Objects.requireNonNull(parameters.getLong("launchId")),
                Objects.requireNonNull(parameters.getLong("epoch")).intValue(),
                Objects.requireNonNull(parameters.getLong("workspaceId")),
                execution.getJobInstance().getInstanceId());
    }
}
