package io.mailgenius.jobs.imports.rows;

import io.mailgenius.schema.WorkspaceScope;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Table import_reject: the rejected rows, each with its line and the reason. */
public final class Rejects {

    private static final int AT_ONCE = 1_000;

    private final JdbcClient jdbc;

    public Rejects(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    public record Reject(long line, @Nullable String column, String reason, String raw) {}

    public void insert(long importId, List<Reject> rejects) {
        if (rejects.isEmpty()) {
            return;
        }
        jdbc.sql(
                        """
                        INSERT INTO import_reject (workspace_id, import_id, line, column_name, reason, raw)
                        SELECT :workspace, :import, r.line, r.column_name, r.reason, r.raw
                          FROM unnest(:lines::bigint[], :columns::text[], :reasons::text[], :raws::text[])
                               AS r (line, column_name, reason, raw)
                        """)
                .param("workspace", WorkspaceScope.required())
                .param("import", importId)
                .param("lines", rejects.stream().mapToLong(Reject::line).toArray())
                .param("columns", rejects.stream().map(Reject::column).toArray(String[]::new))
                .param("reasons", rejects.stream().map(Reject::reason).toArray(String[]::new))
                .param("raws", rejects.stream().map(Reject::raw).toArray(String[]::new))
                .update();
    }

    public void write(long importId, Dialect dialect, List<String> header, Writer out) {
        try {
            RejectsFile file = new RejectsFile(dialect, out);
            file.header(header);
            long after = 0;
            List<Reject> some;
            do {
                some = page(importId, after);
                for (Reject reject : some) {
                    file.row(reject);
                    after = reject.line();
                }
            } while (some.size() == AT_ONCE);
            out.flush();
        } catch (IOException e) {
            throw new UncheckedIOException("The reader of the rejects has gone away", e);
        }
    }

    private List<Reject> page(long importId, long after) {
        return jdbc.sql(
                        """
                        SELECT line, column_name, reason, raw FROM import_reject
                         WHERE import_id = :import AND line > :after ORDER BY line LIMIT :rows
                        """)
                .param("import", importId)
                .param("after", after)
                .param("rows", AT_ONCE)
                .query(
                        (row, n) ->
                                new Reject(
                                        row.getLong("line"),
                                        row.getString("column_name"),
                                        row.getString("reason"),
                                        row.getString("raw")))
                .list();
    }
}
