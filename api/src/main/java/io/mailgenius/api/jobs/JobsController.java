package io.mailgenius.api.jobs;

import io.mailgenius.engine.launching.JobAction;
import io.mailgenius.engine.operations.BulkAction;
import io.mailgenius.engine.operations.BulkResult;
import io.mailgenius.engine.operations.JobActions;
import io.mailgenius.engine.operations.JobFilter;
import io.mailgenius.engine.operations.JobSearch;
import io.mailgenius.engine.operations.RetryScope;
import io.mailgenius.engine.progress.JobDetail;
import io.mailgenius.engine.progress.JobProgress;
import io.mailgenius.jobs.workspaces.Page;
import io.mailgenius.jobs.workspaces.Refusal;
import io.mailgenius.schema.LaunchState;
import io.mailgenius.schema.Priority;
import io.swagger.v3.oas.annotations.Operation;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Size;
import java.time.Instant;
import java.util.List;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;
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

/** Finding jobs, and acting on them. */
@RestController
@RequestMapping("/api/v1/jobs")
class JobsController {

    private final JobProgress progress;
    private final JobSearch search;
    private final JobActions actions;
    private final Restarts restarts;

    JobsController(JobProgress progress, JobSearch search, JobActions actions, Restarts restarts) {
        this.progress = progress;
        this.search = search;
        this.actions = actions;
        this.restarts = restarts;
    }

    @GetMapping
    @Operation(
            summary =
                    "Jobs, newest first; with `housekeeping` also those that the product launched by itself")
    JobsPage page(
            @RequestParam(defaultValue = "") List<LaunchState> state,
            @RequestParam(required = false) @Nullable String job,
            @RequestParam(required = false) @Nullable String node,
            @RequestParam(required = false) @Nullable Instant from,
            @RequestParam(required = false) @Nullable Instant until,
            @RequestParam(required = false) @Nullable Long minSeconds,
            @RequestParam(required = false) @Nullable Long maxSeconds,
            @RequestParam(required = false) @Nullable String q,
            @RequestParam(defaultValue = "" + Long.MAX_VALUE) long after,
            @RequestParam(defaultValue = "50") int limit,
            @RequestParam(defaultValue = "false") boolean housekeeping) {
        JobFilters.Asked asked =
                new JobFilters.Asked(
                        state, job, node, from, until, minSeconds, maxSeconds, q, housekeeping);
        return JobsPage.of(search.find(asked.filter(), after, Page.rows(limit) - 1));
    }

    @GetMapping("/words")
    @Operation(summary = "Words of parameters and errors that begin as the last word of `q` does")
    List<String> words(@RequestParam String q) {
        return search.suggest(q);
    }

    @PostMapping("/bulk")
    @Operation(
            summary =
                    "Do something with all jobs that a filter means; a dry run, which is the default, counts them")
    BulkResult bulk(@Valid @RequestBody Bulk bulk) {
        return actions.bulk(
                bulk.action(),
                bulk.filter().filter(),
                bulk.dryRun() == null || bulk.dryRun(),
                bulk.reason());
    }

    /** An action on many jobs. */
    record Bulk(
            BulkAction action,
            @Valid Which filter,
            @Nullable Boolean dryRun,
            @Size(max = 500) @Nullable String reason) {}

    /** The same filters as those of the list. */
    record Which(
            @Nullable List<LaunchState> state,
            @Size(max = 200) @Nullable String job,
            @Size(max = 200) @Nullable String node,
            @Nullable Instant from,
            @Nullable Instant until,
            @Nullable Long minSeconds,
            @Nullable Long maxSeconds,
            @Size(max = 500) @Nullable String q,
            @Nullable Boolean housekeeping) {

        private JobFilter filter() {
            return new JobFilters.Asked(
                            state,
                            job,
                            node,
                            from,
                            until,
                            minSeconds,
                            maxSeconds,
                            q,
                            Boolean.TRUE.equals(housekeeping))
                    .filter();
        }
    }

