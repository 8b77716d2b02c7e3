package io.mailgenius.jobs.analytics;

import io.mailgenius.jobs.workspaces.Refusal;
import io.mailgenius.schema.WorkspaceScope;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.core.simple.JdbcClient.StatementSpec;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Reports the growth of lists. Triggers record changes in the transaction that makes them. A report
 * reads hourly sums and changes that are not summed up yet in one statement, so it is exact at any
 * time, see {@link #aggregate}.
 */
@Component
public final class ListGrowth {

    /** The number of changes that one transaction sums up, in a fraction of a second. */
    private static final int MOST = 20_000;

    /** Stands for the contacts of the workspace, regardless of their lists. */
    private static final long WORKSPACE = 0;

    private static final String CHANGES =
            """
            SELECT hour, sum(gained) AS gained, sum(lost) AS lost,
                   sum(subscribed) AS subscribed, sum(unsubscribed) AS unsubscribed
              FROM (SELECT hour, gained, lost, subscribed, unsubscribed
                      FROM list_hour
                     WHERE workspace_id = :workspace AND list_id = :list AND hour >= :from::timestamptz
                     UNION ALL
                    SELECT %1$s, gained, lost, subscribed, unsubscribed
                      FROM list_change
                     WHERE workspace_id = :workspace AND list_id = :list AND %1$s >= :from::timestamptz) AS c
             GROUP BY hour
             UNION ALL
            """
                    .formatted(FirstTimes.hour("changed_at"));

    private final JdbcClient jdbc;
    private final TransactionTemplate transaction;
    private final Clock clock;

    ListGrowth(JdbcClient jdbc, PlatformTransactionManager transactions, Clock clock) {
        this.jdbc = jdbc;
        this.transaction = new TransactionTemplate(transactions);
        this.clock = clock;
    }

    public Growth ofList(long id, Span span) {
        return in(
                () -> {
                    Instant since =
                            sql("""
                                SELECT greatest(w.growth_since, l.created_at) AS since
                                  FROM list l JOIN workspace w ON w.id = l.workspace_id
                                 WHERE l.workspace_id = :workspace AND l.id = :list
                                """)
                                    .param("list", id)
                                    .query((row, _) -> instant(row, "since"))
                                    .optional()
                                    .orElseThrow(() -> new Refusal.NotFound("list", id));
                    return read(
                            """
                            SELECT NULL, count(*), 0, 0, 0
                              FROM list_member WHERE workspace_id = :workspace AND list_id = :list
                            """,
                            id,
                            since,
                            span);
                });
    }

    public Growth ofWorkspace(Span span) {
        return in(
                () -> {
                    Instant since =
                            sql("SELECT growth_since FROM workspace WHERE id = :workspace")
                                    .query((row, _) -> instant(row, "growth_since"))
                                    .single();
                    return read(
                            "SELECT NULL, count(*), 0, 0, 0 FROM contact WHERE workspace_id = :workspace",
                            WORKSPACE,
                            since,
                            span);
                });
    }

    /** The row without an hour has the size. */
    private Growth read(String sizeNow, long list, Instant since, Span span) {
        Map<Instant, Growth.Change> hours = new HashMap<>();
        long[] size = new long[1];
        sql(CHANGES + sizeNow)
                .param("list", list)
                .param("from", span.from().toString())
                .query(
                        row -> {
                            if (row.getObject("hour") == null) {
                                size[0] = row.getLong("gained");
                            } else {
                                hours.put(
                                        instant(row, "hour"),
                                        new Growth.Change(
                                                row.getLong("gained"),
                                                row.getLong("lost"),
                                                row.getLong("subscribed"),
                                                row.getLong("unsubscribed")));
                            }
                        });
        return Growth.of(since, size[0], hours, span, clock.instant());
    }

    /** Sums up changes in every workspace that has some. */
    void aggregate() {
        List<Long> workspaces =
                jdbc.sql("SELECT * FROM workspaces_with_list_changes()")
                        .query((row, _) -> row.getLong(1))
                        .list();
        for (long workspace : workspaces) {
            WorkspaceScope.run(
                    workspace,
                    () -> {
                        while (in(() -> aggregate(MOST)) == MOST) {
                            // repeats until all are summed up
                        }
                    });
        }
    }

    /**
     * Moves changes to the hourly sums in one transaction, so that a crash leaves both unchanged.
     * Skips rows that are locked by another node, and drops those of deleted lists.
     *
     * @return the number of changes
     */
    int aggregate(int atMost) {
        return sql(String.format(
                        Locale.ROOT,
                        """
                   WITH free AS MATERIALIZED (
                       SELECT id
                         FROM list_change
                        WHERE workspace_id = :workspace
                        ORDER BY id
                        LIMIT :most
                          FOR UPDATE SKIP LOCKED
                   ), taken AS (
                       DELETE FROM list_change
                        WHERE workspace_id = :workspace AND id IN (SELECT id FROM free)
                       RETURNING list_id, %1$s AS hour, gained, lost, subscribed, unsubscribed
                   ), there AS MATERIALIZED (
                       SELECT id
                         FROM list
                        WHERE workspace_id = :workspace AND id IN (SELECT list_id FROM taken)
                        ORDER BY id
                          FOR KEY SHARE
                   ), added AS (
                       INSERT INTO list_hour AS h
                              (workspace_id, list_id, hour, gained, lost, subscribed, unsubscribed)
                       SELECT :workspace, list_id, hour, sum(gained), sum(lost), sum(subscribed), sum(unsubscribed)
                         FROM taken
                        WHERE list_id = %2$d OR list_id IN (SELECT id FROM there)
                        GROUP BY list_id, hour
                        ORDER BY list_id, hour
                       ON CONFLICT (workspace_id, list_id, hour)
                       DO UPDATE SET gained = h.gained + excluded.gained,
                                     lost = h.lost + excluded.lost,
                                     subscribed = h.subscribed + excluded.subscribed,
                                     unsubscribed = h.unsubscribed + excluded.unsubscribed
                   )
                   SELECT count(*) FROM taken
                   """,
                        FirstTimes.hour("changed_at"),
                        WORKSPACE))
                .param("most", atMost)
                .query(Integer.class)
                .single();
    }

    private StatementSpec sql(String sql) {
        return jdbc.sql(sql).param("workspace", WorkspaceScope.required());
    }

    private <T> T in(Supplier<T> work) {
        return Objects.requireNonNull(transaction.execute(_ -> work.get()));
    }

    private static Instant instant(ResultSet row, String column) throws SQLException {
        return row.getObject(column, OffsetDateTime.class).toInstant();
    }
}
