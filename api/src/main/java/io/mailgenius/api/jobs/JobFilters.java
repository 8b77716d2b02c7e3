package io.mailgenius.api.jobs;

import io.mailgenius.engine.operations.JobFilter;
import io.mailgenius.schema.LaunchState;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Makes filters of what requests say. */
final class JobFilters {

    private static final long TEN_YEARS = Duration.ofDays(3_653).toSeconds();

    private JobFilters() {}

    /** Which jobs, as a request names them. */
    record Asked(
            @Nullable Collection<LaunchState> state,
            @Nullable String job,
            @Nullable String node,
            @Nullable Instant from,
            @Nullable Instant until,
            @Nullable Long minSeconds,
            @Nullable Long maxSeconds,
            @Nullable String q,
            boolean housekeeping) {

        JobFilter filter() {
            return new JobFilter(
                    state == null
                            ? Set.of()
                            : state.stream().filter(Objects::nonNull).collect(Collectors.toSet()),
                    job,
                    node,
                    from,
                    until,
                    seconds(minSeconds),
                    seconds(maxSeconds),
                    q,
                    housekeeping);
        }
    }

    private static @Nullable Duration seconds(@Nullable Long seconds) {
        return seconds == null ? null : Duration.ofSeconds(Math.clamp(seconds, 0, TEN_YEARS));
    }
}
