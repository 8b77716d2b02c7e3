package io.mailgenius.engine.operations;

import io.mailgenius.engine.progress.JobView;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A page of jobs that a {@link JobFilter} means.
 *
 * @param next the {@code after} of the next page, a launch id; null on the last page
 * @param total the number of jobs that the filter means
 */
public record JobMatches(List<JobView> jobs, @Nullable Long next, JobCount total) {}
