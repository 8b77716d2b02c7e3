package io.mailgenius.jobs.campaigns;

import static io.mailgenius.schema.CampaignStatus.CANCELLED;
import static io.mailgenius.schema.CampaignStatus.DRAFT;
import static io.mailgenius.schema.CampaignStatus.FAILED;
import static io.mailgenius.schema.CampaignStatus.PAUSED;
import static io.mailgenius.schema.CampaignStatus.SCHEDULED;
import static io.mailgenius.schema.CampaignStatus.SENDING;
import static io.mailgenius.schema.CampaignStatus.SENT;

import io.mailgenius.engine.launching.Launch;
import io.mailgenius.engine.launching.LaunchRequest;
import io.mailgenius.engine.launching.Launches;
import io.mailgenius.engine.ledger.ChunkTally;
import io.mailgenius.engine.ledger.Ledger;
import io.mailgenius.engine.ledger.ReadyChunks;
import io.mailgenius.jobs.campaigns.CampaignStore.Stored;
import io.mailgenius.jobs.contacts.Lists;
import io.mailgenius.jobs.contacts.Topics;
import io.mailgenius.jobs.providers.SenderDomains;
import io.mailgenius.jobs.segments.Segments;
import io.mailgenius.jobs.templates.Finding;
import io.mailgenius.jobs.templates.TemplateCompiler;
import io.mailgenius.jobs.templates.Templates;
import io.mailgenius.jobs.workspaces.Page;
import io.mailgenius.jobs.workspaces.Refusal;
import io.mailgenius.jobs.workspaces.WorkspaceSettings;
import io.mailgenius.schema.CampaignStatus;
import io.mailgenius.schema.LaunchState;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.json.JsonMapper;

/**
 * Campaigns and their life: DRAFT, SCHEDULED, SENDING and PAUSED in turn, SENT, or CANCELLED or
 * FAILED. Each step is one statement that names the states it may come from, so of two people who
 * press two buttons at once one is refused.
 */
@Component
@Transactional
public class Campaigns {

    /** The job that sends a campaign; its key is the campaign's id. */
    public static final String JOB = "campaign";

    /** The step of it whose chunks are recipients. */
    public static final String SEND_STEP = "campaign.send";

    private final CampaignStore campaigns;
    private final CampaignContent campaignContent;
    private final AudienceChecks audienceChecks;
    private final Topics topics;
    private final Launches launches;
    private final PreflightCheck preflightCheck;
    private final TransactionTemplate transaction;
    private final CampaignViews views;
    private final Clock clock;

    public Campaigns(
            JdbcClient jdbc,
            JsonMapper json,
            Templates templates,
            Segments segments,
            Lists lists,
            Topics topics,
            WorkspaceSettings workspace,
            TemplateCompiler compiler,
            Launches launches,
            Ledger ledger,
            ReadyChunks ready,
            SendPacing sendPacing,
            SenderDomains domains,
            PlatformTransactionManager transactions,
            Clock clock,
            @Value("${mailgenius.require-postal-address:false}") boolean postalAddressRequired) {
        this.campaigns = new CampaignStore(jdbc, json);
        this.campaignContent = new CampaignContent(campaigns, templates, workspace, compiler);
        this.audienceChecks = new AudienceChecks(campaigns, segments, lists);
        this.topics = topics;
        this.launches = launches;
        this.preflightCheck = new PreflightCheck(compiler, domains, postalAddressRequired);
        this.transaction = new TransactionTemplate(transactions);
        this.views = new CampaignViews(ledger, ready, sendPacing, clock);
        this.clock = clock;
    }

    /**
     * @throws Refusal.Invalid if something that every mail needs is missing, or the content does
     *     not parse
     */
    public CampaignView create(CampaignDraft draft) {
        CampaignDraft checked = DraftChecks.checked(draft);
        Audience audience = Objects.requireNonNull(checked.audience());
        if (audience.followUp() != null) {
            stored(audience.followUp().campaignId());
        }
        if (checked.topicId() != null) {
            topics.find(checked.topicId());
        }
        return find(campaigns.insert(checked, campaignContent.html(checked)));
    }

    @Transactional(readOnly = true)
    public CampaignView find(long id) {
        return views.view(stored(id));
    }

    private Stored stored(long id) {
        return campaigns.find(id).orElseThrow(() -> noCampaign(id));
    }

    private static Refusal noCampaign(long id) {
        return new Refusal.NotFound("campaign", id);
    }

