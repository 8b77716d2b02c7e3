package io.mailgenius.console.jobs;

import io.mailgenius.console.pages.Frames;
import io.mailgenius.console.pages.LastKnown;
import io.mailgenius.console.pages.ListLinks;
import io.mailgenius.console.pages.Seen;
import io.mailgenius.engine.operations.JobFilter;
import io.mailgenius.engine.operations.JobMatches;
import io.mailgenius.engine.operations.JobSearch;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.ModelAndView;
import org.springframework.web.util.UriComponentsBuilder;

/** The list of jobs, with its search. */
@Controller
class JobListPage {

    private static final int AT_ONCE = 50;

    /**
     * Relative times of a search move on in steps, so that many who ask the same share an answer.
     */
    private static final long STEP_SECONDS = 5;

    /**
     * A search that is a click away.
     *
     * @param text key of its text
     */
    public record Quick(String text, String q) {}

    private static final List<Quick> QUICK =
            List.of(
                    new Quick("jobs.quick.running", "state:running,stopping"),
                    new Quick("jobs.quick.waiting", "state:waiting"),
                    new Quick("jobs.quick.failed", "state:failed"),
                    new Quick("jobs.quick.stopped", "state:stopped"));

    private final JobSearch search;
    private final LastKnown known;
    private final Frames frames;

    JobListPage(JobSearch search, LastKnown known, Frames frames) {
        this.search = search;
        this.known = known;
        this.frames = frames;
    }

    @GetMapping("/jobs")
    ModelAndView list(
            HttpServletRequest request,
            @RequestParam(defaultValue = "") String q,
            @RequestParam(required = false) @Nullable Long after,
            @RequestParam(defaultValue = "false") boolean housekeeping) {
        SearchText text = read(request, q, housekeeping);
        long behind = after == null ? 0 : after;
        Seen<JobMatches> seen =
                known.read(
                        "jobs " + behind + " " + text.filter(),
                        LastKnown.LIVE,
                        () -> search.find(text.filter(), behind, AT_ONCE));
        JobMatches found = seen.value();
        String next = found.next() == null ? null : found.next().toString();
        return new ModelAndView("console/jobs")
                .addObject("seen", seen)
                .addObject("jobs", found.jobs())
                .addObject("total", found.total())
                .addObject("q", q)
                .addObject("unknown", text.unknown())
                .addObject("filtered", !text.filter().equals(JobFilter.ALL))
                .addObject("housekeeping", housekeeping)
                .addObject("quick", QUICK)
                .addObject("links", ListLinks.of(path(q, housekeeping), after, next));
    }

    static String path(String q, boolean housekeeping) {
        UriComponentsBuilder path = UriComponentsBuilder.fromPath("/jobs");
        if (!q.isBlank()) {
            path.queryParam("q", "{q}");
        }
        if (housekeeping) {
            path.queryParam("housekeeping", "true");
        }
        return q.isBlank() ? path.toUriString() : path.encode().buildAndExpand(q).toUriString();
    }

    private SearchText read(HttpServletRequest request, String q, boolean housekeeping) {
        Instant now = frames.of(request).now();
        Instant step = Instant.ofEpochSecond(now.getEpochSecond() / STEP_SECONDS * STEP_SECONDS);
        return SearchText.of(q, housekeeping, step, ZoneId.of(frames.of(request).zone()));
    }

    /** The options of the search field. */
    @GetMapping(path = "/jobs/suggestions", produces = MediaType.TEXT_HTML_VALUE)
    ModelAndView suggestions(@RequestParam(defaultValue = "") String q) {
        String word = q.substring(q.lastIndexOf(' ') + 1);
        List<String> words =
                word.length() < 2 || word.contains(":")
                        ? List.of()
                        : known.read(
                                        "suggestions " + word,
                                        Duration.ofSeconds(10),
                                        () -> search.suggest(word))
                                .value();
        return new ModelAndView("console/suggestions")
                .addObject("suggestions", Suggestions.of(q, words));
    }
}
