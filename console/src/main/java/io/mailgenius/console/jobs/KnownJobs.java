package io.mailgenius.console.jobs;

import io.mailgenius.console.pages.LastKnown;
import io.mailgenius.console.pages.Seen;
import io.mailgenius.engine.operations.ChunkTile;
import io.mailgenius.engine.operations.ChunkView;
import io.mailgenius.engine.operations.FailureCause;
import io.mailgenius.engine.operations.JobInspection;
import io.mailgenius.engine.operations.RateSeries;
import io.mailgenius.engine.operations.StepTimeline;
import io.mailgenius.engine.progress.JobView;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ResponseStatusException;

/** Single jobs as they were seen last: what is expensive is read less often. */
@Component
public class KnownJobs {

    /** How many tiles the heat map has at most. */
    private static final int TILES = 600;

    private static final int POINTS = 120;
    private static final int IN_HAND = 50;

    /** What a job that has ended has is hardly going to change. */
    private static final Duration ENDED = Duration.ofSeconds(10);

    private static final Duration EXPENSIVE = Duration.ofSeconds(3);

    private final JobInspection inspection;
    private final LastKnown known;

    KnownJobs(JobInspection inspection, LastKnown known) {
        this.inspection = inspection;
        this.known = known;
    }

    /**
     * @param executionId of any run of the job
     * @throws ResponseStatusException 404 if there is no such job
     */
    Seen<JobView> job(long executionId) {
        long launch = launchOf(executionId);
        Seen<Optional<JobView>> seen =
                known.read("job " + launch, LastKnown.LIVE, () -> inspection.job(launch));
        return new Seen<>(
                seen.value().orElseThrow(() -> missing(executionId)), seen.at(), seen.late());
    }

    long launchOf(long executionId) {
        OptionalLong launch =
                known.read(
                                "launch of " + executionId,
                                ENDED,
                                () -> inspection.launchOf(executionId))
                        .value();
        return launch.orElseThrow(() -> missing(executionId));
    }

    private static ResponseStatusException missing(long executionId) {
        return new ResponseStatusException(
                HttpStatus.NOT_FOUND, "There is no job execution " + executionId);
    }

    List<StepTimeline> timeline(JobView job) {
        return read("timeline", job, LastKnown.LIVE, () -> inspection.timeline(job.launchId()));
    }

    List<ChunkTile> tiles(JobView job) {
        return read("tiles", job, EXPENSIVE, () -> inspection.tiles(job.launchId(), TILES));
    }

    public RateSeries rates(JobView job) {
        return read("rates", job, EXPENSIVE, () -> inspection.rates(job.launchId(), POINTS));
    }

    List<FailureCause> causes(JobView job) {
        return read("causes", job, EXPENSIVE, () -> inspection.causes(job.launchId()));
    }

    List<ChunkView> inHand(JobView job) {
        return read(
                "in hand", job, LastKnown.LIVE, () -> inspection.inHand(job.launchId(), IN_HAND));
    }

    private <T> T read(String what, JobView job, Duration maxAge, Supplier<T> read) {
        return known.read(
                        what + " of " + job.launchId(),
                        job.endedAt() == null ? maxAge : ENDED,
                        read)
                .value();
    }
}
