package io.mailgenius.jobs.segments;

import io.mailgenius.engine.partitioning.ChunkedStep;
import io.mailgenius.engine.partitioning.Partition;
import io.mailgenius.schema.WorkspaceScope;
import java.util.ArrayList;
import java.util.List;
import org.springframework.batch.core.job.parameters.JobParameters;
import org.springframework.batch.infrastructure.item.ItemStreamReader;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The manager side: splits all present and future ids into ranges of contacts. */
final class SegmentScan implements ChunkedStep<MemberRange> {

    static final int CONTACTS_A_CHUNK = 20_000;
    private static final long IDS_A_PARTITION = 200_000;
    private static final long MOST_PARTITIONS = 4;

    private final JdbcClient jdbc;
    private final int contactsAChunk;

    SegmentScan(JdbcClient jdbc, int contactsAChunk) {
        this.jdbc = jdbc;
        this.contactsAChunk = contactsAChunk;
    }

    /** Ids in {@code (after, through]}; the last interval is unbounded. */
    record IdInterval(long after, long through) {}

    @Override
    public String name() {
        return SegmentMembers.STEP;
    }

    @Override
    public List<IdInterval> partitions(JobParameters parameters) {
        IdInterval known =
                jdbc.sql(
                                """
                                SELECT coalesce(min(id), 0) AS first, coalesce(max(id), 0) AS last
                                  FROM contact WHERE workspace_id = :workspace
                                """)
                        .param("workspace", WorkspaceScope.required())
                        .query(
                                (row, _) ->
                                        new IdInterval(row.getLong("first"), row.getLong("last")))
                        .single();
        return idIntervals(known.after(), known.through());
    }

    static List<IdInterval> idIntervals(long first, long last) {
        long count = Math.clamp((last - first) / IDS_A_PARTITION, 1, MOST_PARTITIONS);
        List<IdInterval> stretches = new ArrayList<>();
        long after = 0;
        for (long i = 1; i < count; i++) {
            long through = first + (last - first) / count * i;
            stretches.add(new IdInterval(after, through));
            after = through;
        }
        stretches.add(new IdInterval(after, Long.MAX_VALUE));
        return stretches;
    }

    @Override
    public ItemStreamReader<MemberRange> chunks(JobParameters parameters, Partition partition) {
        return new MemberRanges(
                jdbc,
                SegmentJob.segmentId(parameters),
                SegmentJob.asOf(parameters),
                parameters.getString(SegmentJob.ZONE),
                partition.as(IdInterval.class),
                contactsAChunk);
    }

    @Override
    public long items(MemberRange range) {
        return range.contacts();
    }
}
