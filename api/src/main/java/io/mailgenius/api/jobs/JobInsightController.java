package io.mailgenius.api.jobs;

import io.mailgenius.engine.operations.ChunkDetail;
import io.mailgenius.engine.operations.ChunkFilter;
import io.mailgenius.engine.operations.ChunkTile;
import io.mailgenius.engine.operations.ChunkView;
import io.mailgenius.engine.operations.FailureCause;
import io.mailgenius.engine.operations.JobInspection;
import io.mailgenius.engine.operations.RateSeries;
import io.mailgenius.engine.operations.StepTimeline;
import io.mailgenius.jobs.workspaces.Page;
import io.mailgenius.jobs.workspaces.Refusal;
import io.mailgenius.schema.ChunkState;
import io.swagger.v3.oas.annotations.Operation;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Looking into one job. */
@RestController
@RequestMapping("/api/v1/jobs/{executionId}")
class JobInsightController {

    private final JobInspection inspection;

    JobInsightController(JobInspection inspection) {
        this.inspection = inspection;
    }

    private long launch(long executionId) {
        return inspection
                .launchOf(executionId)
                .orElseThrow(() -> new Refusal.NotFound("job", executionId));
    }

    @GetMapping("/timeline")
    @Operation(summary = "Steps and partitions with their times, and which of them straggle")
    List<StepTimeline> timeline(@PathVariable long executionId) {
        return inspection.timeline(launch(executionId));
    }

    @GetMapping("/tiles")
    @Operation(summary = "Chunks by state, age and attempts, as the tiles of a heat map")
    List<ChunkTile> tiles(
            @PathVariable long executionId, @RequestParam(defaultValue = "400") int tiles) {
        return inspection.tiles(launch(executionId), tiles);
    }

    @GetMapping("/rates")
    @Operation(summary = "Chunks and items over time")
    RateSeries rates(
            @PathVariable long executionId, @RequestParam(defaultValue = "120") int points) {
        return inspection.rates(launch(executionId), points);
    }

    @GetMapping("/failures")
    @Operation(summary = "Failures by cause, those of most chunks first")
    List<FailureCause> failures(@PathVariable long executionId) {
        return inspection.causes(launch(executionId));
    }

    @GetMapping("/in-hand")
    @Operation(summary = "Claimed chunks and the nodes that have them, the longest claimed first")
    List<ChunkView> inHand(
            @PathVariable long executionId, @RequestParam(defaultValue = "50") int limit) {
        return inspection.inHand(launch(executionId), Page.rows(limit) - 1);
    }

    @GetMapping("/chunks")
    @Operation(summary = "Chunks of a job, in the order of their ids")
    Page<ChunkView> chunks(
            @PathVariable long executionId,
            @RequestParam(defaultValue = "") List<ChunkState> state,
            @RequestParam(required = false) @Nullable String step,
            @RequestParam(required = false) @Nullable Integer partition,
            @RequestParam(required = false) @Nullable String cause,
            @RequestParam(required = false) @Nullable Integer attempts,
            @RequestParam(defaultValue = "0") long after,
            @RequestParam(defaultValue = "50") int limit) {
        ChunkFilter filter =
                new ChunkFilter(
                        state.stream().filter(Objects::nonNull).collect(Collectors.toSet()),
                        step,
                        partition,
                        cause,
                        attempts);
        return Page.of(
                inspection.chunks(launch(executionId), filter, after, Page.rows(limit)),
                limit,
                ChunkView::id);
    }

    @GetMapping("/chunks/{chunkId}")
    @Operation(summary = "A chunk with its payload and the attempts that did not succeed")
    ChunkDetail chunk(@PathVariable long executionId, @PathVariable long chunkId) {
        return inspection
                .chunk(launch(executionId), chunkId)
                .orElseThrow(() -> new Refusal.NotFound("chunk", chunkId));
    }
}
