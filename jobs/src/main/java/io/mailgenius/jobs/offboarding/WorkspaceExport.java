package io.mailgenius.jobs.offboarding;

import io.mailgenius.schema.ImportStatus;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An archive of a workspace.
 *
 * @param tables how many it has
 * @param bytes of the archive; 0 before it is complete
 * @param expiresAt when the archive is deleted
 */
public record WorkspaceExport(
        long id,
        ImportStatus status,
        int tables,
        long rows,
        long bytes,
        Instant requestedAt,
        @Nullable Instant finishedAt,
        @Nullable Instant expiresAt) {}
