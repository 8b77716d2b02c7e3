package io.mailgenius.console.overview;

import io.mailgenius.console.jobs.KnownJobs;
import io.mailgenius.console.jobs.Pace;
import io.mailgenius.console.pages.Frame;
import io.mailgenius.console.pages.LastKnown;
import io.mailgenius.console.pages.Seen;
import io.mailgenius.console.queues.KnownLoads;
import io.mailgenius.engine.operations.JobCount;
import io.mailgenius.engine.operations.JobFilter;
import io.mailgenius.engine.operations.JobMatches;
import io.mailgenius.engine.operations.JobSearch;
import io.mailgenius.engine.operations.StepLoad;
import io.mailgenius.engine.progress.JobView;
import io.mailgenius.schema.LaunchState;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** What runs, waits and has failed. */
@Component
class WorkNow {

    private static final int SHOWN = 8;
    private static final Duration LATELY = Duration.ofHours(24);

    /** Chunks that wait longer than this are a reason to look. */
    private static final Duration LONG = Duration.ofMinutes(5);

    private final JobSearch search;
    private final KnownJobs known;
    private final KnownLoads loads;
    private final LastKnown last;

    WorkNow(JobSearch search, KnownJobs known, KnownLoads loads, LastKnown last) {
        this.search = search;
        this.known = known;
        this.loads = loads;
        this.last = last;
    }

    /**
     * A running job with its pace.
     *
     * @param pace null before it has an execution
     */
    record Running(JobView job, @Nullable Pace pace) {}

    /**
     * @param waitingSince since when the oldest of the waiting jobs that are shown waits
     * @param oldestChunk since when the oldest chunk that can be claimed waits
     */
    record Work(
            List<Running> running,
            JobCount runningCount,
            JobCount waitingCount,
            @Nullable Instant waitingSince,
            List<JobView> failed,
            JobCount failedCount,
            List<JobView> newest,
            @Nullable Instant oldestChunk) {}

    Seen<Work> of(Frame frame) {
        Instant minute = frame.now().truncatedTo(ChronoUnit.MINUTES);
        Seen<Found> seen = last.read("overview", LastKnown.LIVE, () -> find(minute));
        Found found = seen.value();
        List<Running> running =
                found.running().jobs().stream()
                        .map(job -> new Running(job, pace(job, frame.now())))
                        .toList();
        return new Seen<>(
                new Work(
                        running,
                        found.running().total(),
                        found.waiting().total(),
                        found.waiting().jobs().stream()
                                .map(JobView::requestedAt)
                                .min(Instant::compareTo)
                                .orElse(null),
                        found.failed().jobs(),
                        found.failed().total(),
                        found.newest().jobs(),
                        loads.lastHour().value().stream()
                                .map(StepLoad::oldestReadyAt)
                                .filter(Objects::nonNull)
                                .min(Instant::compareTo)
                                .orElse(null)),
                seen.at(),
                seen.late());
    }

    private record Found(
            JobMatches running, JobMatches waiting, JobMatches failed, JobMatches newest) {}

    private Found find(Instant minute) {
        return new Found(
                search.find(JobFilter.in(LaunchState.RUNNING, LaunchState.STOPPING), 0, SHOWN),
                search.find(JobFilter.in(LaunchState.QUEUED), 0, SHOWN),
                search.find(failedSince(minute.minus(LATELY)), 0, SHOWN),
                search.find(JobFilter.ALL, 0, SHOWN));
    }

    /** Housekeeping that fails is a failure, too. */
    private static JobFilter failedSince(Instant moment) {
        return new JobFilter(
                Set.of(LaunchState.FAILED), null, null, moment, null, null, null, null, true);
    }

    private @Nullable Pace pace(JobView job, Instant now) {
        return job.executionId() == null ? null : Pace.of(job, known.rates(job), now);
    }

    static List<HealthVerdict.Reason> reasons(Work work, Frame frame) {
        List<HealthVerdict.Reason> reasons = new ArrayList<>();
        if (work.failedCount().jobs() > 0) {
            reasons.add(
                    new HealthVerdict.Reason(
                            false,
                            frame.text("worry.failed", frame.number(work.failedCount().jobs())),
                            "/jobs?q=state:failed+since:24h&housekeeping=true"));
        }
        Instant oldest = work.oldestChunk();
        if (oldest != null && oldest.isBefore(frame.now().minus(LONG))) {
            reasons.add(
                    new HealthVerdict.Reason(
                            false,
                            frame.text("worry.old-chunk", frame.length(oldest, frame.now())),
                            "/queues"));
        }
        return reasons;
    }
}
