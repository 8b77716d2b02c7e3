package io.mailgenius.api.analytics;

import io.mailgenius.jobs.analytics.Analytics;
import io.mailgenius.jobs.analytics.Comparison;
import io.mailgenius.jobs.analytics.FigureFile;
import io.swagger.v3.oas.annotations.Operation;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Clock;
import java.util.List;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping(AnalyticsController.PATH + "/campaigns")
class ComparisonController {

    private final Analytics analytics;
    private final Clock clock;

    ComparisonController(Analytics analytics, Clock clock) {
        this.analytics = analytics;
        this.clock = clock;
    }

    @GetMapping("/compare")
    @Operation(
            summary =
                    "Compare 2 to 20 campaigns with the first, also by hours since"
                            + " their first mails")
    Comparison compare(@RequestParam List<Long> ids) {
        return analytics.compare(ids, clock.instant());
    }

    @GetMapping(path = "/compare.csv", produces = "text/csv")
    @Operation(summary = "The same as CSV, one row per campaign")
    void file(@RequestParam List<Long> ids, HttpServletResponse response) throws IOException {
        Download.write(FigureFile.of(compare(ids)), "campaigns", response);
    }

    @GetMapping(path = "/compare/hours.csv", produces = "text/csv")
    @Operation(summary = "CSV with one row per campaign and hour since its first mail")
    void hoursFile(@RequestParam List<Long> ids, HttpServletResponse response) throws IOException {
        Download.write(FigureFile.hoursOf(compare(ids)), "campaigns-by-hour", response);
    }
}
