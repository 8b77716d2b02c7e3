package io.mailgenius.jobs.workspaces;

import io.mailgenius.schema.WorkspaceScope;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** The API keys of the current workspace. */
@Component
@Transactional
public class ApiKeys {

    private static final int PREFIX = 9;
    private static final int MAX_NAME = 200;

    /** Longer than that, the old key is not about to be replaced. */
    private static final Duration LONGEST_OVERLAP = Duration.ofDays(30);

    private static final Instant LAST = Instant.parse("9999-12-31T23:59:59Z");

    private final JdbcClient jdbc;
    private final AccessChanges changes;
    private final Clock clock;

    public ApiKeys(JdbcClient jdbc, AccessChanges changes, Clock clock) {
        this.jdbc = jdbc;
        this.changes = changes;
        this.clock = clock;
    }

    /** Those that were revoked as well, in the order in which they were made. */
    @Transactional(readOnly = true)
    public Page<ApiKeyView> page(long after, int limit) {
        List<ApiKeyView> rows =
                jdbc.sql(
                                """
                                SELECT id, name, prefix, scopes, networks::text[] AS networks, created_at,
                                       expires_at, last_used_at, revoked_at
                                  FROM api_key
                                 WHERE workspace_id = :workspace AND id > :after
                                 ORDER BY id LIMIT :limit
                                """)
                        .param("workspace", WorkspaceScope.required())
                        .param("after", after)
                        .param("limit", Page.rows(limit))
                        .query(ApiKeys::view)
                        .list();
        return Page.of(rows, limit, ApiKeyView::id);
    }

    @Transactional(readOnly = true)
    public ApiKeyView find(long id) {
        return jdbc.sql(
                        """
                        SELECT id, name, prefix, scopes, networks::text[] AS networks, created_at,
                               expires_at, last_used_at, revoked_at
                          FROM api_key WHERE workspace_id = :workspace AND id = :id
                        """)
                .param("workspace", WorkspaceScope.required())
                .param("id", id)
                .query(ApiKeys::view)
                .optional()
                .orElseThrow(() -> new Refusal.NotFound("key", id));
    }

    /**
     * @param held the permissions of whoever makes it, which it cannot exceed
     */
    public NewApiKey create(ApiKeyDraft draft, Collection<String> held) {
        Permissions.requireKnown(draft.scopes());
        Permissions.requireHeld(held, draft.scopes());
        return insert(
                requireName(draft.name()),
                draft.scopes().stream().distinct().toList(),
                Networks.of(draft.networks()),
                requireFuture(draft.expiresAt()));
    }

    /**
     * Makes a key that may do the same, and lets the old one end after the overlap.
     *
     * @param held the permissions of whoever rotates it
     */
    public NewApiKey rotate(long id, Duration overlap, Collection<String> held) {
        if (overlap.isNegative() || overlap.compareTo(LONGEST_OVERLAP) > 0) {
            throw new Refusal.Invalid(
                    "overlap-invalid",
                    "The overlap is from 0 seconds to 30 days: %,d seconds."
                            .formatted(LONGEST_OVERLAP.toSeconds()));
        }
        ApiKeyView old = find(id);
        Permissions.requireHeld(held, old.scopes());
        Instant now = clock.instant();
        if (old.revokedAt() != null || (old.expiresAt() != null && !old.expiresAt().isAfter(now))) {
            throw new Refusal.Conflict(
                    "key-ended", "This key was revoked or has expired: make a new one.");
        }
        jdbc.sql(
                        """
                        UPDATE api_key SET expires_at = least(expires_at, :end)
                         WHERE workspace_id = :workspace AND id = :id
                        """)
                .param("end", utc(now.plus(overlap)))
                .param("workspace", WorkspaceScope.required())
                .param("id", id)
                .update();
        changes.changed();
        return insert(old.name(), old.scopes(), old.networks(), old.expiresAt());
    }

    /** It opens nothing from now on, on all nodes. */
    public void revoke(long id) {
        int found =
                jdbc.sql(
                                """
                                UPDATE api_key SET revoked_at = coalesce(revoked_at, :now)
                                 WHERE workspace_id = :workspace AND id = :id
                                """)
                        .param("now", utc(clock.instant()))
                        .param("workspace", WorkspaceScope.required())
                        .param("id", id)
                        .update();
        if (found == 0) {
            throw new Refusal.NotFound("key", id);
        }
        changes.changed();
    }

    private NewApiKey insert(
            String name, List<String> scopes, List<String> networks, @Nullable Instant expiresAt) {
        String secret = "mg_" + SecretToken.create();
        ApiKeyView key =
                jdbc.sql(
                                """
                                INSERT INTO api_key (workspace_id, name, key_hash, prefix, scopes, networks, expires_at,
                                                     creator_id)
                                VALUES (:workspace, :name, :hash, :prefix, :scopes, :networks::cidr[], :expires,
                                        :creator)
                                RETURNING id, name, prefix, scopes, networks::text[] AS networks, created_at,
                                          expires_at, last_used_at, revoked_at
                                """)
                        .param("workspace", WorkspaceScope.required())
                        .param("name", name)
                        .param("hash", SecretToken.hash(secret))
                        .param("prefix", secret.substring(0, PREFIX))
                        .param("scopes", scopes.toArray(String[]::new))
                        .param("networks", networks.toArray(String[]::new))
                        .param("expires", expiresAt == null ? null : utc(expiresAt))
                        .param("creator", PersonBehind.current(jdbc))
                        .query(ApiKeys::view)
                        .single();
        return new NewApiKey(secret, key);
    }

    private static String requireName(String name) {
        String stripped = name.strip();
        if (stripped.isEmpty() || stripped.length() > MAX_NAME || stripped.indexOf('\0') >= 0) {
            throw new Refusal.Invalid(
                    "key-name-invalid",
                    "A key has a name of up to %d characters.".formatted(MAX_NAME));
        }
        return stripped;
    }

    private @Nullable Instant requireFuture(@Nullable Instant expiresAt) {
        if (expiresAt != null && (!expiresAt.isAfter(clock.instant()) || expiresAt.isAfter(LAST))) {
            throw new Refusal.Invalid(
                    "expiry-invalid", "expiresAt lies in the future, up to the year 9999.");
        }
        return expiresAt;
    }

    private static OffsetDateTime utc(Instant moment) {
        return moment.atOffset(ZoneOffset.UTC);
    }

    private static ApiKeyView view(ResultSet row, int number) throws SQLException {
        return new ApiKeyView(
                row.getLong("id"),
                row.getString("name"),
                row.getString("prefix"),
                List.of((String[]) row.getArray("scopes").getArray()),
                List.of((String[]) row.getArray("networks").getArray()),
                row.getObject("created_at", OffsetDateTime.class).toInstant(),
                instant(row, "expires_at"),
                instant(row, "last_used_at"),
                instant(row, "revoked_at"));
    }

    private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
        OffsetDateTime moment = row.getObject(column, OffsetDateTime.class);
        return moment == null ? null : moment.toInstant();
    }
}
