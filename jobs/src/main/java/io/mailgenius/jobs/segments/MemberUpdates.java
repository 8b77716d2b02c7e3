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
 * Updates the members of a segment in one of two ways: evaluates the changed contacts in the
 * caller's transaction, or launches a job that evaluates all contacts.
 *
 * <p>Members and the horizon of the segment are written in the same transaction, under a lock on
 * the segment. A crash therefore leaves the previous state.
 */
final class MemberUpdates {

    /** About three chunks of the job; for more changes the job is faster. */
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
     * Changed contacts were evaluated by the days of this instant, unchanged contacts by those of
     * {@code countedAt}.
     *
     * @param turns whether the two may differ, because the rule has days or the score
     */
    record CaughtUp(long read, long added, long removed, boolean turns, Instant countedAt)
            implements Outcome {}

    /** The changes have been purged or are too many, or the rule is not valid any more. */
    record NeedsFullCount(@Nullable Instant countedAt) implements Outcome {}

    /** Deleted, not {@code READY}, or being counted. */
    record NotAvailable() implements Outcome {}

    Outcome catchUp(long id) {
        return segments.standing(id).map(it -> catchUp(id, it)).orElseGet(NotAvailable::new);
    }

    private Outcome catchUp(long id, SegmentStore.Standing standing) {
        Instant now = clock.instant();
        Long seen = standing.seen();
        Instant countedAt = standing.countedAt();
        Optional<Rule> rule = readable(standing.rule(), now, segments::zone);
        if (seen == null || countedAt == null || rule.isEmpty()) {
            return new NeedsFullCount(countedAt);
        }
        ContactChanges.Read changes = ContactChanges.since(jdbc, seen, most);
        if (changes.contacts().size() > most) {
            // Otherwise every refresh would read all these changes again until the segment is
            // counted.
            segments.requireFullCount(id);
            return new NeedsFullCount(countedAt);
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
     * Limited to two days ahead and rounded to hours; then it is computed again.
     *
     * @return null if the result does not depend on the time
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

    /** Invalid rules are left to the job, whose failure is visible. */
    private static Optional<Rule> readable(JsonNode rule, Instant now, Supplier<ZoneId> zone) {
        try {
            return Optional.of(RuleReader.read(rule, now, zone));
        } catch (Refusal.Invalid e) {
            return Optional.empty();
        }
    }

    /**
     * Launches a new job instance, identified by the previous launch. All chunks use the days of
     * the request. Changes in the meantime are applied by the next refresh.
     *
     * @param inBackground true if the request was not made by a client, so that the segment stays
     *     {@code READY} meanwhile
     */
    void count(long id, long launchBefore, boolean inBackground) {
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
                                        inBackground ? Housekeeping.marked(parameters) : parameters,
                                        inBackground ? Priority.LOW : Priority.NORMAL))
                        .id();
        segments.counting(id, launch, inBackground);
    }
}
