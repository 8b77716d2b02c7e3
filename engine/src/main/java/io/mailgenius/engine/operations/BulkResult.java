package io.mailgenius.engine.operations;

import java.util.List;

/**
 * What a bulk action does, or has done.
 *
 * @param dryRun whether nothing was changed
 * @param matching the number of jobs that the filter means
 * @param affected the number of jobs whose state permits the action; at most {@link
 *     JobActions#BULK_LIMIT} in one call
 * @param done the number of jobs with which it was done; 0 of a dry run
 * @param refused jobs whose state changed meanwhile, with the reason
 * @param more whether further calls are needed to reach all
 */
public record BulkResult(
        boolean dryRun,
        JobCount matching,
        long affected,
        long done,
        List<RefusedJob> refused,
        boolean more) {

    public record RefusedJob(long launchId, String reason) {}
}
