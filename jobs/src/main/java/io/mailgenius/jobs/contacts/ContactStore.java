package io.mailgenius.jobs.contacts;

import io.mailgenius.jobs.contacts.addresses.EmailAddress;
import io.mailgenius.schema.ContactStatus;
import io.mailgenius.schema.WorkspaceScope;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The table {@code contact}, one row at a time; imports write it a chunk at a time. */
final class ContactStore {

    private static final String COLUMNS =
            """
            id, email, first_name, last_name, phone, city, country, locale, time_zone,
            attributes, status, tracking, created_at, updated_at
            """;

    /** Rather than read through thousands of others. */
    private static final int FEW = 5_000;

    /** Of those who have a part of a text, so many are looked at first. */
    private static final int A_PART = 1_000;

    private static final List<Long> MANY = Collections.nCopies(FEW + 1, 0L);

    /** The last character that there is. */
    private static final String LAST = Character.toString(Character.MAX_CODE_POINT);

    private final JdbcClient jdbc;

    ContactStore(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** Nothing when the address is taken. */
    Optional<ContactView> insert(ContactFields fields) {
        return jdbc.sql(
                        """
                        INSERT INTO contact (workspace_id, email, first_name, last_name, phone, city,
                                             country, locale, time_zone, attributes, status, tracking)
                        VALUES (:workspace, :email, :firstName, :lastName, :phone, :city,
                                :country, :locale, :timeZone, CAST(:attributes AS jsonb), :status, :tracking)
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

    /**
     * @param parts what knows who has a part, if this node has it
     */
    List<ContactView> page(
            ContactFilter filter, long after, int rows, Optional<ContactParts> parts) {
        if (filter.part() == null || filter.part().isBlank()) {
            return page(filter, after, rows, byPrefix(filter.emailPrefix(), after));
        }
        String part = EmailAddress.lowerCase(filter.part().strip());
        Optional<ContactParts.Found> found = parts.flatMap(it -> it.having(part, after, A_PART));
        if (found.isEmpty()) {
            return page(filter, after, rows, byPrefix(filter.emailPrefix(), after));
        }
        List<ContactView> page = new ArrayList<>(page(filter, after, rows, found.get()));
        if (page.size() < rows && !found.get().isAll()) {
            // Many have the part and few of them the rest: these lie somewhere behind.
            page.addAll(page(filter, found.get().through(), rows - page.size(), MANY));
        }
        return page;
    }

    private List<ContactView> page(ContactFilter filter, long after, int rows, List<Long> found) {
        Map<String, Object> params = new HashMap<>();
        if (found.size() > FEW) {
            return page(filter, after, rows, "", params);
        }
        params.put("found", found.toArray(Long[]::new));
        return page(
                filter,
                after,
                rows,
                " AND c.id = ANY (CAST((SELECT CAST(:found AS bigint[])) AS bigint[]))",
                params);
    }

    /**
     * Who has changed meanwhile is told by the table {@code contact_change} in the same statement,
     * so that a contact is found as soon as it is there: a question of its own took as long as a
     * fifth of the answer.
     */
    private List<ContactView> page(
            ContactFilter filter, long after, int rows, ContactParts.Found found) {
        Map<String, Object> params = new HashMap<>();
        params.put("found", found.ids().toArray(Long[]::new));
        params.put("seen", found.seen());
        params.put("ever", Long.MAX_VALUE);
        params.put("through", found.through());
        return page(
                filter,
                after,
                rows,
                """
                 AND c.id <= (SELECT CAST(:through AS bigint))
                 AND c.id = ANY (
                     CAST((SELECT CAST(:found AS bigint[])) AS bigint[]) || ARRAY(
                         SELECT unnest(g.contact_ids) FROM contact_change g
                          WHERE g.workspace_id = :workspace
                            AND g.tx BETWEEN (SELECT CAST(:seen AS bigint)) AND (SELECT CAST(:ever AS bigint))))
                """,
                params);
    }

    /**
     * @param among a condition, with its parameters
     */
    private List<ContactView> page(
            ContactFilter filter, long after, int rows, String among, Map<String, Object> params) {
        params.put("after", after);
        // With a number for the limit: of a parameter PostgreSQL expects a tenth of all contacts,
        // and plans anew for every page, which took as long as a quarter of the answer.
        return jdbc.sql(
                        String.format(
                                Locale.ROOT,
                                "SELECT %s FROM contact c WHERE %s%s AND c.id > :after ORDER BY c.id LIMIT %d",
                                COLUMNS,
                                where(filter, params),
                                among,
                                rows))
                .params(params)
                .query(ContactStore::view)
                .list();
    }

    /**
     * LIKE is evaluated after the policy and cannot use the index of addresses; comparing can. Few
     * are looked up one by one. Many lie close along the ids, so that a page of them is found soon;
     * then, and without a prefix, these are more than {@link #FEW}.
     *
     * <p>Out of a subquery, here and where they are looked up: what the planner sees it plans for,
     * each time anew, although there is but one way, and that took a fifth of a search.
     */
    private List<Long> byPrefix(@Nullable String prefix, long after) {
        if (prefix == null || prefix.isBlank()) {
            return MANY;
        }
        String from = EmailAddress.lowerCase(prefix.strip());
        return jdbc.sql(
                        """
                        SELECT id FROM contact
                         WHERE workspace_id = :workspace
                           AND email >= (SELECT CAST(:from AS text)) AND email < (SELECT CAST(:before AS text))
                           AND id > :after
                         LIMIT :most
                        """)
                .param("workspace", WorkspaceScope.required())
                .param("from", from)
                .param("before", from + LAST)
                .param("after", after)
                .param("most", FEW + 1)
                .query((row, _) -> row.getLong("id"))
                .list();
    }

    /** Fills in the parameters that the condition has. */
    private static String where(ContactFilter filter, Map<String, Object> params) {
        StringBuilder where = new StringBuilder("c.workspace_id = :workspace");
        params.put("workspace", WorkspaceScope.required());
        if (filter.emailPrefix() != null) {
            where.append(" AND c.email LIKE :prefix");
            params.put("prefix", pattern(filter.emailPrefix()) + "%");
        }
        if (filter.part() != null) {
            where.append(
                            " AND (c.email LIKE :part OR lower(concat_ws(' ', c.first_name, c.last_name))")
                    .append(" LIKE :part)");
            params.put("part", "%" + pattern(filter.part()) + "%");
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
        if (filter.segmentId() != null) {
            where.append(
                    " AND c.id IN (SELECT m.contact_id FROM segment_member m"
                            + " WHERE m.workspace_id = :workspace AND m.segment_id = :segment)");
            params.put("segment", filter.segmentId());
        }
        return where.toString();
    }

    /** The keys of all attributes that these contacts have, by their letters. */
    List<String> attributeNames(ContactFilter filter) {
        Map<String, Object> params = new HashMap<>();
        String where = where(filter, params);
        return jdbc.sql(
                        """
                        SELECT DISTINCT k FROM contact c, jsonb_object_keys(c.attributes) k
                         WHERE %s ORDER BY k
                        """
                                .formatted(where))
                .params(params)
                .query((row, _) -> row.getString("k"))
                .list();
    }

    boolean hasSegment(long id) {
        return jdbc.sql("SELECT id FROM segment WHERE workspace_id = :workspace AND id = :id")
                .param("workspace", WorkspaceScope.required())
                .param("id", id)
                .query((row, _) -> row.getLong("id"))
                .optional()
                .isPresent();
    }

    private static String pattern(String text) {
        return EmailAddress.lowerCase(text.strip())
                .replace("\\", "\\\\")
                .replace("%", "\\%")
                .replace("_", "\\_");
    }

    ContactView update(long id, ContactFields fields) {
        return jdbc.sql(
                        """
                        UPDATE contact
                           SET email = :email, first_name = :firstName, last_name = :lastName,
                               phone = :phone, city = :city, country = :country, locale = :locale,
                               time_zone = :timeZone, attributes = CAST(:attributes AS jsonb),
                               status = :status, tracking = :tracking, updated_at = now()
                         WHERE workspace_id = :workspace AND id = :id
                        RETURNING\s"""
                                + COLUMNS)
                .params(params(fields))
                .param("id", id)
                .query(ContactStore::view)
                .single();
    }

    /**
     * Of these addresses the contacts that wait for a confirmation and have never been anything
     * else: as they were made, imported by nobody, on no list, and without a word or event of their
     * own. Held, so that nobody puts one on a list meanwhile.
     */
    List<Long> expectedOnly(Collection<String> emails) {
        return jdbc.sql(
                        """
                        SELECT c.id FROM contact c
                         WHERE c.workspace_id = :workspace AND c.email = ANY (CAST(:emails AS text[]))
                           AND c.status = 'PENDING' AND c.updated_at = c.created_at AND c.import_id IS NULL
                           AND c.attributes = '{}' AND num_nonnulls(c.first_name, c.last_name, c.phone, c.city,
                                                                    c.country, c.locale, c.time_zone) = 0
                           AND NOT EXISTS (SELECT FROM list_member m
                                            WHERE m.workspace_id = c.workspace_id AND m.contact_id = c.id)
                           AND NOT EXISTS (SELECT FROM topic_choice t
                                            WHERE t.workspace_id = c.workspace_id AND t.contact_id = c.id)
                           AND NOT EXISTS (SELECT FROM consent a
                                            WHERE a.workspace_id = c.workspace_id AND a.contact_id = c.id)
                           AND NOT EXISTS (SELECT FROM event e
                                            WHERE e.workspace_id = c.workspace_id AND e.contact_id = c.id)
                         ORDER BY c.id FOR UPDATE OF c
                        """)
                .param("workspace", WorkspaceScope.required())
                .param("emails", emails.toArray(String[]::new))
                .query((row, n) -> row.getLong(1))
                .list();
    }

    boolean delete(long id) {
        return deleteAll(List.of(id)) == 1;
    }

    /** All statements or none: a member that is no contact would be counted and never mailed. */
    int deleteAll(Collection<Long> ids) {
        Long[] all = ids.toArray(Long[]::new);
        int deleted =
                jdbc.sql(
                                """
                                DELETE FROM contact
                                 WHERE workspace_id = :workspace AND id = ANY (CAST(:ids AS bigint[]))
                                """)
                        .param("workspace", WorkspaceScope.required())
                        .param("ids", all)
                        .update();
        for (String theirs : new String[] {"list_member", "topic_choice"}) {
            jdbc.sql(
                            """
                            DELETE FROM %s
                             WHERE workspace_id = :workspace AND contact_id = ANY (CAST(:ids AS bigint[]))
                            """
                                    .formatted(theirs))
                    .param("workspace", WorkspaceScope.required())
                    .param("ids", all)
                    .update();
        }
        return deleted;
    }

    private static Map<String, @Nullable Object> params(ContactFields fields) {
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
        params.put("tracking", fields.tracking());
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
                row.getBoolean("tracking"),
                instant(row, "created_at"),
                instant(row, "updated_at"));
    }

    static Instant instant(ResultSet row, String column) throws SQLException {
        return row.getObject(column, OffsetDateTime.class).toInstant();
    }
}
