package io.mailgenius.jobs.privacy;

import io.mailgenius.schema.ImportStatus;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An erasure, without the addresses.
 *
 * @param addresses how many were named
 * @param contacts how many contacts had one of them
 * @param records how many other rows were deleted or emptied
 * @param files how many uploaded files were deleted because they had one of them
 * @param jobLaunchId the launch of its job
 */
public record ErasureView(
        long id,
        ImportStatus status,
        int addresses,
        long contacts,
        long records,
        int files,
        Instant requestedAt,
        @Nullable Instant finishedAt,
        @Nullable Long jobLaunchId) {}
