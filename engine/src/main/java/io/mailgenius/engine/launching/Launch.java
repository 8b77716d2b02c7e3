package io.mailgenius.engine.launching;

import io.mailgenius.schema.LaunchState;
import io.mailgenius.schema.Priority;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A job instance with its latest run.
 *
 * @param retries how often failed chunks were made ready while it was active
 * @param ending how it ends as soon as none of its chunks is claimed; null if that is undecided
 */
public record Launch(
        long id,
        long workspaceId,
        String jobName,
        String jobKey,
        Map<String, String> parameters,
        Priority priority,
        LaunchState state,
        int run,
        int epoch,
        int retries,
        @Nullable String owner,
        @Nullable Long jobInstanceId,
        @Nullable Long jobExecutionId,
        @Nullable String error,
        @Nullable JobEnd ending,
        Instant requestedAt,
        @Nullable Instant startedAt,
        @Nullable Instant endedAt) {

    public boolean alive() {
        return switch (state) {
            case QUEUED, RUNNING, STOPPING -> true;
            case COMPLETED, FAILED, STOPPED, ABANDONED -> false;
        };
    }

    Launch withJobInstance(long instance) {
        return new Launch(
                id,
                workspaceId,
                jobName,
                jobKey,
                parameters,
                priority,
                state,
                run,
                epoch,
                retries,
                owner,
                instance,
                jobExecutionId,
                error,
                ending,
                requestedAt,
                startedAt,
                endedAt);
    }
}
