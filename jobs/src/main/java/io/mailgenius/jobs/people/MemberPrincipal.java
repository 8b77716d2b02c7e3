package io.mailgenius.jobs.people;

import io.mailgenius.schema.MemberRole;
import java.util.Set;

/**
 * A person in a workspace.
 *
 * @param secondFactor whether the person has one
 * @param secondFactorNeeded whether the workspace asks for one
 */
public record MemberPrincipal(
        long personId,
        long workspaceId,
        String workspaceName,
        String email,
        MemberRole role,
        boolean maySend,
        boolean suspended,
        boolean secondFactor,
        boolean secondFactorNeeded) {

    public Set<String> permissions() {
        return RolePermissions.of(role, maySend);
    }
}
