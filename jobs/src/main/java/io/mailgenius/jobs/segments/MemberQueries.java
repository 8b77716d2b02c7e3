package io.mailgenius.jobs.segments;

import io.mailgenius.jobs.rules.CompiledRule;
import io.mailgenius.schema.WorkspaceScope;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.core.simple.JdbcClient.StatementSpec;

/** Queries the contacts that match a rule and writes them to {@code segment_member}. */
final class MemberQueries {

    private final JdbcClient jdbc;

    MemberQueries(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** The number of matches and the first of them. */
    record Counted(long count, List<SegmentPreview.Sample> first) {}

    /** Counts only if the sample is full; otherwise its size is the count. */
    Counted counted(CompiledRule rule, int size) {
        List<SegmentPreview.Sample> first =
                sql(
                                """
                    SELECT c.id, c.email, c.first_name, c.last_name
                      FROM contact c
                     WHERE c.workspace_id = :workspace AND %s
                     ORDER BY c.id
                     LIMIT :size
                    """,
                                rule)
                        .param("after", 0L)
                        .param("through", Long.MAX_VALUE)
                        .param("size", size + 1)
                        .query(MemberQueries::sample)
                        .list();
        return first.size() <= size
                ? new Counted(first.size(), first)
                : new Counted(count(rule), first.subList(0, size));
    }

    private static SegmentPreview.Sample sample(ResultSet row, int number) throws SQLException {
        return new SegmentPreview.Sample(
                row.getLong("id"),
                row.getString("email"),
                row.getString("first_name"),
                row.getString("last_name"));
    }

    /**
     * The samples that still exist. The array is wrapped in a subquery, because otherwise
     * PostgreSQL would make a custom plan for each call.
     */
    List<SegmentPreview.Sample> samples(List<Long> ids) {
        if (ids.isEmpty()) {
            return List.of();
        }
        return jdbc.sql(
                        """
                        SELECT id, email, first_name, last_name FROM contact
                         WHERE workspace_id = :workspace AND id = ANY (CAST((SELECT CAST(:ids AS bigint[])) AS bigint[]))
                         ORDER BY id
                        """)
                .param("workspace", WorkspaceScope.required())
                .param("ids", ids.toArray(Long[]::new))
                .query(MemberQueries::sample)
                .list();
    }

    private long count(CompiledRule rule) {
        return sql("SELECT count(*) FROM contact c WHERE c.workspace_id = :workspace AND %s", rule)
                .param("after", 0L)
                .param("through", Long.MAX_VALUE)
                .query(Long.class)
                .single();
    }

    /** Contacts read, members among them, and the changes that were written. */
    record Settled(long read, long members, long added, long removed) {}

    /**
     * Makes the members in the range equal to the result of the rule and removes deleted contacts.
     * The rule is evaluated once, and the operation is idempotent.
     */
    Settled settle(MemberRange range, CompiledRule rule) {
        return settle("%1$s > :after AND %1$s <= :through", rule, range.segmentId())
                .param("after", range.after())
                .param("through", range.through())
                .query(MemberQueries::settled)
                .single();
    }

    /** The same for the given ids, including those of deleted contacts. */
    Settled settle(long segmentId, List<Long> contacts, CompiledRule rule) {
        return settle("%1$s = ANY (CAST(:contacts AS bigint[]))", rule, segmentId)
                .param("contacts", contacts.toArray(Long[]::new))
                .param("after", 0L)
                .param("through", Long.MAX_VALUE)
                .query(MemberQueries::settled)
                .single();
    }

    /**
     * NOT IN over an array is always executed as a hash lookup. NOT EXISTS became a nested loop of
     * 6 s per chunk while the new members had no statistics.
     *
     * @param whom a condition on the contact id, which replaces {@code %1$s}
     */
    private StatementSpec settle(String whom, CompiledRule rule, long segmentId) {
        String contacts = whom.formatted("c.id");
        return sql(
                        """
                   WITH meant AS MATERIALIZED (
                       SELECT c.id FROM contact c
                        WHERE c.workspace_id = :workspace AND <contacts> AND %s
                   ), removed AS (
                       DELETE FROM segment_member m
                        WHERE m.workspace_id = :workspace AND m.segment_id = :segment
                          AND <members>
                          AND m.contact_id NOT IN (SELECT unnest(ARRAY(SELECT meant.id FROM meant)))
                       RETURNING 1
                   ), added AS (
                       INSERT INTO segment_member (workspace_id, segment_id, contact_id)
                       SELECT :workspace, :segment, meant.id FROM meant ORDER BY meant.id
                       ON CONFLICT DO NOTHING
                       RETURNING 1
                   )
                   SELECT (SELECT count(*) FROM contact c
                            WHERE c.workspace_id = :workspace AND <contacts>) AS read,
                          (SELECT count(*) FROM meant) AS members,
                          (SELECT count(*) FROM added) AS added,
                          (SELECT count(*) FROM removed) AS removed
                   """
                                .replace("<contacts>", contacts)
                                .replace("<members>", whom.formatted("m.contact_id")),
                        rule)
                .param("segment", segmentId);
    }

    private static Settled settled(ResultSet row, int number) throws SQLException {
        return new Settled(
                row.getLong("read"),
                row.getLong("members"),
                row.getLong("added"),
                row.getLong("removed"));
    }

    private StatementSpec sql(String sql, CompiledRule rule) {
        return jdbc.sql(sql.replace("%s", rule.sql()))
                .params(rule.params())
                .param("workspace", WorkspaceScope.required());
    }
}
