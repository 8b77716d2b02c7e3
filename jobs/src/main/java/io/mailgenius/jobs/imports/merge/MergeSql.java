package io.mailgenius.jobs.imports.merge;

/**
 * The statements that merge the rows of a slice from the temporary table {@code import_row}. {@link
 * #upsert} runs first. The others get the addresses that it did not merge as their parameter, and
 * run only if there are any.
 */
interface MergeSql {

    /**
     * Merges the addresses that no slice of this import has merged before. Returns rows of
     * (outcome, count, null), and a row of (null, 0, address) for each address that was not merged.
     */
    String upsert();

    /**
     * Merges addresses of which another slice has merged an earlier row of the file, as if that row
     * had not been merged: the later row overrides it. Returns rows of (outcome of the earlier row,
     * outcome of this row, count).
     */
    String overridden();

    /**
     * Lowers the status of contacts of which a later row of the file was merged, where the earlier
     * row states a lower status: a status that is less willing counts in whichever row it stands.
     * Returns rows as {@link #overridden} does.
     */
    String lowered();

    /**
     * Returns (line, address, outcome) of the rows that none of the others has merged: {@code
     * OVERRIDDEN}, {@code MISSING}, {@code LEFT_ALONE} or {@code TOO_LARGE}.
     */
    String unmerged();
}
