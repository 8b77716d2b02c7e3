package io.mailgenius.jobs.contacts;

import io.mailgenius.schema.WorkspaceScope;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.core.simple.JdbcClient.StatementSpec;

/** The tables {@code topic} and {@code topic_choice}. */
final class TopicStore {

    private final JdbcClient jdbc;

    TopicStore(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    TopicView insert(TopicDraft draft) {
        return sql(
                        """
                   INSERT INTO topic (workspace_id, name, description, public, opt_in)
                   VALUES (:workspace, :name, coalesce(:description, ''), coalesce(:open, true),
                           coalesce(:optIn, false))
                   RETURNING *
                   """,
                        draft)
                .query(TopicStore::view)
                .single();
    }

    Optional<TopicView> update(long id, TopicDraft draft) {
        return sql(
                        """
                   UPDATE topic SET name = coalesce(:name, name),
                          description = coalesce(:description, description),
                          public = coalesce(:open, public), opt_in = coalesce(:optIn, opt_in)
                    WHERE workspace_id = :workspace AND id = :id
                   RETURNING *
                   """,
                        draft)
                .param("id", id)
                .query(TopicStore::view)
                .optional();
    }

    private StatementSpec sql(String sql, TopicDraft draft) {
        return sql(sql).param("name", draft.name(), Types.VARCHAR)
                .param("description", draft.description(), Types.VARCHAR)
                .param("open", draft.open(), Types.BOOLEAN)
                .param("optIn", draft.optIn(), Types.BOOLEAN);
    }

    Optional<TopicView> find(long id) {
        return sql("SELECT * FROM topic WHERE workspace_id = :workspace AND id = :id")
                .param("id", id)
                .query(TopicStore::view)
                .optional();
    }

    List<TopicView> page(long after, int rows) {
        return sql("""
                   SELECT * FROM topic WHERE workspace_id = :workspace AND id > :after
                    ORDER BY id LIMIT :rows
                   """)
                .param("after", after)
                .param("rows", rows)
                .query(TopicStore::view)
                .list();
    }

    boolean delete(long id) {
        return sql("DELETE FROM topic WHERE workspace_id = :workspace AND id = :id")
                        .param("id", id)
                        .update()
                == 1;
    }

    /** All topics, with the choices of a contact. */
    List<TopicChoice> choices(long contactId, int atMost) {
        return sql("""
                   SELECT t.*, c.wanted FROM topic t
                     LEFT JOIN topic_choice c ON c.workspace_id = t.workspace_id AND c.topic_id = t.id
                                             AND c.contact_id = :contact
                    WHERE t.workspace_id = :workspace
                    ORDER BY t.name, t.id LIMIT :rows
                   """)
                .param("contact", contactId)
                .param("rows", atMost)
                .query(
                        (row, _) -> {
                            TopicView topic = view(row, 0);
                            Boolean wanted = row.getObject("wanted", Boolean.class);
                            return new TopicChoice(
                                    topic,
                                    wanted == null ? !topic.optIn() : wanted,
                                    wanted != null);
                        })
                .list();
    }

    /**
     * Locks the contacts.
     *
     * @return the contacts for which this changes whether they get mails
     */
    List<Long> choose(long topicId, Collection<Long> contactIds, boolean wanted) {
        return sql("""
                   WITH held AS (
                       SELECT id FROM contact
                        WHERE workspace_id = :workspace AND id = ANY (CAST(:ids AS bigint[]))
                        ORDER BY id FOR KEY SHARE
                   ), before AS (
                       SELECT h.id, coalesce(c.wanted, NOT t.opt_in) AS wanted
                         FROM held h
                         JOIN topic t ON t.workspace_id = :workspace AND t.id = :topic
                         LEFT JOIN topic_choice c ON c.workspace_id = :workspace AND c.topic_id = :topic
                                                 AND c.contact_id = h.id
                   ), said AS (
                       INSERT INTO topic_choice AS c (workspace_id, topic_id, contact_id, wanted)
                       SELECT :workspace, :topic, id, :wanted FROM before ORDER BY id
                       ON CONFLICT (workspace_id, topic_id, contact_id) DO UPDATE
                          SET wanted = excluded.wanted, chosen_at = now()
                        WHERE c.wanted <> excluded.wanted
                   )
                   SELECT id FROM before WHERE wanted <> :wanted ORDER BY id
                   """)
                .param("topic", topicId)
                .param("ids", contactIds.toArray(Long[]::new))
                .param("wanted", wanted)
                .query((row, _) -> row.getLong("id"))
                .list();
    }

    private StatementSpec sql(String sql) {
        return jdbc.sql(sql).param("workspace", WorkspaceScope.required());
    }

    private static TopicView view(ResultSet row, int number) throws SQLException {
        return new TopicView(
                row.getLong("id"),
                row.getString("name"),
                row.getString("description"),
                row.getBoolean("public"),
                row.getBoolean("opt_in"),
                ContactStore.instant(row, "created_at"));
    }
}
