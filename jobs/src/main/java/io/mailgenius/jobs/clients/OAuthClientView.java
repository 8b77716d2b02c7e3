package io.mailgenius.jobs.clients;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An OAuth client, without its secret.
 *
 * @param clientId what it shows at the token endpoint, together with the secret
 * @param networks from which its tokens may be used, in CIDR notation; none for all
 * @param refreshTokens whether it gets refresh tokens
 * @param lastUsedAt when one of its tokens was used, to the minute
 */
public record OAuthClientView(
        long id,
        String clientId,
        String name,
        List<String> scopes,
        List<String> networks,
        boolean refreshTokens,
        Instant createdAt,
        @Nullable Instant lastUsedAt,
        @Nullable Instant revokedAt) {

    public OAuthClientView {
        scopes = List.copyOf(scopes);
        networks = List.copyOf(networks);
    }
}
