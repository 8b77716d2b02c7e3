package io.mailgenius.jobs.campaigns;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.mailgenius.jobs.campaigns.ApprovalStore.Stored;
import io.mailgenius.jobs.workspaces.Refusal;
import io.mailgenius.jobs.workspaces.WorkspaceLimits;
import io.mailgenius.jobs.workspaces.WorkspaceSettings;
import io.mailgenius.schema.ApprovalStatus;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/**
 * Whether a campaign may be sent: its audience can be determined, the month's mails suffice, and a
 * second person has approved what is large. All methods run in the caller's transaction, which has
 * locked the campaign.
 */
@Component
class SendClearance {

    /** A tenth more recipients than were approved are still the same audience. */
    private static final long GROWTH = 10;

    private final AudienceChecks audiences;
    private final AudienceSize sizes;
    private final ApprovalStore approvals;
    private final WorkspaceSettings workspace;
    private final WorkspaceLimits limits;
    private final JsonMapper json;
    private final Clock clock;

    SendClearance(
            AudienceChecks audiences,
            AudienceSize sizes,
            ApprovalStore approvals,
            WorkspaceSettings workspace,
            WorkspaceLimits limits,
            JsonMapper json,
            Clock clock) {
        this.audiences = audiences;
        this.sizes = sizes;
        this.approvals = approvals;
        this.workspace = workspace;
        this.limits = limits;
        this.json = json;
        this.clock = clock;
    }

    /**
     * @throws Refusal if the audience cannot be determined
     */
    void requireAudience(Audience audience) {
        audiences.require(audience);
    }

    /**
     * @throws Refusal.Conflict {@code mail-limit-reached} if the workspace may not send so many
     *     this month. The size of a follow-up is not known before it is sent, so it pauses instead
     */
    void requireMails(FrozenCampaign content) {
        if (limits.mailsLeft(clock.instant()).isPresent()
                && content.audience().followUp() == null) {
            limits.requireMails(sizes.count(content), clock.instant());
        }
    }

    /**
     * @throws Refusal.Conflict {@code mail-limit-reached} if the workspace may send nothing more
     *     this month
     */
    void requireAnyMail() {
        limits.requireMails(1, clock.instant());
    }

    boolean hasMails(long mails) {
        return limits.mailsLeft(clock.instant()).orElse(Long.MAX_VALUE) >= mails;
    }

    /**
     * Whether nobody has to approve it; otherwise the request to do so is made, unless it is there.
     *
     * @param schedule null for at once
     */
    boolean isClear(FrozenCampaign content, @Nullable Schedule schedule) {
        Long above = workspace.find().approvalAbove();
        if (above == null) {
            return true;
        }
        long recipients = sizes.count(content);
        if (recipients <= above) {
            return true;
        }
        byte[] hash = hash(content, schedule);
        boolean pending =
                approvals
                        .last(content.id())
                        .filter(it -> it.view().status() == ApprovalStatus.PENDING)
                        .filter(it -> it.isOf(hash))
                        .isPresent();
        if (!pending) {
            approvals.request(content.id(), hash, recipients, schedule, clock.instant());
        }
        return false;
    }

    /**
     * Approves the pending request for exactly this content.
     *
     * @return the moment that was asked for; empty for at once
     * @throws Refusal.Conflict if there is no request, the same person has made it, or the campaign
     *     has changed since
     */
    Optional<Schedule> approve(FrozenCampaign content) {
        Stored request = pending(content.id());
        long person = otherThan(request);
        if (!request.isOf(hash(content, request.view().schedule()))
                || outgrown(request, sizes.count(content))) {
            throw new Refusal.Conflict(
                    "campaign-changed",
                    "The content or the audience of the campaign is not the one for which approval was asked: send it again, and have that approved.");
        }
        approvals.decide(request.id(), ApprovalStatus.APPROVED, person, null, clock.instant());
        return Optional.ofNullable(request.view().schedule());
    }

    /**
     * @throws Refusal.Conflict if there is no request, or the same person has made it
     */
    void decline(long campaignId, @Nullable String note) {
        Stored request = pending(campaignId);
        approvals.decide(
                request.id(),
                ApprovalStatus.DECLINED,
                otherThan(request),
                note == null || note.isBlank() ? null : note.strip(),
                clock.instant());
    }

    private Stored pending(long campaignId) {
        return approvals
                .last(campaignId)
                .filter(it -> it.view().status() == ApprovalStatus.PENDING)
                .orElseThrow(
                        () ->
                                new Refusal.Conflict(
                                        "approval-not-pending",
                                        "Nobody asks for the approval of this campaign, or it is decided."));
    }

    private long otherThan(Stored request) {
        Long person = approvals.person();
        if (person == null) {
            throw new Refusal.Conflict(
                    "approval-needs-person",
                    "A person approves, or a key that a person has made: it is not known who is behind this key.");
        }
        if (person.equals(request.requesterId())) {
            throw new Refusal.Conflict(
                    "approval-by-another",
                    "Another person than the one who asked for it decides about the approval.");
        }
        return person;
    }

    /**
     * Called when a scheduled campaign starts: the audience may have grown and the template may
     * have changed since.
     *
     * @throws Refusal.Conflict {@code approval-missing}
     */
    void requireApproved(FrozenCampaign content) {
        Long above = workspace.find().approvalAbove();
        if (above == null) {
            return;
        }
        long recipients = sizes.count(content);
        if (recipients > above && !approved(content, recipients)) {
            throw new Refusal.Conflict(
                    "approval-missing",
                    String.format(
                            Locale.ROOT,
                            "The campaign has %,d recipients, and nobody has approved it as it is now: send it again, and have that approved.",
                            recipients));
        }
    }

    private boolean approved(FrozenCampaign content, long recipients) {
        return approvals
                .last(content.id())
                .filter(it -> it.view().status() == ApprovalStatus.APPROVED)
                .filter(it -> it.isOf(hash(content, it.view().schedule())))
                .filter(it -> !outgrown(it, recipients))
                .isPresent();
    }

    private static boolean outgrown(Stored request, long recipients) {
        long approved = request.view().recipients();
        return recipients > approved + approved / GROWTH;
    }

    Optional<ApprovalView> approval(long campaignId) {
        return approvals.last(campaignId).map(Stored::view);
    }

    private byte[] hash(FrozenCampaign content, @Nullable Schedule schedule) {
        String all =
                json.writeValueAsString(
                        Arrays.asList(
                                content.subject(),
                                content.from(),
                                content.replyTo(),
                                content.html(),
                                content.text(),
                                content.audience(),
                                content.topicId(),
                                content.postalAddress(),
                                content.tracking(),
                                content.utm(),
                                content.brand(),
                                schedule == null
                                        ? content.timing()
                                        : content.timing().at(schedule)));
        try {
            return MessageDigest.getInstance("SHA-256").digest(all.getBytes(UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every JDK has SHA-256", e);
        }
    }
}
