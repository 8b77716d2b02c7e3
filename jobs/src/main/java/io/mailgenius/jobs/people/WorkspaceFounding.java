package io.mailgenius.jobs.people;

import io.mailgenius.jobs.workspaces.Permissions;
import io.mailgenius.jobs.workspaces.Workspaces;
import io.mailgenius.schema.MemberRole;
import io.mailgenius.schema.WorkspaceScope;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Makes workspaces together with the invitation of their first owner. */
@Component
public class WorkspaceFounding {

    private final Workspaces workspaces;
    private final Invitations invitations;

    WorkspaceFounding(Workspaces workspaces, Invitations invitations) {
        this.workspaces = workspaces;
        this.invitations = invitations;
    }

    public record Founded(long workspaceId, NewInvitation owner) {}

    /**
     * @param ownerEmail null: whoever has the link says it
     */
    public Founded found(String name, @Nullable String ownerEmail) {
        if (ownerEmail != null) {
            Identities.requireAddress(Identities.normal(ownerEmail));
        }
        long workspace = workspaces.create(name);
        return new Founded(workspace, invite(workspace, ownerEmail));
    }

    /** Invites an owner, of a workspace that has none or has lost them. */
    public NewInvitation invite(long workspaceId, @Nullable String email) {
        return WorkspaceScope.call(
                workspaceId,
                () ->
                        invitations.create(
                                new InvitationDraft(email, MemberRole.OWNER, true, false),
                                Set.of(Permissions.EVERYTHING)));
    }
}
