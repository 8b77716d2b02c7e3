package io.mailgenius.jobs.imports.merge;

/** The names of an import's figures in the ledger. */
public final class ImportCounts {

    public static final String READ = "read";
    public static final String CREATED = "created";
    public static final String UPDATED = "updated";
    public static final String UNCHANGED = "unchanged";
    public static final String DUPLICATE = "duplicate";
    public static final String REJECTED = "rejected";

    private ImportCounts() {}
}
