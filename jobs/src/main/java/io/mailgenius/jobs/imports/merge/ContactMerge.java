package io.mailgenius.jobs.imports.merge;

import io.mailgenius.jobs.imports.columns.ImportOptions.Mode;
import io.mailgenius.jobs.imports.merge.MergeFragments.Assignment;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Merges into table contact. Each contact records which line of which import changed it last, and
 * what it contained before that import. So the last line of the file counts in whichever order the
 * workers merge the slices: a later line is merged with the state before the import, and an earlier
 * one is skipped.
 *
 * <p>The statements lock contacts in order of address, so two workers that lock the same contacts
 * cannot deadlock. They look up contacts in {@code LATERAL} subqueries that lock or have a fence,
 * one index lookup per row. In the first minutes of an installation PostgreSQL assumes that hardly
 * any contact belongs to the workspace or the import, and would otherwise read all of them per row.
 *
 * @param lists that the contacts join
 * @param suppressions whether the workspace has any suppression; if not, none is looked up
 */
record ContactMerge(MergeFragments fragments, List<Long> lists, boolean suppressions)
        implements MergeSql {

    private static final String CREATE_OR_UPDATE =
            """
            WITH latest AS (
                SELECT DISTINCT ON (email) * FROM import_row ORDER BY email, line DESC
            ), merged AS (
                INSERT INTO contact AS c (workspace_id, email${columns}, status, import_id, import_line, import_outcome)
                SELECT ${workspace}, l.email${rowColumns}, ${newStatus}, ${import}, l.line, ${CREATED}
                  FROM latest l ORDER BY l.email
                ON CONFLICT (workspace_id, email) DO UPDATE
                   SET ${assignments}
                       import_id = ${import},
                       import_line = excluded.import_line,
                       updated_at = CASE WHEN ${changed} THEN now() ELSE c.updated_at END,
                       import_before = CASE WHEN ${changed} THEN ${beforeImage} END,
                       import_outcome = CASE WHEN ${changed} THEN ${UPDATED} ELSE ${UNCHANGED} END
                 WHERE c.import_id IS DISTINCT FROM ${import} AND ${fits}
                RETURNING c.id, c.email, c.import_outcome
            )${listMembers}
            SELECT import_outcome::text, count(*), NULL FROM merged GROUP BY 1
            UNION ALL
            SELECT NULL, 0, email
              FROM (SELECT email FROM import_row EXCEPT SELECT email FROM merged) AS unmerged
            """;

    private static final String CREATE =
            """
            WITH latest AS (
                SELECT DISTINCT ON (email) * FROM import_row ORDER BY email, line DESC
            ), merged AS (
                INSERT INTO contact AS c (workspace_id, email${columns}, status, import_id, import_line, import_outcome)
                SELECT ${workspace}, l.email${rowColumns}, ${newStatus}, ${import}, l.line, ${CREATED}
                  FROM latest l ORDER BY l.email
                ON CONFLICT (workspace_id, email) DO NOTHING
                RETURNING c.id, c.email, c.import_outcome
            )${listMembers}
            SELECT import_outcome::text, count(*), NULL FROM merged GROUP BY 1
            UNION ALL
            SELECT NULL, 0, email
              FROM (SELECT email FROM import_row EXCEPT SELECT email FROM merged) AS unmerged
            """;

    private static final String UPDATE =
            """
            WITH latest AS (
                SELECT DISTINCT ON (email) * FROM import_row ORDER BY email, line DESC
            ), r AS (
                SELECT l.*, c.id AS contact_id
                  FROM latest l
                 CROSS JOIN LATERAL (
                       SELECT * FROM contact
                        WHERE workspace_id = ${workspace} AND email = l.email
                          FOR NO KEY UPDATE) c
            ), merged AS (
                UPDATE contact c
                   SET ${assignments}
                       import_id = ${import},
                       import_line = r.line,
                       updated_at = CASE WHEN ${changed} THEN now() ELSE c.updated_at END,
                       import_before = CASE WHEN ${changed} THEN ${beforeImage} END,
                       import_outcome = CASE WHEN ${changed} THEN ${UPDATED} ELSE ${UNCHANGED} END
                  FROM r
                 WHERE c.workspace_id = ${workspace} AND c.id = r.contact_id
                   AND c.import_id IS DISTINCT FROM ${import} AND ${fits}
                RETURNING c.id, c.email, c.import_outcome
            )${listMembers}
            SELECT import_outcome::text, count(*), NULL FROM merged GROUP BY 1
            UNION ALL
            SELECT NULL, 0, email
              FROM (SELECT email FROM import_row EXCEPT SELECT email FROM merged) AS unmerged
            """;

    private static final String LIST_MEMBERS =
            """
            , joined AS (
                INSERT INTO list_member (workspace_id, list_id, contact_id, import_id)
                SELECT ${workspace}, list, id, ${import} FROM merged, unnest(ARRAY[${lists}]::bigint[]) list
                 ORDER BY list, id ON CONFLICT DO NOTHING
            )""";

    private static final String STATUS_OF_SUPPRESSION =
            """
            coalesce((SELECT CASE s.reason WHEN 'MANUAL' THEN 'UNSUBSCRIBED' ELSE s.reason END \
            FROM suppression s WHERE s.workspace_id = %d AND s.email = l.email), 'SUBSCRIBED')""";

    /**
     * The base depends on the outcome of the earlier row: {@code NOTHING} for a contact that it
     * created, the before-image for one that it updated. Where something else has changed the
     * contact since, the base is the current contact, so that change is not lost.
     */
    private static final String OVERRIDDEN =
            """
            WITH latest AS (
                SELECT DISTINCT ON (email) * FROM import_row WHERE email = ANY (?) ORDER BY email, line DESC
            ), r AS (
                SELECT l.*, c.id AS contact_id, c.import_outcome AS earlier, c.import_before AS before_image,
                       CASE WHEN c.import_outcome = ${CREATED} AND c.updated_at = c.created_at THEN 'NOTHING'
                            WHEN c.import_outcome = ${UPDATED}
                             AND c.updated_at = (c.import_before ->> 'set')::timestamptz THEN 'BEFORE_IMAGE'
                            ELSE 'CURRENT' END AS base
                  FROM latest l
                 CROSS JOIN LATERAL (
                       SELECT * FROM contact
                        WHERE workspace_id = ${workspace} AND email = l.email
                          AND import_id = ${import} AND import_line < l.line
                          FOR NO KEY UPDATE) c
            ), merged AS (
                UPDATE contact c
                   SET ${assignments}
                       import_line = r.line,
                       updated_at = CASE WHEN r.base = 'NOTHING' THEN c.updated_at
                                         WHEN ${changed} THEN now()
                                         WHEN r.base = 'BEFORE_IMAGE'
                                              THEN (r.before_image ->> 'updated_at')::timestamptz
                                         ELSE c.updated_at END,
                       import_before = CASE WHEN r.base = 'BEFORE_IMAGE' AND ${changed}
                                                 THEN jsonb_set(r.before_image, '{set}', to_jsonb(now()))
                                            WHEN r.base = 'BEFORE_IMAGE' THEN NULL
                                            WHEN r.earlier = ${UNCHANGED} AND ${changed} THEN ${beforeImage}
                                            ELSE c.import_before END,
                       import_outcome = CASE WHEN r.earlier = ${CREATED} THEN ${CREATED}
                                             WHEN r.earlier = ${UPDATED} AND r.base = 'CURRENT' THEN ${UPDATED}
                                             WHEN ${changed} THEN ${UPDATED} ELSE ${UNCHANGED} END
                  FROM r
                 WHERE c.workspace_id = ${workspace} AND c.id = r.contact_id AND ${fits}
                RETURNING r.earlier, c.import_outcome
            )
            SELECT earlier::text, import_outcome::text, count(*) FROM merged GROUP BY 1, 2
            """;

    private static final String LOWERED =
            """
            WITH latest AS (
                SELECT DISTINCT ON (email) * FROM import_row WHERE email = ANY (?) ORDER BY email, line DESC
            ), r AS (
                SELECT l.*, c.id AS contact_id, c.import_outcome AS earlier, c.import_before AS before_image
                  FROM latest l
                 CROSS JOIN LATERAL (
                       SELECT * FROM contact
                        WHERE workspace_id = ${workspace} AND email = l.email
                          AND import_id = ${import} AND import_line > l.line
                          FOR NO KEY UPDATE) c
                 WHERE l.status IS NOT NULL
            ), merged AS (
                UPDATE contact c
                   SET status = r.status,
                       updated_at = CASE WHEN r.earlier = ${CREATED} AND c.updated_at = c.created_at
                                              THEN c.updated_at
                                         ELSE now() END,
                       import_before = CASE WHEN r.earlier = ${UNCHANGED} THEN ${beforeImage}
                                            WHEN r.earlier = ${UPDATED}
                                             AND c.updated_at = (r.before_image ->> 'set')::timestamptz
                                                 THEN jsonb_set(r.before_image, '{set}', to_jsonb(now()))
                                            ELSE c.import_before END,
                       import_outcome = CASE WHEN r.earlier = ${UNCHANGED} THEN ${UPDATED} ELSE r.earlier END
                  FROM r
                 WHERE c.workspace_id = ${workspace} AND c.id = r.contact_id AND ${isLower}
                RETURNING r.earlier, c.import_outcome
            )
            SELECT earlier::text, import_outcome::text, count(*) FROM merged GROUP BY 1, 2
            """;

    private static final String UNMERGED =
            """
            WITH latest AS (
                SELECT DISTINCT ON (email) * FROM import_row WHERE email = ANY (?) ORDER BY email, line DESC
            )
            SELECT l.line, l.email,
                   CASE WHEN c.id IS NULL THEN ${MISSING}
                        WHEN c.import_id = ${import}
                             THEN CASE WHEN c.import_line > l.line THEN ${OVERRIDDEN} ELSE ${TOO_LARGE} END
                        WHEN ${createsOnly} THEN ${LEFT_ALONE}
                        ELSE ${TOO_LARGE} END
              FROM latest l
              LEFT JOIN LATERAL (
                   SELECT * FROM contact
                    WHERE workspace_id = ${workspace} AND email = l.email ${fence}) c ON true
             WHERE c.id IS NULL OR c.import_id IS DISTINCT FROM ${import} OR c.import_line <> l.line
            """;

    @Override
    public String upsert() {
        return switch (fragments.mode()) {
            case CREATE_OR_UPDATE ->
                    inserting(updating(fragments.statement(CREATE_OR_UPDATE), "excluded")).sql();
            case CREATE -> inserting(fragments.statement(CREATE)).sql();
            case UPDATE -> updating(fragments.statement(UPDATE), "r").sql();
        };
    }

    private SqlTemplate inserting(SqlTemplate statement) {
        return statement
                .with("columns", fragments.columns(""))
                .with("rowColumns", fragments.columns("l."))
                .with("newStatus", newStatus())
                .with("listMembers", listMembers());
    }

    /** A new contact gets the status of its address's suppression, or a lower one of the file. */
    private String newStatus() {
        String status =
                !suppressions || fragments.resubscribe()
                        ? "'SUBSCRIBED'"
                        : STATUS_OF_SUPPRESSION.formatted(fragments.workspaceId());
        return fragments.staged().status() ? FileConsent.lower(status, "l.status") : status;
    }

    private SqlTemplate updating(SqlTemplate statement, String row) {
        List<Assignment> assignments = fragments.assignments(row);
        return statement
                .withLines("assignments", MergeFragments.set(assignments))
                .with("changed", MergeFragments.changed(assignments))
                .with("beforeImage", MergeFragments.beforeImage(assignments))
                .with("fits", fragments.fits(row))
                .with("listMembers", listMembers());
    }

    private String listMembers() {
        if (lists.isEmpty()) {
            return "";
        }
        return fragments
                .statement(LIST_MEMBERS)
                .with(
                        "lists",
                        lists.stream().map(String::valueOf).collect(Collectors.joining(", ")))
                .sql();
    }

    @Override
    public String overridden() {
        List<Assignment> assignments =
                fragments.assignmentsOfOverridden("r", ContactMerge::baseOfOverridden);
        List<Assignment> ofCurrent = fragments.assignmentsOfOverridden("r", MergeFragments.CURRENT);
        return fragments
                .statement(OVERRIDDEN)
                .withLines("assignments", MergeFragments.set(assignments))
                .with("changed", MergeFragments.changed(assignments))
                .with("beforeImage", MergeFragments.beforeImage(ofCurrent))
                .with("fits", fragments.fits("r"))
                .sql();
    }

    private static String baseOfOverridden(String column) {
        return column.equals("attributes")
                ? "CASE r.base WHEN 'NOTHING' THEN '{}' WHEN 'BEFORE_IMAGE' THEN r.before_image -> 'attributes' ELSE c.attributes END"
                : "CASE r.base WHEN 'NOTHING' THEN NULL WHEN 'BEFORE_IMAGE' THEN r.before_image ->> '%1$s' ELSE c.%1$s END"
                        .formatted(column);
    }

    @Override
    public String lowered() {
        return fragments
                .statement(LOWERED)
                .with(
                        "beforeImage",
                        MergeFragments.beforeImage(
                                fragments.assignmentsOfOverridden("r", MergeFragments.CURRENT)))
                .with("isLower", FileConsent.isBelow("r.status", "c.status"))
                .sql();
    }

    @Override
    public String unmerged() {
        return fragments
                .statement(UNMERGED)
                .with("createsOnly", Boolean.toString(fragments.mode() == Mode.CREATE))
                .sql();
    }
}
