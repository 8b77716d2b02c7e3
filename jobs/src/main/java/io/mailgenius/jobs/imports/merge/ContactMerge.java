package io.mailgenius.jobs.imports.merge;

import io.mailgenius.jobs.imports.columns.ImportOptions.Mode;
import io.mailgenius.jobs.imports.merge.MergeFragments.Assignment;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Merges into table contact. Each contact remembers which line of which import wrote it last, and
 * what it was before that import, so the last line of the file counts in whatever order workers
 * come: a later line is merged with what was before the import, an earlier one is passed over.
 *
 * <p>Contacts are locked in order of address, so two workers that meet the same ones wait for each
 * other instead of in a ring.
 *
 * @param suppressions whether any address of the workspace is suppressed: then each is looked up
 */
record ContactMerge(MergeFragments words, List<Long> lists, boolean suppressions)
        implements MergeSql {

    @Override
    public String first() {
        return switch (words.mode()) {
            case CREATE_OR_UPDATE ->
                    inserting(
                            """
                            DO UPDATE
                               SET %s
                             WHERE c.import_id IS DISTINCT FROM %d AND %s
                            """
                                    .formatted(
                                            updating("excluded"),
                                            words.importId(),
                                            words.fits("excluded")));
            case CREATE -> inserting("DO NOTHING");
            case UPDATE -> updatingOnly();
        };
    }

    private String inserting(String onConflict) {
        return """
        WITH %1$s, merged AS (
            INSERT INTO contact AS c (workspace_id, email%2$s, status, import_id, import_line, import_outcome)
            SELECT %3$d, l.email%4$s, %5$s, %6$d, l.line, 'C' FROM latest l ORDER BY l.email
            ON CONFLICT (workspace_id, email) %7$s
            RETURNING c.id, c.email, c.import_outcome
        )%8$s
        %9$s"""
                .formatted(
                        MergeFragments.LATEST,
                        words.columns(""),
                        words.workspaceId(),
                        words.columns("l"),
                        status(),
                        words.importId(),
                        onConflict,
                        joined(),
                        MergeFragments.TAKEN_AND_NOT);
    }

    private String status() {
        return words.staged().status()
                ? FileConsent.lower(suppressedStatus(), "l.status")
                : suppressedStatus();
    }

    /** A new contact whose address is suppressed is not mailable either. */
    private String suppressedStatus() {
        return !suppressions || words.resubscribe()
                ? "'SUBSCRIBED'"
                : """
                coalesce((SELECT CASE s.reason WHEN 'MANUAL' THEN 'UNSUBSCRIBED' ELSE s.reason END
                                      FROM suppression s
                                     WHERE s.workspace_id = %d AND s.email = l.email), 'SUBSCRIBED')"""
                        .formatted(words.workspaceId());
    }

    private String updating(String row) {
        List<Assignment> assignments = words.assignments(row, column -> "c." + column);
        String changed = MergeFragments.changed(assignments);
        return """
        %1$simport_id = %2$d,
                   import_line = %3$s,
                   updated_at = CASE WHEN %4$s THEN now() ELSE c.updated_at END,
                   import_before = CASE WHEN %4$s THEN %5$s END,
                   import_outcome = CASE WHEN %4$s THEN 'U' ELSE 'N' END"""
                .formatted(
                        MergeFragments.set(assignments),
                        words.importId(),
                        row.equals("excluded") ? "excluded.import_line" : row + ".line",
                        changed,
                        MergeFragments.image(assignments));
    }

    private String updatingOnly() {
        return """
        WITH %1$s, r AS (
            SELECT l.*, c.id AS contact_id
              FROM latest l CROSS JOIN %7$s
        ), merged AS (
            UPDATE contact c
               SET %3$s
              FROM r
             WHERE c.workspace_id = %2$d AND c.id = r.contact_id
               AND c.import_id IS DISTINCT FROM %4$d AND %5$s
            RETURNING c.id, c.email, c.import_outcome
        )%6$s
        %8$s"""
                .formatted(
                        MergeFragments.LATEST,
                        words.workspaceId(),
                        updating("r"),
                        words.importId(),
                        words.fits("r"),
                        joined(),
                        MergeFragments.contactOf("l", words.workspaceId(), "FOR NO KEY UPDATE"),
                        MergeFragments.TAKEN_AND_NOT);
    }

    private String joined() {
        return lists.isEmpty()
                ? ""
                : """
                , joined AS (
                    INSERT INTO list_member (workspace_id, list_id, contact_id, import_id)
                    SELECT %d, list, id, %d FROM merged, unnest(ARRAY[%s]::bigint[]) list
                     ORDER BY list, id ON CONFLICT DO NOTHING
                )"""
                        .formatted(
                                words.workspaceId(),
                                words.importId(),
                                lists.stream()
                                        .map(String::valueOf)
                                        .collect(Collectors.joining(", ")));
    }

    /**
     * The base is nothing for a contact that this import made, and the image for one that it
     * changed. Where somebody has touched the contact since, it is what stands there: theirs is not
     * lost.
     */
    @Override
    public String again() {
        List<Assignment> assignments = words.assignmentsAgain("r", ContactMerge::base);
        List<Assignment> plain = words.assignmentsAgain("r", column -> "c." + column);
        return """
        WITH %1$s, r AS (
            SELECT l.*, c.id AS contact_id, c.import_outcome AS was, c.import_before AS image,
                   CASE WHEN c.import_outcome = 'C' AND c.updated_at = c.created_at THEN 'C'
                        WHEN c.import_outcome = 'U'
                         AND c.updated_at = (c.import_before ->> 'set')::timestamptz THEN 'U'
                        ELSE 'N' END AS base
              FROM latest l CROSS JOIN %3$s
        ), merged AS (
            UPDATE contact c
               SET %4$simport_line = r.line,
                   updated_at = CASE WHEN r.base = 'C' THEN c.updated_at
                                     WHEN %5$s THEN now()
                                     WHEN r.base = 'U' THEN (r.image ->> 'updated_at')::timestamptz
                                     ELSE c.updated_at END,
                   import_before = CASE WHEN r.base = 'U' AND %5$s
                                             THEN jsonb_set(r.image, '{set}', to_jsonb(now()))
                                        WHEN r.base = 'U' THEN NULL
                                        WHEN r.was = 'N' AND %5$s THEN %6$s
                                        ELSE c.import_before END,
                   import_outcome = CASE WHEN r.was = 'C' THEN 'C'
                                         WHEN r.was = 'U' AND r.base = 'N' THEN 'U'
                                         WHEN %5$s THEN 'U' ELSE 'N' END
              FROM r
             WHERE c.workspace_id = %2$d AND c.id = r.contact_id AND %7$s
            RETURNING r.was, c.import_outcome
        )
        SELECT was::text, import_outcome::text, count(*) FROM merged GROUP BY 1, 2
        """
                .formatted(
                        MergeFragments.LATEST_ASKED,
                        words.workspaceId(),
                        MergeFragments.contactOf(
                                "l",
                                words.workspaceId(),
                                "AND import_id = %d AND import_line < l.line FOR NO KEY UPDATE"
                                        .formatted(words.importId())),
                        MergeFragments.set(assignments),
                        MergeFragments.changed(assignments),
                        MergeFragments.image(plain),
                        words.fits("r"));
    }

    @Override
    public String lowered() {
        List<Assignment> plain = words.assignmentsAgain("r", column -> "c." + column);
        return """
        WITH %1$s, r AS (
            SELECT l.*, c.id AS contact_id, c.import_outcome AS was, c.import_before AS image
              FROM latest l CROSS JOIN %3$s
             WHERE l.status IS NOT NULL
        ), merged AS (
            UPDATE contact c
               SET status = r.status,
                   updated_at = CASE WHEN r.was = 'C' AND c.updated_at = c.created_at THEN c.updated_at
                                     ELSE now() END,
                   import_before = CASE WHEN r.was = 'N' THEN %4$s
                                        WHEN r.was = 'U'
                                         AND c.updated_at = (r.image ->> 'set')::timestamptz
                                             THEN jsonb_set(r.image, '{set}', to_jsonb(now()))
                                        ELSE c.import_before END,
                   import_outcome = CASE WHEN r.was = 'N' THEN 'U' ELSE r.was END
              FROM r
             WHERE c.workspace_id = %2$d AND c.id = r.contact_id AND %5$s
            RETURNING r.was, c.import_outcome
        )
        SELECT was::text, import_outcome::text, count(*) FROM merged GROUP BY 1, 2
        """
                .formatted(
                        MergeFragments.LATEST_ASKED,
                        words.workspaceId(),
                        MergeFragments.contactOf(
                                "l",
                                words.workspaceId(),
                                "AND import_id = %d AND import_line > l.line FOR NO KEY UPDATE"
                                        .formatted(words.importId())),
                        MergeFragments.image(plain),
                        FileConsent.isBelow("r.status", "c.status"));
    }

    private static String base(String column) {
        return column.equals("attributes")
                ? "CASE r.base WHEN 'C' THEN '{}' WHEN 'U' THEN r.image -> 'attributes' ELSE c.attributes END"
                : "CASE r.base WHEN 'C' THEN NULL WHEN 'U' THEN r.image ->> '%1$s' ELSE c.%1$s END"
                        .formatted(column);
    }

    @Override
    public String left() {
        return """
        WITH %1$s
        SELECT l.line, l.email,
               CASE WHEN c.id IS NULL THEN 'M'
                    WHEN c.import_id = %3$d THEN CASE WHEN c.import_line > l.line THEN 'O' ELSE 'L' END
                    WHEN %4$s THEN 'T'
                    ELSE 'L' END
          FROM latest l LEFT JOIN %2$s ON true
         WHERE c.id IS NULL OR c.import_id IS DISTINCT FROM %3$d OR c.import_line <> l.line
        """
                .formatted(
                        MergeFragments.LATEST_ASKED,
                        MergeFragments.contactOf("l", words.workspaceId(), MergeFragments.APART),
                        words.importId(),
                        words.mode() == Mode.CREATE);
    }
}
