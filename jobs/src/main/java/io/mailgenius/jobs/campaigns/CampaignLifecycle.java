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
import io.mailgenius.jobs.campaigns.CampaignStore.Stored;
import io.mailgenius.jobs.templates.Finding;
import io.mailgenius.jobs.workspaces.Refusal;
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
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Moves campaigns from state to state: DRAFT, SCHEDULED, SENDING and PAUSED in turn, then SENT,
 * CANCELLED or FAILED. Each move is one statement that names the states it may start from, so of
 * two concurrent requests one is refused.
 */
@Component
@Transactional
public class CampaignLifecycle {

    private final CampaignStore campaigns;
    private final CampaignContent campaignContent;
    private final SendClearance clearance;
    private final PreflightCheck preflightCheck;
    private final CampaignViews views;
    private final Launches launches;
    private final TransactionTemplate transaction;
    private final Clock clock;

    CampaignLifecycle(
            CampaignStore campaigns,
            CampaignContent campaignContent,
            SendClearance clearance,
            PreflightCheck preflightCheck,
            CampaignViews views,
            Launches launches,
            TransactionTemplate transaction,
            Clock clock) {
        this.campaigns = campaigns;
        this.campaignContent = campaignContent;
        this.clearance = clearance;
        this.preflightCheck = preflightCheck;
        this.views = views;
        this.launches = launches;
        this.transaction = transaction;
        this.clock = clock;
    }

    /**
     * Freezes the content and launches the job that enumerates the audience and mails it. If a
     * second person has to approve that, it stays a draft, with the request to do so.
     *
     * @throws Refusal.Conflict if it was launched before, or is larger than what the workspace may
     *     send this month
     * @throws Refusal.Invalid {@code campaign-not-sound}, with what {@link CampaignDrafts#check}
     *     finds
     */
    @Transactional(propagation = Propagation.SUPPORTS)
    public CampaignView send(long id) {
        Optional<Finding> sender = sender(id, DRAFT);
        return inTransaction(() -> send(campaigns.lock(id), sender));
    }

    private CampaignView send(Stored stored, Optional<Finding> sender) {
        FrozenCampaign content = checked(stored, sender);
        clearance.requireMails(content);
        return clearance.isClear(content, null) ? launch(stored, content) : view(content.id());
    }

    private FrozenCampaign checked(Stored stored, Optional<Finding> sender) {
        if (stored.status() != DRAFT) {
            throw conflict(stored.content().id(), "only a draft can be sent");
        }
        clearance.requireAudience(stored.content().audience());
        FrozenCampaign content = campaignContent.of(stored);
        preflightCheck.require(content, sender);
        return content;
    }

    private CampaignView launch(Stored stored, FrozenCampaign content) {
        freeze(content, DRAFT);
        campaigns.launched(content.id(), launches.launch(request(stored)).id());
        return view(content.id());
    }

    /**
     * Sends the campaign at the given moment; its content is frozen then, and not before. A
     * campaign that is sent at the local time of each recipient is launched when the first
     * recipient is due. That moment must lie in the future in every zone that the contacts of this
     * workspace have now.
     *
     * @throws Refusal.Invalid if the moment is unclear or past
     */
    @Transactional(propagation = Propagation.SUPPORTS)
    public CampaignView schedule(long id, Schedule moment) {
        moment.require();
        Optional<Finding> sender = sender(id, DRAFT);
        return inTransaction(() -> schedule(campaigns.lock(id), moment, sender));
    }

    private CampaignView schedule(Stored stored, Schedule moment, Optional<Finding> sender) {
        moment.due(clock.instant(), campaigns::contactZones);
        FrozenCampaign content = checked(stored, sender);
        return clearance.isClear(content, moment) ? launchAt(stored, moment) : view(content.id());
    }

