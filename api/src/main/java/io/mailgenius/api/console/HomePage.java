package io.mailgenius.api.console;

import io.mailgenius.api.access.Caller;
import io.mailgenius.engine.cluster.Nodes;
import io.mailgenius.engine.progress.JobProgress;
import io.mailgenius.jobs.analytics.Analytics;
import io.mailgenius.jobs.analytics.Bucket;
import io.mailgenius.jobs.analytics.Span;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.servlet.ModelAndView;

/**
 * The home page: the figures of the last 30 days and the current activity, as far as they may be
 * seen.
 */
@Controller
class HomePage {

    private static final Duration MONTH = Duration.ofDays(30);
    private static final int JOBS = 8;

    private final Analytics analytics;
    private final JobProgress progress;
    private final Nodes nodes;
    private final Clock clock;

    HomePage(Analytics analytics, JobProgress progress, Nodes nodes, Clock clock) {
        this.analytics = analytics;
        this.progress = progress;
        this.nodes = nodes;
        this.clock = clock;
    }

    @GetMapping("/")
    ModelAndView home() {
        Instant now = clock.instant();
        Caller caller = Caller.current();
        ModelAndView page = new ModelAndView("home");
        if (caller.may("analytics:read")) {
            var series =
                    analytics.overview(
                            new Span(
                                    now.minus(MONTH),
                                    now.plusSeconds(1),
                                    Bucket.DAY,
                                    ZoneOffset.UTC));
            page.addObject("figures", series.total()).addObject("rates", series.total().rates());
        }
        if (caller.may("jobs:read")) {
            page.addObject("jobs", progress.newest(Long.MAX_VALUE, JOBS, false))
                    .addObject("links", ListLinks.of("/", null, null));
        }
        if (caller.may("nodes:read")) {
            page.addObject("nodes", nodes.since(now));
        }
        return page;
    }
}
