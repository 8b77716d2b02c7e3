package io.mailgenius.api.jobs;

import io.mailgenius.engine.progress.JobProgress;
import io.mailgenius.engine.progress.RestartPreview;
import io.mailgenius.jobs.delivery.Deliveries;
import io.mailgenius.jobs.workspaces.Refusal;
import org.springframework.stereotype.Component;

/** Computes previews of restarts for the API and the console. */
@Component
class Restarts {

    private final JobProgress progress;
    private final Deliveries deliveries;

    Restarts(JobProgress progress, Deliveries deliveries) {
        this.progress = progress;
        this.deliveries = deliveries;
    }

    Restart preview(long executionId) {
        RestartPreview chunks =
                progress.restartPreview(executionId)
                        .orElseThrow(() -> new Refusal.NotFound("job", executionId));
        return new Restart(chunks, deliveries.repeats(chunks.jobInstanceId()));
    }
}
