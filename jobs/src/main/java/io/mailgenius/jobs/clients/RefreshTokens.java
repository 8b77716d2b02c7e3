package io.mailgenius.jobs.clients;

import io.mailgenius.jobs.audit.AuditTrail;
import io.mailgenius.jobs.workspaces.AccessChanges;
import io.mailgenius.jobs.workspaces.SecretToken;
import io.mailgenius.schema.ActorScope.Actor;
import io.mailgenius.schema.ActorScope.Kind;
import io.mailgenius.schema.WorkspaceScope;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/**
 * Refresh tokens of the current workspace. Each works once and is replaced by the next one of its
 * family. One that is shown again was copied by somebody: since nobody can tell who of the two is
 * the client, the whole family ends, its access tokens included.
 */
@Component
@Transactional
public class RefreshTokens {

    /** From the use of the secret; it is not prolonged by refreshing. */
    public static final Duration FAMILY_LIFE = Duration.ofDays(30);

    private final JdbcClient jdbc;
    private final AccessChanges changes;
    private final AuditTrail trail;
    private final Clock clock;

    RefreshTokens(JdbcClient jdbc, AccessChanges changes, AuditTrail trail, Clock clock) {
        this.jdbc = jdbc;
        this.changes = changes;
        this.trail = trail;
        this.clock = clock;
    }

    /**
     * @param client the number of the client
     * @param scopes which tokens of the family can have
     */
    public record Family(UUID id, long client, Set<String> scopes, Instant expiresAt) {}

    /** What {@link #find} looks at. */
    private record Stored(Family family, boolean ended, boolean used) {}

    /** A new one, in the form in which secrets of this product are recognised. */
    public static String create() {
        return "mgr_" + SecretToken.create();
    }

    /** Begins a family with its first token, and removes families of the client that are over. */
    public Family begin(UUID id, long client, Collection<String> scopes, String token) {
        Instant now = clock.instant();
        jdbc.sql(
                        """
                        DELETE FROM token_family
                         WHERE workspace_id = :workspace AND client = :client AND expires_at < :now
                        """)
                .param("workspace", WorkspaceScope.required())
                .param("client", client)
                .param("now", utc(now))
                .update();
        Family family = new Family(id, client, Set.copyOf(scopes), now.plus(FAMILY_LIFE));
        jdbc.sql(
                        """
                        INSERT INTO token_family (workspace_id, id, client, scopes, expires_at)
                        VALUES (:workspace, :id, :client, :scopes, :expires)
                        """)
                .param("workspace", WorkspaceScope.required())
                .param("id", id)
                .param("client", client)
                .param("scopes", scopes.toArray(String[]::new))
                .param("expires", utc(family.expiresAt()))
                .update();
        insert(id, token);
        return family;
    }

    /**
     * The family of a token that is still to be used. Of one that was used already it ends the
     * family.
     */
    public Optional<Family> find(String token) {
        Optional<Stored> stored =
                jdbc.sql(
                                """
                                SELECT f.id, f.client, f.scopes, f.expires_at, f.revoked_at IS NOT NULL AS ended,
                                       t.used_at IS NOT NULL AS used
                                  FROM refresh_token t
                                  JOIN token_family f ON f.workspace_id = t.workspace_id AND f.id = t.family
                                 WHERE t.workspace_id = :workspace AND t.token_hash = :hash
                                """)
                        .param("workspace", WorkspaceScope.required())
                        .param("hash", SecretToken.hash(token))
                        .query(RefreshTokens::stored)
                        .optional();
        if (stored.isEmpty() || stored.get().ended()) {
            return Optional.empty();
        }
        Family family = stored.get().family();
        if (stored.get().used()) {
            endAfterReuse(family);
            return Optional.empty();
        }
        return Optional.of(family).filter(it -> it.expiresAt().isAfter(clock.instant()));
    }

    private static Stored stored(ResultSet row, int number) throws SQLException {
        return new Stored(
                new Family(
                        row.getObject("id", UUID.class),
                        row.getLong("client"),
                        Set.of((String[]) row.getArray("scopes").getArray()),
                        row.getObject("expires_at", OffsetDateTime.class).toInstant()),
                row.getBoolean("ended"),
                row.getBoolean("used"));
    }

    /**
     * Replaces a token by the next one of its family. Of two callers with the same token one
     * succeeds, and the family ends.
     *
     * @return whether it was replaced
     */
    public boolean replace(Family family, String used, String next) {
        int first =
                jdbc.sql(
                                """
                                UPDATE refresh_token SET used_at = :now
                                 WHERE workspace_id = :workspace AND token_hash = :hash AND used_at IS NULL
                                """)
                        .param("now", utc(clock.instant()))
                        .param("workspace", WorkspaceScope.required())
                        .param("hash", SecretToken.hash(used))
                        .update();
        if (first == 0) {
            endAfterReuse(family);
            return false;
        }
        insert(family.id(), next);
        return true;
    }

    private void insert(UUID family, String token) {
        jdbc.sql(
                        """
                        INSERT INTO refresh_token (workspace_id, token_hash, family)
                        VALUES (:workspace, :hash, :family)
                        """)
                .param("workspace", WorkspaceScope.required())
                .param("hash", SecretToken.hash(token))
                .param("family", family)
                .update();
    }

    private void endAfterReuse(Family family) {
        end(family);
        trail.refused(
                new Actor(Kind.CLIENT, family.client(), "client " + family.client(), null, null),
                "oauth-clients",
                Long.toString(family.client()),
                Map.of("refreshToken", "used again", "family", family.id().toString()));
    }

    /** Ends a family: its access tokens open nothing from now on, on all nodes. */
    public void end(Family family) {
        jdbc.sql(
                        """
                        UPDATE token_family SET revoked_at = coalesce(revoked_at, :now)
                         WHERE workspace_id = :workspace AND id = :id
                        """)
                .param("now", utc(clock.instant()))
                .param("workspace", WorkspaceScope.required())
                .param("id", family.id())
                .update();
        changes.changed();
    }

    private static OffsetDateTime utc(Instant moment) {
        return moment.atOffset(ZoneOffset.UTC);
    }
}
