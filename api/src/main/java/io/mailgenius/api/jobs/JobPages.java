package io.mailgenius.api.jobs;

import io.mailgenius.api.console.ListLinks;
import io.mailgenius.engine.launching.Launches;
import io.mailgenius.engine.progress.JobDetail;
import io.mailgenius.engine.progress.JobProgress;
import io.mailgenius.engine.progress.JobView;
import io.mailgenius.jobs.workspaces.Page;
import io.mailgenius.jobs.workspaces.Refusal;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.ModelAndView;

/** Jobs in the console. */
@Controller
class JobPages {

    private static final int AT_ONCE = 50;

    private final JobProgress progress;
    private final Launches launches;
    private final Restarts restarts;

    JobPages(JobProgress progress, Launches launches, Restarts restarts) {
        this.progress = progress;
        this.launches = launches;
        this.restarts = restarts;
    }

    @GetMapping("/jobs")
    ModelAndView list(
            @RequestParam(required = false) @Nullable Long after,
            @RequestParam(defaultValue = "false") boolean housekeeping) {
        long before = after == null ? Long.MAX_VALUE : after;
        Page<JobView> page =
                Page.of(
                        progress.newest(before, Page.rows(AT_ONCE), housekeeping),
                        AT_ONCE,
                        JobView::launchId);
        String list = housekeeping ? "/jobs?housekeeping=true" : "/jobs";
        return new ModelAndView("jobs")
                .addObject("jobs", page.items())
                .addObject("housekeeping", housekeeping)
                .addObject("links", ListLinks.of(list, after, page.next()));
    }

    @GetMapping("/jobs/{executionId}")
    ModelAndView one(@PathVariable long executionId) {
        JobDetail detail = find(executionId);
        ModelAndView page = new ModelAndView("job").addObject("detail", detail);
        return switch (detail.job().state()) {
            case STOPPED, FAILED -> page.addObject("restart", restarts.preview(executionId));
            case QUEUED, RUNNING, STOPPING, COMPLETED, ABANDONED -> page;
        };
    }

    @PostMapping("/jobs/{executionId}/stop")
    String stop(@PathVariable long executionId) {
        launches.stop(find(executionId).job().launchId());
        return back(executionId);
    }

    @PostMapping("/jobs/{executionId}/abandon")
    String abandon(@PathVariable long executionId) {
        launches.abandon(find(executionId).job().launchId());
        return back(executionId);
    }

    @PostMapping("/jobs/{executionId}/restart")
    String restart(@PathVariable long executionId) {
        launches.restart(find(executionId).job().launchId());
        return back(executionId);
    }

    private static String back(long executionId) {
        return "redirect:/jobs/" + executionId;
    }

    private JobDetail find(long executionId) {
        return progress.find(executionId)
                .orElseThrow(() -> new Refusal.NotFound("job", executionId));
    }
}
