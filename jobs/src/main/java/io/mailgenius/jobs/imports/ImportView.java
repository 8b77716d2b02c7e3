package io.mailgenius.jobs.imports;

import io.mailgenius.engine.ledger.ChunkCounts;
import io.mailgenius.jobs.imports.files.FileFormat;
import io.mailgenius.jobs.imports.merge.ImportCounts;
import io.mailgenius.schema.ImportStatus;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The progress of an import.
 *
 * @param bytes the size of the uploaded file
 * @param sha256 of the file, in hexadecimal; null until the job has prepared it
 * @param sameFileAs an earlier import of an identical file, or null
 * @param format the detected format; null until the job has prepared the file, and for imports from
 *     before it was stored
 * @param step the current step of its job; null after its end
 * @param progress 0 to 1, by bytes of the text
 * @param rowsPerSecond while it runs
 * @param secondsLeft the estimate while it runs
 * @param error a text why it failed
 * @param problem the code why its file was refused, the same as in an immediate refusal
 * @param undo the state of an undo, if one was requested
 * @param warnings texts from the preparation of the file
 */
public record ImportView(
        long id,
        String fileName,
        long bytes,
        @Nullable String sha256,
        @Nullable Long sameFileAs,
        @Nullable FileFormat format,
        boolean dryRun,
        ImportStatus status,
        @Nullable ImportStep step,
        @Nullable Long jobExecutionId,
        Rows rows,
        double progress,
        @Nullable Long rowsPerSecond,
        @Nullable Long secondsLeft,
        @Nullable String error,
        @Nullable String problem,
        @Nullable Undo undo,
        Instant createdAt,
        @Nullable Instant startedAt,
        @Nullable Instant finishedAt,
        List<String> warnings) {

    /** The outcomes of the rows; when all are read, the first figure is the sum of the others. */
    public record Rows(
            long read, long created, long updated, long unchanged, long duplicate, long rejected) {

        static Rows of(ChunkCounts counts) {
            return new Rows(
                    counts.get(ImportCounts.READ),
                    counts.get(ImportCounts.CREATED),
                    counts.get(ImportCounts.UPDATED),
                    counts.get(ImportCounts.UNCHANGED),
                    counts.get(ImportCounts.DUPLICATE),
                    counts.get(ImportCounts.REJECTED));
        }
    }

    /**
     * The progress of an undo.
     *
     * @param deleted contacts that the import had created
     * @param restored contacts with their previous values
     * @param takenOff memberships of lists that the import had created
     * @param left contacts that were not reverted, by reason: {@code changed} since, {@code
     *     mailed}, {@code onOtherLists}
     */
    public record Undo(
            ImportStatus status,
            long deleted,
            long restored,
            long takenOff,
            Map<String, Long> left) {}
}
