package io.mailgenius.jobs.analytics;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailgenius.jobs.events.Event;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;

class RollupPropertyTest {

    private static final Instant MORNING =
            RollupFixture.NOW.truncatedTo(ChronoUnit.HOURS).minus(4, ChronoUnit.HOURS);

    private final long seed = Long.getLong("seed", new Random().nextLong());
    private final Random random = new Random(seed);
    private final RollupFixture fixture = new RollupFixture();

    @AfterEach
    void close() {
        fixture.close();
    }

    @RepeatedTest(4)
    void any_order_and_any_repetition_of_events_gives_what_counting_them_at_once_gives() {
        List<Event> happened = ReferenceCounts.random(random, fixture.workspace, 400, MORNING);
        for (List<Event> part : parts(repeatedAndShuffled(happened))) {
            fixture.happen(part);
            if (random.nextBoolean()) {
                rollupInAnyOrder();
            }
        }
        fixture.rollup(1 + random.nextInt(100));
        assertEqualToARecount(happened);
    }

    @RepeatedTest(3)
    void concurrent_rollups_and_writers_lose_nothing() throws Exception {
        List<Event> happened = ReferenceCounts.random(random, fixture.workspace, 1_500, MORNING);
        AtomicBoolean over = new AtomicBoolean();
        try (var nodes = Executors.newFixedThreadPool(3)) {
            List<Future<?>> rollups = new ArrayList<>();
            for (int node = 0; node < 3; node++) {
                int sliceSize = 20 + 40 * node;
                rollups.add(
                        nodes.submit(
                                () -> {
                                    while (!over.get()) {
                                        fixture.rollup(sliceSize);
                                    }
                                }));
            }
            parts(repeatedAndShuffled(happened)).forEach(fixture::happen);
            over.set(true);
            for (Future<?> rollup : rollups) {
                rollup.get(); // a deadlock would be the exception of the future
            }
        }
        fixture.rollup(50);
        assertEqualToARecount(happened);
    }

    private List<Event> repeatedAndShuffled(List<Event> happened) {
        List<Event> delivered = new ArrayList<>(happened);
        for (Event event : happened) {
            for (int again = random.nextInt(3); again > 0; again--) {
                delivered.add(event);
            }
        }
        Collections.shuffle(delivered, random);
        return delivered;
    }

    private List<List<Event>> parts(List<Event> delivered) {
        List<List<Event>> parts = new ArrayList<>();
        int from = 0;
        while (from < delivered.size()) {
            int to = Math.min(delivered.size(), from + 1 + random.nextInt(200));
            parts.add(delivered.subList(from, to));
            from = to;
        }
        return parts;
    }

    /**
     * Chunks of several commits, some of them repeated, as by a slow worker whose chunk was
     * reassigned.
     */
    private void rollupInAnyOrder() {
        List<UncountedBatches.Range> ranges =
                new ArrayList<>(fixture.ranges(1 + random.nextInt(150)));
        Collections.shuffle(ranges, random);
        for (UncountedBatches.Range range : ranges) {
            fixture.count(
                    new UncountedBatches.Range(
                            range.shard(),
                            range.from(),
                            range.to() - random.nextInt(2),
                            range.events()));
            if (random.nextInt(4) == 0) {
                fixture.count(range);
            }
        }
    }

    private void assertEqualToARecount(List<Event> happened) {
        assertThat(ReferenceCounts.countedHours(fixture.owner, fixture.workspace))
                .as("hours, seed %d", seed)
                .isEqualTo(ReferenceCounts.campaignHours(happened));
        assertThat(ReferenceCounts.countedParts(fixture.owner))
                .as("breakdowns, seed %d", seed)
                .isEqualTo(ReferenceCounts.parts(happened));
        assertThat(ReferenceCounts.settledFirsts(fixture))
                .as("first times, seed %d", seed)
                .isEqualTo(ReferenceCounts.addFirstTimes(happened));
        assertThat(fixture.ranges(100)).as("seed %d", seed).isEmpty();
    }

    /** Two contacts per mailbox provider, and some with other addresses. */
    @BeforeEach
    void contacts() {
        for (long id = 1; id <= 20; id++) {
            fixture.owner
                    .sql(
                            "INSERT INTO contact (id, workspace_id, email) OVERRIDING SYSTEM VALUE VALUES (?, ?, ?)")
                    .params(id, fixture.workspace, ReferenceCounts.address(id))
                    .update();
        }
    }
}
