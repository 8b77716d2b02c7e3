package io.mailgenius.jobs.imports;

/** The step of an import's job. */
public enum ImportStep {
    /** Unpacks the file, detects its encoding and columns, and rewrites it in UTF-8. */
    PREPARING,
    /** Merges the rows into the contacts. */
    MERGING
}
