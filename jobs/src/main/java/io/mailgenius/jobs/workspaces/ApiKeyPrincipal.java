package io.mailgenius.jobs.workspaces;

import java.util.List;
import java.util.Set;

/**
 * Who holds a key, and what it opens.
 *
 * @param scopes permissions; {@code *} opens everything
 * @param networks from which the key may be used, in CIDR notation; none for all
 * @param suspended whether the workspace is
 */
public record ApiKeyPrincipal(
        long workspaceId,
        long keyId,
        Set<String> scopes,
        List<String> networks,
        boolean suspended) {

    public ApiKeyPrincipal {
        scopes = Set.copyOf(scopes);
        networks = List.copyOf(networks);
    }

    ApiKeyPrincipal(long workspaceId, long keyId, Set<String> scopes) {
        this(workspaceId, keyId, scopes, List.of(), false);
    }

    public boolean may(String permission) {
        return Permissions.allow(scopes, permission);
    }
}
