package io.mailgenius.console.jobs;

import io.mailgenius.console.host.Right;
import io.mailgenius.console.pages.ApiCall;
import io.mailgenius.console.pages.Frame;
import io.mailgenius.console.pages.Question;
import io.mailgenius.console.pages.Questions;
import io.mailgenius.engine.operations.JobActions;
import io.mailgenius.engine.operations.Repetition;
import io.mailgenius.engine.operations.RestartForecast;
import io.mailgenius.engine.operations.RetryScope;
import io.mailgenius.engine.progress.JobView;
import io.mailgenius.schema.Priority;
import jakarta.servlet.http.HttpServletRequest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.ModelAndView;
import tools.jackson.databind.json.JsonMapper;

/** The actions on a job: each asks first, and says what it will do. */
@Controller
class JobActionPages {

    private final KnownJobs jobs;
    private final JobActions actions;
    private final Questions questions;
    private final JsonMapper json;

    JobActionPages(KnownJobs jobs, JobActions actions, Questions questions, JsonMapper json) {
        this.jobs = jobs;
        this.actions = actions;
        this.questions = questions;
        this.json = json;
    }

    @GetMapping("/jobs/{executionId}/stop")
    ModelAndView askStop(HttpServletRequest request, @PathVariable long executionId) {
        Frame frame = questions.frame(request);
        JobView job = jobs.job(executionId).value();
        List<String> effects =
                List.of(
                        frame.text("ask.stop.finish", frame.number(job.inFlight())),
                        frame.text(
                                "ask.stop.hold",
                                frame.number(
                                        job.chunks() - job.done() - job.failed() - job.inFlight())),
                        frame.text("ask.stop.later"));
        return ask(request, job, "stop", executionId, effects, q -> q);
    }

    @PostMapping("/jobs/{executionId}/stop")
    String stop(
            @PathVariable long executionId,
            @RequestParam(required = false) @Nullable String reason) {
        questions.require(Right.OPERATE_JOBS);
        actions.stop(jobs.launchOf(executionId), Questions.reason(reason));
        return back(executionId, "stop");
    }

    @GetMapping("/jobs/{executionId}/restart")
    ModelAndView askRestart(HttpServletRequest request, @PathVariable long executionId) {
        Frame frame = questions.frame(request);
        JobView job = jobs.job(executionId).value();
        List<String> effects = new ArrayList<>();
        boolean harmful = false;
        RestartForecast forecast = actions.restartForecast(executionId).orElse(null);
        if (forecast != null) {
            effects.add(
                    frame.text(
                            "ask.restart.chunks",
                            frame.number(forecast.chunks().chunksToDo()),
                            frame.number(forecast.chunks().chunksToRedo())));
            for (Repetition repetition : forecast.repetitions()) {
                harmful |= repetition.harmful() && repetition.count() > 0;
                effects.add(
                        frame.text(
                                "repetition." + repetition.name(),
                                frame.number(repetition.count())));
            }
        }
        effects.add(frame.text("ask.restart.keeps"));
        boolean warn = harmful;
        return ask(request, job, "restart", executionId, effects, q -> warn ? q.harmfully() : q);
    }

    @PostMapping("/jobs/{executionId}/restart")
    String restart(
            @PathVariable long executionId,
            @RequestParam(required = false) @Nullable String reason) {
        questions.require(Right.OPERATE_JOBS);
        actions.restart(jobs.launchOf(executionId), Questions.reason(reason));
        return back(executionId, "restart");
    }

    @GetMapping("/jobs/{executionId}/abandon")
    ModelAndView askAbandon(HttpServletRequest request, @PathVariable long executionId) {
        Frame frame = questions.frame(request);
        JobView job = jobs.job(executionId).value();
        List<String> effects =
                List.of(
                        frame.text("ask.abandon.never"),
                        frame.text("ask.abandon.left", frame.number(job.chunks() - job.done())));
        return ask(request, job, "abandon", executionId, effects, Question::harmfully);
    }

    @PostMapping("/jobs/{executionId}/abandon")
    String abandon(
            @PathVariable long executionId,
            @RequestParam(required = false) @Nullable String reason) {
        questions.require(Right.OPERATE_JOBS);
        actions.abandon(jobs.launchOf(executionId), Questions.reason(reason));
        return back(executionId, "abandon");
    }

