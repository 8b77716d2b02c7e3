package io.mailgenius.api.nodes;

import io.mailgenius.jobs.workspaces.Refusal;
import io.mailgenius.schema.WorkspaceScope;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;

/**
 * The workspace whose members may operate the nodes, which all workspaces share:
 * MAILGENIUS_OPERATIONS_WORKSPACE.
 */
@Component
public class OperatingWorkspace {

    private final long id;

    /**
     * @param id of the workspace; 0 lets every workspace operate nodes
     */
    OperatingWorkspace(@Value("${mailgenius.operations-workspace:1}") long id) {
        this.id = id;
    }

    /** Whether the current workspace is it. */
    public boolean isCurrent() {
        return id == 0 || WorkspaceScope.required() == id;
    }

    /**
     * @throws Refusal.Conflict if the current workspace is another one
     */
    public void require() {
        if (!isCurrent()) {
            throw new Refusal.Conflict(
                    "nodes-are-shared",
                    "Nodes work for all workspaces: only the one that the operator of the"
                            + " installation has chosen may do this.");
        }
    }
}
