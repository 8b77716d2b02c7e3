package io.mailgenius.api.workspaces;

import io.mailgenius.jobs.workspaces.WorkspaceSettings;
import io.mailgenius.jobs.workspaces.WorkspaceSettings.Change;
import io.mailgenius.jobs.workspaces.WorkspaceView;
import io.swagger.v3.oas.annotations.Operation;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping(WorkspaceController.PATH)
class WorkspaceController {

    static final String PATH = "/api/v1/workspace";

    private final WorkspaceSettings workspace;

    WorkspaceController(WorkspaceSettings workspace) {
        this.workspace = workspace;
    }

    @GetMapping
    @Operation(summary = "The workspace of the key, and what it has decided about its mails")
    WorkspaceView find() {
        return workspace.find();
    }

    @PatchMapping
    @Operation(summary = "Decide otherwise; what is not named stays")
    WorkspaceView change(@RequestBody Change change) {
        return workspace.change(change);
    }

    @PostMapping("/suspend")
    @Operation(summary = "Suspend the workspace: nothing is written or sent until it is resumed")
    WorkspaceView suspend() {
        return workspace.suspend(false);
    }

    @PostMapping("/resume")
    @Operation(summary = "Resume it: its jobs go on")
    WorkspaceView resume() {
        return workspace.resume(false);
    }
}
