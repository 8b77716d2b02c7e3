package io.mailgenius.jobs.activities;

import org.jspecify.annotations.Nullable;

/**
 * What became of a report.
 *
 * @param id of the reporting system
 * @param contactId whose activity it is; null if it was refused, or is a duplicate
 * @param problem why it was refused, for programs
 * @param detail why it was refused, and what to do
 */
public record ActivityResult(
        String id,
        Outcome outcome,
        @Nullable Long contactId,
        @Nullable String problem,
        @Nullable String detail) {

    /** The outcome of a report. */
    public enum Outcome {
        /** Committed. */
        STORED,
        /** An activity with this id is stored; nothing was changed. */
        DUPLICATE,
        /** Not valid, or of nobody who is known here. */
        REFUSED
    }

    static ActivityResult refused(String id, String problem, String detail) {
        return new ActivityResult(id, Outcome.REFUSED, null, problem, detail);
    }
}
