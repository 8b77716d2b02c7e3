package io.mailgenius.jobs.segments;

import io.mailgenius.engine.launching.Housekeeping;
import io.mailgenius.engine.launching.LaunchRequest;
import io.mailgenius.engine.launching.Launches;
import io.mailgenius.jobs.rules.CompiledRule;
import io.mailgenius.jobs.rules.Rule;
import io.mailgenius.jobs.rules.RuleCompiler;
import io.mailgenius.jobs.rules.RuleReader;
import io.mailgenius.jobs.search.ContactChanges;
import io.mailgenius.jobs.workspaces.Refusal;
import io.mailgenius.schema.Priority;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;

/**
 * The two ways in which members become what the rule means: to judge again those who changed, in
 * the caller's transaction, or to count everybody, by a job.
 *
 * <p>What a transaction that ends in the middle leaves behind is the state before: the members and
 * how far they have come are written together, while the segment is held against others.
 */
final class MemberUpdates {

    /** As many as two or three chunks of the job have; with more of them it is better off. */
    static final int MOST = 50_000;

    private static final int CONTACTS_A_STATEMENT = 5_000;

    private static final Duration FAR = Duration.ofDays(400);
    private static final Duration AHEAD = Duration.ofDays(2);

    private final JdbcClient jdbc;
    private final SegmentStore segments;
    private final MemberQueries memberQueries;
    private final Launches launches;
    private final Clock clock;
    private final int most;

    MemberUpdates(JdbcClient jdbc, Launches launches, Clock clock, int most) {
        this.jdbc = jdbc;
        this.segments = new SegmentStore(jdbc);
        this.memberQueries = new MemberQueries(jdbc);
        this.launches = launches;
        this.clock = clock;
        this.most = most;
    }

    sealed interface Outcome {}

    /**
     * Whoever changed was judged by the days of this moment; whoever did not, by those of {@code
     * countedAt}.
     *
     * @param turns whether that may differ, since the rule counts days or asks for the score
     */
    record CaughtUp(long read, long added, long removed, boolean turns, Instant countedAt)
            implements Outcome {}

    /** What changed is forgotten, or too much, or the rule cannot be read any more. */
    record Uncounted(@Nullable Instant countedAt) implements Outcome {}

    /** Deleted, not whole, or being counted just now. */
    record Elsewhere() implements Outcome {}

    Outcome catchUp(long id) {
        return segments.standing(id).map(it -> catchUp(id, it)).orElseGet(Elsewhere::new);
    }

    private Outcome catchUp(long id, SegmentStore.Standing standing) {
        Instant now = clock.instant();
        Long seen = standing.seen();
        Instant countedAt = standing.countedAt();
        Optional<Rule> rule = readable(standing.rule(), now, segments::zone);
        if (seen == null || countedAt == null || rule.isEmpty()) {
            return new Uncounted(countedAt);
        }
        ContactChanges.Read changes = ContactChanges.since(jdbc, seen, most);
        if (changes.contacts().size() > most) {
            // Or all of them are looked through again before somebody counts.
            segments.unseen(id);
            return new Uncounted(countedAt);
        }
        CompiledRule compiled = RuleCompiler.compile(rule.get());
        List<Long> contacts = List.copyOf(changes.contacts());
        long read = 0;
        long added = 0;
        long removed = 0;
        for (int from = 0; from < contacts.size(); from += CONTACTS_A_STATEMENT) {
            int to = Math.min(contacts.size(), from + CONTACTS_A_STATEMENT);
            MemberQueries.Settled settled =
                    memberQueries.settle(id, contacts.subList(from, to), compiled);
            read += settled.read();
            added += settled.added();
            removed += settled.removed();
        }
        boolean turns =
                !rule.get()
                        .equals(RuleReader.read(standing.rule(), countedAt, standing::countedZone));
        Instant turnsAt = turns ? now : turnsAt(standing.rule(), rule.get(), now);
        segments.caughtUp(id, changes.horizon(), added - removed, now, turnsAt);
        return new CaughtUp(read, added, removed, turns, countedAt);
    }

    /**
     * To the hour, and two days ahead at the most: then it is looked at again.
     *
     * @return null for never: a rule that means the same in a year does not depend on the time
     */
    private @Nullable Instant turnsAt(JsonNode json, Rule rule, Instant now) {
        ZoneId zone = segments.zone();
        if (RuleReader.read(json, now.plus(FAR), () -> zone).equals(rule)) {
            return null;
        }
        Instant at = now;
        do {
            at = at.plus(1, ChronoUnit.HOURS);
        } while (at.isBefore(now.plus(AHEAD))
                && RuleReader.read(json, at, () -> zone).equals(rule));
        return at;
    }

    /** The job fails by one that is not, and its failure can be seen. */
    private static Optional<Rule> readable(JsonNode rule, Instant now, Supplier<ZoneId> zone) {
        try {
            return Optional.of(RuleReader.read(rule, now, zone));
        } catch (Refusal.Invalid e) {
            return Optional.empty();
        }
    }

    /**
     * By an instance of the job of its own, told from others by the launch before it. All its
     * chunks count days from the same moment, that of the asking. What changes meanwhile is caught
     * up with afterwards.
     *
     * @param byTheWay nobody waits for it, and what there is may be mailed meanwhile
     */
    void count(long id, long launchBefore, boolean byTheWay) {
        Map<String, String> parameters =
                Map.of(
                        SegmentJob.SEGMENT_ID,
                        Long.toString(id),
                        SegmentJob.AS_OF,
                        clock.instant().toString(),
                        SegmentJob.ZONE,
                        segments.zone().getId());
        long launch =
                launches.launch(
                                new LaunchRequest(
                                        SegmentJob.NAME,
                                        id + ":" + launchBefore,
                                        byTheWay ? Housekeeping.marked(parameters) : parameters,
                                        byTheWay ? Priority.LOW : Priority.NORMAL))
                        .id();
        segments.counting(id, launch, byTheWay);
    }
}