    /**
     * The newest first.
     *
     * @param after the id after which to read on; 0 at the start
     */
    @Transactional(readOnly = true)
    public Page<CampaignView> page(long after, int limit) {
        return Page.of(
                campaigns.page(after, Page.rows(limit)).stream().map(views::view).toList(),
                limit,
                CampaignView::id);
    }

    /**
     * To be called after its sends were read: what was forgotten meanwhile reads like nobody.
     *
     * @throws Refusal.Conflict {@code sends-forgotten}
     */
    @Transactional(readOnly = true)
    public void requireSends(long id) {
        stored(id).requireSends();
    }

    /** What a launched campaign says. */
    @Transactional(readOnly = true)
    public FrozenCampaign frozen(long id) {
        return stored(id).content();
    }

    /** What the campaign says as it stands now, its template's newest version included. */
    @Transactional(readOnly = true)
    public FrozenCampaign content(long id) {
        return campaignContent.of(stored(id));
    }

    /**
     * What its writer should know before it goes out; with an error in it, it does not. The
     * provider is asked about the sender, and no connection is held meanwhile.
     */
    @Transactional(propagation = Propagation.SUPPORTS)
    public List<Finding> check(long id) {
        FrozenCampaign content = inTransaction(() -> content(id));
        return preflightCheck.findings(content, preflightCheck.sender(content.from()));
    }

    private <T> T inTransaction(Supplier<T> work) {
        return Objects.requireNonNull(transaction.execute(_ -> work.get()));
    }

    /** Nothing for a campaign in another state, which is refused for that. */
    private Optional<Finding> sender(long id, CampaignStatus status) {
        Stored stored = inTransaction(() -> stored(id));
        return stored.status() == status
                ? preflightCheck.sender(stored.content().from())
                : Optional.empty();
    }

    /**
     * Freezes the content and launches the job that enumerates the audience and mails it.
     *
     * @throws Refusal.Conflict if it was launched before
     * @throws Refusal.Invalid {@code campaign-not-sound}, with what {@link #check} finds
     */
    @Transactional(propagation = Propagation.SUPPORTS)
    public CampaignView send(long id) {
        Optional<Finding> sender = sender(id, DRAFT);
        return inTransaction(() -> send(stored(id), sender));
    }

    private CampaignView send(Stored stored, Optional<Finding> sender) {
        long id = stored.content().id();
        audienceChecks.require(stored.content().audience());
        freeze(stored, DRAFT, sender);
        campaigns.launched(id, launches.launch(request(stored)).id());
        return find(id);
    }

    private void freeze(Stored stored, CampaignStatus from, Optional<Finding> sender) {
        FrozenCampaign content = campaignContent.of(stored);
        preflightCheck.require(content, sender);
        if (!campaignContent.freeze(content, from, clock.instant())) {
            throw conflict(content.id(), "only a draft can be sent");
        }
    }

    private static LaunchRequest request(Stored stored) {
        String id = Long.toString(stored.content().id());
        return new LaunchRequest(
                JOB, id, Map.of("campaignId", id), stored.content().timing().launchPriority());
    }

    /**
     * Sends it at the given moment; what it says is frozen then, and not before. One that goes out
     * at each recipient's local time is launched when the first of them is due, which must be to
     * come: it is asked of the zones that this workspace's contacts have now.
     *
     * @throws Refusal.Invalid if the moment is unclear or past
     */
    @Transactional(propagation = Propagation.SUPPORTS)
    public CampaignView schedule(long id, Schedule moment) {
        moment.require();
        Optional<Finding> sender = sender(id, DRAFT);
        return inTransaction(() -> schedule(stored(id), moment, sender));
    }

    private CampaignView schedule(Stored stored, Schedule moment, Optional<Finding> sender) {
        long id = stored.content().id();
        Instant at = moment.due(clock.instant(), campaigns::contactZones);
        audienceChecks.require(stored.content().audience());
        preflightCheck.require(campaignContent.of(stored), sender);
        if (!campaigns.schedule(id, at, stored.content().timing().at(moment))) {
            throw conflict(id, "only a draft can be scheduled");
        }
        campaigns.launched(id, launches.launchAt(request(stored), at).id());
        return find(id);
    }

    /** Mails in hand still go out, the others wait for {@link #resume}. */
    public CampaignView pause(long id) {
        lockJob(id);
        move(id, List.of(SENDING), PAUSED, null, "only a campaign that is sending can be paused");
        stopJob(id);
        return find(id);
    }

