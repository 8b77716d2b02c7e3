package io.mailgenius.jobs.segments;

import io.mailgenius.engine.ledger.ChunkCounts;
import io.mailgenius.engine.worker.Assignment;
import io.mailgenius.engine.worker.ChunkDone;
import io.mailgenius.engine.worker.ChunkWork;
import io.mailgenius.jobs.rules.RuleCompiler;
import io.mailgenius.jobs.rules.RuleReader;
import java.time.Duration;
import java.time.ZoneId;
import java.util.Map;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The worker side: updates the members in a range of contacts. */
final class SegmentMembers implements ChunkWork {

    static final String STEP = "segment.members";

    /** The counter whose sum is the size of the segment. */
    static final String MEMBERS = "members";

    private final SegmentStore segments;
    private final MemberQueries memberQueries;

    SegmentMembers(JdbcClient jdbc) {
        this.segments = new SegmentStore(jdbc);
        this.memberQueries = new MemberQueries(jdbc);
    }

    @Override
    public String step() {
        return STEP;
    }

    /** One statement reads and writes thousands of contacts. */
    @Override
    public Duration statementLimit() {
        return Duration.ofMinutes(2);
    }

    @Override
    public ChunkDone work(Assignment chunk) {
        MemberRange range = chunk.payload(MemberRange.class);
        return chunk.complete(() -> settle(range));
    }

    /** Locks the segment, so that a concurrent deletion leaves no members behind. */
    ChunkCounts settle(MemberRange range) {
        return segments.ruleOf(range.segmentId())
                .map(
                        json ->
                                RuleCompiler.compile(
                                        RuleReader.read(json, range.asOf(), () -> zone(range))))
                .map(rule -> counts(memberQueries.settle(range, rule)))
                .orElse(ChunkCounts.NONE);
    }

    private ZoneId zone(MemberRange range) {
        return range.zone() == null ? segments.zone() : ZoneId.of(range.zone());
    }

    private static ChunkCounts counts(MemberQueries.Settled settled) {
        return new ChunkCounts(
                Map.of(
                        "read",
                        settled.read(),
                        MEMBERS,
                        settled.members(),
                        "added",
                        settled.added(),
                        "removed",
                        settled.removed()));
    }
}
