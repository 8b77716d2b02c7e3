package io.mailgenius.jobs.segments;

import io.mailgenius.engine.launching.Launch;
import io.mailgenius.engine.launching.Launches;
import io.mailgenius.engine.tenancy.AutocommitRead;
import io.mailgenius.engine.tenancy.AutocommitReadTemplate;
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
import tools.jackson.databind.JsonNode;

/**
 * The segments of the current workspace: a rule each, and the matching contacts, which a job stores
 * as members. docs/segments.md documents the rules; an invalid one is a {@link Refusal.Invalid}
 * that names the position in it.
 */
@Component
@Transactional
public class Segments {

    private static final int MAX_NAME = 200;
    private static final int SAMPLE = 5;

    /** After this time a query reads the contacts instead of waiting for an index. */
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final SegmentStore segments;
    private final MemberQueries memberQueries;
    private final Launches launches;
    private final MemberUpdates memberUpdates;
    private final Clock clock;
    private final AutocommitReadTemplate reads;
    private final ObjectProvider<SegmentIndexes> indexes;

    Segments(
            JdbcClient jdbc,
            Launches launches,
            Clock clock,
            PlatformTransactionManager transactions,
            ObjectProvider<SegmentIndexes> indexes) {
        this.reads = new AutocommitReadTemplate(transactions);
        this.indexes = indexes;
        this.segments = new SegmentStore(jdbc);
        this.memberQueries = new MemberQueries(jdbc);
        this.launches = launches;
        this.memberUpdates = new MemberUpdates(jdbc, launches, clock, MemberUpdates.MOST);
        this.clock = clock;
    }

    /**
     * Evaluates the rule without storing anything. The result may be a second or two old, see
     * {@link SegmentPreview#asOf}. No connection is held while waiting for an index.
     */
    @Transactional(propagation = Propagation.SUPPORTS)
    public SegmentPreview preview(JsonNode rule) {
        Rule checked =
                RuleReader.read(
                        rule,
                        clock.instant(),
                        () -> Objects.requireNonNull(reads.execute(_ -> segments.zone())));
        RuleReferences ruleReferences = RuleReferences.in(checked);
        if (!ruleReferences.isEmpty()) {
            reads.executeWithoutResult(_ -> ruleReferences.require(segments));
        }
        SegmentIndexes here = indexes.getIfAvailable();
        return (here == null
                        ? Optional.<SegmentIndex.Counted>empty()
                        : here.ask(checked, SAMPLE, PATIENCE))
                .map(this::fromIndex)
                .orElseGet(() -> fromContacts(checked));
    }

    private SegmentPreview fromIndex(SegmentIndex.Counted counted) {
        List<SegmentPreview.Sample> sample =
                Objects.requireNonNull(reads.execute(_ -> memberQueries.samples(counted.first())));
        return new SegmentPreview(
                counted.count(), sample, counted.asOf(), SegmentPreview.Source.INDEX);
    }

    private SegmentPreview fromContacts(Rule rule) {
        Instant now = clock.instant();
        MemberQueries.Counted counted =
                Objects.requireNonNull(
                        reads.execute(
                                _ -> memberQueries.counted(RuleCompiler.compile(rule), SAMPLE)));
        return new SegmentPreview(
                counted.count(), counted.first(), now, SegmentPreview.Source.CONTACTS);
    }

    /**
     * Stores the segment as {@code BUILDING} and launches the job that writes its members, in one
     * transaction.
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
     * Updates the members: in the call, if few contacts have changed and the rule does not depend
     * on the time; else by a job, and the segment is {@code BUILDING}.
     *
     * @param allContacts true to count all contacts in any case
     * @throws Refusal.Conflict {@code segment-is-building} while the previous job is running
     */
    public SegmentView refresh(long id, boolean allContacts) {
        if (!allContacts
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

    @AutocommitRead
    public SegmentView find(long id) {
        return segments.find(id).orElseThrow(() -> new Refusal.NotFound("segment", id));
    }

    /**
     * @param after the last id of the previous page; 0 for the first page
     * @param limit 1 to {@value Page#LIMIT}
     */
    @AutocommitRead
    public Page<SegmentView> page(long after, int limit) {
        return Page.of(segments.page(after, Page.rows(limit)), limit, SegmentView::id);
    }

    /**
     * Deletes the segment and its members, not the contacts. A running job ends without members.
     */
    public void delete(long id) {
        if (!segments.delete(id)) {
            throw new Refusal.NotFound("segment", id);
        }
    }
}