    /** The provider takes no more mails: pauses with the reason. Again changes nothing. */
    public void halt(long id, String problem) {
        lockJob(id);
        if (campaigns.move(id, List.of(SENDING), PAUSED, problem)) {
            stopJob(id);
        }
    }

    /** While mails of the pause are still in hand, it takes the pause back. */
    public CampaignView resume(long id) {
        lockJob(id);
        move(id, List.of(PAUSED), SENDING, null, "only a paused campaign can be resumed");
        launches.restart(Objects.requireNonNull(stored(id).launchId()));
        return find(id);
    }

    /** What is in hand still goes out; nothing else ever will. */
    public CampaignView cancel(long id) {
        lockJob(id);
        move(
                id,
                List.of(DRAFT, SCHEDULED, SENDING, PAUSED),
                CANCELLED,
                null,
                "it has come to its end");
        stopJob(id);
        campaigns.finished(id, clock.instant());
        return find(id);
    }

    /** Before the campaign, as its job does when it ends at this moment. */
    private void lockJob(long id) {
        campaigns.find(id).map(Stored::launchId).ifPresent(launches::lock);
    }

    private void stopJob(long id) {
        Long launchId = stored(id).launchId();
        if (launchId != null && launches.find(launchId).filter(Launch::alive).isPresent()) {
            launches.stop(launchId);
        }
    }

    private void move(
            long id,
            List<CampaignStatus> from,
            CampaignStatus to,
            @Nullable String problem,
            String rule) {
        stored(id);
        if (!campaigns.move(id, from, to, problem)) {
            throw conflict(id, rule);
        }
    }

    private Refusal conflict(long id, String rule) {
        return new Refusal.Conflict(
                "campaign-state",
                String.format(
                        Locale.ROOT, "Campaign %d is %s: %s.", id, stored(id).status(), rule));
    }

    /**
     * The job is about to begin: of a schedule, its sender is looked at again. Throwing keeps it
     * from beginning.
     */
    @Transactional(propagation = Propagation.SUPPORTS)
    public void due(long id) {
        PreflightCheck.require(sender(id, SCHEDULED).stream().toList());
    }

    /**
     * The job begins: by a schedule, after a pause, or since somebody restarted it. Throwing keeps
     * it from beginning. A second beginning changes nothing.
     *
     * @throws Refusal.Conflict if the campaign was cancelled, or its sends are forgotten, without
     *     which nothing would keep it from mailing somebody twice
     */
    public void begun(long id) {
        Stored stored = campaigns.hold(id).orElseThrow(() -> noCampaign(id));
        stored.requireSends();
        switch (stored.status()) {
            case SENDING, SENT -> {}
            case SCHEDULED -> freeze(stored, SCHEDULED, Optional.empty());
            case PAUSED, FAILED -> {
                // A pause that a dying manager did not see to its end still holds.
                if (isRunning(stored.launchId())) {
                    campaigns.move(id, List.of(PAUSED, FAILED), SENDING, null);
                }
            }
            case DRAFT, CANCELLED -> throw conflict(id, "its mails do not go out");
        }
    }

    private boolean isRunning(@Nullable Long launchId) {
        return launchId != null
                && launches.find(launchId)
                        .filter(launch -> launch.state() == LaunchState.RUNNING)
                        .isPresent();
    }

    /** What the job sent until its end, for when its ledger is forgotten. */
    public void counted(long id, ChunkTally tally) {
        campaigns.counted(id, CampaignViews.counts(tally));
    }

    /**
     * Mails that the job had left unknown have an outcome. To be called in the transaction that
     * gives it to them, after it has locked their rows: a crash leaves both or neither.
     */
    public void settled(long id, long sent, long failed, long skipped) {
        campaigns.settled(id, new CampaignStore.Settled(sent, failed, skipped));
    }

    /** The job has worked every recipient off. */
    public void completed(long id) {
        if (campaigns.move(id, List.of(SENDING, PAUSED), SENT, null)) {
            campaigns.finished(id, clock.instant());
        }
    }

    /** The job was stopped by somebody who knows jobs and not campaigns: a pause, then. */
    public void stopped(long id) {
        campaigns.move(id, List.of(SENDING), PAUSED, "The job was stopped");
    }

    public void failed(long id, @Nullable String problem) {
        campaigns.move(id, List.of(SENDING, PAUSED, SCHEDULED), FAILED, problem);
    }
}
