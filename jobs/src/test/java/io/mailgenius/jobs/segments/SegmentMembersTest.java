package io.mailgenius.jobs.segments;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailgenius.schema.SegmentStatus;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.batch.infrastructure.item.ExecutionContext;
import tools.jackson.databind.JsonNode;

/** Tests the two sides of the step separately: splitting into ranges, and processing a range. */
class SegmentMembersTest {

    private static final JsonNode OSLO =
            Audience.json("{\"field\":\"city\",\"op\":\"equals\",\"value\":\"Oslo\"}");

    private final Audience audience = new Audience();
    private final SegmentStore segments = new SegmentStore(audience.jdbc);
    private final SegmentMembers work = new SegmentMembers(audience.jdbc);
    private final List<Long> contacts = new ArrayList<>();
    private long segment;

    @BeforeEach
    void ten_contacts_of_whom_every_other_lives_in_oslo() {
        for (int i = 0; i < 10; i++) {
            contacts.add(audience.contact("C" + i, Map.of("city", i % 2 == 0 ? "Oslo" : "Bergen")));
            // Puts ids of another workspace between ours.
            audience.contact(audience.stranger, "S" + i, Map.of("city", "Oslo"));
        }
        segment = audience.inside(() -> segments.insert("Oslo", OSLO)).orElseThrow();
    }

    @AfterEach
    void close() {
        audience.close();
    }

    private MemberRanges ranges(SegmentScan.IdInterval stretch) {
        MemberRanges ranges =
                new MemberRanges(audience.jdbc, segment, Audience.NOW, null, stretch, 3);
        ranges.open(new ExecutionContext());
        return ranges;
    }

    private List<MemberRange> all(MemberRanges ranges) {
        return audience.inside(
                () -> {
                    List<MemberRange> all = new ArrayList<>();
                    for (MemberRange r = ranges.read(); r != null; r = ranges.read()) {
                        all.add(r);
                    }
                    return all;
                });
    }

    private Map<String, Long> settle(MemberRange range) {
        return audience.inside(() -> work.settle(range)).values();
    }

    private static MemberRange everyone(long segmentId) {
        return new MemberRange(segmentId, Audience.NOW, 0, Long.MAX_VALUE, 10);
    }

    private List<Long> members() {
        return audience.members(segment);
    }

    private List<Long> oslo() {
        return audience.matching(OSLO);
    }

    @Test
    void ranges_have_equal_sizes_and_are_contiguous() {
        List<MemberRange> all = all(ranges(new SegmentScan.IdInterval(0, Long.MAX_VALUE)));
        long after = 0;
        for (MemberRange range : all) {
            assertThat(range.after()).isEqualTo(after);
            after = range.through();
        }
        assertThat(after).isEqualTo(Long.MAX_VALUE);
        assertThat(all).extracting(MemberRange::contacts).containsExactly(3L, 3L, 3L, 1L);
        assertThat(all).extracting(r -> settle(r).get("read")).containsExactly(3L, 3L, 3L, 1L);
        assertThat(members()).isEqualTo(oslo()).hasSize(5);
    }

    @Test
    void partitions_follow_each_other_without_a_gap() {
        assertThat(SegmentScan.idIntervals(0, 0))
                .containsExactly(new SegmentScan.IdInterval(0, Long.MAX_VALUE));
        for (long last : new long[] {5, 400_000, 2_000_000, Long.MAX_VALUE - 1}) {
            long after = 0;
            for (SegmentScan.IdInterval stretch : SegmentScan.idIntervals(3, last)) {
                assertThat(stretch.after()).isEqualTo(after);
                assertThat(stretch.through()).isGreaterThan(after);
                after = stretch.through();
            }
            assertThat(after).isEqualTo(Long.MAX_VALUE);
        }
        assertThat(SegmentScan.idIntervals(1, 2_000_000)).hasSize(4);
    }

