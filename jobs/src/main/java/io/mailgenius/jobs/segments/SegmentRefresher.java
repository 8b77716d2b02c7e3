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
 * Keeps the segments of all workspaces current. A round has a time limit and begins with the
 * segments that have waited the longest, so that more segments mean less frequent refreshes and not
 * more load.
 */
final class SegmentRefresher {

    private static final Logger LOG = LoggerFactory.getLogger(SegmentRefresher.class);

    static final Duration PAUSE = Duration.ofSeconds(5);
    private static final Duration ROUND = Duration.ofSeconds(3);

    /** The interval for segments that depend on the time; must be the same as in migration V086. */
    private static final Duration LOOK = Duration.ofMinutes(5);

    /**
     * With the interval above, unchanged contacts are evaluated again an hour after their days have
     * passed.
     */
    private static final Duration TURN = Duration.ofMinutes(55);

    /** The shortest interval of full counts for segments with too many changes. */
    private static final Duration COUNT = Duration.ofMinutes(5);

    /** Longer than an index may go without a refresh. */
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

    /** Synchronized, because several threads may call it. */
    synchronized void round() {
        long end = System.nanoTime() + ROUND.toNanos();
        List<Long> workspaces =
                jdbc.sql("SELECT * FROM workspaces_with_segments_behind()")
                        .query((row, _) -> row.getLong(1))
                        .list();
        for (long workspace : workspaces) {
            WorkspaceScope.run(workspace, () -> round(end));
        }
        // One statement updates all segments without changes, however many there are.
        jdbc.sql("SELECT quiet_segments_are_fresh(:at)")
                .param("at", clock.instant().atOffset(ZoneOffset.UTC))
                .query((_, _) -> true)
                .single();
        forget();
    }

    /**
     * Purges the changes of transactions that ended more than {@link #KEPT} ago, by the horizon of
     * that time. Each index has read them or is dropped as stale; the statement marks segments that
     * have not read them for a full count.
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
                // The transaction was rolled back. The next round tries again; the other segments
                // continue.
                LOG.warn("Segment {} could not be refreshed: {}", id, e.toString());
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
            case MemberUpdates.NeedsFullCount(var countedAt) -> count(id, countedAt, COUNT);
            case MemberUpdates.NotAvailable() -> {}
        }
    }

    /** Counts one segment of a workspace at a time, after its imports. */
    private void count(long id, @Nullable Instant countedAt, Duration pause) {
        boolean due = countedAt == null || countedAt.isBefore(clock.instant().minus(pause));
        if (due && !segments.isBusy()) {
            memberUpdates.count(id, segments.lock(id).orElseThrow(), true);
        }
    }
}
