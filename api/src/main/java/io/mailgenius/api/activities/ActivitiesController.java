package io.mailgenius.api.activities;

import io.mailgenius.api.problems.ProblemFound;
import io.mailgenius.jobs.activities.Activities;
import io.mailgenius.jobs.activities.ActivityDraft;
import io.mailgenius.jobs.activities.ActivityResult;
import io.mailgenius.jobs.workspaces.Refusal;
import io.swagger.v3.oas.annotations.Operation;
import jakarta.validation.constraints.Size;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping(ActivitiesController.PATH)
class ActivitiesController {

    static final String PATH = "/api/v1/events";

    private static final Duration SOON = Duration.ofSeconds(2);

    /** Up to 1,000 at a time. */
    record Reports(@Size(min = 1, max = Activities.BATCH) List<ActivityDraft> events) {}

    /** In the order of the events. */
    record Results(List<ActivityResult> results) {}

    private final Activities activities;

    ActivitiesController(Activities activities) {
        this.activities = activities;
    }

    @PostMapping
    @Operation(summary = "Report what a contact did elsewhere; the same id changes nothing again")
    ActivityResult report(@RequestBody ActivityDraft draft) {
        ActivityResult result = recorded(List.of(draft)).getFirst();
        return switch (result.outcome()) {
            case STORED, DUPLICATE -> result;
            case REFUSED ->
                    throw new Refusal.Invalid(
                            Objects.requireNonNullElse(result.problem(), "event-invalid"),
                            Objects.requireNonNullElse(result.detail(), "The event is not valid."));
        };
    }

    @PostMapping("/batch")
    @Operation(summary = "The same for up to 1,000 events, each with its own result")
    Results reportAll(@RequestBody Reports reports) {
        return new Results(recorded(reports.events()));
    }

    private List<ActivityResult> recorded(List<ActivityDraft> drafts) {
        return activities
                .record(drafts)
                .orElseThrow(
                        () ->
                                new ProblemFound(
                                        503,
                                        "events-not-stored",
                                        "The events were not stored",
                                        "Send them again: what was stored is not stored twice.",
                                        SOON));
    }
}
