package io.mailgenius.jobs.workspaces;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Supplier;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * What is asked before a workspace is known: who holds this key, and which workspaces are there.
 * The questions go through functions of the database that answer with ids only, so they need no
 * scope and show nothing of a workspace.
 */
@Component
public class Workspaces {

    /**
     * For how long at most a key that has expired still opens its workspace, and one that was
     * revoked while Redis is away; else a revocation holds at once.
     */
    public static final Duration KEY_MEMORY = Duration.ofSeconds(5);

    static final int REMEMBERED_KEYS = 10_000;

    private final JdbcClient jdbc;
    private final ApiKeyCache memory;

    @Autowired
    public Workspaces(JdbcClient jdbc, AccessChanges changes) {
        this(jdbc, InstantSource.system());
        changes.listen(this::forget);
    }

    Workspaces(JdbcClient jdbc, InstantSource clock) {
        this.jdbc = jdbc;
        this.memory = new ApiKeyCache(clock, KEY_MEMORY, REMEMBERED_KEYS);
    }

    /** Only its hash is ever stored: whoever loses a key asks for another one. */
    public String newApiKey() {
        return "mg_" + SecretToken.create();
    }

    /**
     * Makes the first workspace and its key, both or neither. Any number of nodes may call this at
     * the same moment; one of them makes the workspace.
     *
     * @return the new workspace, or nothing when there was one already, whose key stays as it is
     */
    public OptionalLong bootstrap(String name, String apiKey) {
        Long created =
                jdbc.sql("SELECT bootstrap_workspace(:name, :hash)")
                        .param("name", name)
                        .param("hash", SecretToken.hash(apiKey))
                        .query((row, _) -> row.getObject(1, Long.class))
                        .list()
                        .getFirst();
        return created == null ? OptionalLong.empty() : OptionalLong.of(created);
    }

    /**
     * Who holds this key. A good answer is remembered for {@link #KEY_MEMORY}; that no one holds it
     * is not, so that a new key works at once and strangers cannot fill the memory.
     */
    public Optional<ApiKeyPrincipal> bearer(String apiKey) {
        byte[] hash = SecretToken.hash(apiKey);
        return remembered(HexFormat.of().formatHex(hash), () -> ask(hash));
    }

    private Optional<ApiKeyPrincipal> remembered(
            String name, Supplier<Optional<ApiKeyPrincipal>> ask) {
        Optional<ApiKeyPrincipal> known = memory.get(name);
        if (known.isPresent()) {
            return known;
        }
        long before = memory.clearings();
        Optional<ApiKeyPrincipal> found = ask.get();
        found.ifPresent(principal -> memory.put(name, principal, before));
        return found;
    }

    private Optional<ApiKeyPrincipal> ask(byte[] hash) {
        return jdbc.sql(
                        "SELECT workspace_id, key_id, scopes, networks, suspended FROM api_key_bearer(:hash)")
                .param("hash", hash)
                .query(Workspaces::principal)
                .optional();
    }

    /** The key with which a session began, if it is still valid; it is remembered as a key is. */
    public Optional<ApiKeyPrincipal> ofSession(long workspaceId, long keyId) {
        return remembered(
                workspaceId + ":" + keyId,
                () ->
                        jdbc.sql(
                                        """
                                        SELECT workspace_id, key_id, scopes, networks, suspended
                                          FROM api_key_of_session(:workspace, :key)
                                        """)
                                .param("workspace", workspaceId)
                                .param("key", keyId)
                                .query(Workspaces::principal)
                                .optional());
    }

    private static ApiKeyPrincipal principal(ResultSet row, int number) throws SQLException {
        return new ApiKeyPrincipal(
                row.getLong("workspace_id"),
                row.getLong("key_id"),
                Set.of((String[]) row.getArray("scopes").getArray()),
                List.of((String[]) row.getArray("networks").getArray()),
                row.getBoolean("suspended"));
    }

    private void forget() {
        memory.clear();
    }

    /** Makes an empty workspace, which nobody belongs to yet. */
    public long create(String name) {
        return jdbc.sql("SELECT create_workspace(:name)")
                .param("name", requireName(name))
                .query(Long.class)
                .single();
    }

    static String requireName(String name) {
        String stripped = name.strip();
        if (stripped.isEmpty() || stripped.length() > 200 || stripped.indexOf('\0') >= 0) {
            throw new Refusal.Invalid(
                    "workspace-name-invalid", "A workspace has a name of up to 200 characters.");
        }
        return stripped;
    }

    /** Every workspace: for what runs over all of them, each in a scope of its own. */
    public List<Long> ids() {
        return jdbc.sql("SELECT workspace_ids()").query((row, _) -> row.getLong(1)).list();
    }
}
