package io.mailgenius.engine.operations;

import io.mailgenius.engine.launching.JobAction;
import io.mailgenius.engine.launching.Launch;
import io.mailgenius.engine.launching.LaunchRefused;
import io.mailgenius.engine.launching.Launches;
import io.mailgenius.engine.operations.BulkResult.RefusedJob;
import io.mailgenius.engine.progress.JobProgress;
import io.mailgenius.schema.LaunchState;
import io.mailgenius.schema.Priority;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;

/**
 * What an operator does with jobs of the current workspace. Each action is one transaction with its
 * entry in the job's history. Repeating one changes nothing or is refused.
 *
 * <p>The methods throw {@link LaunchRefused} if the state of the job does not permit the action;
 * nothing is changed then. A reason may be null; it is cut to 500 characters.
 */
@Component
public class JobActions {

    /** How many jobs one bulk action changes at most. */
    public static final int BULK_LIMIT = 500;

    private final Launches launches;
    private final JobSearch search;
    private final JobProgress progress;
    private final List<RestartEffects> effects;

    JobActions(
            Launches launches,
            JobSearch search,
            JobProgress progress,
            ObjectProvider<RestartEffects> effects) {
        this.launches = launches;
        this.search = search;
        this.progress = progress;
        this.effects = effects.stream().toList();
    }

    /** Requests a stop: claimed chunks finish, the others are held. */
    public Launch stop(long launchId, @Nullable String reason) {
        return launches.stop(launchId, reason);
    }

    /** Restarts a stopped or failed job, or withdraws a stop. */
    public Launch restart(long launchId, @Nullable String reason) {
        return launches.restart(launchId, reason);
    }

    /**
     * What a restart would do now; empty if there is no such job, or it was never started.
     *
     * @param executionId of any run of the job
     */
    public Optional<RestartForecast> restartForecast(long executionId) {
        return progress.restartPreview(executionId)
                .map(
                        chunks ->
                                new RestartForecast(
                                        chunks,
                                        effects.stream()
                                                .flatMap(
                                                        it ->
                                                                it
                                                                        .of(chunks.jobInstanceId())
                                                                        .stream())
                                                .toList()));
    }

    /** Abandons a stopped or failed job, so that it cannot be restarted. */
    public Launch abandon(long launchId, @Nullable String reason) {
        return launches.abandon(launchId, reason);
    }

    public Launch prioritise(long launchId, Priority priority, @Nullable String reason) {
        return launches.prioritise(launchId, priority, reason);
    }

    /**
     * Makes FAILED chunks READY again: of a running job at once; a failed job is launched again,
     * its other FAILED chunks stay as they are. A chunk that is not FAILED is not touched, so it
     * cannot run twice at the same time.
     *
     * @return the number of chunks that are retried; 0 if none is FAILED any more
     */
    public int retryFailed(long launchId, RetryScope scope, @Nullable String reason) {
        return switch (scope) {
            case RetryScope.All _ -> launches.retry(launchId, null, null, reason);
            case RetryScope.OfCause(String cause) -> launches.retry(launchId, cause, null, reason);
            case RetryScope.OneChunk(long chunk) -> launches.retry(launchId, null, chunk, reason);
        };
    }

    /** Does the same with many jobs, or with {@code dryRun} only counts them. */
    public BulkResult bulk(
            BulkAction action, JobFilter filter, boolean dryRun, @Nullable String reason) {
        JobFilter possible = filter.withStates(possible(action, filter.states()));
        JobCount matching = search.count(filter);
        List<Long> ids =
                possible.states().isEmpty() ? List.of() : search.ids(possible, 0, BULK_LIMIT + 1);
        boolean more = ids.size() > BULK_LIMIT;
        List<Long> affected = more ? ids.subList(0, BULK_LIMIT) : ids;
        long done = 0;
        List<RefusedJob> refused = new ArrayList<>();
        if (!dryRun) {
            for (long id : affected) {
                try {
                    act(action, id, reason);
                    done++;
                } catch (LaunchRefused e) {
                    refused.add(new RefusedJob(id, String.valueOf(e.getMessage())));
                }
            }
        }
        return new BulkResult(dryRun, matching, affected.size(), done, refused, more);
    }

    private static Set<LaunchState> possible(BulkAction action, Set<LaunchState> asked) {
        Set<LaunchState> permitted =
                switch (action) {
                    case STOP -> Set.of(LaunchState.QUEUED, LaunchState.RUNNING);
                    case RESTART, ABANDON -> Set.of(LaunchState.STOPPED, LaunchState.FAILED);
                    case RETRY_FAILED -> Set.of(LaunchState.FAILED);
                };
        return permitted.stream()
                .filter(it -> asked.isEmpty() || asked.contains(it))
                .collect(Collectors.toSet());
    }

    private void act(BulkAction action, long id, @Nullable String reason) {
        switch (action) {
            case STOP -> launches.stop(id, reason);
            case RESTART -> launches.restart(id, reason);
            case ABANDON -> launches.abandon(id, reason);
            case RETRY_FAILED -> launches.retry(id, null, null, reason);
        }
    }

    /** Who did what with the job and why, the newest first; the last 200. */
    public List<JobAction> history(long launchId) {
        return launches.history(launchId);
    }
}