    private CampaignView launchAt(Stored stored, Schedule moment) {
        long id = stored.content().id();
        Instant at = moment.due(clock.instant(), campaigns::contactZones);
        if (!campaigns.schedule(id, at, stored.content().timing().at(moment))) {
            throw conflict(id, "only a draft can be scheduled");
        }
        campaigns.launched(id, launches.launchAt(request(stored), at).id());
        return view(id);
    }

    /**
     * Sends or schedules the campaign as another person has asked for, with exactly the content
     * that they have asked for.
     *
     * @throws Refusal.Conflict if nobody has asked, the same person has, the request is decided, or
     *     the campaign has changed since
     */
    @Transactional(propagation = Propagation.SUPPORTS)
    public CampaignView approve(long id) {
        Optional<Finding> sender = sender(id, DRAFT);
        return inTransaction(() -> approve(campaigns.lock(id), sender));
    }

    private CampaignView approve(Stored stored, Optional<Finding> sender) {
        FrozenCampaign content = checked(stored, sender);
        Optional<Schedule> moment = clearance.approve(content);
        if (moment.isPresent()) {
            return launchAt(stored, moment.get());
        }
        clearance.requireMails(content);
        return launch(stored, content);
    }

    /**
     * The campaign stays a draft.
     *
     * @param note why
     */
    public CampaignView decline(long id, @Nullable String note) {
        campaigns.lock(id);
        clearance.decline(id, note);
        return view(id);
    }

    /**
     * Asks the provider, outside of a transaction. A campaign in another state is refused later.
     */
    private Optional<Finding> sender(long id, CampaignStatus status) {
        Stored stored = inTransaction(() -> campaigns.get(id));
        return stored.status() == status
                ? preflightCheck.sender(stored.content().from())
                : Optional.empty();
    }

    private <T> T inTransaction(Supplier<T> work) {
        return Objects.requireNonNull(transaction.execute(_ -> work.get()));
    }

    private void freezeDue(Stored stored) {
        FrozenCampaign content = campaignContent.of(stored);
        preflightCheck.require(content, Optional.empty());
        clearance.requireApproved(content);
        freeze(content, stored.status());
    }

    private void freeze(FrozenCampaign content, CampaignStatus from) {
        if (!campaignContent.freeze(content, from, clock.instant())) {
            throw conflict(content.id(), "only a draft can be sent");
        }
    }

    private static LaunchRequest request(Stored stored) {
        String id = Long.toString(stored.content().id());
        return new LaunchRequest(
                Campaigns.JOB,
                id,
                Map.of("campaignId", id),
                stored.content().timing().launchPriority());
    }

    /** Chunks in progress are still mailed, the others wait for {@link #resume}. */
    public CampaignView pause(long id) {
        lockJob(id);
        move(id, List.of(SENDING), PAUSED, "only a campaign that is sending can be paused");
        stopJob(id);
        return view(id);
    }

    /**
     * Pauses with a reason, for example because the provider accepts no more mails. A campaign that
     * is not sending is left unchanged.
     */
    public void halt(long id, String problem) {
        lockJob(id);
        if (campaigns.move(id, List.of(SENDING), PAUSED, problem)) {
            stopJob(id);
        }
    }

    /** The same because the month's mails are used up; it goes on when so many are left. */
    public void haltAtLimit(long id, String problem, long mails) {
        lockJob(id);
        if (campaigns.move(id, List.of(SENDING), PAUSED, problem)) {
            campaigns.awaitMails(id, mails);
            stopJob(id);
        }
    }

    /**
     * Continues campaigns of the current workspace that were halted at the limit, if it has been
     * raised or a month has begun.
     */
    void resumeAwaiting(long id) {
        Stored stored = campaigns.get(id);
        Long awaited = stored.awaitedMails();
        if (stored.status() == PAUSED
                && awaited != null
                && clearance.hasMails(awaited)
                && !isAlive(stored.launchId())) {
            resume(id);
        }
    }

