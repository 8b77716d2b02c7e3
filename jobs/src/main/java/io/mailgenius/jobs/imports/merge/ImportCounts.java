package io.mailgenius.jobs.imports.merge;

import io.mailgenius.engine.ledger.ChunkCounts;
import io.mailgenius.jobs.imports.ImportView;

/** The names of an import's figures in the ledger. */
public final class ImportCounts {

    public static final String READ = "read";
    public static final String CREATED = "created";
    public static final String UPDATED = "updated";
    public static final String UNCHANGED = "unchanged";
    public static final String DUPLICATE = "duplicate";
    public static final String REJECTED = "rejected";

    private ImportCounts() {}

    public static ImportView.Rows rows(ChunkCounts counts) {
        return new ImportView.Rows(
                counts.get(READ),
                counts.get(CREATED),
                counts.get(UPDATED),
                counts.get(UNCHANGED),
                counts.get(DUPLICATE),
                counts.get(REJECTED));
    }
}