    @Test
    void a_restart_continues_after_the_last_stored_range() {
        MemberRanges first = ranges(new SegmentScan.IdInterval(0, Long.MAX_VALUE));
        MemberRange read = Objects.requireNonNull(audience.inside(first::read));
        ExecutionContext context = new ExecutionContext();
        first.update(context);

        MemberRanges second = ranges(new SegmentScan.IdInterval(0, Long.MAX_VALUE));
        second.open(context);
        List<MemberRange> rest = all(second);
        assertThat(rest.getFirst().after()).isEqualTo(read.through());
        assertThat(rest).hasSize(3);
        second.update(context);
        MemberRanges third = ranges(new SegmentScan.IdInterval(0, Long.MAX_VALUE));
        third.open(context);
        assertThat(all(third)).isEmpty();
    }

    @Test
    void settling_a_range_again_changes_nothing() {
        MemberRange everything = everyone(segment);
        assertThat(settle(everything))
                .isEqualTo(Map.of("read", 10L, "members", 5L, "added", 5L, "removed", 0L));
        assertThat(settle(everything))
                .isEqualTo(Map.of("read", 10L, "members", 5L, "added", 0L, "removed", 0L));
    }

    @Test
    void former_matches_and_deleted_contacts_leave_within_the_range_only() {
        settle(everyone(segment));
        execute("UPDATE contact SET city = 'Bergen' WHERE id = " + contacts.get(0));
        execute("DELETE FROM contact WHERE id = " + contacts.get(2));
        execute("DELETE FROM contact WHERE id = " + contacts.get(8));
        long middle = contacts.get(5);
        assertThat(settle(new MemberRange(segment, Audience.NOW, 0, middle, 6)))
                .isEqualTo(Map.of("read", 5L, "members", 1L, "added", 0L, "removed", 2L));
        assertThat(members()).containsExactly(contacts.get(4), contacts.get(6), contacts.get(8));
        settle(new MemberRange(segment, Audience.NOW, middle, Long.MAX_VALUE, 4));
        assertThat(members()).isEqualTo(oslo());
    }

    @Test
    void other_segments_keep_their_members() {
        long other = audience.inside(() -> segments.insert("Other", OSLO)).orElseThrow();
        settle(everyone(other));
        execute("UPDATE contact SET city = NULL WHERE workspace_id = " + audience.workspace);
        settle(everyone(segment));
        assertThat(
                        audience.<Long>inside(
                                () ->
                                        audience.jdbc
                                                .sql("SELECT count(*) FROM segment_member")
                                                .query(Long.class)
                                                .single()))
                .isEqualTo(5);
    }

    @Test
    void a_chunk_of_a_deleted_segment_writes_no_members() {
        execute("DELETE FROM segment WHERE id = " + segment);
        assertThat(settle(everyone(segment))).isEmpty();
        assertThat(members()).isEmpty();
    }

    @Test
    void days_are_relative_to_the_time_of_the_request() {
        JsonNode fresh =
                Audience.json("{\"field\":\"createdAt\",\"op\":\"withinDays\",\"value\":1}");
        long id = audience.inside(() -> segments.insert("Fresh", fresh)).orElseThrow();
        execute("UPDATE contact SET created_at = '2026-03-15T11:00:00Z'");
        assertThat(settle(everyone(id))).containsEntry("members", 10L);
        assertThat(
                        settle(
                                new MemberRange(
                                        id,
                                        Audience.NOW.plusSeconds(2 * 86_400),
                                        0,
                                        Long.MAX_VALUE,
                                        10)))
                .containsEntry("members", 0L);
    }

    @Test
    void only_the_latest_launch_sets_the_status() {
        audience.inside(
                () -> {
                    segments.counting(segment, 7, false);
                    segments.counting(segment, 8, false);
                    segments.ready(segment, 7, 99, Audience.NOW, ZoneOffset.UTC);
                    segments.failed(segment, 7);
                    return null;
                });
        assertThat(view().status()).isEqualTo(SegmentStatus.BUILDING);
        audience.inside(
                () -> {
                    segments.ready(segment, 8, 5, Audience.NOW, ZoneOffset.UTC);
                    segments.restarted(segment, 7);
                    return null;
                });
        assertThat(view().status()).isEqualTo(SegmentStatus.READY);
        assertThat(view().members()).isEqualTo(5);
        assertThat(view().refreshedAt()).isEqualTo(Audience.NOW);
    }

    private SegmentView view() {
        return audience.inside(() -> segments.find(segment)).orElseThrow();
    }

    private void execute(String sql) {
        audience.inside(() -> audience.jdbc.sql(sql).update());
    }
}
