package io.mailgenius.api.analytics;

import io.mailgenius.jobs.analytics.Analytics;
import io.mailgenius.jobs.analytics.Breakdown;
import io.mailgenius.jobs.analytics.Bucket;
import io.mailgenius.jobs.analytics.Rates;
import io.mailgenius.jobs.analytics.Series;
import io.mailgenius.jobs.workspaces.Refusal;
import io.swagger.v3.oas.annotations.Operation;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/api/v1/analytics")
class AnalyticsController {

    private static final Duration USUAL = Duration.ofDays(30);
    private static final Duration LONGEST = Duration.ofDays(731);

    record Report(Series series, Rates rates) {

        static Report of(Series series) {
            return new Report(series, series.total().rates());
        }
    }

    /**
     * @param current whether every event that has come in is counted
     */
    record CampaignReport(Series series, Rates rates, boolean current, Breakdown breakdown) {}

    private final Analytics analytics;
    private final Clock clock;

    AnalyticsController(Analytics analytics, Clock clock) {
        this.analytics = analytics;
        this.clock = clock;
    }

    @GetMapping("/overview")
    @Operation(
            summary =
                    "Over all campaigns by hour, day, week or month of a time zone; day by day in"
                            + " UTC and the last 30 days unless told")
    Report overview(
            @RequestParam @Nullable Instant from,
            @RequestParam @Nullable Instant to,
            @RequestParam(defaultValue = "day") String bucket,
            @RequestParam(defaultValue = "UTC") String zone) {
        Instant end = to == null ? clock.instant() : to;
        Instant start = from == null ? end.minus(USUAL) : from;
        if (!start.isBefore(end) || Duration.between(start, end).compareTo(LONGEST) > 0) {
            throw new Refusal.Invalid(
                    "time-range-invalid", "Let from be before to, and at most two years before.");
        }
        return Report.of(analytics.overview(start, end, bucket(bucket), zone(zone)));
    }

    private static Bucket bucket(String word) {
        return Arrays.stream(Bucket.values())
                .filter(it -> it.name().equalsIgnoreCase(word))
                .findAny()
                .orElseThrow(
                        () ->
                                new Refusal.Invalid(
                                        "bucket-unknown",
                                        "Let bucket be hour, day, week or month."));
    }

    /** Names only: an offset such as +02:00 means the opposite in PostgreSQL. */
    private static ZoneId zone(String name) {
        if (!ZoneId.getAvailableZoneIds().contains(name)) {
            throw new Refusal.Invalid(
                    "time-zone-unknown", "Let zone be a name such as Europe/Berlin, or UTC.");
        }
        return ZoneId.of(name);
    }

    @GetMapping("/campaigns/{id}")
    @Operation(summary = "A campaign hour by hour")
    CampaignReport campaign(@PathVariable long id) {
        // Asked before the figures are read, so that "current" never says too much.
        boolean current = analytics.isCurrent(id);
        Series series = analytics.campaign(id);
        return new CampaignReport(series, series.total().rates(), current, analytics.breakdown(id));
    }
}
