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
 * The table {@code contact_change}, read on from where one has read to. Transactions commit in
 * another order than they write, so what is remembered is below which number all of them are over;
 * those above it that have been read already are told by their ids.
 */
public final class ContactChanges {

    private final JdbcClient jdbc;
    private long horizon;
    private Set<Long> seen = new HashSet<>();

    /** From now on: whatever is read afterwards has all that came before. */
    ContactChanges(JdbcClient jdbc) {
        this.jdbc = jdbc;
        this.horizon = horizon(jdbc);
    }

    /** All transactions below it are read. */
    long horizon() {
        return horizon;
    }

    public static long horizon(JdbcClient jdbc) {
        return jdbc.sql("SELECT contact_change_horizon() AS horizon")
                .query((row, _) -> row.getLong("horizon"))
                .single();
    }

    /**
     * @param horizon at the moment of reading
     * @param seen what was read and is not below it
     */
    public record Read(Set<Long> contacts, long horizon, Set<Long> seen) {}

    /** In the transaction of the workspace. Forgotten, unless it is {@link #done} afterwards. */
    Read read() {
        Set<Long> contacts = new TreeSet<>();
        Set<Long> visible = new HashSet<>();
        long[] now = new long[1];
        // One statement, so that the horizon and the rows are of one snapshot.
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
     * Those that changed since the transaction, with the horizon to go on from; of very many only
     * one more than {@code most}. Written so that the planner sees neither where it begins nor how
     * many are wanted, and expects few: it is asked for each search, and was planned each time.
     */
    public static Read since(JdbcClient jdbc, long since, int most) {
        Set<Long> contacts = new TreeSet<>();
        long[] now = new long[1];
        // One statement here too.
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

    /** What every node has read, however slow it is. */
    public static long forget(JdbcClient jdbc, long before) {
        return jdbc.sql("SELECT forget_contact_changes(:before) AS forgotten")
                .param("before", before)
                .query((row, _) -> row.getLong("forgotten"))
                .single();
    }
}
