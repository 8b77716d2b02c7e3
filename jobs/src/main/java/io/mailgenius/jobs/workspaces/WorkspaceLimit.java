package io.mailgenius.jobs.workspaces;

import org.jspecify.annotations.Nullable;

/**
 * What a workspace may have by its plan; what is null has no limit.
 *
 * @param contacts at a time
 * @param mailsPerMonth in a calendar month, by UTC
 * @param requestsPerMinute to the API, with all keys and by all people
 * @param storageBytes of uploaded files and archives
 */
public record WorkspaceLimit(
        @Nullable Long contacts,
        @Nullable Long mailsPerMonth,
        @Nullable Integer requestsPerMinute,
        @Nullable Long storageBytes) {

    static final WorkspaceLimit NONE = new WorkspaceLimit(null, null, null, null);
}
