package io.mailgenius.jobs.imports.merge;

import io.mailgenius.jobs.imports.columns.ImportOptions.Mode;
import io.mailgenius.jobs.imports.rows.Staging.Staged;
import io.mailgenius.jobs.imports.rows.Staging.Staged.StagedField;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * The expressions that fill the slots of the merge statements. They depend on the columns of the
 * file and on the options of the import. The value of a column is computed from the file's row and
 * from the base, which is what the column contained before the import.
 *
 * @param resubscribe whether contacts that do not want mail become {@code SUBSCRIBED}
 * @param largest bytes of the largest attributes of a row
 */
record MergeFragments(
        long workspaceId,
        long importId,
        Staged staged,
        Mode mode,
        boolean resubscribe,
        int largest) {

    /** The least bytes that an attribute takes in a {@code jsonb}. */
    private static final int BYTES_OF_A_KEY = 9;

    private static final int MAX_KEYS = 200;
    private static final int SMALL = 48 * 1024;

    static final String UNWILLING = "('UNSUBSCRIBED', 'BOUNCED', 'COMPLAINED')";

    /** The base of a contact that this import has not changed: the contact itself. */
    static final UnaryOperator<String> CURRENT = column -> "c." + column;

    /**
     * @param base what the column contained before the import
     * @param value what it contains after it
     */
    record Assignment(String column, String base, String value) {}

    SqlTemplate statement(String text) {
        return new SqlTemplate(text).with("workspace", workspaceId).with("import", importId);
    }

    /**
     * The assignments for a contact that this import has not merged yet.
     *
     * @param row the alias of the file's row
     */
    List<Assignment> assignments(String row) {
        String stated = row + ".status";
        String status = staged.status() ? FileConsent.lower("c.status", stated) : "c.status";
        if (resubscribe) {
            String onlyIfWilling =
                    staged.status()
                            ? " AND coalesce(%s, 'SUBSCRIBED') = 'SUBSCRIBED'".formatted(stated)
                            : "";
            status =
                    "CASE WHEN c.status IN %s%s THEN 'SUBSCRIBED' ELSE %s END"
                            .formatted(UNWILLING, onlyIfWilling, status);
        }
        return assignments(row, CURRENT, status);
    }

    /**
     * The assignments for a contact that an earlier row of this import has merged. The status that
     * it stated stays, and a contact is resubscribed only once.
     */
    List<Assignment> assignmentsOfOverridden(String row, UnaryOperator<String> base) {
        return assignments(
                row,
                base,
                staged.status() ? FileConsent.lower("c.status", row + ".status") : "c.status");
    }

    /**
     * @param status the expression of the contact's new status
     */
    List<Assignment> assignments(String row, UnaryOperator<String> base, String status) {
        List<Assignment> all = new ArrayList<>();
        for (StagedField field : staged.fields()) {
            String before = base.apply(field.name());
            all.add(new Assignment(field.name(), before, value(row, field, before)));
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

    private static String value(String row, StagedField field, String before) {
        String fills = "coalesce(%s, %s.%s)".formatted(before, row, field.name());
        String overwrites = "coalesce(%s.%s, %s)".formatted(row, field.name(), before);
        if (field.fill()) {
            return fills;
        }
        return field.bit() == 0
                ? overwrites
                : "CASE WHEN %s.import_defaults & %d <> 0 THEN %s ELSE %s END"
                        .formatted(row, field.bit(), fills, overwrites);
    }

    /** Merges key by key. Attributes with the rule FILL stand to the left of the contact's. */
    private String attributes(String row, String before) {
        if (staged.yielding().isEmpty()) {
            return "%s || %s.attributes".formatted(before, row);
        }
        String filling =
                staged.yielding().stream()
                        .map(SqlTemplate::literal)
                        .collect(Collectors.joining(", "));
        return "%2$s.attributes || %1$s || (%2$s.attributes - ARRAY[%3$s])"
                .formatted(before, row, filling);
    }

    /** A condition: whether the assignments change the contact. */
    static String changed(List<Assignment> assignments) {
        if (assignments.isEmpty()) {
            return "false";
        }
        return "(%s) IS DISTINCT FROM (%s)"
                .formatted(
                        assignments.stream()
                                .map(Assignment::base)
                                .collect(Collectors.joining(", ")),
                        assignments.stream()
                                .map(Assignment::value)
                                .collect(Collectors.joining(", ")));
    }

    /** The {@code jsonb} from which an undo, or a later row of the file, restores the contact. */
    static String beforeImage(List<Assignment> assignments) {
        return assignments.stream()
                .map(a -> ", '%s', %s".formatted(a.column(), a.base()))
                .collect(
                        Collectors.joining(
                                "",
                                "jsonb_build_object('set', now(), 'updated_at', c.updated_at",
                                ")"));
    }

    /** For the slot behind {@code SET}: one assignment per line, each with a comma at its end. */
    static List<String> set(List<Assignment> assignments) {
        return assignments.stream().map(a -> a.column() + " = " + a.value() + ",").toList();
    }

    /**
     * The columns that the temporary table and the contact share, besides the address and the
     * status; each with a comma in front.
     *
     * @param prefix such as {@code l.}
     */
    String columns(String prefix) {
        List<String> columns = new ArrayList<>();
        staged.fields().forEach(field -> columns.add(field.name()));
        if (staged.defaulted()) {
            columns.add("import_defaults");
        }
        if (staged.attributes()) {
            columns.add("attributes");
        }
        return columns.stream().map(column -> ", " + prefix + column).collect(Collectors.joining());
    }

    /**
     * A condition: whether the contact's attributes together with the row's are within the limits.
     * Counting keys costs more than the merge, so the keys are counted only where the size of the
     * contact's attributes does not exclude that there are too many.
     */
    String fits(String row) {
        if (!staged.attributes()) {
            return "true";
        }
        int spare = largest > SMALL ? 0 : Math.max(0, BYTES_OF_A_KEY * MAX_KEYS - largest);
        return """
        NOT ((pg_column_compression(c.attributes) IS NOT NULL OR pg_column_size(c.attributes) > %d) \
        AND attributes_exceed(c.attributes || %s.attributes))"""
                .formatted(spare, row);
    }
}
