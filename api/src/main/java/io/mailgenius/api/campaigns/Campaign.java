package io.mailgenius.api.campaigns;

import io.mailgenius.jobs.analytics.Figures;
import io.mailgenius.jobs.campaigns.ApprovalView;
import io.mailgenius.jobs.campaigns.Audience;
import io.mailgenius.jobs.campaigns.CampaignTracking;
import io.mailgenius.jobs.campaigns.CampaignView;
import io.mailgenius.jobs.campaigns.Schedule;
import io.mailgenius.jobs.campaigns.SendWindow;
import io.mailgenius.jobs.campaigns.Timing;
import io.mailgenius.jobs.campaigns.WarmUp;
import io.mailgenius.jobs.templates.links.Utm;
import io.mailgenius.schema.CampaignStatus;
import io.mailgenius.schema.Priority;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A campaign as it goes over the wire: what was sent of it, and what came back. */
record Campaign(
        long id,
        String name,
        String subject,
        String from,
        @Nullable String replyTo,
        @Nullable Long templateId,
        Audience audience,
        @Nullable Long topicId,
        CampaignTracking tracking,
        Utm utm,
        @Nullable Schedule schedule,
        @Nullable SendWindow window,
        @Nullable Integer ratePerMinute,
        @Nullable WarmUp warmUp,
        @Nullable Priority priority,
        CampaignStatus status,
        @Nullable Instant scheduledAt,
        @Nullable Instant launchedAt,
        @Nullable Instant finishedAt,
        @Nullable String problem,
        @Nullable String waiting,
        @Nullable Instant sendsForgottenAt,
        @Nullable Long jobExecutionId,
        Instant createdAt,
        @Nullable ApprovalView approval,
        @Nullable Long brandId,
        Counts counts) {

    record Counts(
            long recipients,
            long sent,
            long failed,
            long skipped,
            long unknown,
            long delivered,
            long opened,
            long clicked,
            long machineOpened,
            long machineClicked,
            long bounced,
            long complained,
            long unsubscribed,
            long suppressed,
            long failedLater) {

        static Counts of(CampaignView.Counts sends, Figures figures) {
            return new Counts(
                    sends.recipients(),
                    sends.sent(),
                    sends.failed(),
                    sends.skipped(),
                    sends.unknown(),
                    figures.delivered(),
                    figures.opened(),
                    figures.clicked(),
                    figures.machineOpened(),
                    figures.machineClicked(),
                    figures.bounced(),
                    figures.complained(),
                    figures.unsubscribed(),
                    figures.suppressed(),
                    figures.failedLater());
        }
    }

    static Campaign of(CampaignView view, Figures figures) {
        Timing timing = view.timing();
        return new Campaign(
                view.id(),
                view.name(),
                view.subject(),
                view.from(),
                view.replyTo(),
                view.templateId(),
                view.audience(),
                view.topicId(),
                view.tracking(),
                view.utm(),
                timing.schedule(),
                timing.window(),
                timing.ratePerMinute(),
                timing.warmUp(),
                timing.priority(),
                view.status(),
                view.scheduledAt(),
                view.launchedAt(),
                view.finishedAt(),
                view.problem(),
                view.waiting(),
                view.sendsForgottenAt(),
                view.jobExecutionId(),
                view.createdAt(),
                view.approval(),
                view.brandId(),
                Counts.of(view.counts(), figures));
    }
}
