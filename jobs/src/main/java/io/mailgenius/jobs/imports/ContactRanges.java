package io.mailgenius.jobs.imports;

import io.mailgenius.jobs.imports.merge.Undo;
import io.mailgenius.schema.WorkspaceScope;
import org.jspecify.annotations.Nullable;
import org.springframework.batch.infrastructure.item.ExecutionContext;
import org.springframework.batch.infrastructure.item.ItemStreamReader;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Splits the workspace's contacts into ranges of equal size, by jumping through the primary key.
 */
final class ContactRanges implements ItemStreamReader<Undo.Range> {

    private static final String AFTER = "undo.after";

    private final JdbcClient jdbc;
    private final long importId;
    private final int contacts;
    private long after;

    ContactRanges(JdbcClient jdbc, long importId, int contacts) {
        this.jdbc = jdbc;
        this.importId = importId;
        this.contacts = contacts;
    }

    @Override
    public void open(ExecutionContext context) {
        after = context.getLong(AFTER, 0);
    }

    private record Stretch(long last, int count) {}

    @Override
    public Undo.@Nullable Range read() {
        Stretch next =
                jdbc.sql(
                                """
                                SELECT coalesce(max(id), 0) AS last, count(*) AS count
                                  FROM (SELECT id FROM contact
                                         WHERE workspace_id = :workspace AND id > :after
                                         ORDER BY id LIMIT :contacts) next
                                """)
                        .param("workspace", WorkspaceScope.required())
                        .param("after", after)
                        .param("contacts", contacts)
                        .query((row, n) -> new Stretch(row.getLong("last"), row.getInt("count")))
                        .single();
        if (next.count() == 0) {
            return null;
        }
        Undo.Range range = new Undo.Range(importId, after, next.last(), next.count());
        after = next.last();
        return range;
    }

    @Override
    public void update(ExecutionContext context) {
        context.putLong(AFTER, after);
    }
}
