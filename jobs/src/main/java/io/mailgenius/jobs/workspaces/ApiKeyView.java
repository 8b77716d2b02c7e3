package io.mailgenius.jobs.workspaces;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A key, without what opens anything.
 *
 * @param prefix how it begins
 * @param networks from which it may be used, in CIDR notation; none for all
 * @param lastUsedAt to the minute
 */
public record ApiKeyView(
        long id,
        String name,
        String prefix,
        List<String> scopes,
        List<String> networks,
        Instant createdAt,
        @Nullable Instant expiresAt,
        @Nullable Instant lastUsedAt,
        @Nullable Instant revokedAt) {

    public ApiKeyView {
        scopes = List.copyOf(scopes);
        networks = List.copyOf(networks);
    }
}
