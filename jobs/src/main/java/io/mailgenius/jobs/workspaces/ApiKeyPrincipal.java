package io.mailgenius.jobs.workspaces;

import java.util.Set;

/**
 * Who holds a key, and what it opens.
 *
 * @param scopes {@code *} opens everything
 */
public record ApiKeyPrincipal(long workspaceId, long keyId, Set<String> scopes) {

    public ApiKeyPrincipal {
        scopes = Set.copyOf(scopes);
    }

    public boolean may(String scope) {
        return scopes.contains("*") || scopes.contains(scope);
    }
}
