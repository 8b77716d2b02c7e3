package io.mailgenius.jobs.imports.merge;

import io.mailgenius.jobs.imports.columns.ImportOptions.Mode;
import io.mailgenius.jobs.imports.rows.Staging.Staged;
import io.mailgenius.jobs.imports.rows.Staging.Staged.StagedField;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * The expressions that a merge is made of: what a contact becomes of a row of the file and of what
 * it was before the import, the base.
 *
 * @param resubscribe whether those who do not want mail become mailable
 */
record MergeFragments(
        long workspaceId,
        long importId,
        Staged staged,
        Mode mode,
        boolean resubscribe,
        int largest) {

    /** Below these bytes a contact's attributes cannot be too many, whatever the row adds. */
    private static final int BYTES_OF_A_KEY = 9;

    private static final int MAX_KEYS = 200;
    private static final int SMALL = 48 * 1024;

    /** Of the rows of an address the last one of the slice. */
    static final String LATEST =
            "latest AS (SELECT DISTINCT ON (email) * FROM import_row ORDER BY email, line DESC)";

    /** The same, of the addresses in the statement's parameter. */
    static final String LATEST_ASKED =
            "latest AS (SELECT DISTINCT ON (email) * FROM import_row WHERE email = ANY (?)"
                    + " ORDER BY email, line DESC)";

    /** What {@link MergeSql#first} answers of the addresses and outcomes that it merged. */
    static final String TAKEN_AND_NOT =
            """
            SELECT import_outcome::text, count(*), NULL FROM merged GROUP BY 1
            UNION ALL
            SELECT NULL, 0, email
              FROM (SELECT email FROM import_row EXCEPT SELECT email FROM merged) AS unmerged
            """;

    /**
     * The contact of a row, for {@code CROSS JOIN} or {@code LEFT JOIN … ON true}: looked up by its
     * address, row by row, whatever PostgreSQL believes of the table. In the first minutes of an
     * installation it believes that hardly any contact is of this workspace or of this import, and
     * would read all of those for each row.
     *
     * @param more conditions, or a lock
     */
    static String contactOf(String row, long workspaceId, String more) {
        return "LATERAL (SELECT * FROM contact WHERE workspace_id = %d AND email = %s.email %s) c"
                .formatted(workspaceId, row, more);
    }

    /** Keeps a subquery that locks nothing from being joined in any other way. */
    static final String APART = "OFFSET 0";

    static final String UNWILLING = "('UNSUBSCRIBED', 'BOUNCED', 'COMPLAINED')";

    /** A column and what is in it. */
    record Assignment(String column, String base, String value) {}

    /**
     * Of a contact that the import meets for the first time.
     *
     * @param row the alias of the file's row
     * @param base what a column of the contact was before the import
     */
    List<Assignment> assignments(String row, UnaryOperator<String> base) {
        String said = row + ".status";
        String status = staged.status() ? FileConsent.lower("c.status", said) : "c.status";
        if (resubscribe) {
            status =
                    "CASE WHEN %s THEN 'SUBSCRIBED' ELSE %s END"
                            .formatted(
                                    "c.status IN "
                                            + UNWILLING
                                            + (staged.status()
                                                    ? " AND coalesce(%s, 'SUBSCRIBED') = 'SUBSCRIBED'"
                                                            .formatted(said)
                                                    : ""),
                                    status);
        }
        return assignments(row, base, status);
    }

    /**
     * Of one that it has met: what rows said against mail stays said, and nobody is made mailable a
     * second time.
     */
    List<Assignment> assignmentsAgain(String row, UnaryOperator<String> base) {
        return assignments(
                row,
                base,
                staged.status() ? FileConsent.lower("c.status", row + ".status") : "c.status");
    }

    /**
     * @param status what becomes of the contact's
     */
    List<Assignment> assignments(String row, UnaryOperator<String> base, String status) {
        List<Assignment> all = new ArrayList<>();
        for (StagedField field : staged.fields()) {
            all.add(
                    new Assignment(
                            field.name(), base.apply(field.name()), value(row, field, base)));
        }
        if (staged.attributes()) {
            String before = base.apply("attributes");
            all.add(new Assignment("attributes", before, attributes(row, before)));
        }
        if (resubscribe || staged.status()) {
            all.add(new Assignment("status", base.apply("status"), status));
        }
        return all;
    }

    private static String value(String row, StagedField field, UnaryOperator<String> base) {
        String before = base.apply(field.name());
        String yields = "coalesce(%s, %s.%s)".formatted(before, row, field.name());
        String own =
                field.fill() ? yields : "coalesce(%s.%s, %s)".formatted(row, field.name(), before);
        return field.bit() == 0 || field.fill()
                ? own
                : "CASE WHEN %s.import_defaults & %d <> 0 THEN %s ELSE %s END"
                        .formatted(row, field.bit(), yields, own);
    }

    /** Key by key; those that yield are laid under what there is, the others over it. */
    private String attributes(String row, String before) {
        return staged.yielding().isEmpty()
                ? "%s || %s.attributes".formatted(before, row)
                : "%2$s.attributes || %1$s || (%2$s.attributes - ARRAY[%3$s])"
                        .formatted(
                                before,
                                row,
                                staged.yielding().stream()
                                        .map(MergeFragments::literal)
                                        .collect(Collectors.joining(", ")));
    }

    static String literal(String text) {
        return "'" + text.replace("'", "''") + "'";
    }

    static String changed(List<Assignment> assignments) {
        return assignments.isEmpty()
                ? "false"
                : "(%s) IS DISTINCT FROM (%s)"
                        .formatted(
                                assignments.stream()
                                        .map(Assignment::base)
                                        .collect(Collectors.joining(", ")),
                                assignments.stream()
                                        .map(Assignment::value)
                                        .collect(Collectors.joining(", ")));
    }

    /** What an undo needs. */
    static String image(List<Assignment> assignments) {
        return "jsonb_build_object('set', now(), 'updated_at', c.updated_at%s)"
                .formatted(
                        assignments.stream()
                                .map(a -> ", '%s', %s".formatted(a.column(), a.base()))
                                .collect(Collectors.joining()));
    }

    static String set(List<Assignment> assignments) {
        return assignments.stream()
                .map(a -> a.column() + " = " + a.value() + ",\n       ")
                .collect(Collectors.joining());
    }

    /** The columns of the temporary table that are the contact's too. */
    String columns(String alias) {
        String prefix = alias.isEmpty() ? "" : alias + ".";
        return staged.fields().stream()
                        .map(field -> ", " + prefix + field.name())
                        .collect(Collectors.joining())
                + (staged.defaulted() ? ", " + prefix + "import_defaults" : "")
                + (staged.attributes() ? ", " + prefix + "attributes" : "");
    }

    /**
     * Whether the contact's attributes together with the row's are within bounds. Counting keys
     * costs more than the merge, so contacts whose attributes are small are not asked.
     */
    String fits(String row) {
        if (!staged.attributes()) {
            return "true";
        }
        return "NOT (%s AND attributes_exceed(c.attributes || %s.attributes))"
                .formatted(mayExceed(), row);
    }

    private String mayExceed() {
        int room = largest > SMALL ? 0 : Math.max(0, BYTES_OF_A_KEY * MAX_KEYS - largest);
        return "(pg_column_compression(c.attributes) IS NOT NULL OR pg_column_size(c.attributes) > %d)"
                .formatted(room);
    }
}
