package io.mailgenius.api.jobs;

import io.mailgenius.engine.operations.JobMatches;
import io.mailgenius.engine.progress.JobView;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A page of jobs.
 *
 * @param next the {@code after} of the next page; null on the last page
 * @param total the number of jobs that the filter means, counted up to 10,000
 * @param totalCapped whether there are more
 */
record JobsPage(List<JobView> items, @Nullable String next, long total, boolean totalCapped) {

    static JobsPage of(JobMatches found) {
        return new JobsPage(
                found.jobs(),
                found.next() == null ? null : found.next().toString(),
                found.total().jobs(),
                found.total().capped());
    }
}
