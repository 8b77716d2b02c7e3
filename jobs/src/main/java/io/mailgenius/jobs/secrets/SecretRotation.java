package io.mailgenius.jobs.secrets;

import io.mailgenius.schema.WorkspaceScope;
import io.mailgenius.schema.WorkspaceSource;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Adds master keys and brings what is stored under the newest one. It walks every column of the
 * domain {@code sealed_secret}, in small transactions of their own, so that it can be interrupted
 * at any moment and called again; nodes go on reading and writing meanwhile.
 */
public final class SecretRotation {

    private static final int ROWS = 500;

    private final JdbcClient jdbc;
    private final TransactionTemplate transaction;
    private final SecretEncryption encryption;

    /**
     * @param owner connects as the login that owns the tables
     */
    public SecretRotation(DataSource owner, SecretEncryption encryption) {
        WorkspaceSource source = new WorkspaceSource(owner);
        this.jdbc = JdbcClient.create(source);
        this.transaction = new TransactionTemplate(new DataSourceTransactionManager(source));
        this.encryption = encryption;
    }

    /**
     * @param keys the secrets under each master key, the oldest key first
     * @param unreadable secrets whose master key is not in the file
     */
    public record Status(Map<String, Long> keys, long unreadable) {}

    /**
     * @param added the number of the new master key; null if an interrupted rotation was completed
     * @param renewed secrets that are under the newest key now and were not before
     * @param unreadable secrets whose master key is not in the file
     */
    public record Rotation(@Nullable String added, long renewed, long unreadable) {}

    private record Column(String table, String name, boolean ofWorkspaces) {}

    private record Stored(String ctid, byte[] value) {}

    public Status status() {
        Map<String, Long> keys = new LinkedHashMap<>();
        if (encryption.masterKeys().exist()) {
            encryption.masterKeys().numbers().forEach(number -> keys.put(word(number), 0L));
        }
        long unreadable = 0;
        for (Map.Entry<Integer, Long> use : uses().entrySet()) {
            if (keys.computeIfPresent(word(use.getKey()), (_, n) -> n + use.getValue()) == null) {
                unreadable += use.getValue();
            }
        }
        return new Status(keys, unreadable);
    }

    /** How many secrets are stored although there is no file of master keys at all. */
    public long withoutKeys() {
        return encryption.masterKeys().exist()
                ? 0
                : uses().values().stream().mapToLong(Long::longValue).sum();
    }

    /**
     * Adds a master key, unless secrets are left that an earlier rotation did not reach: then those
     * are renewed and no key is added.
     *
     * @throws SecretUnreadable if the file of the keys cannot be written
     */
    public Rotation rotate() {
        MasterKeys keys = encryption.masterKeys();
        keys.aead();
        List<Integer> known = keys.numbers();
        Map<Integer, Long> uses = uses();
        boolean interrupted =
                known.stream()
                        .anyMatch(number -> number != keys.newest() && uses.containsKey(number));
        if (!interrupted) {
            keys.add();
        }
        long renewed = 0;
        for (Column column : columns()) {
            for (Long workspace : scopes(column)) {
                renewed += within(workspace, () -> renewed(column, workspace));
            }
        }
        return new Rotation(
                interrupted ? null : word(keys.newest()), renewed, status().unreadable());
    }

    private List<Column> columns() {
        return jdbc.sql(
                        """
                        SELECT c.relname AS table_name, a.attname AS column_name,
                               EXISTS (SELECT FROM pg_attribute w
                                        WHERE w.attrelid = c.oid AND w.attname = 'workspace_id') AS of_workspaces
                          FROM pg_attribute a
                          JOIN pg_class c ON c.oid = a.attrelid
                         WHERE a.atttypid = 'sealed_secret'::regtype AND NOT a.attisdropped
                           AND c.relkind IN ('r', 'p') AND NOT c.relispartition
                         ORDER BY 1, 2
                        """)
                .query(
                        (row, _) ->
                                new Column(
                                        row.getString("table_name"),
                                        row.getString("column_name"),
                                        row.getBoolean("of_workspaces")))
                .list();
    }

