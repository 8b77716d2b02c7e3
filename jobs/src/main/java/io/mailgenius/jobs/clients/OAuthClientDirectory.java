package io.mailgenius.jobs.clients;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.mailgenius.jobs.workspaces.AccessChanges;
import io.mailgenius.jobs.workspaces.Workspaces;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Finds clients before a workspace is known: at the token endpoint, and for each token. */
@Component
public class OAuthClientDirectory {

    private static final int REMEMBERED = 10_000;

    private final JdbcClient jdbc;

    /** Rises with each change, so that an answer from before it is never found again. */
    private final AtomicLong generation = new AtomicLong();

    private final Cache<TokenOrigin, OAuthClientPrincipal> principals =
            Caffeine.newBuilder()
                    .maximumSize(REMEMBERED)
                    .expireAfterWrite(Workspaces.KEY_MEMORY)
                    .build();

    OAuthClientDirectory(JdbcClient jdbc, AccessChanges changes) {
        this.jdbc = jdbc;
        changes.listen(this::forget);
    }

    private record TokenOrigin(String clientId, @Nullable UUID family, long generation) {}

    /** A client that was not revoked, as the token endpoint knows it. */
    public record Registration(
            long workspaceId,
            long clientNumber,
            String clientId,
            byte[] secretHash,
            Set<String> scopes,
            boolean refreshTokens) {}

    public Optional<Registration> find(String clientId) {
        return jdbc.sql(
                        """
                        SELECT workspace_id, id, secret_hash, scopes, refresh_tokens
                          FROM oauth_client_named(:client)
                        """)
                .param("client", clientId)
                .query(
                        (row, _) ->
                                new Registration(
                                        row.getLong("workspace_id"),
                                        row.getLong("id"),
                                        clientId,
                                        row.getBytes("secret_hash"),
                                        Set.of((String[]) row.getArray("scopes").getArray()),
                                        row.getBoolean("refresh_tokens")))
                .optional();
    }

    /**
     * Whose token this is, unless its client or its family was revoked. A good answer is remembered
     * for {@link Workspaces#KEY_MEMORY}, or until a change is announced.
     *
     * @param family null for a token that no refresh token belongs to
     */
    public Optional<OAuthClientPrincipal> bearer(String clientId, @Nullable UUID family) {
        TokenOrigin origin = new TokenOrigin(clientId, family, generation.get());
        OAuthClientPrincipal known = principals.getIfPresent(origin);
        if (known != null) {
            return Optional.of(known);
        }
        Optional<OAuthClientPrincipal> found = ask(clientId, family);
        found.ifPresent(principal -> principals.put(origin, principal));
        return found;
    }

    private Optional<OAuthClientPrincipal> ask(String clientId, @Nullable UUID family) {
        return jdbc.sql(
                        """
                        SELECT workspace_id, id, scopes, networks, suspended
                          FROM oauth_client_bearer(:client, :family::uuid)
                        """)
                .param("client", clientId)
                .param("family", family)
                .query(
                        (row, _) ->
                                new OAuthClientPrincipal(
                                        row.getLong("workspace_id"),
                                        row.getLong("id"),
                                        Set.of((String[]) row.getArray("scopes").getArray()),
                                        List.of((String[]) row.getArray("networks").getArray()),
                                        row.getBoolean("suspended")))
                .optional();
    }

    private void forget() {
        generation.incrementAndGet();
        principals.invalidateAll();
    }
}
