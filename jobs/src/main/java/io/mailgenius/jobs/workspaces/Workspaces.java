package io.mailgenius.jobs.workspaces;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
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

    /** How long a key that was revoked or has expired may still open its workspace. */
    public static final Duration KEY_MEMORY = Duration.ofSeconds(5);

    static final int REMEMBERED_KEYS = 10_000;

    private final JdbcClient jdbc;
    private final ApiKeyCache memory;
    private final SecureRandom random = new SecureRandom();

    @Autowired
    public Workspaces(JdbcClient jdbc) {
        this(jdbc, InstantSource.system());
    }

    Workspaces(JdbcClient jdbc, InstantSource clock) {
        this.jdbc = jdbc;
        this.memory = new ApiKeyCache(clock, KEY_MEMORY, REMEMBERED_KEYS);
    }

    /** Only its hash is ever stored: whoever loses a key asks for another one. */
    public String newApiKey() {
        byte[] secret = new byte[32];
        random.nextBytes(secret);
        return "mg_" + Base64.getUrlEncoder().withoutPadding().encodeToString(secret);
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
                        .param("hash", hash(apiKey))
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
        byte[] hash = hash(apiKey);
        String remembered = HexFormat.of().formatHex(hash);
        return memory.get(remembered)
                .or(
                        () -> {
                            Optional<ApiKeyPrincipal> found = ask(hash);
                            found.ifPresent(
                                    apiKeyPrincipal -> memory.put(remembered, apiKeyPrincipal));
                            return found;
                        });
    }

    private Optional<ApiKeyPrincipal> ask(byte[] hash) {
        return jdbc.sql("SELECT workspace_id, key_id, scopes FROM api_key_bearer(:hash)")
                .param("hash", hash)
                .query(
                        (row, _) ->
                                new ApiKeyPrincipal(
                                        row.getLong("workspace_id"),
                                        row.getLong("key_id"),
                                        Set.of((String[]) row.getArray("scopes").getArray())))
                .optional();
    }

    /** Every workspace: for what runs over all of them, each in a scope of its own. */
    public List<Long> ids() {
        return jdbc.sql("SELECT workspace_ids()").query((row, _) -> row.getLong(1)).list();
    }

    private static byte[] hash(String apiKey) {
        try {
            return MessageDigest.getInstance("SHA-256")
                    .digest(apiKey.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every JDK has SHA-256", e);
        }
    }
}
