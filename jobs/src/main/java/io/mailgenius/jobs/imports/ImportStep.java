package io.mailgenius.jobs.imports;

/** What the job of an import is at. */
public enum ImportStep {
    /** It unpacks the file, finds out its encoding and its columns, and rewrites it as UTF-8. */
    PREPARING,
    /** Its rows become contacts. */
    MERGING
}
