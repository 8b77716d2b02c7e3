package io.mailgenius.console.jobs;

import io.mailgenius.console.host.Right;
import io.mailgenius.console.pages.Frame;
import io.mailgenius.console.pages.Question;
import io.mailgenius.console.pages.Questions;
import io.mailgenius.engine.operations.BulkAction;
import io.mailgenius.engine.operations.BulkResult;
import io.mailgenius.engine.operations.JobActions;
import io.mailgenius.engine.operations.JobFilter;
import jakarta.servlet.http.HttpServletRequest;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.ModelAndView;

/** The same action on all jobs that a search finds, with their number shown first. */
@Controller
class BulkPages {

    private final JobActions actions;
    private final Questions questions;

    BulkPages(JobActions actions, Questions questions) {
        this.actions = actions;
        this.questions = questions;
    }

    @GetMapping("/jobs/bulk")
    ModelAndView ask(
            HttpServletRequest request,
            @RequestParam BulkAction action,
            @RequestParam(defaultValue = "") String q,
            @RequestParam(defaultValue = "false") boolean housekeeping) {
        Frame frame = questions.frame(request);
        SearchText text = read(frame, q, housekeeping);
        Question question =
                new Question(
                                frame.text("bulk." + action + ".title"),
                                List.of(),
                                "/jobs/bulk",
                                frame.text("bulk." + action),
                                JobListPage.path(q, housekeeping))
                        .with(
                                Map.of(
                                        "action", action.name(),
                                        "q", q,
                                        "housekeeping", Boolean.toString(housekeeping)));
        return questions.ask(
                request,
                Right.OPERATE_JOBS,
                frame.may(Right.OPERATE_JOBS) ? counted(frame, action, text, question) : question);
    }

    private Question counted(Frame frame, BulkAction action, SearchText text, Question question) {
        if (!text.unknown().isEmpty()) {
            return question.refusedFor(
                    frame.text("jobs.unknown", String.join(" ", text.unknown())));
        }
        BulkResult found = actions.bulk(action, text.filter(), true, null);
        List<String> effects = new ArrayList<>();
        effects.add(
                frame.text(
                        found.matching().capped() ? "bulk.matching.capped" : "bulk.matching",
                        frame.number(found.matching().jobs())));
        effects.add(frame.text("bulk.affected", frame.number(found.affected())));
        if (found.more()) {
            effects.add(frame.text("bulk.more", frame.number(JobActions.BULK_LIMIT)));
        }
        if (text.filter().equals(JobFilter.ALL)) {
            effects.add(frame.text("bulk.everything"));
        }
        Question counted =
                new Question(
                                question.title(),
                                effects,
                                question.path(),
                                question.confirm(),
                                question.back())
                        .with(question.fields())
                        .harmfully();
        return found.affected() == 0 ? counted.refusedFor(frame.text("bulk.none")) : counted;
    }

    @PostMapping("/jobs/bulk")
    String act(
            HttpServletRequest request,
            @RequestParam BulkAction action,
            @RequestParam(defaultValue = "") String q,
            @RequestParam(defaultValue = "false") boolean housekeeping,
            @RequestParam(required = false) @Nullable String reason) {
        questions.require(Right.OPERATE_JOBS);
        SearchText text = read(questions.frame(request), q, housekeeping);
        String path = JobListPage.path(q, housekeeping);
        String join = path.contains("?") ? "&" : "?";
        if (!text.unknown().isEmpty()) {
            return "redirect:" + path;
        }
        BulkResult result = actions.bulk(action, text.filter(), false, Questions.reason(reason));
        return "redirect:"
                + path
                + join
                + "changed="
                + result.done()
                + "&refused="
                + result.refused().size();
    }

    private static SearchText read(Frame frame, String q, boolean housekeeping) {
        return SearchText.of(q, housekeeping, frame.now(), ZoneId.of(frame.zone()));
    }
}
