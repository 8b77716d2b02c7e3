package io.mailgenius.console.jobs;

import io.mailgenius.console.pages.Frames;
import io.mailgenius.console.pages.Seen;
import io.mailgenius.engine.operations.JobActions;
import io.mailgenius.engine.operations.RateSeries;
import io.mailgenius.engine.progress.JobView;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Instant;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.servlet.ModelAndView;

/** One job: its timeline, chunks, rates, failures, and what people did with it. */
@Controller
class JobPage {

    private final KnownJobs jobs;
    private final JobActions actions;
    private final Frames frames;

    JobPage(KnownJobs jobs, JobActions actions, Frames frames) {
        this.jobs = jobs;
        this.actions = actions;
        this.frames = frames;
    }

    @GetMapping("/jobs/{executionId}")
    ModelAndView one(HttpServletRequest request, @PathVariable long executionId) {
        Seen<JobView> seen = jobs.job(executionId);
        JobView job = seen.value();
        Instant now = frames.of(request).now();
        Instant shown = seen.late() ? seen.at() : now;
        // Chunks that were held when it ended never end, and grow no older.
        Instant end = job.endedAt() == null ? shown : job.endedAt();
        RateSeries rates = jobs.rates(job);
        return new ModelAndView("console/job")
                .addObject("seen", seen)
                .addObject("id", executionId)
                .addObject("job", job)
                .addObject("possible", PossibleActions.of(job))
                .addObject("pace", job.endedAt() == null ? Pace.of(job, rates, shown) : null)
                .addObject("timeline", Timeline.of(jobs.timeline(job), end))
                .addObject("maps", HeatMap.of(jobs.tiles(job), end))
                .addObject("rates", RateChart.of(rates))
                .addObject("causes", jobs.causes(job))
                .addObject("inHand", jobs.inHand(job))
                .addObject("history", actions.history(job.launchId()));
    }
}