    /** Null once for a table that belongs to no workspace. */
    private List<@Nullable Long> scopes(Column column) {
        if (column.ofWorkspaces()) {
            // The owner may ask across workspaces only in a session that says so; so this one does.
            return new ArrayList<>(
                    jdbc.sql(
                                    """
                                    SELECT w.id
                                      FROM (SELECT set_config('app.engine', 'on', true) AS engine OFFSET 0) s
                                     CROSS JOIN LATERAL (SELECT workspace_ids() AS id WHERE s.engine = 'on') w
                                    """)
                            .query((row, _) -> row.getLong(1))
                            .list());
        }
        List<@Nullable Long> none = new ArrayList<>();
        none.add(null);
        return none;
    }

    private Map<Integer, Long> uses() {
        Map<Integer, Long> uses = new LinkedHashMap<>();
        for (Column column : columns()) {
            for (Long workspace : scopes(column)) {
                within(workspace, () -> uses(column, workspace))
                        .forEach((number, n) -> uses.merge(number, n, Long::sum));
            }
        }
        return uses;
    }

    private Map<Integer, Long> uses(Column column, @Nullable Long workspace) {
        Map<Integer, Long> uses = new LinkedHashMap<>();
        jdbc.sql(
                        """
                        SELECT substring(%2$s FROM 6 FOR 4), count(*)
                          FROM %1$s
                         WHERE %2$s IS NOT NULL AND %3$s
                         GROUP BY 1
                        """
                                .formatted(column.table(), column.name(), condition(workspace)))
                .query(
                        (row, _) ->
                                uses.put(ByteBuffer.wrap(row.getBytes(1)).getInt(), row.getLong(2)))
                .list();
        return uses;
    }

    /**
     * A login that obeys the policies sees the rows; see {@link #condition} for one that need not.
     */
    private static <T> T within(@Nullable Long workspace, Supplier<T> work) {
        return workspace == null ? work.get() : WorkspaceScope.call(workspace, work::get);
    }

    /** Explicit beside the policy, which the owner of the tables need not obey. */
    private static String condition(@Nullable Long workspace) {
        return workspace == null ? "true" : "workspace_id = " + workspace;
    }

    private long renewed(Column column, @Nullable Long workspace) {
        long renewed = 0;
        String last = "(0,0)";
        while (true) {
            String after = last;
            Page page =
                    Objects.requireNonNull(
                            transaction.execute(_ -> page(column, workspace, after)));
            renewed += page.renewed();
            if (page.rows() < ROWS) {
                return renewed;
            }
            last = page.last();
        }
    }

    private record Page(int rows, int renewed, String last) {}

    private Page page(Column column, @Nullable Long workspace, String after) {
        List<Stored> stored = older(column, workspace, after);
        int renewed = stored.stream().mapToInt(it -> renew(column, it)).sum();
        return new Page(stored.size(), renewed, stored.isEmpty() ? after : stored.getLast().ctid());
    }

    private List<Stored> older(Column column, @Nullable Long workspace, String after) {
        return jdbc.sql(
                        """
                        SELECT ctid::text AS place, %2$s
                          FROM %1$s
                         WHERE ctid > :after::tid AND %3$s
                           AND %2$s IS NOT NULL AND substring(%2$s FROM 6 FOR 4) <> :newest
                         ORDER BY ctid
                         LIMIT :rows
                        """
                                .formatted(column.table(), column.name(), condition(workspace)))
                .param("after", after)
                .param(
                        "newest",
                        ByteBuffer.allocate(Integer.BYTES)
                                .putInt(encryption.masterKeys().newest())
                                .array())
                .param("rows", ROWS)
                .query((row, _) -> new Stored(row.getString(1), row.getBytes(2)))
                .list();
    }

    /** Of a secret that was stored anew meanwhile nothing is changed. */
    private int renew(Column column, Stored stored) {
        byte[] newest;
        try {
            newest = encryption.underNewest(stored.value());
        } catch (GeneralSecurityException
                | BufferUnderflowException
                | NegativeArraySizeException unreadable) {
            return 0;
        }
        return jdbc.sql(
                        "UPDATE %1$s SET %2$s = :newest WHERE ctid = :ctid::tid AND %2$s = :stored"
                                .formatted(column.table(), column.name()))
                .param("newest", newest)
                .param("ctid", stored.ctid())
                .param("stored", stored.value())
                .update();
    }

    private static String word(int number) {
        return Integer.toHexString(number);
    }
}
