package io.mailgenius.jobs.imports;

import io.mailgenius.schema.ImportStatus;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How far an import is.
 *
 * @param progress 0 to 1, by bytes of the file
 * @param error why it failed, in words
 */
public record ImportView(
        long id,
        String fileName,
        long bytes,
        ImportStatus status,
        @Nullable Long jobExecutionId,
        Rows rows,
        double progress,
        @Nullable String error,
        Instant createdAt,
        @Nullable Instant finishedAt) {

    /** What became of the rows; once all are read, the first figure is the sum of the others. */
    public record Rows(
            long read, long created, long updated, long unchanged, long duplicate, long rejected) {}
}
