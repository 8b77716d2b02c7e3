package io.mailgenius.jobs.imports.merge;

/**
 * The statements by which a slice's rows are merged. They share the temporary table {@code
 * import_row}.
 */
interface MergeSql {

    /**
     * Merges addresses that this import meets for the first time; answers outcomes with counts, and
     * the addresses that were not taken.
     */
    String first();

    /**
     * Merges addresses of which an earlier row of the file was merged by another slice, as if that
     * row had not been; answers what it had come to, what it comes to now, and counts. Its
     * parameter is the addresses in question.
     */
    String again();

    /**
     * Takes what an earlier row says against mail over to contacts that a later row of the file has
     * written; answers as {@link #again}, of the addresses in its parameter.
     */
    String lowered();

    /**
     * What neither of the two has taken, of the addresses in its parameter: line, address and why.
     * {@code O}: a later row was merged before. {@code T}: there is such a contact, and the mode
     * leaves it. {@code M}: there is none, and the mode makes none. {@code L}: the contact would
     * have too many attributes.
     */
    String left();
}
