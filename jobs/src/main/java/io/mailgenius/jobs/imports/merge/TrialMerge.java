package io.mailgenius.jobs.imports.merge;

import io.mailgenius.jobs.imports.columns.ImportOptions.Mode;
import io.mailgenius.jobs.imports.merge.MergeFragments.Assignment;
import java.util.List;

/**
 * Computes the outcomes that {@link ContactMerge} would have, for a dry run. It changes no contact:
 * slices find each other's addresses in table import_trial instead.
 */
record TrialMerge(MergeFragments fragments) implements MergeSql {

    /** The lower one of the statuses that this row and the rows before it state. */
    private static final String LOWER_STATED = FileConsent.lower("r.stated_before", "r.status");

    private static final String UPSERT =
            """
            WITH latest AS (
                SELECT DISTINCT ON (email) * FROM import_row ORDER BY email, line DESC
            ), merged AS (
                INSERT INTO import_trial AS t (workspace_id, import_id, email, line, outcome, status)
                SELECT ${workspace}, ${import}, l.email, l.line, ${outcome}, l.status
                  FROM latest l
                  LEFT JOIN LATERAL (
                       SELECT * FROM contact
                        WHERE workspace_id = ${workspace} AND email = l.email ${fence}) c ON true
                 WHERE ${admitted} AND (c.id IS NULL OR ${fits})
                 ORDER BY l.email
                ON CONFLICT (workspace_id, import_id, email) DO UPDATE SET line = t.line WHERE false
                RETURNING t.email, t.outcome AS import_outcome
            )
            SELECT import_outcome::text, count(*), NULL FROM merged GROUP BY 1
            UNION ALL
            SELECT NULL, 0, email
              FROM (SELECT email FROM import_row EXCEPT SELECT email FROM merged) AS unmerged
            """;

    private static final String OVERRIDDEN =
            """
            WITH latest AS (
                SELECT DISTINCT ON (email) * FROM import_row WHERE email = ANY (?) ORDER BY email, line DESC
            ), r AS (
                SELECT l.*, t.outcome AS earlier, t.status AS stated_before
                  FROM latest l
                 CROSS JOIN LATERAL (
                       SELECT outcome, status FROM import_trial
                        WHERE workspace_id = ${workspace} AND import_id = ${import}
                          AND email = l.email AND line < l.line
                          FOR UPDATE) t
            ), computed AS (
                SELECT r.email, r.line, r.earlier, ${lowerStated} AS status, ${outcome} AS outcome
                  FROM r
                  LEFT JOIN LATERAL (
                       SELECT * FROM contact
                        WHERE workspace_id = ${workspace} AND email = r.email ${fence}) c ON true
                 WHERE c.id IS NULL OR ${fits}
            ), merged AS (
                UPDATE import_trial t SET line = n.line, outcome = n.outcome, status = n.status
                  FROM computed n
                 WHERE t.workspace_id = ${workspace} AND t.import_id = ${import} AND t.email = n.email
                RETURNING n.earlier, t.outcome
            )
            SELECT earlier::text, outcome::text, count(*) FROM merged GROUP BY 1, 2
            """;

    private static final String LOWERED =
            """
            WITH latest AS (
                SELECT DISTINCT ON (email) * FROM import_row WHERE email = ANY (?) ORDER BY email, line DESC
            ), r AS (
                SELECT l.*, t.outcome AS earlier, t.status AS stated_before
                  FROM latest l
                 CROSS JOIN LATERAL (
                       SELECT outcome, status FROM import_trial
                        WHERE workspace_id = ${workspace} AND import_id = ${import}
                          AND email = l.email AND line > l.line
                          FOR UPDATE) t
                 WHERE l.status IS NOT NULL
            ), computed AS (
                SELECT r.email, r.earlier, ${lowerStated} AS status,
                       CASE WHEN r.earlier = ${UNCHANGED} AND ${isLower} THEN ${UPDATED}
                            ELSE r.earlier END AS outcome
                  FROM r
                  LEFT JOIN LATERAL (
                       SELECT * FROM contact
                        WHERE workspace_id = ${workspace} AND email = r.email ${fence}) c ON true
            ), merged AS (
                UPDATE import_trial t SET outcome = n.outcome, status = n.status
                  FROM computed n
                 WHERE t.workspace_id = ${workspace} AND t.import_id = ${import} AND t.email = n.email
                RETURNING n.earlier, t.outcome
            )
            SELECT earlier::text, outcome::text, count(*) FROM merged GROUP BY 1, 2
            """;

    private static final String UNMERGED =
            """
            WITH latest AS (
                SELECT DISTINCT ON (email) * FROM import_row WHERE email = ANY (?) ORDER BY email, line DESC
            )
            SELECT l.line, l.email,
                   CASE WHEN t.line > l.line THEN ${OVERRIDDEN}
                        WHEN c.id IS NULL THEN ${MISSING}
                        WHEN ${createsOnly} THEN ${LEFT_ALONE}
                        ELSE ${TOO_LARGE} END
              FROM latest l
              LEFT JOIN LATERAL (
                   SELECT * FROM contact
                    WHERE workspace_id = ${workspace} AND email = l.email ${fence}) c ON true
              LEFT JOIN LATERAL (
                   SELECT line FROM import_trial
                    WHERE workspace_id = ${workspace} AND import_id = ${import}
                      AND email = l.email ${fence}) t ON true
             WHERE t.line IS DISTINCT FROM l.line
            """;

    @Override
    public String upsert() {
        return fragments
                .statement(UPSERT)
                .with("outcome", outcome(fragments.assignments("l")))
                .with("admitted", admitted())
                .with("fits", fragments.fits("l"))
                .sql();
    }

    private String admitted() {
        return switch (fragments.mode()) {
            case CREATE_OR_UPDATE -> "true";
            case CREATE -> "c.id IS NULL";
            case UPDATE -> "c.id IS NOT NULL";
        };
    }

    private static String outcome(List<Assignment> assignments) {
        return new SqlTemplate(
                        """
                        (CASE WHEN c.id IS NULL THEN ${CREATED} WHEN ${changed} THEN ${UPDATED} \
                        ELSE ${UNCHANGED} END)::"char\"""")
                .with("changed", MergeFragments.changed(assignments))
                .sql();
    }

    @Override
    public String overridden() {
        List<Assignment> assignments =
                fragments.assignments(
                        "r", MergeFragments.CURRENT, FileConsent.lower("c.status", LOWER_STATED));
        return fragments
                .statement(OVERRIDDEN)
                .with("lowerStated", LOWER_STATED)
                .with("outcome", outcome(assignments))
                .with("fits", fragments.fits("r"))
                .sql();
    }

    @Override
    public String lowered() {
        return fragments
                .statement(LOWERED)
                .with("lowerStated", LOWER_STATED)
                .with("isLower", FileConsent.isBelow(LOWER_STATED, "c.status"))
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
