package io.mailgenius.jobs.segments;

import io.mailgenius.engine.launching.EndedJob;
import io.mailgenius.engine.launching.Launches;
import io.mailgenius.engine.launching.RecurringWork;
import io.mailgenius.engine.partitioning.ChunkedJobs;
import io.mailgenius.jobs.rules.RuleReader;
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

/** The job {@value #NAME}, which writes the members of one segment. */
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
                .whenEnded(endedJob -> ended(endedJob, segments))
                .build();
    }

    @Bean
    SegmentRefresher segmentRefresher(
            JdbcClient jdbc,
            PlatformTransactionManager transactions,
            Launches launches,
            Clock clock) {
        return new SegmentRefresher(jdbc, transactions, launches, clock);
    }

    @Bean
    RecurringWork segmentsKeptCurrent(SegmentRefresher segmentRefresher) {
        return new RecurringWork("segments", SegmentRefresher.PAUSE, segmentRefresher::round);
    }

    /** Fails before the members change, if the sends that the rule needs have been purged. */
    private static void started(JobParameters parameters, SegmentStore segments) {
        long segment = segmentId(parameters);
        segments.ruleOf(segment)
                .map(rule -> RuleReader.read(rule, asOf(parameters), segments::zone))
                .ifPresent(rule -> RuleReferences.in(rule).requireSends(segments));
        segments.restarted(segment, launchId(parameters));
    }

    /** A stopped job leaves incomplete members as well; a restart completes them. */
    static void ended(EndedJob endedJob, SegmentStore segments) {
        long segmentId = segmentId(endedJob.parameters());
        long launchId = launchId(endedJob.parameters());
        if (endedJob.state() == LaunchState.COMPLETED) {
            long members = endedJob.tally(SegmentMembers.STEP).counts().get(SegmentMembers.MEMBERS);
            String zone = endedJob.parameters().getString(ZONE);
            segments.ready(
                    segmentId,
                    launchId,
                    members,
                    asOf(endedJob.parameters()),
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
