package io.mailgenius.jobs.imports.merge;

import io.mailgenius.jobs.imports.columns.ImportOptions.Mode;
import io.mailgenius.jobs.imports.merge.MergeFragments.Assignment;
import java.util.List;

/**
 * Finds out what {@link ContactMerge} would make of the rows, and changes no contact: addresses
 * meet in table import_trial instead.
 */
record TrialMerge(MergeFragments words) implements MergeSql {

    /** What this row and those that were met before say against mail. */
    private static final String SAID = FileConsent.lower("r.said", "r.status");

    @Override
    public String first() {
        return """
        WITH %1$s, merged AS (
            INSERT INTO import_trial AS t (workspace_id, import_id, email, line, outcome, status)
            SELECT %2$d, %3$d, l.email, l.line, %4$s, l.status
              FROM latest l LEFT JOIN %7$s ON true
             WHERE %5$s AND (c.id IS NULL OR %6$s)
             ORDER BY l.email
            ON CONFLICT (workspace_id, import_id, email) DO UPDATE SET line = t.line WHERE false
            RETURNING t.email, t.outcome AS import_outcome
        )
        %8$s"""
                .formatted(
                        MergeFragments.LATEST,
                        words.workspaceId(),
                        words.importId(),
                        outcome(words.assignments("l", column -> "c." + column)),
                        admitted(),
                        words.fits("l"),
                        contactOf("l"),
                        MergeFragments.TAKEN_AND_NOT);
    }

    private String admitted() {
        return switch (words.mode()) {
            case CREATE_OR_UPDATE -> "true";
            case CREATE -> "c.id IS NULL";
            case UPDATE -> "c.id IS NOT NULL";
        };
    }

    private static String outcome(List<Assignment> assignments) {
        return "(CASE WHEN c.id IS NULL THEN 'C' WHEN %s THEN 'U' ELSE 'N' END)::\"char\""
                .formatted(MergeFragments.changed(assignments));
    }

    @Override
    public String again() {
        return """
        WITH %1$s, r AS (
            SELECT l.*, t.outcome AS was, t.status AS said
              FROM latest l CROSS JOIN LATERAL (
                   SELECT outcome, status FROM import_trial
                    WHERE workspace_id = %2$d AND import_id = %3$d AND email = l.email AND line < l.line
                      FOR UPDATE) t
        ), judged AS (
            SELECT r.email, r.line, r.was, %7$s AS status, %4$s AS outcome
              FROM r LEFT JOIN %6$s ON true
             WHERE c.id IS NULL OR %5$s
        ), merged AS (
            UPDATE import_trial t SET line = j.line, outcome = j.outcome, status = j.status
              FROM judged j
             WHERE t.workspace_id = %2$d AND t.import_id = %3$d AND t.email = j.email
            RETURNING j.was, t.outcome
        )
        SELECT was::text, outcome::text, count(*) FROM merged GROUP BY 1, 2
        """
                .formatted(
                        MergeFragments.LATEST_ASKED,
                        words.workspaceId(),
                        words.importId(),
                        outcome(
                                words.assignments(
                                        "r",
                                        column -> "c." + column,
                                        FileConsent.lower("c.status", SAID))),
                        words.fits("r"),
                        contactOf("r"),
                        SAID);
    }

    @Override
    public String lowered() {
        return """
        WITH %1$s, r AS (
            SELECT l.*, t.outcome AS was, t.status AS said
              FROM latest l CROSS JOIN LATERAL (
                   SELECT outcome, status FROM import_trial
                    WHERE workspace_id = %2$d AND import_id = %3$d AND email = l.email AND line > l.line
                      FOR UPDATE) t
             WHERE l.status IS NOT NULL
        ), judged AS (
            SELECT r.email, r.was, %4$s AS status,
                   CASE WHEN r.was = 'N' AND %5$s THEN 'U' ELSE r.was END AS outcome
              FROM r LEFT JOIN %6$s ON true
        ), merged AS (
            UPDATE import_trial t SET outcome = j.outcome, status = j.status
              FROM judged j
             WHERE t.workspace_id = %2$d AND t.import_id = %3$d AND t.email = j.email
            RETURNING j.was, t.outcome
        )
        SELECT was::text, outcome::text, count(*) FROM merged GROUP BY 1, 2
        """
                .formatted(
                        MergeFragments.LATEST_ASKED,
                        words.workspaceId(),
                        words.importId(),
                        SAID,
                        FileConsent.isBelow(SAID, "c.status"),
                        contactOf("r"));
    }

    @Override
    public String left() {
        return """
        WITH %1$s
        SELECT l.line, l.email,
               CASE WHEN t.line > l.line THEN 'O'
                    WHEN c.id IS NULL THEN 'M'
                    WHEN %4$s THEN 'T'
                    ELSE 'L' END
          FROM latest l
          LEFT JOIN %5$s ON true
          LEFT JOIN LATERAL (
               SELECT line FROM import_trial
                WHERE workspace_id = %2$d AND import_id = %3$d AND email = l.email OFFSET 0) t ON true
         WHERE t.line IS DISTINCT FROM l.line
        """
                .formatted(
                        MergeFragments.LATEST_ASKED,
                        words.workspaceId(),
                        words.importId(),
                        words.mode() == Mode.CREATE,
                        contactOf("l"));
    }

    private String contactOf(String row) {
        return MergeFragments.contactOf(row, words.workspaceId(), MergeFragments.APART);
    }
}
