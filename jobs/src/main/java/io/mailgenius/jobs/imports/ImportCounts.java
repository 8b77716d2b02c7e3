package io.mailgenius.jobs.imports;

import io.mailgenius.engine.ledger.Counts;

/** The names of an import's figures in the ledger. */
final class ImportCounts {

    static final String READ = "read";
    static final String CREATED = "created";
    static final String UPDATED = "updated";
    static final String UNCHANGED = "unchanged";
    static final String DUPLICATE = "duplicate";
    static final String REJECTED = "rejected";

    private ImportCounts() {}

    static ImportView.Rows rows(Counts counts) {
        return new ImportView.Rows(
                counts.get(READ),
                counts.get(CREATED),
                counts.get(UPDATED),
                counts.get(UNCHANGED),
                counts.get(DUPLICATE),
                counts.get(REJECTED));
    }
}
