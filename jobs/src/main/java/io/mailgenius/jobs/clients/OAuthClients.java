package io.mailgenius.jobs.clients;

import io.mailgenius.jobs.workspaces.AccessChanges;
import io.mailgenius.jobs.workspaces.Networks;
import io.mailgenius.jobs.workspaces.Page;
import io.mailgenius.jobs.workspaces.Permissions;
import io.mailgenius.jobs.workspaces.PersonBehind;
import io.mailgenius.jobs.workspaces.Refusal;
import io.mailgenius.jobs.workspaces.SecretToken;
import io.mailgenius.schema.WorkspaceScope;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** The OAuth clients of the current workspace. */
@Component
@Transactional
public class OAuthClients {

    private static final int MAX_NAME = 200;

    /** Letters of a client id: 132 random bits, which need not be secret. */
    private static final int ID_LENGTH = 22;

    private final JdbcClient jdbc;
    private final AccessChanges changes;
    private final Clock clock;

    public OAuthClients(JdbcClient jdbc, AccessChanges changes, Clock clock) {
        this.jdbc = jdbc;
        this.changes = changes;
        this.clock = clock;
    }

    /** Those that were revoked as well, in the order in which they were made. */
    @Transactional(readOnly = true)
    public Page<OAuthClientView> page(long after, int limit) {
        List<OAuthClientView> rows =
                jdbc.sql(
                                """
                                SELECT id, client_id, name, scopes, networks::text[] AS networks, refresh_tokens,
                                       created_at, last_used_at, revoked_at
                                  FROM oauth_client
                                 WHERE workspace_id = :workspace AND id > :after
                                 ORDER BY id LIMIT :limit
                                """)
                        .param("workspace", WorkspaceScope.required())
                        .param("after", after)
                        .param("limit", Page.rows(limit))
                        .query(OAuthClients::view)
                        .list();
        return Page.of(rows, limit, OAuthClientView::id);
    }

    @Transactional(readOnly = true)
    public OAuthClientView find(long id) {
        return jdbc.sql(
                        """
                        SELECT id, client_id, name, scopes, networks::text[] AS networks, refresh_tokens,
                               created_at, last_used_at, revoked_at
                          FROM oauth_client WHERE workspace_id = :workspace AND id = :id
                        """)
                .param("workspace", WorkspaceScope.required())
                .param("id", id)
                .query(OAuthClients::view)
                .optional()
                .orElseThrow(() -> new Refusal.NotFound("oauth-client", id));
    }

    /**
     * @param held the permissions of whoever makes it, which its tokens cannot exceed
     */
    public NewOAuthClient create(OAuthClientDraft draft, Collection<String> held) {
        Permissions.requireKnown(draft.scopes());
        Permissions.requireHeld(held, draft.scopes());
        String secret = "mgs_" + SecretToken.create();
        OAuthClientView client =
                jdbc.sql(
                                """
                                INSERT INTO oauth_client
                                       (workspace_id, client_id, name, secret_hash, scopes, networks, refresh_tokens,
                                        creator_id)
                                VALUES (:workspace, :client, :name, :hash, :scopes, :networks::cidr[], :refresh,
                                        :creator)
                                RETURNING id, client_id, name, scopes, networks::text[] AS networks, refresh_tokens,
                                          created_at, last_used_at, revoked_at
                                """)
                        .param("workspace", WorkspaceScope.required())
                        .param("client", "mgc_" + SecretToken.create().substring(0, ID_LENGTH))
                        .param("name", requireName(draft.name()))
                        .param("hash", SecretToken.hash(secret))
                        .param("scopes", draft.scopes().stream().distinct().toArray(String[]::new))
                        .param("networks", Networks.of(draft.networks()).toArray(String[]::new))
                        .param("creator", PersonBehind.current(jdbc))
                        .param("refresh", Boolean.TRUE.equals(draft.refreshTokens()))
                        .query(OAuthClients::view)
                        .single();
        return new NewOAuthClient(secret, client);
    }

    /** It gets no token any more, and those that it has open nothing from now on, on all nodes. */
    public void revoke(long id) {
        int found =
                jdbc.sql(
                                """
                                UPDATE oauth_client SET revoked_at = coalesce(revoked_at, :now)
                                 WHERE workspace_id = :workspace AND id = :id
                                """)
                        .param("now", clock.instant().atOffset(ZoneOffset.UTC))
                        .param("workspace", WorkspaceScope.required())
                        .param("id", id)
                        .update();
        if (found == 0) {
            throw new Refusal.NotFound("oauth-client", id);
        }
        changes.changed();
    }

    private static String requireName(String name) {
        String stripped = name.strip();
        if (stripped.isEmpty() || stripped.length() > MAX_NAME || stripped.indexOf('\0') >= 0) {
            throw new Refusal.Invalid(
                    "client-name-invalid",
                    "A client has a name of up to %d characters.".formatted(MAX_NAME));
        }
        return stripped;
    }

    private static OAuthClientView view(ResultSet row, int number) throws SQLException {
        return new OAuthClientView(
                row.getLong("id"),
                row.getString("client_id"),
                row.getString("name"),
                List.of((String[]) row.getArray("scopes").getArray()),
                List.of((String[]) row.getArray("networks").getArray()),
                row.getBoolean("refresh_tokens"),
                row.getObject("created_at", OffsetDateTime.class).toInstant(),
                instant(row, "last_used_at"),
                instant(row, "revoked_at"));
    }

    private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
        OffsetDateTime moment = row.getObject(column, OffsetDateTime.class);
        return moment == null ? null : moment.toInstant();
    }
}