    @GetMapping("/jobs/{executionId}/priority")
    ModelAndView askPriority(HttpServletRequest request, @PathVariable long executionId) {
        Frame frame = questions.frame(request);
        JobView job = jobs.job(executionId).value();
        Map<String, String> choices = new LinkedHashMap<>();
        for (Priority priority : Priority.values()) {
            choices.put(priority.name(), frame.text("priority." + priority));
        }
        List<String> effects =
                List.of(
                        frame.text("ask.priority.now", frame.text("priority." + job.priority())),
                        frame.text("ask.priority.share"));
        return ask(
                request,
                job,
                "priority",
                executionId,
                effects,
                q ->
                        q.choosing(choices)
                                .asCall(
                                        new ApiCall(
                                                "PATCH",
                                                "/jobs/" + executionId,
                                                "{\"priority\":\"HIGH\"}")));
    }

    @PostMapping("/jobs/{executionId}/priority")
    String priority(
            @PathVariable long executionId,
            @RequestParam Priority choice,
            @RequestParam(required = false) @Nullable String reason) {
        questions.require(Right.OPERATE_JOBS);
        actions.prioritise(jobs.launchOf(executionId), choice, Questions.reason(reason));
        return back(executionId, "priority");
    }

    @GetMapping("/jobs/{executionId}/retry")
    ModelAndView askRetry(
            HttpServletRequest request,
            @PathVariable long executionId,
            @RequestParam(required = false) @Nullable String cause,
            @RequestParam(required = false) @Nullable Long chunk) {
        Frame frame = questions.frame(request);
        JobView job = jobs.job(executionId).value();
        Map<String, String> fields = new LinkedHashMap<>();
        ApiCall call = new ApiCall("POST", "/jobs/" + executionId + "/retry", null);
        List<String> effects = new ArrayList<>();
        if (chunk != null) {
            fields.put("chunk", chunk.toString());
            call =
                    new ApiCall(
                            "POST", "/jobs/" + executionId + "/chunks/" + chunk + "/retry", null);
            effects.add(frame.text("ask.retry.one", chunk.toString()));
        } else if (cause != null) {
            long failed =
                    jobs.causes(job).stream()
                            .filter(it -> it.cause().equals(cause))
                            .mapToLong(it -> it.failed())
                            .sum();
            fields.put("cause", cause);
            call =
                    new ApiCall(
                            "POST",
                            "/jobs/" + executionId + "/retry",
                            json.writeValueAsString(Map.of("cause", cause)));
            effects.add(frame.text("ask.retry.cause", frame.number(failed), cause));
        } else {
            effects.add(frame.text("ask.retry.all", frame.number(job.failed())));
        }
        effects.add(frame.text("ask.retry.again"));
        effects.add(frame.text("ask.retry.attempts"));
        ApiCall same = call;
        return ask(request, job, "retry", executionId, effects, q -> q.with(fields).asCall(same));
    }

    @PostMapping("/jobs/{executionId}/retry")
    String retry(
            @PathVariable long executionId,
            @RequestParam(required = false) @Nullable String cause,
            @RequestParam(required = false) @Nullable Long chunk,
            @RequestParam(required = false) @Nullable String reason) {
        questions.require(Right.OPERATE_JOBS);
        RetryScope scope =
                chunk != null
                        ? new RetryScope.OneChunk(chunk)
                        : cause != null ? new RetryScope.OfCause(cause) : new RetryScope.All();
        actions.retryFailed(jobs.launchOf(executionId), scope, Questions.reason(reason));
        return back(executionId, "retry");
    }

    private ModelAndView ask(
            HttpServletRequest request,
            JobView job,
            String action,
            long executionId,
            List<String> effects,
            UnaryOperator<Question> more) {
        Frame frame = questions.frame(request);
        String path = "/jobs/" + executionId + "/" + action;
        Question question =
                more.apply(
                        new Question(
                                        frame.text(
                                                "ask." + action + ".title",
                                                job.job() + " " + job.key()),
                                        effects,
                                        path,
                                        frame.text("action." + action),
                                        "/jobs/" + executionId)
                                .asCall(new ApiCall("POST", path, null)));
        return questions.ask(
                request,
                Right.OPERATE_JOBS,
                PossibleActions.of(job).contains(action)
                        ? question
                        : question.refusedFor(
                                frame.text("refused.state", frame.text("state." + job.state()))));
    }

    private static String back(long executionId, String action) {
        return "redirect:/jobs/" + executionId + "?done=" + action;
    }
}
