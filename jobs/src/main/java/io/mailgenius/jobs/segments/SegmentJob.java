package io.mailgenius.jobs.segments;

import io.mailgenius.engine.launching.Ended;
import io.mailgenius.engine.launching.Launches;
import io.mailgenius.engine.launching.Recurring;
import io.mailgenius.engine.manager.ChunkedJobs;
import io.mailgenius.schema.LaunchState;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Objects;
import org.springframework.batch.core.job.Job;
import org.springframework.batch.core.job.parameters.JobParameters;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;

/** The job {@value #NAME}: writes down the members of one segment. */
@Configuration(proxyBeanMethods = false)
class SegmentJob {

    static final String NAME = "segment";
    static final String SEGMENT_ID = "segmentId";
    static final String AS_OF = "asOf";
    static final String ZONE = "zone";

    @Bean
    SegmentMembers segmentMembers(JdbcClient jdbc) {
        return new SegmentMembers(jdbc);
    }

    @Bean
    SegmentScan segmentScan(JdbcClient jdbc) {
        return new SegmentScan(jdbc, SegmentScan.CONTACTS_A_CHUNK);
    }

    @Bean
    Job segment(ChunkedJobs jobs, SegmentScan scan, JdbcClient jdbc) {
        SegmentStore segments = new SegmentStore(jdbc);
        return jobs.job(NAME)
                .step(scan)
                .whenStarted(p -> started(p, segments))
                .whenEnded(ended -> ended(ended, segments))
                .build();
    }

    @Bean
    Upkeep segmentUpkeep(
            JdbcClient jdbc,
            PlatformTransactionManager transactions,
            Launches launches,
            Clock clock) {
        return new Upkeep(jdbc, transactions, launches, clock);
    }

    @Bean
    Recurring segmentsKeptCurrent(Upkeep upkeep) {
        return new Recurring("segments", Upkeep.PAUSE, upkeep::round);
    }

    /** Its members stay as they were, where it is not known any more who was mailed. */
    private static void started(JobParameters parameters, SegmentStore segments) {
        long segment = segmentId(parameters);
        segments.ruleOf(segment)
                .map(rule -> RuleReader.read(rule, asOf(parameters), segments::zone))
                .ifPresent(rule -> Mentions.in(rule).requireSends(segments));
        segments.restarted(segment, launchId(parameters));
    }

    /** One that was stopped is not whole either; a restart makes it so. */
    static void ended(Ended ended, SegmentStore segments) {
        long segmentId = segmentId(ended.parameters());
        long launchId = launchId(ended.parameters());
        if (ended.state() == LaunchState.COMPLETED) {
            long members = ended.tally(SegmentMembers.STEP).counts().get(SegmentMembers.MEMBERS);
            String zone = ended.parameters().getString(ZONE);
            segments.ready(
                    segmentId,
                    launchId,
                    members,
                    asOf(ended.parameters()),
                    zone == null ? segments.zone() : ZoneId.of(zone));
        } else {
            segments.failed(segmentId, launchId);
        }
    }

    static long segmentId(JobParameters parameters) {
        return Long.parseLong(Objects.requireNonNull(parameters.getString(SEGMENT_ID)));
    }

    static Instant asOf(JobParameters parameters) {
        return Instant.parse(Objects.requireNonNull(parameters.getString(AS_OF)));
    }

    private static long launchId(JobParameters parameters) {
        return Objects.requireNonNull(parameters.getLong("launchId"));
    }
}