    /**
     * While chunks are still in progress after a pause, this revokes the pause.
     *
     * @throws Refusal.Conflict if it is not paused, or the workspace may send nothing more this
     *     month
     */
    public CampaignView resume(long id) {
        lockJob(id);
        clearance.requireAnyMail();
        move(id, List.of(PAUSED), SENDING, "only a paused campaign can be resumed");
        launches.restart(Objects.requireNonNull(campaigns.get(id).launchId()));
        return view(id);
    }

    /** Chunks in progress are still mailed, and nothing after them. */
    public CampaignView cancel(long id) {
        lockJob(id);
        move(id, List.of(DRAFT, SCHEDULED, SENDING, PAUSED), CANCELLED, "it has come to its end");
        stopJob(id);
        campaigns.finished(id, clock.instant());
        return view(id);
    }

    /** The launch is locked before the campaign, in the order in which an ending job locks them. */
    private void lockJob(long id) {
        campaigns.find(id).map(Stored::launchId).ifPresent(launches::lock);
    }

    private void stopJob(long id) {
        Long launchId = campaigns.get(id).launchId();
        if (launchId != null && isAlive(launchId)) {
            launches.stop(launchId);
        }
    }

    private boolean isAlive(@Nullable Long launchId) {
        return launchId != null && launches.find(launchId).filter(Launch::alive).isPresent();
    }

    private void move(long id, List<CampaignStatus> from, CampaignStatus to, String rule) {
        campaigns.get(id);
        if (!campaigns.move(id, from, to, null)) {
            throw conflict(id, rule);
        }
    }

    private CampaignView view(long id) {
        return views.view(campaigns.get(id));
    }

    private Refusal conflict(long id, String rule) {
        return new Refusal.Conflict(
                "campaign-state",
                String.format(
                        Locale.ROOT,
                        "Campaign %d is %s: %s.",
                        id,
                        campaigns.get(id).status(),
                        rule));
    }

    /**
     * Called before the job starts: checks the sender of a scheduled campaign again. An exception
     * prevents the start.
     */
    @Transactional(propagation = Propagation.SUPPORTS)
    public void due(long id) {
        PreflightCheck.require(sender(id, SCHEDULED).stream().toList());
    }

    /**
     * Called when the job starts: on schedule, after a pause, or because somebody restarted it. An
     * exception prevents the start. A second call changes nothing.
     *
     * @throws Refusal.Conflict if the campaign was cancelled, or its sends were purged, without
     *     which a recipient could be mailed twice
     */
    public void begun(long id) {
        Stored stored = campaigns.lock(id);
        stored.requireSends();
        switch (stored.status()) {
            case SENDING, SENT -> {}
            case SCHEDULED -> freezeDue(stored);
            case PAUSED, FAILED -> {
                // A pause whose manager died before it stopped the job is still in force.
                if (isRunning(stored.launchId()) && stored.launchedAt() == null) {
                    // It has failed before its content was frozen.
                    freezeDue(stored);
                } else if (isRunning(stored.launchId())) {
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

    /** Keeps the counts of a job that has ended, for the time after its ledger was purged. */
    public void counted(long id, ChunkTally tally) {
        campaigns.counted(id, CampaignViews.counts(tally));
    }

    /**
     * Counts mails that the job had left unknown and whose outcome is known now. Call it in the
     * transaction that writes these outcomes, after their rows are locked: a crash leaves both or
     * neither.
     */
    public void settled(long id, long sent, long failed, long skipped) {
        campaigns.settled(id, new CampaignStore.Settled(sent, failed, skipped));
    }

    /** The job has processed every recipient. */
    public void completed(long id) {
        if (campaigns.move(id, List.of(SENDING, PAUSED), SENT, null)) {
            campaigns.finished(id, clock.instant());
        }
    }

    /** The job was stopped under /api/v1/jobs, which for the campaign is a pause. */
    public void stopped(long id) {
        campaigns.move(id, List.of(SENDING), PAUSED, "The job was stopped");
    }

    public void failed(long id, @Nullable String problem) {
        campaigns.move(id, List.of(SENDING, PAUSED, SCHEDULED), FAILED, problem);
    }
}
