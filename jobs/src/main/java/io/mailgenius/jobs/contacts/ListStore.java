package io.mailgenius.jobs.contacts;

import io.mailgenius.schema.WorkspaceScope;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.core.simple.JdbcClient.StatementSpec;

/** The tables {@code list} and {@code list_member}. */
final class ListStore {

    private static final String SELECT =
            """
            SELECT l.id, l.name, l.public, l.created_at,
                   (SELECT count(*) FROM list_member m
                     WHERE m.workspace_id = l.workspace_id AND m.list_id = l.id) AS members
              FROM list l
            """;

    private final JdbcClient jdbc;

    ListStore(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    Optional<ListView> insert(String name, boolean open) {
        return sql("""
                   INSERT INTO list (workspace_id, name, public) VALUES (:workspace, :name, :open)
                   ON CONFLICT (workspace_id, name) DO NOTHING
                   RETURNING id, name, public, created_at, 0 AS members
                   """)
                .param("name", name)
                .param("open", open)
                .query(ListStore::view)
                .optional();
    }

    Optional<ListView> find(long id) {
        return sql(SELECT + "WHERE l.workspace_id = :workspace AND l.id = :id")
                .param("id", id)
                .query(ListStore::view)
                .optional();
    }

    List<ListView> page(long after, int rows) {
        return sql(SELECT
                        + """
                          WHERE l.workspace_id = :workspace AND l.id > :after
                          ORDER BY l.id LIMIT :rows
                          """)
                .param("after", after)
                .param("rows", rows)
                .query(ListStore::view)
                .list();
    }

    /** The public lists, and whether the contact is a member of each. */
    List<Preferences.ListChoice> open(long contactId, int atMost) {
        return sql("""
                   SELECT l.id, l.name, EXISTS (
                          SELECT FROM list_member m
                           WHERE m.workspace_id = l.workspace_id AND m.list_id = l.id
                             AND m.contact_id = :contact) AS member
                     FROM list l
                    WHERE l.workspace_id = :workspace AND l.public
                    ORDER BY l.name, l.id LIMIT :rows
                   """)
                .param("contact", contactId)
                .param("rows", atMost)
                .query(
                        (row, _) ->
                                new Preferences.ListChoice(
                                        row.getLong("id"),
                                        row.getString("name"),
                                        row.getBoolean("member")))
                .list();
    }

    boolean update(long id, @Nullable String name, @Nullable Boolean open) {
        return sql("""
                   UPDATE list SET name = coalesce(:name, name), public = coalesce(:open, public)
                    WHERE workspace_id = :workspace AND id = :id
                   """)
                        .param("name", name, Types.VARCHAR)
                        .param("open", open, Types.BOOLEAN)
                        .param("id", id)
                        .update()
                == 1;
    }

    boolean delete(long id) {
        boolean deleted =
                sql("DELETE FROM list WHERE workspace_id = :workspace AND id = :id")
                                .param("id", id)
                                .update()
                        == 1;
        sql("DELETE FROM list_member WHERE workspace_id = :workspace AND list_id = :id")
                .param("id", id)
                .update();
        return deleted;
    }

    boolean lock(long id) {
        return sql("SELECT id FROM list WHERE workspace_id = :workspace AND id = :id FOR KEY SHARE")
                .param("id", id)
                .query(Long.class)
                .optional()
                .isPresent();
    }

    Set<Long> known(Set<Long> ids) {
        return new HashSet<>(
                sql("""
                    SELECT id FROM contact
                     WHERE workspace_id = :workspace AND id = ANY (CAST(:ids AS bigint[]))
                    """)
                        .param("ids", ids.toArray(Long[]::new))
                        .query((row, _) -> row.getLong("id"))
                        .list());
    }

    /** Maps each given text whose address has a contact to that contact. */
    Map<String, Long> known(Map<String, String> addresses) {
        Map<String, Long> ids = new HashMap<>();
        sql("""
            SELECT email, id FROM contact
             WHERE workspace_id = :workspace AND email = ANY (CAST(:emails AS text[]))
            """)
                .param("emails", addresses.values().stream().distinct().toArray(String[]::new))
                .query(
                        row -> {
                            ids.put(row.getString("email"), row.getLong("id"));
                        });
        Map<String, Long> known = new HashMap<>();
        addresses.forEach(
                (text, address) -> {
                    Long id = ids.get(address);
                    if (id != null) {
                        known.put(text, id);
                    }
                });
        return known;
    }

    /** Locks the contacts, so that one that is deleted concurrently leaves no member behind. */
    int add(long listId, Collection<Long> contactIds) {
        return sql("""
                   INSERT INTO list_member (workspace_id, list_id, contact_id)
                   SELECT c.workspace_id, :list, c.id
                     FROM (SELECT workspace_id, id FROM contact
                            WHERE workspace_id = :workspace AND id = ANY (CAST(:ids AS bigint[]))
                            ORDER BY id
                              FOR KEY SHARE) c
                   ON CONFLICT DO NOTHING
                   """)
                .param("list", listId)
                .param("ids", contactIds.toArray(Long[]::new))
                .update();
    }

    int remove(long listId, Collection<Long> contactIds) {
        return sql("""
                   DELETE FROM list_member
                    WHERE workspace_id = :workspace AND list_id = :list
                      AND contact_id = ANY (CAST(:ids AS bigint[]))
                   """)
                .param("list", listId)
                .param("ids", contactIds.toArray(Long[]::new))
                .update();
    }

    private StatementSpec sql(String sql) {
        return jdbc.sql(sql).param("workspace", WorkspaceScope.required());
    }

    private static ListView view(ResultSet row, int number) throws SQLException {
        return new ListView(
                row.getLong("id"),
                row.getString("name"),
                row.getBoolean("public"),
                row.getLong("members"),
                ContactStore.instant(row, "created_at"));
    }
}
