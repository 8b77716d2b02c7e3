package io.mailgenius.jobs.segments;

import io.mailgenius.schema.WorkspaceScope;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.batch.infrastructure.item.ExecutionContext;
import org.springframework.batch.infrastructure.item.ItemStreamReader;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.core.simple.JdbcClient.StatementSpec;

/**
 * Splits an interval of ids into ranges with equal numbers of contacts by skipping along the
 * primary key. The ranges are contiguous, because a deleted contact may still be a member.
 */
final class MemberRanges implements ItemStreamReader<MemberRange> {

    private static final String AFTER = "segment.after";

    private final JdbcClient jdbc;
    private final long segmentId;
    private final Instant asOf;
    private final @Nullable String zone;
    private final SegmentScan.IdInterval stretch;
    private final int contacts;
    private long after;

    MemberRanges(
            JdbcClient jdbc,
            long segmentId,
            Instant asOf,
            @Nullable String zone,
            SegmentScan.IdInterval stretch,
            int contacts) {
        this.jdbc = jdbc;
        this.segmentId = segmentId;
        this.asOf = asOf;
        this.zone = zone;
        this.stretch = stretch;
        this.contacts = contacts;
        this.after = stretch.after();
    }

    @Override
    public void open(ExecutionContext context) {
        after = context.getLong(AFTER, stretch.after());
    }

    @Override
    public @Nullable MemberRange read() {
        if (after >= stretch.through()) {
            return null;
        }
        Optional<Long> jump = jump();
        MemberRange range =
                jump.isPresent()
                        ? new MemberRange(segmentId, asOf, after, jump.get(), contacts, zone)
                        : new MemberRange(segmentId, asOf, after, stretch.through(), left(), zone);
        after = range.through();
        return range;
    }

    /** The last contact of the next range; empty if fewer are left. */
    private Optional<Long> jump() {
        return sql("""
                   SELECT id FROM contact
                    WHERE workspace_id = :workspace AND id > :after AND id <= :through
                    ORDER BY id OFFSET :skipped LIMIT 1
                   """)
                .param("skipped", contacts - 1)
                .query(Long.class)
                .optional();
    }

    private long left() {
        return sql("""
                   SELECT count(*) FROM contact
                    WHERE workspace_id = :workspace AND id > :after AND id <= :through
                   """)
                .query(Long.class)
                .single();
    }

    private StatementSpec sql(String sql) {
        return jdbc.sql(sql)
                .param("workspace", WorkspaceScope.required())
                .param("after", after)
                .param("through", stretch.through());
    }

    @Override
    public void update(ExecutionContext context) {
        context.putLong(AFTER, after);
    }
}
