package io.mailgenius.schema;

/**
 * The two constructs by which a statement steers PostgreSQL's planner. PostgreSQL has no hints, and
 * its statistics are missing or stale where it matters most: in the first minutes of an
 * installation, in a temporary table, and in the partition of the current month.
 */
public final class PlannerControl {

    /**
     * An optimization fence, for the end of a subquery that locks nothing. PostgreSQL does not
     * flatten a subquery with {@code OFFSET} into the outer query, so a {@code LATERAL} subquery is
     * evaluated once per outer row and looks up its rows in an index. Without the fence the planner
     * may choose a hash or merge join that reads the whole table. A subquery with {@code FOR
     * UPDATE} or {@code LIMIT} is a fence already.
     */
    public static final String FENCE = "OFFSET 0";

    private PlannerControl() {}

    /**
     * A named parameter whose value is hidden from the planner in an uncorrelated subquery. The
     * plan is then the same for all values, so PostgreSQL keeps one generic plan for a prepared
     * statement instead of planning each execution.
     *
     * @param type of the parameter, such as {@code bigint[]}
     */
    public static String hidden(String parameter, String type) {
        return "(SELECT CAST(:%s AS %s))".formatted(parameter, type);
    }
}
