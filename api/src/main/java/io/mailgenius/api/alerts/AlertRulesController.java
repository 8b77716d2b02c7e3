package io.mailgenius.api.alerts;

import io.mailgenius.api.access.Caller;
import io.mailgenius.api.json.Created;
import io.mailgenius.engine.alerts.AlertKind;
import io.mailgenius.engine.alerts.AlertNotices.Tested;
import io.mailgenius.jobs.alerts.AlertRuleDraft;
import io.mailgenius.jobs.alerts.AlertRuleView;
import io.mailgenius.jobs.alerts.AlertSettings;
import io.mailgenius.jobs.workspaces.Page;
import io.swagger.v3.oas.annotations.Operation;
import java.util.List;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping(AlertRulesController.PATH)
class AlertRulesController {

    static final String PATH = "/api/v1/alert-rules";

    private final AlertSettings rules;

    AlertRulesController(AlertSettings rules) {
        this.rules = rules;
    }

    /**
     * What a rule can watch.
     *
     * @param unit of the threshold: a count, seconds, or a share from 0 to 1
     * @param threshold the usual one
     * @param durationSeconds the usual one
     * @param ofInstallation whether it needs the permission nodes:read
     */
    record Kind(
            String kind,
            AlertKind.Unit unit,
            double threshold,
            long durationSeconds,
            boolean ofInstallation,
            String meaning) {}

    @GetMapping("/kinds")
    @Operation(summary = "What rules can watch")
    List<Kind> kinds() {
        return rules.kinds().stream()
                .map(
                        kind ->
                                new Kind(
                                        kind.name(),
                                        kind.unit(),
                                        kind.threshold(),
                                        kind.duration().toSeconds(),
                                        kind.ofInstallation(),
                                        kind.meaning()))
                .toList();
    }

    @GetMapping
    @Operation(summary = "Alert rules")
    Page<AlertRuleView> page(
            @RequestParam(defaultValue = "0") long after,
            @RequestParam(defaultValue = "50") int limit) {
        return Page.of(rules.page(after, Page.rows(limit)), limit, AlertRuleView::id);
    }

    @PostMapping
    @ResponseStatus(HttpStatus.CREATED)
    @Operation(summary = "Make an alert rule; the secret of its webhook is shown this once")
    ResponseEntity<AlertRuleView> create(@RequestBody AlertRuleDraft draft) {
        AlertRuleView made = rules.create(draft, watchesNodes());
        return Created.at(PATH, made.id(), made);
    }

    private static boolean watchesNodes() {
        return Caller.current().may("nodes:read");
    }

    @GetMapping("/{id}")
    @Operation(summary = "One alert rule")
    AlertRuleView find(@PathVariable long id) {
        return rules.find(id);
    }

    @PutMapping("/{id}")
    @Operation(summary = "Replace an alert rule; its webhook keeps its secret")
    AlertRuleView change(@PathVariable long id, @RequestBody AlertRuleDraft draft) {
        return rules.change(id, draft, watchesNodes());
    }

    @DeleteMapping("/{id}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @Operation(summary = "Delete an alert rule with its alerts")
    void delete(@PathVariable long id) {
        rules.delete(id);
    }

    @PostMapping("/{id}/test")
    @Operation(summary = "Send a test to all targets of the rule, with the result of each")
    List<Tested> test(@PathVariable long id) {
        return rules.test(id);
    }
}
