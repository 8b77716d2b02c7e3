package io.mailgenius.api.jobs;

import jakarta.validation.constraints.Size;
import org.jspecify.annotations.Nullable;

/** Why something is done, for the history of the job. */
record Reason(@Size(max = 500) @Nullable String reason) {

    static @Nullable String of(@Nullable Reason given) {
        return given == null ? null : given.reason();
    }
}
