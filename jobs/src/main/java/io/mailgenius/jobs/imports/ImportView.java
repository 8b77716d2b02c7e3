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
 * How far an import is.
 *
 * @param bytes of the file as it was sent
 * @param sha256 of the file, in hexadecimal; null until the job has prepared it
 * @param sameFileAs an earlier import of the very same file, or null
 * @param format what the file turned out to be; null until the job has prepared it, and in imports
 *     from before it was kept
 * @param step what its job is at; null once it has ended
 * @param progress 0 to 1, by bytes of the text
 * @param rowsPerSecond while it runs
 * @param secondsLeft while it runs, as it goes now
 * @param error why it failed, in words
 * @param problem why its file was refused, as the stable word that the API answers where it refuses
 *     a file at once
 * @param undo what was taken back, if that was asked for
 * @param warnings what was found when the file was prepared, in words
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

    /** What became of the rows; once all are read, the first figure is the sum of the others. */
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
     * What an undo has done so far.
     *
     * @param deleted contacts that the import had created
     * @param restored contacts that are what they were before
     * @param takenOff places on lists that the import had given
     * @param left contacts that were not taken back, by why: {@code changed} since, {@code mailed},
     *     {@code onOtherLists}
     */
    public record Undo(
            ImportStatus status,
            long deleted,
            long restored,
            long takenOff,
            Map<String, Long> left) {}
}
