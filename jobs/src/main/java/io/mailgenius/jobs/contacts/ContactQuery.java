package io.mailgenius.jobs.contacts;

import static io.mailgenius.schema.PlannerControl.hidden;

import io.mailgenius.jobs.contacts.addresses.EmailAddress;
import io.mailgenius.schema.WorkspaceScope;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Builds the queries for the contacts of a filter. The text of a query depends only on which
 * conditions exist, not on their values, so that PostgreSQL reuses its plan.
 */
final class ContactQuery {

    private final StringBuilder where = new StringBuilder("c.workspace_id = :workspace");
    private final Map<String, Object> params = new HashMap<>();

    ContactQuery(ContactFilter filter) {
        params.put("workspace", WorkspaceScope.required());
        if (filter.emailPrefix() != null) {
            and("c.email LIKE :prefix", "prefix", pattern(filter.emailPrefix()) + "%");
        }
        if (filter.part() != null) {
            and(
                    "(c.email LIKE :part OR lower(concat_ws(' ', c.first_name, c.last_name)) LIKE :part)",
                    "part",
                    "%" + pattern(filter.part()) + "%");
        }
        if (filter.status() != null) {
            and("c.status = :status", "status", filter.status().name());
        }
        if (filter.listId() != null) {
            and(
                    """
                    c.id IN (SELECT m.contact_id FROM list_member m
                              WHERE m.workspace_id = :workspace AND m.list_id = :list)""",
                    "list",
                    filter.listId());
        }
        if (filter.segmentId() != null) {
            and(
                    """
                    c.id IN (SELECT m.contact_id FROM segment_member m
                              WHERE m.workspace_id = :workspace AND m.segment_id = :segment)""",
                    "segment",
                    filter.segmentId());
        }
    }

    private static String pattern(String text) {
        return EmailAddress.lowerCase(text.strip())
                .replace("\\", "\\\\")
                .replace("%", "\\%")
                .replace("_", "\\_");
    }

    private void and(String condition, String parameter, Object value) {
        where.append("\n   AND ").append(condition);
        params.put(parameter, value);
    }

    ContactQuery among(Candidates candidates) {
        switch (candidates) {
            case Candidates.Few(List<Long> ids) ->
                    and("c.id = ANY (%s)".formatted(hiddenIds()), "ids", array(ids));
            case Candidates.Indexed(ContactParts.Found found) -> among(found);
            case Candidates.Many _, Candidates.NotKnown _ -> {}
        }
        return this;
    }

    /**
     * The same statement reads the changed contacts from table contact_change, so a new contact is
     * found at once. A separate query cost 20 % of the request.
     */
    private void among(ContactParts.Found found) {
        and("c.id <= " + hidden("through", "bigint"), "through", found.through());
        and(
                """
                c.id = ANY (%s || ARRAY(
                    SELECT unnest(g.contact_ids) FROM contact_change g
                     WHERE g.workspace_id = :workspace AND g.tx BETWEEN %s AND %s))"""
                        .formatted(hiddenIds(), hidden("seen", "bigint"), hidden("ever", "bigint")),
                "ids",
                array(found.ids()));
        params.put("seen", found.seen());
        params.put("ever", Long.MAX_VALUE);
    }

    /**
     * With a second cast, as {@code ANY (SELECT …)} would compare with rows instead of elements.
     */
    private static String hiddenIds() {
        return "CAST(%s AS bigint[])".formatted(hidden("ids", "bigint[]"));
    }

    private static Long[] array(List<Long> ids) {
        return ids.toArray(Long[]::new);
    }

    /**
     * The limit is a literal: for a parameter PostgreSQL assumes that the query returns a tenth of
     * the contacts, and so plans each page anew, which cost 25 % of the request.
     */
    String page(String columns, long after, int rows) {
        and("c.id > :after", "after", after);
        return String.format(
                Locale.ROOT,
                """
                SELECT %s FROM contact c
                 WHERE %s
                 ORDER BY c.id LIMIT %d
                """,
                columns,
                where,
                rows);
    }

    String attributeNames() {
        return """
        SELECT DISTINCT k FROM contact c, jsonb_object_keys(c.attributes) k
         WHERE %s ORDER BY k
        """
                .formatted(where);
    }

    Map<String, Object> params() {
        return params;
    }
}