    @GetMapping("/{executionId}")
    @Operation(summary = "A job with its steps, partitions, chunks, owners and attempts")
    JobDetail find(@PathVariable long executionId) {
        return progress.find(executionId)
                .orElseThrow(() -> new Refusal.NotFound("job", executionId));
    }

    @GetMapping("/{executionId}/history")
    @Operation(summary = "Who did what with a job and why, the newest first")
    List<JobAction> history(@PathVariable long executionId) {
        return actions.history(find(executionId).job().launchId());
    }

    @PostMapping("/{executionId}/stop")
    @ResponseStatus(HttpStatus.ACCEPTED)
    @Operation(summary = "Stop a job after its claimed chunks have finished")
    JobDetail stop(
            @PathVariable long executionId,
            @Valid @RequestBody(required = false) @Nullable Reason reason) {
        return tell(executionId, it -> actions.stop(it, Reason.of(reason)));
    }

    @PostMapping("/{executionId}/restart")
    @ResponseStatus(HttpStatus.ACCEPTED)
    @Operation(summary = "Restart a stopped or failed job where it ended")
    JobDetail restart(
            @PathVariable long executionId,
            @Valid @RequestBody(required = false) @Nullable Reason reason) {
        return tell(executionId, it -> actions.restart(it, Reason.of(reason)));
    }

    @GetMapping("/{executionId}/restart")
    @Operation(summary = "What a restart would do: chunks, and mails that may be sent again")
    Restart restartPreview(@PathVariable long executionId) {
        return restarts.preview(executionId);
    }

    @PostMapping("/{executionId}/retry")
    @ResponseStatus(HttpStatus.ACCEPTED)
    @Operation(
            summary = "Retry the failed chunks of a running or failed job, or those of one cause")
    Retried retry(
            @PathVariable long executionId,
            @Valid @RequestBody(required = false) @Nullable Retry retry) {
        String cause = retry == null ? null : retry.cause();
        return new Retried(
                actions.retryFailed(
                        find(executionId).job().launchId(),
                        cause == null ? new RetryScope.All() : new RetryScope.OfCause(cause),
                        retry == null ? null : retry.reason()));
    }

    /** Which failed chunks, and why. */
    record Retry(
            @Size(max = 200) @Nullable String cause, @Size(max = 500) @Nullable String reason) {}

    /**
     * @param chunks how many are retried
     */
    record Retried(int chunks) {}

    @PostMapping("/{executionId}/chunks/{chunkId}/retry")
    @ResponseStatus(HttpStatus.ACCEPTED)
    @Operation(summary = "Retry one failed chunk of a running or failed job")
    Retried retryOne(
            @PathVariable long executionId,
            @PathVariable long chunkId,
            @Valid @RequestBody(required = false) @Nullable Reason reason) {
        return new Retried(
                actions.retryFailed(
                        find(executionId).job().launchId(),
                        new RetryScope.OneChunk(chunkId),
                        Reason.of(reason)));
    }

    @PatchMapping("/{executionId}")
    @Operation(summary = "Change the priority of an active job")
    JobDetail change(@PathVariable long executionId, @Valid @RequestBody Change change) {
        return tell(executionId, it -> actions.prioritise(it, change.priority(), change.reason()));
    }

    record Change(Priority priority, @Size(max = 500) @Nullable String reason) {}

    @PostMapping("/{executionId}/abandon")
    @Operation(summary = "Abandon a stopped or failed job")
    JobDetail abandon(
            @PathVariable long executionId,
            @Valid @RequestBody(required = false) @Nullable Reason reason) {
        return tell(executionId, it -> actions.abandon(it, Reason.of(reason)));
    }

    private JobDetail tell(long executionId, LongConsumer order) {
        order.accept(find(executionId).job().launchId());
        return find(executionId);
    }
}
