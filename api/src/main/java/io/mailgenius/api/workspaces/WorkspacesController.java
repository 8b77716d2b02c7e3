package io.mailgenius.api.workspaces;

import io.mailgenius.jobs.people.NewInvitation;
import io.mailgenius.jobs.people.WorkspaceFounding;
import io.mailgenius.jobs.workspaces.TextPatterns;
import io.swagger.v3.oas.annotations.Operation;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/api/v1/workspaces")
class WorkspacesController {

    private final WorkspaceFounding founding;

    WorkspacesController(WorkspaceFounding founding) {
        this.founding = founding;
    }

    /**
     * @param ownerEmail of its first owner; whoever has the link says it, if it is left out
     */
    record WorkspaceDraft(
            @Size(min = 1, max = 200) @Pattern(regexp = TextPatterns.NOT_BLANK) String name,
            @Size(max = 320) @Nullable String ownerEmail) {}

    /**
     * @param owner the invitation of its first owner
     */
    record NewWorkspace(long id, String name, NewInvitation owner) {}

    @PostMapping
    @ResponseStatus(HttpStatus.CREATED)
    @Operation(summary = "Make an empty workspace, and the link by which its first owner joins")
    NewWorkspace create(@RequestBody WorkspaceDraft draft) {
        WorkspaceFounding.Founded founded = founding.found(draft.name(), draft.ownerEmail());
        return new NewWorkspace(founded.workspaceId(), draft.name().strip(), founded.owner());
    }
}
