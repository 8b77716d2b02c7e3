package io.mailgenius.console.jobs;

import io.mailgenius.console.pages.LastKnown;
import io.mailgenius.console.pages.ListLinks;
import io.mailgenius.console.pages.Seen;
import io.mailgenius.engine.operations.ChunkDetail;
import io.mailgenius.engine.operations.ChunkFilter;
import io.mailgenius.engine.operations.ChunkView;
import io.mailgenius.engine.operations.JobInspection;
import io.mailgenius.engine.progress.JobView;
import io.mailgenius.schema.ChunkState;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.servlet.ModelAndView;
import org.springframework.web.util.UriComponentsBuilder;

/** The chunks of a job as a list, and each with its payload and attempts. */
@Controller
class ChunkPages {

    private static final int AT_ONCE = 50;

    private final KnownJobs jobs;
    private final JobInspection inspection;
    private final LastKnown known;

    ChunkPages(KnownJobs jobs, JobInspection inspection, LastKnown known) {
        this.jobs = jobs;
        this.inspection = inspection;
        this.known = known;
    }

    @GetMapping("/jobs/{executionId}/chunks")
    ModelAndView list(
            @PathVariable long executionId,
            @RequestParam(required = false) @Nullable Set<ChunkState> state,
            @RequestParam(required = false) @Nullable String step,
            @RequestParam(required = false) @Nullable Integer partition,
            @RequestParam(required = false) @Nullable String cause,
            @RequestParam(required = false) @Nullable Integer attempts,
            @RequestParam(required = false) @Nullable Long after) {
        JobView job = jobs.job(executionId).value();
        ChunkFilter filter =
                new ChunkFilter(state == null ? Set.of() : state, step, partition, cause, attempts);
        long behind = after == null ? 0 : after;
        Seen<List<ChunkView>> seen =
                known.read(
                        "chunks of " + job.launchId() + " " + behind + " " + filter,
                        LastKnown.LIVE,
                        () -> inspection.chunks(job.launchId(), filter, behind, AT_ONCE + 1));
        List<ChunkView> found = seen.value();
        boolean more = found.size() > AT_ONCE;
        List<ChunkView> shown = more ? found.subList(0, AT_ONCE) : found;
        String path = path(executionId, filter);
        return new ModelAndView("console/chunks")
                .addObject("seen", seen)
                .addObject("id", executionId)
                .addObject("job", job)
                .addObject("filter", filter)
                .addObject("chunks", shown)
                .addObject(
                        "links",
                        ListLinks.of(
                                path, after, more ? Long.toString(shown.getLast().id()) : null));
    }

    private static String path(long executionId, ChunkFilter filter) {
        UriComponentsBuilder path =
                UriComponentsBuilder.fromPath("/jobs/{id}/chunks")
                        .queryParamIfPresent("step", Optional.ofNullable(filter.step()))
                        .queryParamIfPresent("partition", Optional.ofNullable(filter.partition()))
                        .queryParamIfPresent("attempts", Optional.ofNullable(filter.attempts()));
        filter.states().forEach(it -> path.queryParam("state", it));
        String cause = filter.cause();
        return cause == null
                ? path.encode().buildAndExpand(executionId).toUriString()
                : path.queryParam("cause", "{cause}")
                        .encode()
                        .buildAndExpand(executionId, cause)
                        .toUriString();
    }

    @GetMapping("/jobs/{executionId}/chunks/{chunkId}")
    ModelAndView one(@PathVariable long executionId, @PathVariable long chunkId) {
        JobView job = jobs.job(executionId).value();
        Seen<Optional<ChunkDetail>> seen =
                known.read(
                        "chunk " + chunkId + " of " + job.launchId(),
                        LastKnown.LIVE,
                        () -> inspection.chunk(job.launchId(), chunkId));
        return new ModelAndView("console/chunk")
                .addObject("seen", seen)
                .addObject("id", executionId)
                .addObject("job", job)
                .addObject(
                        "detail",
                        seen.value()
                                .orElseThrow(
                                        () ->
                                                new ResponseStatusException(
                                                        HttpStatus.NOT_FOUND,
                                                        "The job has no chunk " + chunkId)));
    }
}
