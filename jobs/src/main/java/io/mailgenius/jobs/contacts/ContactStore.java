package io.mailgenius.jobs.contacts;

import static io.mailgenius.schema.PlannerControl.hidden;

import io.mailgenius.jobs.contacts.addresses.EmailAddress;
import io.mailgenius.schema.ContactStatus;
import io.mailgenius.schema.WorkspaceScope;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The table {@code contact}, row by row; imports write it chunk by chunk. */
final class ContactStore {

    private static final String COLUMNS =
            """
            id, email, first_name, last_name, phone, city, country, locale, time_zone,
            attributes, status, tracking, created_at, updated_at, external_id
            """;

    /** The highest number of candidates that an index in memory returns. */
    private static final int INDEXED = 1_000;

    /** The highest code point: the end of the range of texts with a prefix. */
    private static final String LAST = Character.toString(Character.MAX_CODE_POINT);

    private final JdbcClient jdbc;

    ContactStore(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** Empty if the address is taken. */
    Optional<ContactView> insert(ContactFields fields) {
        return jdbc.sql(
                        """
                        INSERT INTO contact (workspace_id, email, first_name, last_name, phone, city,
                                             country, locale, time_zone, attributes, status, tracking,
                                             external_id)
                        VALUES (:workspace, :email, :firstName, :lastName, :phone, :city,
                                :country, :locale, :timeZone, CAST(:attributes AS jsonb), :status, :tracking,
                                :externalId)
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

    Optional<ContactView> findByExternalId(String externalId) {
        return find("external_id = :external", "external", externalId, "");
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
     * @param parts the index of this node, if it has one
     */
    List<ContactView> page(
            ContactFilter filter, long after, int rows, Optional<ContactParts> parts) {
        Candidates candidates = candidates(filter, after, parts);
        List<ContactView> page = new ArrayList<>(page(filter, after, rows, candidates));
        if (candidates instanceof Candidates.Indexed(ContactParts.Found found)
                && !found.isAll()
                && page.size() < rows) {
            // Few of the indexed candidates match the other conditions, so continue behind them.
            page.addAll(
                    page(filter, found.through(), rows - page.size(), new Candidates.NotKnown()));
        }
        return page;
    }

    private List<ContactView> page(
            ContactFilter filter, long after, int rows, Candidates candidates) {
        ContactQuery query = new ContactQuery(filter).among(candidates);
        return jdbc.sql(query.page(COLUMNS, after, rows))
                .params(query.params())
                .query(ContactStore::view)
                .list();
    }

    private Candidates candidates(ContactFilter filter, long after, Optional<ContactParts> parts) {
        Optional<ContactParts.Found> indexed = Optional.empty();
        if (filter.part() != null && !filter.part().isBlank()) {
            String part = EmailAddress.lowerCase(filter.part().strip());
            indexed = parts.flatMap(index -> index.having(part, after, INDEXED));
        }
        return indexed.<Candidates>map(Candidates.Indexed::new)
                .orElseGet(() -> withPrefix(filter.emailPrefix(), after));
    }

    /**
     * Compares addresses with a range, since {@code LIKE} is evaluated after the row-level security
     * policy and cannot use the index of addresses. The bounds are hidden from the planner:
     * planning with their values took 20 % of a search and always led to this plan.
     */
    private Candidates withPrefix(@Nullable String prefix, long after) {
        if (prefix == null || prefix.isBlank()) {
            return new Candidates.NotKnown();
        }
        String from = EmailAddress.lowerCase(prefix.strip());
        List<Long> ids =
                jdbc.sql(
                                """
                                SELECT id FROM contact
                                 WHERE workspace_id = :workspace
                                   AND email >= %s AND email < %s
                                   AND id > :after
                                 LIMIT :most
                                """
                                        .formatted(
                                                hidden("from", "text"), hidden("before", "text")))
                        .param("workspace", WorkspaceScope.required())
                        .param("from", from)
                        .param("before", from + LAST)
                        .param("after", after)
                        .param("most", Candidates.MANY + 1)
                        .query((row, _) -> row.getLong("id"))
                        .list();
        return ids.size() > Candidates.MANY ? new Candidates.Many() : new Candidates.Few(ids);
    }

    /** The keys of all attributes of these contacts, in alphabetical order. */
    List<String> attributeNames(ContactFilter filter) {
        ContactQuery query = new ContactQuery(filter);
        return jdbc.sql(query.attributeNames())
                .params(query.params())
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

    ContactView update(long id, ContactFields fields) {
        return jdbc.sql(
                        """
                        UPDATE contact
                           SET email = :email, first_name = :firstName, last_name = :lastName,
                               phone = :phone, city = :city, country = :country, locale = :locale,
                               time_zone = :timeZone, attributes = CAST(:attributes AS jsonb),
                               status = :status, tracking = :tracking, external_id = :externalId,
                               updated_at = now()
                         WHERE workspace_id = :workspace AND id = :id
                        RETURNING\s"""
                                + COLUMNS)
                .params(params(fields))
                .param("id", id)
                .query(ContactStore::view)
                .single();
    }

    /**
     * The contacts of these addresses that await confirmation and have no other data: unchanged
     * since they were created, not imported, on no list, without consent or events. The rows are
     * locked, so that nobody adds them to a list concurrently.
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

    /**
     * All statements or none, because a member without a contact would be counted and never mailed.
     */
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
        params.put("externalId", fields.externalId());
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
                instant(row, "updated_at"),
                row.getString("external_id"));
    }

    static Instant instant(ResultSet row, String column) throws SQLException {
        return row.getObject(column, OffsetDateTime.class).toInstant();
    }
}
