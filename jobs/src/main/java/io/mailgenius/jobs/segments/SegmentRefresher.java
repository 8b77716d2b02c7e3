package io.mailgenius.jobs.segments;

import io.mailgenius.engine.launching.Launches;
import io.mailgenius.jobs.search.ContactChanges;
import io.mailgenius.schema.WorkspaceScope;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Keeps the segments of all workspaces current without being asked. A round takes so long at the
 * most and begins with those that wait the longest, so that many segments are looked at more rarely
 * and cost no more.
 */
final class SegmentRefresher {

    private static final Logger LOG = LoggerFactory.getLogger(SegmentRefresher.class);

    static final Duration PAUSE = Duration.ofSeconds(5);
    private static final Duration ROUND = Duration.ofSeconds(3);

    /** One whose rule means others by now is looked at so often; the same as in V086. */
    private static final Duration LOOK = Duration.ofMinutes(5);

    /** With the look: an hour after their days have gone by, those who did not change turn. */
    private static final Duration TURN = Duration.ofMinutes(55);

    /** Where so much changes that nothing else helps, everybody is counted so often at the most. */
    private static final Duration COUNT = Duration.ofMinutes(5);

    /** For longer than an index that has not read is believed. */
    private static final Duration KEPT = Duration.ofMinutes(10);

    private final JdbcClient jdbc;
    private final TransactionTemplate transaction;
    private final Clock clock;
    private final SegmentStore segments;
    private final MemberUpdates memberUpdates;
    private long horizon;
    private long horizonAt;

    SegmentRefresher(
            JdbcClient jdbc,
            PlatformTransactionManager transactions,
            Launches launches,
            Clock clock) {
        this.jdbc = jdbc;
        this.transaction = new TransactionTemplate(transactions);
        this.clock = clock;
        this.segments = new SegmentStore(jdbc);
        this.memberUpdates = new MemberUpdates(jdbc, launches, clock, MemberUpdates.MOST);
    }

    /** One at a time; on whichever thread. */
    synchronized void round() {
        long end = System.nanoTime() + ROUND.toNanos();
        List<Long> workspaces =
                jdbc.sql("SELECT * FROM workspaces_with_segments_behind()")
                        .query((row, _) -> row.getLong(1))
                        .list();
        for (long workspace : workspaces) {
            WorkspaceScope.run(workspace, () -> round(end));
        }
        // One statement for all that nothing happened to: ten thousand of them cost what one does.
        jdbc.sql("SELECT quiet_segments_are_fresh(:at)")
                .param("at", clock.instant().atOffset(ZoneOffset.UTC))
                .query((_, _) -> true)
                .single();
        forget();
    }

    /**
     * Forgets the changes of transactions that were over {@link #KEPT} ago, by the horizon that
     * this node saw then. Each index has read them, or has given itself up as stale; a segment that
     * has not is told by the same statement.
     */
    private void forget() {
        long now = System.nanoTime();
        if (horizonAt != 0 && now - horizonAt < KEPT.toNanos()) {
            return;
        }
        long before = horizon;
        horizon = Objects.requireNonNull(transaction.execute(_ -> ContactChanges.horizon(jdbc)));
        horizonAt = now;
        if (before > 0) {
            transaction.executeWithoutResult(_ -> ContactChanges.forget(jdbc, before));
        }
    }

    private void round(long end) {
        for (long id : behind()) {
            if (System.nanoTime() - end > 0) {
                return;
            }
            try {
                transaction.executeWithoutResult(_ -> keep(id));
            } catch (RuntimeException e) {
                // Nothing of it was written. The next round tries again, and the others go on.
                LOG.warn("Segment {} is not current: {}", id, e.toString());
            }
        }
    }

    private List<Long> behind() {
        return Objects.requireNonNull(
                transaction.execute(_ -> segments.behind(clock.instant().minus(LOOK))));
    }

    private void keep(long id) {
        switch (memberUpdates.catchUp(id)) {
            case MemberUpdates.CaughtUp(_, _, _, var turns, var countedAt) -> {
                if (turns) {
                    count(id, countedAt, TURN);
                }
            }
            case MemberUpdates.Uncounted(var countedAt) -> count(id, countedAt, COUNT);
            case MemberUpdates.Elsewhere() -> {}
        }
    }

    /** One segment of a workspace at a time, and after its imports. */
    private void count(long id, @Nullable Instant countedAt, Duration pause) {
        boolean due = countedAt == null || countedAt.isBefore(clock.instant().minus(pause));
        if (due && !segments.isBusy()) {
            memberUpdates.count(id, segments.lock(id).orElseThrow(), true);
        }
    }
}
