package io.mailgenius.api.jobs;

import io.mailgenius.engine.cluster.NodeId;
import io.mailgenius.engine.observation.JobLog;
import io.mailgenius.engine.observation.JobLog.LinePage;
import io.mailgenius.engine.progress.JobProgress;
import io.mailgenius.jobs.workspaces.Page;
import io.mailgenius.jobs.workspaces.Refusal;
import io.swagger.v3.oas.annotations.Operation;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** The latest log lines of a job, from all nodes. */
@RestController
@RequestMapping("/api/v1/jobs/{executionId}/logs")
class JobLogsController {

    private static final Set<String> LEVELS = Set.of("ERROR", "WARN", "INFO");

    private final JobProgress progress;
    private final JobLog log;

    JobLogsController(JobProgress progress, JobLog log) {
        this.progress = progress;
        this.log = log;
    }

    /**
     * @param node the alias of a node
     * @param executionId the run of the job; null for lines from before it began
     * @param chunkId null outside of chunks
     * @param error a stack trace, shortened
     */
    record LogLine(
            Instant at,
            String level,
            String node,
            String logger,
            String message,
            @Nullable Long executionId,
            @Nullable Long chunkId,
            @Nullable String error) {}

    /**
     * @param next the {@code after} of what comes next, also when nothing is there yet
     * @param available false while Redis, which keeps the lines, is away
     */
    record LogPage(List<LogLine> items, String next, boolean available) {}

    @GetMapping
    @Operation(
            summary =
                    "The latest log lines of a job from all nodes, oldest first; `q` searches messages and errors, `level` is one of ERROR, WARN, INFO")
    LogPage read(
            @PathVariable long executionId,
            @RequestParam(defaultValue = "") String after,
            @RequestParam(defaultValue = "") String q,
            @RequestParam(required = false) @Nullable Set<String> level,
            @RequestParam(defaultValue = "100") int limit) {
        if (!after.matches("(\\d{1,19}-\\d{1,19})?")) {
            throw new Refusal.Invalid(
                    "after-invalid", "\"after\" is the \"next\" of the page before.");
        }
        Set<String> levels =
                level == null
                        ? Set.of()
                        : level.stream()
                                .map(it -> it.toUpperCase(Locale.ROOT))
                                .collect(Collectors.toSet());
        if (!LEVELS.containsAll(levels)) {
            throw new Refusal.Invalid("level-unknown", "\"level\" is ERROR, WARN or INFO.");
        }
        long launch =
                progress.find(executionId)
                        .orElseThrow(() -> new Refusal.NotFound("job", executionId))
                        .job()
                        .launchId();
        LinePage page = log.read(launch, after, q, levels, Page.rows(limit) - 1);
        return new LogPage(
                page.items().stream().map(JobLogsController::line).toList(),
                page.next(),
                page.available());
    }

    private static LogLine line(JobLog.Line line) {
        return new LogLine(
                line.at(),
                line.level(),
                NodeId.alias(line.node()),
                line.logger(),
                line.message(),
                line.executionId(),
                line.chunkId(),
                line.error());
    }
}
