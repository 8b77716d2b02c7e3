package io.mailgenius.jobs.campaigns;

import io.mailgenius.engine.ledger.ChunkCounts;
import io.mailgenius.engine.ledger.ChunkTally;
import io.mailgenius.engine.ledger.Ledger;
import io.mailgenius.engine.ledger.ReadyChunks;
import io.mailgenius.jobs.campaigns.CampaignStore.Stored;
import io.mailgenius.schema.CampaignStatus;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Makes views of campaigns, with the counts of their jobs and the reason why they wait. */
@Component
final class CampaignViews {

    /** Chunks that are due this soon do not count as waiting. */
    private static final Duration SOON = Duration.ofSeconds(5);

    private final Ledger ledger;
    private final ReadyChunks ready;
    private final SendPacing sendPacing;
    private final ApprovalStore approvals;
    private final Clock clock;

    CampaignViews(
            Ledger ledger,
            ReadyChunks ready,
            SendPacing sendPacing,
            ApprovalStore approvals,
            Clock clock) {
        this.approvals = approvals;
        this.ledger = ledger;
        this.ready = ready;
        this.sendPacing = sendPacing;
        this.clock = clock;
    }

    CampaignView view(Stored stored) {
        FrozenCampaign content = stored.content();
        return new CampaignView(
                content.id(),
                content.name(),
                content.subject(),
                content.from(),
                content.replyTo(),
                stored.templateId(),
                content.audience(),
                content.topicId(),
                content.tracking(),
                content.utm(),
                content.timing(),
                stored.status(),
                stored.scheduledAt(),
                stored.launchedAt(),
                stored.finishedAt(),
                stored.problem(),
                waiting(stored),
                stored.sendsForgottenAt(),
                stored.jobExecutionId(),
                stored.createdAt(),
                stored.approvalAsked()
                        ? approvals.last(content.id()).map(ApprovalStore.Stored::view).orElse(null)
                        : null,
                content.brand().id(),
                counts(stored));
    }

    /**
     * Counts come from the ledger while it exists; afterwards from what was stored when the job
     * ended.
     */
    private CampaignView.Counts counts(Stored stored) {
        CampaignView.Counts counts =
                stored.jobInstanceId() == null
                        ? stored.counts()
                        : counts(ledger.of(stored.jobInstanceId()).tally(Campaigns.SEND_STEP));
        CampaignStore.Settled settled = stored.settled();
        return counts.settled(settled.sent(), settled.failed(), settled.skipped());
    }

    static CampaignView.Counts counts(ChunkTally tally) {
        ChunkCounts counts = tally.counts();
        return new CampaignView.Counts(
                tally.items(),
                counts.get("sent"),
                counts.get("failed"),
                counts.get("skipped"),
                counts.get("unknown"));
    }

    /** Why nothing is sent at the moment. Only campaigns with timing options are looked up. */
    private @Nullable String waiting(Stored stored) {
        Timing timing = stored.content().timing();
        Long job = stored.jobInstanceId();
        if (stored.status() != CampaignStatus.SENDING || job == null || timing.goesAtOnce()) {
            return null;
        }
        Instant now = clock.instant();
        Optional<Instant> due = ready.waitsUntil(job).filter(it -> it.isAfter(now.plus(SOON)));
        if (due.isEmpty()) {
            return null;
        }
        return "%s: it goes on at %s."
                .formatted(
                        reason(stored.content().id(), timing, now),
                        due.get().truncatedTo(ChronoUnit.SECONDS));
    }

    private String reason(long id, Timing timing, Instant now) {
        SendWindow window = timing.window();
        if (window != null && !window.eachTheirOwn() && window.opens(now, null).isAfter(now)) {
            return "Outside of its window";
        }
        WarmUp warmUp = timing.warmUp();
        if (warmUp != null) {
            LocalDate today = now.atZone(warmUp.days()).toLocalDate();
            SendAllowance sendAllowance = sendPacing.find(id).orElse(SendAllowance.NEW);
            if (sendAllowance.room(warmUp, today) < timing.chunk(warmUp.firstDay())) {
                return String.format(
                        Locale.ROOT,
                        "Day %d of its warm-up has had its mails",
                        sendAllowance.number());
            }
        }
        return timing.ratePerMinute() == null
                ? "It is not yet time for those who are left"
                : String.format(
                        Locale.ROOT, "It keeps to %d mails a minute", timing.ratePerMinute());
    }
}
