package io.mailgenius.jobs.forms;

import io.mailgenius.schema.WorkspaceScope;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.core.simple.JdbcClient.StatementSpec;

/** Table form. */
final class FormStore {

    private final JdbcClient jdbc;

    FormStore(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** Needs no workspace scope, because it determines the workspace. */
    OptionalLong workspaceOf(UUID key) {
        return jdbc
                .sql("SELECT workspace_of_form(:key)")
                .param("key", key)
                .query((row, _) -> row.getLong(1))
                .stream()
                .mapToLong(Long::longValue)
                .findFirst();
    }

    FormView insert(FormDraft draft) {
        return bound(
                        """
                        INSERT INTO form (workspace_id, name, list_ids, topic_ids, sender, subject, html,
                                          template_id, consent_text, redirect_url)
                        VALUES (:workspace, :name, :lists, :topics, :sender, :subject, :html,
                                :template, :consent, :redirect)
                        RETURNING *
                        """,
                        draft)
                .query(FormStore::view)
                .single();
    }

    Optional<FormView> update(long id, FormDraft draft) {
        return bound(
                        """
                        UPDATE form SET name = :name, list_ids = :lists, topic_ids = :topics, sender = :sender,
                               subject = :subject, html = :html, template_id = :template,
                               consent_text = :consent, redirect_url = :redirect
                         WHERE workspace_id = :workspace AND id = :id
                        RETURNING *
                        """,
                        draft)
                .param("id", id)
                .query(FormStore::view)
                .optional();
    }

    private StatementSpec bound(String sql, FormDraft draft) {
        return jdbc.sql(sql)
                .param("workspace", WorkspaceScope.required())
                .param("name", draft.name())
                .param("lists", ids(draft.listIds()))
                .param("topics", ids(draft.topicIds()))
                .param("sender", draft.from())
                .param("subject", draft.subject())
                .param("html", draft.html(), Types.VARCHAR)
                .param("template", draft.templateId(), Types.BIGINT)
                .param("consent", draft.consentText())
                .param("redirect", draft.redirectUrl(), Types.VARCHAR);
    }

    private static Long[] ids(@Nullable List<Long> ids) {
        return Objects.requireNonNullElse(ids, List.<Long>of()).toArray(Long[]::new);
    }

    Optional<FormView> find(long id) {
        return find("id = :it", id);
    }

    Optional<FormView> find(UUID key) {
        return find("key = :it", key);
    }

    private Optional<FormView> find(String condition, Object it) {
        return jdbc.sql("SELECT * FROM form WHERE workspace_id = :workspace AND " + condition)
                .param("workspace", WorkspaceScope.required())
                .param("it", it)
                .query(FormStore::view)
                .optional();
    }

    List<FormView> page(long after, int rows) {
        return jdbc.sql(
                        """
                        SELECT * FROM form WHERE workspace_id = :workspace AND id > :after
                         ORDER BY id LIMIT :rows
                        """)
                .param("workspace", WorkspaceScope.required())
                .param("after", after)
                .param("rows", rows)
                .query(FormStore::view)
                .list();
    }

    boolean delete(long id) {
        return jdbc.sql("DELETE FROM form WHERE workspace_id = :workspace AND id = :id")
                        .param("workspace", WorkspaceScope.required())
                        .param("id", id)
                        .update()
                == 1;
    }

    private static FormView view(ResultSet row, int number) throws SQLException {
        return new FormView(
                row.getLong("id"),
                row.getObject("key", UUID.class),
                row.getString("name"),
                List.of((Long[]) row.getArray("list_ids").getArray()),
                List.of((Long[]) row.getArray("topic_ids").getArray()),
                row.getString("sender"),
                row.getString("subject"),
                row.getString("html"),
                row.getObject("template_id", Long.class),
                row.getString("consent_text"),
                row.getString("redirect_url"),
                row.getObject("created_at", OffsetDateTime.class).toInstant());
    }
}
