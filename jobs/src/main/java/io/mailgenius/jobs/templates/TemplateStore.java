package io.mailgenius.jobs.templates;

import io.mailgenius.schema.WorkspaceScope;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.core.simple.JdbcClient.StatementSpec;

/** The tables {@code template} and {@code template_version}. */
final class TemplateStore {

    private final JdbcClient jdbc;

    TemplateStore(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** Empty if the name is taken. */
    Optional<Long> insert(String name) {
        return sql("""
                   INSERT INTO template (workspace_id, name) VALUES (:workspace, :name)
                   ON CONFLICT (workspace_id, name) DO NOTHING
                   RETURNING id
                   """)
                .param("name", name)
                .query((row, _) -> row.getLong("id"))
                .optional();
    }

    /**
     * Returns the next version number. The update locks the row, so concurrent callers wait here.
     */
    Optional<Integer> nextVersion(long id, String name) {
        return sql("""
                   UPDATE template SET version = version + 1, name = :name
                    WHERE workspace_id = :workspace AND id = :id
                   RETURNING version
                   """)
                .param("name", name)
                .param("id", id)
                .query((row, _) -> row.getInt("version"))
                .optional();
    }

    /**
     * @param html the page, or the HTML compiled from its MJML
     */
    void insertVersion(long id, int version, TemplateSource source, String html) {
        String mjml =
                switch (source.syntax()) {
                    case HTML -> null;
                    case MJML -> source.page();
                };
        sql("""
            INSERT INTO template_version (workspace_id, template_id, version, subject, mjml, html, text)
            VALUES (:workspace, :id, :version, :subject, :mjml, :html, :text)
            """)
                .param("id", id)
                .param("version", version)
                .param("subject", source.subject())
                .param("mjml", mjml)
                .param("html", html)
                .param("text", source.text())
                .update();
    }

    Optional<TemplateView> find(long id, @Nullable Integer version) {
        return sql("""
                   SELECT t.id, t.name, v.version, v.subject, v.mjml, v.html, v.text, t.created_at,
                          v.created_at AS updated_at
                     FROM template t
                     JOIN template_version v
                       ON v.workspace_id = t.workspace_id AND v.template_id = t.id
                      AND v.version = coalesce(CAST(:version AS int), t.version)
                    WHERE t.workspace_id = :workspace AND t.id = :id
                   """)
                .param("id", id)
                .param("version", version)
                .query(TemplateStore::view)
                .optional();
    }

    List<TemplateSummary> page(long after, int rows) {
        return sql("""
                   SELECT t.id, t.name, t.version, v.subject, t.created_at,
                          v.created_at AS updated_at
                     FROM template t
                     JOIN template_version v
                       ON v.workspace_id = t.workspace_id AND v.template_id = t.id
                      AND v.version = t.version
                    WHERE t.workspace_id = :workspace AND t.id > :after
                    ORDER BY t.id
                    LIMIT :rows
                   """)
                .param("after", after)
                .param("rows", rows)
                .query(TemplateStore::summary)
                .list();
    }

    boolean delete(long id) {
        return sql("DELETE FROM template WHERE workspace_id = :workspace AND id = :id")
                        .param("id", id)
                        .update()
                == 1;
    }

    private StatementSpec sql(String sql) {
        return jdbc.sql(sql).param("workspace", WorkspaceScope.required());
    }

    private static TemplateView view(ResultSet row, int number) throws SQLException {
        String subject = row.getString("subject");
        String mjml = row.getString("mjml");
        String html = row.getString("html");
        String text = row.getString("text");
        return new TemplateView(
                row.getLong("id"),
                row.getString("name"),
                row.getInt("version"),
                mjml == null
                        ? TemplateSource.html(subject, html, text)
                        : TemplateSource.mjml(subject, mjml, text),
                html,
                instant(row, "created_at"),
                instant(row, "updated_at"));
    }

    private static TemplateSummary summary(ResultSet row, int number) throws SQLException {
        return new TemplateSummary(
                row.getLong("id"),
                row.getString("name"),
                row.getInt("version"),
                row.getString("subject"),
                instant(row, "created_at"),
                instant(row, "updated_at"));
    }

    private static Instant instant(ResultSet row, String column) throws SQLException {
        return row.getObject(column, OffsetDateTime.class).toInstant();
    }
}
