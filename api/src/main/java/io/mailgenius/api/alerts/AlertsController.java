package io.mailgenius.api.alerts;

import io.mailgenius.api.access.Caller;
import io.mailgenius.api.json.Created;
import io.mailgenius.engine.alerts.Alert;
import io.mailgenius.engine.alerts.Alerts;
import io.mailgenius.engine.alerts.Silence;
import io.mailgenius.jobs.alerts.AlertSettings;
import io.mailgenius.jobs.workspaces.Page;
import io.mailgenius.jobs.workspaces.Refusal;
import io.mailgenius.schema.AlertState;
import io.mailgenius.schema.WorkspaceScope;
import io.swagger.v3.oas.annotations.Operation;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping(AlertsController.PATH)
class AlertsController {

    static final String PATH = "/api/v1/alerts";

    private static final Duration LONGEST_SILENCE = Duration.ofDays(366);

    private static final int LONGEST_TEXT = 1_000;

    private final Alerts alerts;
    private final AlertSettings rules;
    private final Clock clock;

    AlertsController(Alerts alerts, AlertSettings rules, Clock clock) {
        this.alerts = alerts;
        this.rules = rules;
        this.clock = clock;
    }

    /**
     * @param breachedSince since when the threshold was reached
     */
    record AlertView(
            long id,
            long ruleId,
            String kind,
            String subject,
            String message,
            double value,
            double threshold,
            AlertState state,
            Instant breachedSince,
            @Nullable Instant openedAt,
            @Nullable Instant acknowledgedAt,
            @Nullable String acknowledgedBy,
            @Nullable Instant resolvedAt) {

        static AlertView of(Alert alert) {
            return new AlertView(
                    alert.id(),
                    alert.ruleId(),
                    alert.kind(),
                    alert.subject(),
                    alert.message(),
                    alert.value(),
                    alert.threshold(),
                    alert.state(),
                    alert.breachedSince(),
                    alert.openedAt(),
                    alert.acknowledgedAt(),
                    alert.acknowledgedBy(),
                    alert.resolvedAt());
        }
    }

    /**
     * @param ruleId null for all rules
     * @param subject null for all subjects
     * @param startsAt null for now
     */
    record SilenceDraft(
            @Nullable Long ruleId,
            @Nullable String subject,
            @Nullable String reason,
            @Nullable Instant startsAt,
            Instant endsAt) {}

    /** A silence; nobody is notified of what opens meanwhile. */
    record SilenceView(
            long id,
            @Nullable Long ruleId,
            @Nullable String subject,
            String reason,
            Instant startsAt,
            Instant endsAt,
            String createdBy) {

        static SilenceView of(Silence silence) {
            return new SilenceView(
                    silence.id(),
                    silence.ruleId(),
                    silence.subject(),
                    silence.reason(),
                    silence.startsAt(),
                    silence.endsAt(),
                    silence.createdBy());
        }
    }

    @GetMapping
    @Operation(
            summary = "Alerts, newest first; without a state those that are open or acknowledged")
    Page<AlertView> page(
            @RequestParam(required = false) @Nullable Set<AlertState> state,
            @RequestParam(defaultValue = "" + Long.MAX_VALUE) long after,
            @RequestParam(defaultValue = "50") int limit) {
        Set<AlertState> states =
                state == null || state.isEmpty()
                        ? Set.of(AlertState.OPEN, AlertState.ACKNOWLEDGED)
                        : state;
        List<AlertView> rows =
                alerts.page(WorkspaceScope.required(), states, after, Page.rows(limit)).stream()
                        .map(AlertView::of)
                        .toList();
        return Page.of(rows, limit, AlertView::id);
    }

    @GetMapping("/{id}")
    @Operation(summary = "One alert")
    AlertView find(@PathVariable long id) {
        return alerts.find(WorkspaceScope.required(), id)
                .map(AlertView::of)
                .orElseThrow(() -> new Refusal.NotFound("alert", id));
    }

    @PostMapping("/{id}/acknowledge")
    @Operation(summary = "Say that somebody takes care of an open alert")
    AlertView acknowledge(@PathVariable long id) {
        AlertView before = find(id);
        return alerts.acknowledge(WorkspaceScope.required(), id, Caller.current().name())
                .map(AlertView::of)
                .orElseThrow(
                        () ->
                                new Refusal.Conflict(
                                        "alert-not-open",
                                        "Alert %d is %s; only an open one can be acknowledged."
                                                .formatted(id, before.state())));
    }

    @GetMapping("/silences")
    @Operation(summary = "Silences that have not ended")
    List<SilenceView> silences() {
        return alerts.silences(WorkspaceScope.required()).stream().map(SilenceView::of).toList();
    }

    @PostMapping("/silences")
    @ResponseStatus(HttpStatus.CREATED)
    @Operation(
            summary =
                    "Notify nobody of alerts for a time; those still open afterwards are notified then")
    ResponseEntity<SilenceView> silence(@RequestBody SilenceDraft draft) {
        Instant now = clock.instant();
        Instant starts = draft.startsAt() == null ? now : draft.startsAt();
        if (starts.isBefore(now.minus(LONGEST_SILENCE))
                || !draft.endsAt().isAfter(starts)
                || !draft.endsAt().isAfter(now)
                || draft.endsAt().isAfter(now.plus(LONGEST_SILENCE))) {
            throw new Refusal.Invalid(
                    "silence-time-invalid",
                    "\"endsAt\" is after \"startsAt\", in the future, and within a year from now.");
        }
        String reason = draft.reason() == null ? "" : draft.reason();
        if (reason.length() > LONGEST_TEXT
                || draft.subject() != null && draft.subject().length() > LONGEST_TEXT) {
            throw new Refusal.Invalid(
                    "silence-text-too-long",
                    "\"reason\" and \"subject\" have up to 1000 characters.");
        }
        if (draft.ruleId() != null) {
            rules.find(draft.ruleId());
        }
        SilenceView made =
                SilenceView.of(
                        alerts.silence(
                                new Silence(
                                        WorkspaceScope.required(),
                                        0,
                                        draft.ruleId(),
                                        draft.subject(),
                                        reason,
                                        starts,
                                        draft.endsAt(),
                                        Caller.current().name())));
        return Created.at(PATH + "/silences", made.id(), made);
    }

    @DeleteMapping("/silences/{id}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @Operation(summary = "End a silence")
    void endSilence(@PathVariable long id) {
        if (!alerts.endSilence(WorkspaceScope.required(), id)) {
            throw new Refusal.NotFound("silence", id);
        }
    }
}
