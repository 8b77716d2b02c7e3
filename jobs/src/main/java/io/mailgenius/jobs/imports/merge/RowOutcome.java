package io.mailgenius.jobs.imports.merge;

import org.jspecify.annotations.Nullable;

/**
 * What the merge does with a row. The codes of the first three are stored in {@code
 * contact.import_outcome} and {@code import_trial.outcome}.
 */
enum RowOutcome {
    /** The row creates a contact. */
    CREATED("C"),
    /** The row changes a contact. */
    UPDATED("U"),
    /** The contact has the row's values already. */
    UNCHANGED("N"),
    /** No contact has the address, and the mode creates none. */
    MISSING("M"),
    /** A contact has the address, and the mode does not change it. */
    LEFT_ALONE("T"),
    /** The contact would have too many attributes. */
    TOO_LARGE("L"),
    /** A later row of the file with the same address was merged before this one. */
    OVERRIDDEN("O");

    private final String code;

    RowOutcome(String code) {
        this.code = code;
    }

    static RowOutcome ofCode(@Nullable String code) {
        for (RowOutcome outcome : values()) {
            if (outcome.code.equals(code)) {
                return outcome;
            }
        }
        throw new IllegalStateException("The merge returned the unknown outcome code " + code);
    }

    String code() {
        return code;
    }

    /** The import's figure that counts such a row. */
    String figure() {
        return switch (this) {
            case CREATED -> ImportCounts.CREATED;
            case UPDATED -> ImportCounts.UPDATED;
            case UNCHANGED, LEFT_ALONE -> ImportCounts.UNCHANGED;
            case MISSING, TOO_LARGE -> ImportCounts.REJECTED;
            case OVERRIDDEN -> ImportCounts.DUPLICATE;
        };
    }
}
