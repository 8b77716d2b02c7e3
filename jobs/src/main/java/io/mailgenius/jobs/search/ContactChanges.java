package io.mailgenius.jobs.search;

import io.mailgenius.schema.WorkspaceScope;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Reads table {@code contact_change} incrementally. Transactions do not commit in the order of
 * their ids. The reader therefore remembers the horizon, below which all transactions have ended,
 * and the ids of the rows above it that it has already read.
 */
public final class ContactChanges {

    private final JdbcClient jdbc;
    private long horizon;
    private Set<Long> seen = new HashSet<>();

    /**
     * Starts at the current horizon, so that later reads include every change that commits from now
     * on.
     */
    ContactChanges(JdbcClient jdbc) {
        this.jdbc = jdbc;
        this.horizon = horizon(jdbc);
    }

    /** All transactions below the horizon have been read. */
    long horizon() {
        return horizon;
    }

    public static long horizon(JdbcClient jdbc) {
        return jdbc.sql("SELECT contact_change_horizon() AS horizon")
                .query((row, _) -> row.getLong("horizon"))
                .single();
    }

    /**
     * @param horizon at the time of reading
     * @param seen rows that were read and are not below the horizon
     */
    public record Read(Set<Long> contacts, long horizon, Set<Long> seen) {}

    /**
     * Reads in the caller's transaction. The rows are read again next time, unless {@link #done} is
     * called.
     */
    Read read() {
        Set<Long> contacts = new TreeSet<>();
        Set<Long> visible = new HashSet<>();
        long[] now = new long[1];
        // A single statement, so that the horizon and the rows are from one snapshot.
        jdbc.sql(
                        """
                        SELECT h.horizon, g.id, g.tx, CASE WHEN g.id = ANY (CAST(:seen AS bigint[])) THEN NULL ELSE g.contact_ids END AS ids
                          FROM (SELECT contact_change_horizon() AS horizon) h
                          LEFT JOIN contact_change g ON g.workspace_id = :workspace AND g.tx >= :since
                        """)
                .param("workspace", WorkspaceScope.required())
                .param("since", horizon)
                .param("seen", seen.toArray(Long[]::new))
                .query(
                        row -> {
                            now[0] = row.getLong("horizon");
                            if (row.getLong("tx") >= now[0]) {
                                visible.add(row.getLong("id"));
                            }
                            java.sql.@Nullable Array ids = row.getArray("ids");
                            if (ids != null) {
                                contacts.addAll(Arrays.asList((Long[]) ids.getArray()));
                            }
                        });
        return new Read(contacts, now[0], visible);
    }

    /**
     * The contacts that changed since a transaction, and the horizon to continue from; at most one
     * more than {@code most}. The query hides the start and the limit from the planner, so that one
     * generic plan, for few rows, serves every search.
     */
    public static Read since(JdbcClient jdbc, long since, int most) {
        Set<Long> contacts = new TreeSet<>();
        long[] now = new long[1];
        // A single statement for the same reason.
        jdbc.sql(
                        String.format(
                                Locale.ROOT,
                                """
                        WITH changed AS (
                            SELECT DISTINCT unnest(g.contact_ids) AS id FROM contact_change g
                             WHERE g.workspace_id = :workspace
                               AND g.tx BETWEEN (SELECT CAST(:since AS bigint)) AND (SELECT CAST(:ever AS bigint))
                             LIMIT %d
                        )
                        SELECT h.horizon, changed.id
                          FROM (SELECT contact_change_horizon() AS horizon) h LEFT JOIN changed ON true
                        """,
                                most + 1))
                .param("workspace", WorkspaceScope.required())
                .param("since", since)
                .param("ever", Long.MAX_VALUE)
                .query(
                        row -> {
                            now[0] = row.getLong("horizon");
                            @Nullable Long id = row.getObject("id", Long.class);
                            if (id != null) {
                                contacts.add(id);
                            }
                        });
        return new Read(contacts, now[0], Set.of());
    }

    void done(Read read) {
        horizon = read.horizon();
        seen = read.seen();
    }

    /** Deletes changes that every node has read, even the slowest one. */
    public static long forget(JdbcClient jdbc, long before) {
        return jdbc.sql("SELECT forget_contact_changes(:before) AS forgotten")
                .param("before", before)
                .query((row, _) -> row.getLong("forgotten"))
                .single();
    }
}
