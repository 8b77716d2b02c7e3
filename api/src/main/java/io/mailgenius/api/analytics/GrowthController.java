package io.mailgenius.api.analytics;

import io.mailgenius.jobs.analytics.FigureFile;
import io.mailgenius.jobs.analytics.Growth;
import io.mailgenius.jobs.analytics.ListGrowth;
import io.mailgenius.jobs.analytics.Span;
import io.swagger.v3.oas.annotations.Operation;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping(AnalyticsController.PATH)
class GrowthController {

    private final ListGrowth growth;
    private final SpanParameters spanParameters;

    GrowthController(ListGrowth growth, SpanParameters spanParameters) {
        this.growth = growth;
        this.spanParameters = spanParameters;
    }

    @GetMapping("/lists/{id}/growth")
    @Operation(
            summary =
                    "The members that a list gained and lost, and its size; by default days in UTC of the"
                            + " last 30 days")
    Growth list(
            @PathVariable long id,
            @RequestParam(required = false) @Nullable Instant from,
            @RequestParam(required = false) @Nullable Instant to,
            @RequestParam(defaultValue = SpanParameters.DAY) String bucket,
            @RequestParam(defaultValue = SpanParameters.UTC) String zone) {
        return growth.ofList(id, spanParameters.asked(from, to, bucket, zone));
    }

    @GetMapping(path = "/lists/{id}/growth.csv", produces = "text/csv")
    @Operation(summary = "The same as CSV, one row per point")
    void listFile(
            @PathVariable long id,
            @RequestParam(required = false) @Nullable Instant from,
            @RequestParam(required = false) @Nullable Instant to,
            @RequestParam(defaultValue = SpanParameters.DAY) String bucket,
            @RequestParam(defaultValue = SpanParameters.UTC) String zone,
            HttpServletResponse response)
            throws IOException {
        Span span = spanParameters.asked(from, to, bucket, zone);
        FigureFile file = FigureFile.of(growth.ofList(id, span), span.zone());
        Download.write(file, "list-" + id + "-growth", response);
    }

    @GetMapping("/growth")
    @Operation(summary = "The same for all contacts, regardless of their lists")
    Growth workspace(
            @RequestParam(required = false) @Nullable Instant from,
            @RequestParam(required = false) @Nullable Instant to,
            @RequestParam(defaultValue = SpanParameters.DAY) String bucket,
            @RequestParam(defaultValue = SpanParameters.UTC) String zone) {
        return growth.ofWorkspace(spanParameters.asked(from, to, bucket, zone));
    }

    @GetMapping(path = "/growth.csv", produces = "text/csv")
    @Operation(summary = "The same as CSV, one row per point")
    void workspaceFile(
            @RequestParam(required = false) @Nullable Instant from,
            @RequestParam(required = false) @Nullable Instant to,
            @RequestParam(defaultValue = SpanParameters.DAY) String bucket,
            @RequestParam(defaultValue = SpanParameters.UTC) String zone,
            HttpServletResponse response)
            throws IOException {
        Span span = spanParameters.asked(from, to, bucket, zone);
        FigureFile file = FigureFile.of(growth.ofWorkspace(span), span.zone());
        Download.write(file, "growth", response);
    }
}
