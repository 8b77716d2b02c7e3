package io.mailgenius.jobs.clients;

import java.util.List;
import java.util.Set;

/**
 * A client whose token stands.
 *
 * @param scopes permissions of the client; a token may have fewer
 * @param networks from which its tokens may be used, in CIDR notation; none for all
 * @param suspended whether the workspace is
 */
public record OAuthClientPrincipal(
        long workspaceId,
        long clientNumber,
        Set<String> scopes,
        List<String> networks,
        boolean suspended) {

    public OAuthClientPrincipal {
        scopes = Set.copyOf(scopes);
        networks = List.copyOf(networks);
    }
}
