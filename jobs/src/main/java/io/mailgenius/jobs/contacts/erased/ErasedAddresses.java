package io.mailgenius.jobs.contacts.erased;

import io.mailgenius.jobs.secrets.SecretEncryption;
import io.mailgenius.schema.WorkspaceScope;
import java.security.SecureRandom;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * The erased addresses of the current workspace, as hashes. Whoever is about to add contacts asks
 * in its transaction; an erasure waits for those that have asked, and those that ask later know of
 * it.
 */
@Component
public class ErasedAddresses {

    /** Beside other advisory locks; the second number is the workspace. */
    private static final int LOCK = 0x65726173;

    private final JdbcClient jdbc;
    private final ObjectProvider<SecretEncryption> encryption;
    private final SecureRandom random = new SecureRandom();

    public ErasedAddresses(JdbcClient jdbc, ObjectProvider<SecretEncryption> encryption) {
        this.jdbc = jdbc;
        this.encryption = encryption;
    }

    /**
     * The keys of the workspace's hashes; none if nobody was ever erased. No address is erased
     * until the transaction ends.
     */
    public List<HashKey> keys() {
        lock("pg_advisory_xact_lock_shared");
        return read();
    }

    private void lock(String function) {
        jdbc.sql("SELECT %s(:lock, hashint8(:workspace))".formatted(function))
                .param("lock", LOCK)
                .param("workspace", WorkspaceScope.required())
                .query((_, _) -> 1)
                .single();
    }

    private List<HashKey> read() {
        long workspace = WorkspaceScope.required();
        return jdbc.sql(
                        "SELECT id, secret FROM erasure_key WHERE workspace_id = :workspace ORDER BY id")
                .param("workspace", workspace)
                .query(
                        (row, _) ->
                                HashKey.of(
                                        row.getInt("id"),
                                        encryption
                                                .getObject()
                                                .decrypt(
                                                        row.getBytes("secret"),
                                                        purpose(workspace, row.getInt("id")))))
                .list();
    }

    private static String purpose(long workspace, int id) {
        return "erasure-key:%d:%d".formatted(workspace, id);
    }

    /** Which of these addresses are erased; see {@link #keys}. */
    public Set<String> among(Collection<String> emails) {
        Set<String> erased = new HashSet<>();
        for (HashKey key : keys()) {
            erased.addAll(
                    jdbc.sql(
                                    """
                                    SELECT a.email
                                      FROM unnest(:emails::text[], :hashes::bytea[]) AS a (email, hash)
                                      JOIN erased_address e
                                        ON e.workspace_id = :workspace AND e.key_id = :key AND e.hash = a.hash
                                    """)
                            .param("workspace", WorkspaceScope.required())
                            .param("key", key.id())
                            .param("emails", emails.toArray(String[]::new))
                            .param("hashes", emails.stream().map(key::hash).toArray(byte[][]::new))
                            .query((row, _) -> row.getString(1))
                            .list());
        }
        return erased;
    }

    /** From the commit on, none of these addresses is added any more. */
    public void add(Collection<String> emails) {
        lock("pg_advisory_xact_lock");
        List<HashKey> keys = read();
        HashKey newest = keys.isEmpty() ? first() : keys.getLast();
        jdbc.sql(
                        """
                        INSERT INTO erased_address (workspace_id, key_id, hash)
                        SELECT :workspace, :key, h FROM unnest(:hashes::bytea[]) h
                        ON CONFLICT DO NOTHING
                        """)
                .param("workspace", WorkspaceScope.required())
                .param("key", newest.id())
                .param("hashes", emails.stream().map(newest::hash).toArray(byte[][]::new))
                .update();
    }

    private HashKey first() {
        long workspace = WorkspaceScope.required();
        byte[] secret = new byte[32];
        random.nextBytes(secret);
        jdbc.sql(
                        "INSERT INTO erasure_key (workspace_id, id, secret) VALUES (:workspace, 1, :secret)")
                .param("workspace", workspace)
                .param("secret", encryption.getObject().encrypt(secret, purpose(workspace, 1)))
                .update();
        return HashKey.of(1, secret);
    }
}
