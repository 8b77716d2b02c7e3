package io.mailgenius.api.jobs;

import io.mailgenius.engine.launching.Launches;
import io.mailgenius.engine.progress.JobDetail;
import io.mailgenius.engine.progress.JobProgress;
import io.mailgenius.engine.progress.JobView;
import io.mailgenius.jobs.workspaces.Page;
import io.mailgenius.jobs.workspaces.Refusal;
import io.mailgenius.schema.Priority;
import io.swagger.v3.oas.annotations.Operation;
import jakarta.validation.Valid;
import java.util.function.LongConsumer;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/api/v1/jobs")
class JobsController {

    private final JobProgress progress;
    private final Launches launches;
    private final Restarts restarts;

    JobsController(JobProgress progress, Launches launches, Restarts restarts) {
        this.progress = progress;
        this.launches = launches;
        this.restarts = restarts;
    }

    @GetMapping
    @Operation(
            summary =
                    "Jobs, newest first; with `housekeeping` also those that the product launched by itself")
    Page<JobView> page(
            @RequestParam(defaultValue = "" + Long.MAX_VALUE) long after,
            @RequestParam(defaultValue = "50") int limit,
            @RequestParam(defaultValue = "false") boolean housekeeping) {
        return Page.of(
                progress.newest(after, Page.rows(limit), housekeeping), limit, JobView::launchId);
    }

    @GetMapping("/{executionId}")
    @Operation(summary = "A job with its steps, partitions, chunks, owners and attempts")
    JobDetail find(@PathVariable long executionId) {
        return progress.find(executionId)
                .orElseThrow(() -> new Refusal.NotFound("job", executionId));
    }

    @PostMapping("/{executionId}/stop")
    @ResponseStatus(HttpStatus.ACCEPTED)
    @Operation(summary = "Stop a job after its claimed chunks have finished")
    JobDetail stop(@PathVariable long executionId) {
        return tell(executionId, launches::stop);
    }

    @PostMapping("/{executionId}/restart")
    @ResponseStatus(HttpStatus.ACCEPTED)
    @Operation(summary = "Restart a stopped or failed job where it ended")
    JobDetail restart(@PathVariable long executionId) {
        return tell(executionId, launches::restart);
    }

    @GetMapping("/{executionId}/restart")
    @Operation(summary = "What a restart would do: chunks, and mails that may be sent again")
    Restart restartPreview(@PathVariable long executionId) {
        return restarts.preview(executionId);
    }

    @PatchMapping("/{executionId}")
    @Operation(summary = "Change the priority of an active job")
    JobDetail change(@PathVariable long executionId, @Valid @RequestBody Change change) {
        launches.prioritise(find(executionId).job().launchId(), change.priority());
        return find(executionId);
    }

    record Change(Priority priority) {}

    @PostMapping("/{executionId}/abandon")
    @Operation(summary = "Abandon a stopped or failed job")
    JobDetail abandon(@PathVariable long executionId) {
        return tell(executionId, launches::abandon);
    }

    private JobDetail tell(long executionId, LongConsumer order) {
        order.accept(find(executionId).job().launchId());
        return find(executionId);
    }
}
