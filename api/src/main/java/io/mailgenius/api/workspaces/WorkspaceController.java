package io.mailgenius.api.workspaces;

import io.mailgenius.jobs.workspaces.OwnWorkspace;
import io.mailgenius.jobs.workspaces.WorkspaceView;
import io.swagger.v3.oas.annotations.Operation;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping(WorkspaceController.PATH)
class WorkspaceController {

    static final String PATH = "/api/v1/workspace";

    /**
     * @param postalAddress null takes it away
     */
    record Change(@Nullable String postalAddress) {}

    private final OwnWorkspace workspace;

    WorkspaceController(OwnWorkspace workspace) {
        this.workspace = workspace;
    }

    @GetMapping
    @Operation(summary = "The workspace of the key")
    WorkspaceView find() {
        return workspace.find();
    }

    @PatchMapping
    @Operation(summary = "Say where the sender of its mails can be reached by post")
    WorkspaceView locate(@RequestBody Change body) {
        return workspace.locate(body.postalAddress());
    }
}
