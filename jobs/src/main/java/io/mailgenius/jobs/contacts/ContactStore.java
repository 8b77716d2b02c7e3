package io.mailgenius.jobs.contacts;

import io.mailgenius.schema.ContactStatus;
import io.mailgenius.schema.WorkspaceScope;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The table {@code contact}, one row at a time; imports write it a chunk at a time. */
final class ContactStore {

    private static final String COLUMNS =
            """
            id, email, first_name, last_name, phone, city, country, locale, time_zone,
            attributes, status, created_at, updated_at
            """;

    private final JdbcClient jdbc;

    ContactStore(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** Nothing when the address is taken. */
    Optional<ContactView> insert(Fields fields) {
        return jdbc.sql(
                        """
                        INSERT INTO contact (workspace_id, email, first_name, last_name, phone, city,
                                             country, locale, time_zone, attributes, status)
                        VALUES (:workspace, :email, :firstName, :lastName, :phone, :city,
                                :country, :locale, :timeZone, CAST(:attributes AS jsonb), :status)
                        ON CONFLICT (workspace_id, email) DO NOTHING
                        RETURNING\s"""
                                + COLUMNS)
                .params(params(fields))
                .query(ContactStore::view)
                .optional();
    }

    Optional<ContactView> find(long id) {
        return find("id = :id", "id", id, "");
    }

    Optional<ContactView> find(EmailAddress email) {
        return find("email = :email", "email", email.value(), "");
    }

    Optional<ContactView> findForUpdate(long id) {
        return find("id = :id", "id", id, " FOR UPDATE");
    }

    private Optional<ContactView> find(String condition, String name, Object value, String lock) {
        return jdbc.sql(
                        "SELECT "
                                + COLUMNS
                                + "FROM contact WHERE workspace_id = :workspace AND "
                                + condition
                                + lock)
                .param("workspace", WorkspaceScope.required())
                .param(name, value)
                .query(ContactStore::view)
                .optional();
    }

    List<ContactView> page(ContactFilter filter, long after, int rows) {
        StringBuilder where = new StringBuilder("c.workspace_id = :workspace AND c.id > :after");
        Map<String, Object> params = new HashMap<>();
        params.put("workspace", WorkspaceScope.required());
        params.put("after", after);
        params.put("rows", rows);
        if (filter.emailPrefix() != null) {
            where.append(" AND c.email LIKE :prefix");
            params.put("prefix", pattern(filter.emailPrefix()) + "%");
        }
        if (filter.emailPart() != null) {
            where.append(" AND c.email LIKE :part");
            params.put("part", "%" + pattern(filter.emailPart()) + "%");
        }
        if (filter.status() != null) {
            where.append(" AND c.status = :status");
            params.put("status", filter.status().name());
        }
        if (filter.listId() != null) {
            where.append(
                    " AND c.id IN (SELECT m.contact_id FROM list_member m"
                            + " WHERE m.workspace_id = :workspace AND m.list_id = :list)");
            params.put("list", filter.listId());
        }
        return jdbc.sql(
                        "SELECT %s FROM contact c WHERE %s ORDER BY c.id LIMIT :rows"
                                .formatted(COLUMNS, where))
                .params(params)
                .query(ContactStore::view)
                .list();
    }

    private static String pattern(String text) {
        return EmailAddress.lowerCase(text.strip())
                .replace("\\", "\\\\")
                .replace("%", "\\%")
                .replace("_", "\\_");
    }

    ContactView update(long id, Fields fields) {
        return jdbc.sql(
                        """
                        UPDATE contact
                           SET email = :email, first_name = :firstName, last_name = :lastName,
                               phone = :phone, city = :city, country = :country, locale = :locale,
                               time_zone = :timeZone, attributes = CAST(:attributes AS jsonb),
                               status = :status, updated_at = now()
                         WHERE workspace_id = :workspace AND id = :id
                        RETURNING\s"""
                                + COLUMNS)
                .params(params(fields))
                .param("id", id)
                .query(ContactStore::view)
                .single();
    }

    /** Both statements or none: a member that is no contact would be counted and never mailed. */
    boolean delete(long id) {
        boolean deleted =
                jdbc.sql("DELETE FROM contact WHERE workspace_id = :workspace AND id = :id")
                                .param("workspace", WorkspaceScope.required())
                                .param("id", id)
                                .update()
                        == 1;
        jdbc.sql("DELETE FROM list_member WHERE workspace_id = :workspace AND contact_id = :id")
                .param("workspace", WorkspaceScope.required())
                .param("id", id)
                .update();
        return deleted;
    }

    private static Map<String, @Nullable Object> params(Fields fields) {
        Map<String, @Nullable Object> params = new HashMap<>();
        params.put("workspace", WorkspaceScope.required());
        params.put("email", fields.email().value());
        params.put("firstName", fields.firstName());
        params.put("lastName", fields.lastName());
        params.put("phone", fields.phone());
        params.put("city", fields.city());
        params.put("country", fields.country());
        params.put("locale", fields.locale());
        params.put("timeZone", fields.timeZone());
        params.put("attributes", fields.attributes().stored());
        params.put("status", fields.status().name());
        return params;
    }

    private static ContactView view(ResultSet row, int number) throws SQLException {
        return new ContactView(
                row.getLong("id"),
                row.getString("email"),
                row.getString("first_name"),
                row.getString("last_name"),
                row.getString("phone"),
                row.getString("city"),
                row.getString("country"),
                row.getString("locale"),
                row.getString("time_zone"),
                Attributes.read(row.getString("attributes")),
                ContactStatus.valueOf(row.getString("status")),
                instant(row, "created_at"),
                instant(row, "updated_at"));
    }

    static Instant instant(ResultSet row, String column) throws SQLException {
        return row.getObject(column, OffsetDateTime.class).toInstant();
    }
}
