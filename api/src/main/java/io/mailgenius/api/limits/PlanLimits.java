package io.mailgenius.api.limits;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.github.bucket4j.Bandwidth;
import io.mailgenius.api.limits.RequestLimits.Limit;
import io.mailgenius.api.limits.RequestLimits.State;
import io.mailgenius.jobs.workspaces.WorkspaceLimits;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The requests that the plan of the current workspace permits. A change of the plan holds within
 * {@link #REMEMBERED}.
 */
final class PlanLimits implements AutoCloseable {

    static final Duration REMEMBERED = Duration.ofSeconds(10);

    private static final int WORKSPACES = 10_000;

    private final WorkspaceLimits limits;
    private final SharedBuckets buckets;
    private final Cache<Long, Optional<Integer>> known =
            Caffeine.newBuilder()
                    .expireAfterWrite(REMEMBERED)
                    .maximumSize(WORKSPACES)
                    .executor(Runnable::run)
                    .build();

    PlanLimits(WorkspaceLimits limits, SharedBuckets buckets) {
        this.limits = limits;
        this.buckets = buckets;
    }

    /** The limit of a client that {@link #take} has named. */
    static Bandwidth bandwidth(String client) {
        int perMinute = Integer.parseInt(client.substring(client.indexOf('@') + 1));
        return Bandwidth.builder()
                .capacity(perMinute)
                .refillGreedy(perMinute, Duration.ofMinutes(1))
                .build();
    }

    /** Null if the plan has no limit. */
    @Nullable State take(long workspaceId) {
        Integer perMinute =
                Objects.requireNonNull(
                                known.get(
                                        workspaceId,
                                        _ ->
                                                Optional.ofNullable(
                                                        limits.find().requestsPerMinute())))
                        .orElse(null);
        // Another limit is another bucket, so that it holds at once.
        return perMinute == null
                ? null
                : new Limit("plan", perMinute, buckets).take(workspaceId + "@" + perMinute);
    }

    @Override
    public void close() {
        buckets.close();
    }
}
