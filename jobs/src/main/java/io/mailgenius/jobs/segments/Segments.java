package io.mailgenius.jobs.segments;

import io.mailgenius.engine.launching.Launch;
import io.mailgenius.engine.launching.Launches;
import io.mailgenius.jobs.rules.Rule;
import io.mailgenius.jobs.rules.RuleCompiler;
import io.mailgenius.jobs.rules.RuleReader;
import io.mailgenius.jobs.search.SegmentIndex;
import io.mailgenius.jobs.search.SegmentIndexes;
import io.mailgenius.jobs.workspaces.Page;
import io.mailgenius.jobs.workspaces.Refusal;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.JsonNode;

/**
 * Segments of the current workspace: a rule each, and the contacts that it means, written down by a
 * job. What a rule may say is in docs/segments.md; one that does not hold is a {@link
 * Refusal.Invalid} that names the place in it.
 */
@Component
@Transactional
public class Segments {

    private static final int MAX_NAME = 200;
    private static final int SAMPLE = 5;

    /** A question that waits longer for an index asks the contacts themselves. */
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final SegmentStore segments;
    private final MemberQueries memberQueries;
    private final Launches launches;
    private final MemberUpdates memberUpdates;
    private final Clock clock;
    private final TransactionTemplate reading;
    private final ObjectProvider<SegmentIndexes> indexes;

    Segments(
            JdbcClient jdbc,
            Launches launches,
            Clock clock,
            PlatformTransactionManager transactions,
            ObjectProvider<SegmentIndexes> indexes) {
        this.reading = new TransactionTemplate(transactions);
        this.reading.setReadOnly(true);
        this.indexes = indexes;
        this.segments = new SegmentStore(jdbc);
        this.memberQueries = new MemberQueries(jdbc);
        this.launches = launches;
        this.memberUpdates = new MemberUpdates(jdbc, launches, clock, MemberUpdates.MOST);
        this.clock = clock;
    }

    /**
     * Whom the rule means at this moment, or did a second or two ago, as the answer says. Nothing
     * is stored. No connection is held while an index is waited for.
     */
    @Transactional(propagation = Propagation.SUPPORTS)
    public SegmentPreview preview(JsonNode rule) {
        Rule checked =
                RuleReader.read(
                        rule,
                        clock.instant(),
                        () -> Objects.requireNonNull(reading.execute(_ -> segments.zone())));
        RuleReferences ruleReferences = RuleReferences.in(checked);
        if (!ruleReferences.isEmpty()) {
            reading.executeWithoutResult(_ -> ruleReferences.require(segments));
        }
        SegmentIndexes here = indexes.getIfAvailable();
        return (here == null
                        ? Optional.<SegmentIndex.Counted>empty()
                        : here.ask(checked, SAMPLE, PATIENCE))
                .map(this::outOfIndex)
                .orElseGet(() -> outOfContacts(checked));
    }

    private SegmentPreview outOfIndex(SegmentIndex.Counted counted) {
        List<SegmentPreview.Sample> sample =
                Objects.requireNonNull(
                        reading.execute(_ -> memberQueries.samples(counted.first())));
        return new SegmentPreview(
                counted.count(), sample, counted.asOf(), SegmentPreview.Source.INDEX);
    }

    private SegmentPreview outOfContacts(Rule rule) {
        Instant now = clock.instant();
        MemberQueries.Counted counted =
                Objects.requireNonNull(
                        reading.execute(
                                _ -> memberQueries.counted(RuleCompiler.compile(rule), SAMPLE)));
        return new SegmentPreview(
                counted.count(), counted.first(), now, SegmentPreview.Source.CONTACTS);
    }

    /**
     * Stores the segment as {@code BUILDING} and launches the job that writes its members down,
     * both or neither.
     *
     * @throws Refusal.Conflict {@code segment-exists}
     */
    public SegmentView create(String name, JsonNode rule) {
        String checked = name(name);
        checked(rule);
        long id =
                segments.insert(checked, rule)
                        .orElseThrow(
                                () ->
                                        new Refusal.Conflict(
                                                "segment-exists",
                                                "There is a segment \""
                                                        + checked
                                                        + "\" already; choose another name."));
        memberUpdates.count(id, 0, false);
        return find(id);
    }

    private Rule checked(JsonNode json) {
        Rule rule = RuleReader.read(json, clock.instant(), segments::zone);
        RuleReferences.in(rule).require(segments);
        return rule;
    }

    private static String name(String name) {
        String stripped = name.strip();
        if (stripped.isEmpty()
                || stripped.length() > MAX_NAME
                || stripped.indexOf('\0') >= 0
                || !StandardCharsets.UTF_8.newEncoder().canEncode(stripped)) {
            throw new Refusal.Invalid(
                    "segment-name-invalid",
                    "A segment needs a name of 1 to " + MAX_NAME + " characters.");
        }
        return stripped;
    }

    /**
     * Makes the members those whom the rule means at this moment: at once, if only few contacts
     * have changed and days do not matter; else by the job, and the segment is {@code BUILDING}.
     *
     * @param everybody to count all contacts in any case
     * @throws Refusal.Conflict {@code segment-is-building} while the job before still lives
     */
    public SegmentView refresh(long id, boolean everybody) {
        if (!everybody
                && memberUpdates.catchUp(id) instanceof MemberUpdates.CaughtUp caughtUp
                && !caughtUp.turns()) {
            return find(id);
        }
        long launchBefore =
                segments.lock(id).orElseThrow(() -> new Refusal.NotFound("segment", id));
        if (launches.find(launchBefore).filter(Launch::alive).isPresent()) {
            throw new Refusal.Conflict(
                    "segment-is-building",
                    "Segment %d is being built by launch %d; wait until it has ended, or stop it."
                            .formatted(id, launchBefore));
        }
        memberUpdates.count(id, launchBefore, false);
        return find(id);
    }

    @Transactional(readOnly = true)
    public SegmentView find(long id) {
        return segments.find(id).orElseThrow(() -> new Refusal.NotFound("segment", id));
    }

    /**
     * @param after the id after which to read on; 0 at the start
     * @param limit 1 to {@value Page#LIMIT}
     */
    @Transactional(readOnly = true)
    public Page<SegmentView> page(long after, int limit) {
        return Page.of(segments.page(after, Page.rows(limit)), limit, SegmentView::id);
    }

    /**
     * The segment and its members; the contacts stay. A job that builds it ends with nobody in it.
     */
    public void delete(long id) {
        if (!segments.delete(id)) {
            throw new Refusal.NotFound("segment", id);
        }
    }
}
