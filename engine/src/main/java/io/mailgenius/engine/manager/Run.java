package io.mailgenius.engine.manager;

import java.util.Objects;
import org.springframework.batch.core.job.JobExecution;
import org.springframework.batch.core.job.parameters.JobParameters;

/** Which launch an execution belongs to, and under which epoch this node runs it. */
record Run(long launchId, int epoch, long workspaceId, long jobInstanceId) {

    static Run of(JobExecution execution) {
        JobParameters parameters = execution.getJobParameters();
        return new Run(
                Objects.requireNonNull(parameters.getLong("launchId")),
                Objects.requireNonNull(parameters.getLong("epoch")).intValue(),
                Objects.requireNonNull(parameters.getLong("workspaceId")),
                execution.getJobInstance().getInstanceId());
    }
}
