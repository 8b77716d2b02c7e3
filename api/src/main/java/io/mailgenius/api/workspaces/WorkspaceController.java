package io.mailgenius.api.workspaces;

import io.mailgenius.jobs.workspaces.WorkspaceRules;
import io.mailgenius.jobs.workspaces.WorkspaceRules.Change;
import io.mailgenius.jobs.workspaces.WorkspaceRules.Rules;
import io.swagger.v3.oas.annotations.Operation;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/api/v1/workspace")
class WorkspaceController {

    private final WorkspaceRules rules;

    WorkspaceController(WorkspaceRules rules) {
        this.rules = rules;
    }

    @GetMapping
    @Operation(summary = "What the workspace has decided about its mails")
    Rules read() {
        return rules.read();
    }

    @PatchMapping
    @Operation(summary = "Decide otherwise; what is not named stays")
    Rules change(@RequestBody Change change) {
        return rules.change(change);
    }
}
