package io.mailgenius.api.analytics;

import io.mailgenius.jobs.analytics.Analytics;
import io.mailgenius.jobs.analytics.Breakdown;
import io.mailgenius.jobs.analytics.Bucket;
import io.mailgenius.jobs.analytics.FigureFile;
import io.mailgenius.jobs.analytics.Rates;
import io.mailgenius.jobs.analytics.Series;
import io.mailgenius.jobs.analytics.Span;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping(AnalyticsController.PATH)
class AnalyticsController {

    static final String PATH = "/api/v1/analytics";

    record Report(Series series, Rates rates) {

        static Report of(Series series) {
            return new Report(series, series.total().rates());
        }
    }

    /**
     * @param current whether all received events are counted
     */
    record CampaignReport(Series series, Rates rates, boolean current, Breakdown breakdown) {}

    private final Analytics analytics;
    private final SpanParameters spanParameters;
    private final WrittenReports reports;

    AnalyticsController(
            Analytics analytics, SpanParameters spanParameters, WrittenReports reports) {
        this.analytics = analytics;
        this.reports = reports;
        this.spanParameters = spanParameters;
    }

    @GetMapping("/overview")
    @Operation(
            summary =
                    "All campaigns by hour, day, week or month of a time zone; by default days in"
                            + " UTC of the last 30 days")
    Report overview(
            @RequestParam(required = false) @Nullable Instant from,
            @RequestParam(required = false) @Nullable Instant to,
            @RequestParam(defaultValue = SpanParameters.DAY) String bucket,
            @RequestParam(defaultValue = SpanParameters.UTC) String zone) {
        return Report.of(analytics.overview(spanParameters.asked(from, to, bucket, zone)));
    }

    @GetMapping(path = "/overview.csv", produces = "text/csv")
    @Operation(summary = "The same as CSV, one row per point")
    void overviewFile(
            @RequestParam(required = false) @Nullable Instant from,
            @RequestParam(required = false) @Nullable Instant to,
            @RequestParam(defaultValue = SpanParameters.DAY) String bucket,
            @RequestParam(defaultValue = SpanParameters.UTC) String zone,
            HttpServletResponse response)
            throws IOException {
        Span span = spanParameters.asked(from, to, bucket, zone);
        FigureFile file = FigureFile.of(analytics.overview(span), span.zone());
        Download.write(file, "overview", response);
    }

    @GetMapping("/campaigns/{id}")
    @Operation(
            summary =
                    "A campaign by hour, day, week or month of a time zone; by default hours"
                            + " unless told")
    @ApiResponse(
            responseCode = "200",
            content = @Content(schema = @Schema(implementation = CampaignReport.class)))
    ResponseEntity<byte[]> campaign(
            @PathVariable long id,
            @RequestParam(defaultValue = "hour") String bucket,
            @RequestParam(defaultValue = SpanParameters.UTC) String zone) {
        Bucket points = ReportWords.bucket(bucket);
        ZoneId where = ReportWords.zone(zone);
        Analytics.Edition edition = analytics.edition(id);
        return ResponseEntity.ok()
                .contentType(MediaType.APPLICATION_JSON)
                // Weak, because the same body may be sent compressed or not.
                .eTag(
                        String.format(
                                Locale.ROOT,
                                "W/\"%d%s\"",
                                edition.number(),
                                edition.current() ? "" : "+"))
                .body(reports.of(edition, points, where, it -> report(it, points, where)));
    }

    private CampaignReport report(Analytics.Edition edition, Bucket bucket, ZoneId zone) {
        Analytics.Report report = analytics.report(edition.campaign(), bucket, zone);
        return new CampaignReport(
                report.series(),
                report.series().total().rates(),
                edition.current(),
                report.breakdown());
    }

    @GetMapping(path = "/campaigns/{id}/series.csv", produces = "text/csv")
    @Operation(summary = "The points of a campaign as CSV")
    void campaignFile(
            @PathVariable long id,
            @RequestParam(defaultValue = "hour") String bucket,
            @RequestParam(defaultValue = SpanParameters.UTC) String zone,
            HttpServletResponse response)
            throws IOException {
        ZoneId of = ReportWords.zone(zone);
        FigureFile file = FigureFile.of(analytics.campaign(id, ReportWords.bucket(bucket), of), of);
        Download.write(file, "campaign-" + id, response);
    }

    @GetMapping(path = "/campaigns/{id}/breakdown.csv", produces = "text/csv")
    @Operation(summary = "The breakdown of a campaign's figures as CSV")
    void breakdownFile(@PathVariable long id, HttpServletResponse response) throws IOException {
        FigureFile file = FigureFile.of(analytics.breakdown(id));
        Download.write(file, "campaign-" + id + "-breakdown", response);
    }
}
