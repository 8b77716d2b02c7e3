package io.mailgenius.jobs.events;

import io.mailgenius.jobs.campaigns.CampaignLifecycle;
import io.mailgenius.jobs.campaigns.Campaigns;
import io.mailgenius.jobs.workspaces.Refusal;
import io.mailgenius.schema.CampaignStatus;
import io.mailgenius.schema.WorkspaceScope;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.annotation.Profile;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Pauses a campaign with too many bounces, complaints or failures, to protect the sender's
 * reputation. A campaign is paused only once: a resumed campaign continues.
 */
@Component
@Profile("manager")
final class CampaignHealth {

    private static final Logger LOG = LoggerFactory.getLogger(CampaignHealth.class);

    private final JdbcClient jdbc;
    private final TransactionTemplate transaction;
    private final Campaigns campaigns;
    private final CampaignLifecycle lifecycle;
    private final Clock clock;

    CampaignHealth(
            JdbcClient jdbc,
            TransactionTemplate transaction,
            Campaigns campaigns,
            CampaignLifecycle lifecycle,
            Clock clock) {
        this.jdbc = jdbc;
        this.transaction = transaction;
        this.campaigns = campaigns;
        this.lifecycle = lifecycle;
        this.clock = clock;
    }

    private record UnhealthyCampaign(long workspaceId, long campaignId) {}

    private record Health(
            long delivered,
            long bounced,
            long complained,
            long failed,
            BigDecimal bounceLimit,
            BigDecimal complaintLimit) {

        /** Whether the reason is mails that the provider accepted and then did not send. */
        boolean isOfFailed() {
            return failed > bounceLimit.doubleValue() * (delivered + bounced + failed);
        }

        String problem(String whyFailed) {
            long arrived = delivered + bounced;
            if (isOfFailed()) {
                return "The provider accepted %d of %d mails and then did not send them; the last reason is \"%s\". Resolve this with the provider, then resume the campaign."
                        .formatted(failed, arrived + failed, whyFailed);
            }
            return bounced > bounceLimit.doubleValue() * arrived
                    ? "%s of the mails bounced (%d of %d); the limit is %s. Check where these addresses come from; resume the campaign to continue anyway."
                            .formatted(
                                    percent(bounced, arrived),
                                    bounced,
                                    arrived,
                                    percent(bounceLimit.doubleValue()))
                    : "%s of the mails were complained about (%d of %d); the limit is %s. Check whether these contacts subscribed; resume the campaign to continue anyway."
                            .formatted(
                                    percent(complained, Math.max(1, delivered)),
                                    complained,
                                    delivered,
                                    percent(complaintLimit.doubleValue()));
        }

        private static String percent(long part, long whole) {
            return percent((double) part / whole);
        }

        private static String percent(double share) {
            return String.format(Locale.ROOT, "%.1f %%", 100 * share);
        }
    }

    /** Called every few seconds by one node at a time. */
    void checkAll() {
        List<UnhealthyCampaign> all =
                jdbc.sql("SELECT workspace_id, campaign_id FROM unhealthy_campaigns()")
                        .query((row, _) -> new UnhealthyCampaign(row.getLong(1), row.getLong(2)))
                        .list();
        for (UnhealthyCampaign campaign : all) {
            try {
                WorkspaceScope.run(
                        campaign.workspaceId(),
                        () -> transaction.executeWithoutResult(_ -> pause(campaign.campaignId())));
            } catch (RuntimeException e) {
                LOG.error(
                        "Campaign {} could not be paused and is checked again",
                        campaign.campaignId(),
                        e);
            }
        }
    }

    /** Pauses the campaign and records it in one transaction. */
    private void pause(long campaignId) {
        switch (status(campaignId)) {
            case SENDING -> {
                String problem = health(campaignId).problem(lastFailureReason(campaignId));
                LOG.warn("Campaign {} is paused: {}", campaignId, problem);
                lifecycle.halt(campaignId, problem);
                recordPause(campaignId);
            }
            case SENT, CANCELLED, FAILED -> recordPause(campaignId);
            case PAUSED, DRAFT, SCHEDULED -> {} // checked again when the campaign is sending
        }
    }

    /** The campaign may not exist, because the id comes from a tag. */
    private CampaignStatus status(long campaignId) {
        try {
            return campaigns.find(campaignId).status();
        } catch (Refusal.NotFound gone) {
            return CampaignStatus.CANCELLED;
        }
    }

    private Health health(long campaignId) {
        return jdbc.sql(
                        """
                        SELECT h.delivered, h.bounced, h.complained, h.failed, w.bounce_limit, w.complaint_limit
                          FROM campaign_health h JOIN workspace w ON w.id = h.workspace_id
                         WHERE h.workspace_id = :workspace AND h.campaign_id = :campaign
                        """)
                .param("workspace", WorkspaceScope.required())
                .param("campaign", campaignId)
                .query(
                        (row, _) ->
                                new Health(
                                        row.getLong(1),
                                        row.getLong(2),
                                        row.getLong(3),
                                        row.getLong(4),
                                        row.getBigDecimal(5),
                                        row.getBigDecimal(6)))
                .single();
    }

    private String lastFailureReason(long campaignId) {
        return jdbc.sql(
                        """
                        SELECT coalesce(detail ->> 'reason', detail ->> 'message', 'no reason given') FROM event
                         WHERE workspace_id = :workspace AND campaign_id = :campaign AND type = 'FAILED'
                         ORDER BY occurred_at DESC LIMIT 1
                        """)
                .param("workspace", WorkspaceScope.required())
                .param("campaign", campaignId)
                .query((row, _) -> row.getString(1))
                .optional()
                .orElse("no reason given");
    }

    private void recordPause(long campaignId) {
        jdbc.sql(
                        """
                        UPDATE campaign_health SET paused_at = :now
                         WHERE workspace_id = :workspace AND campaign_id = :campaign
                        """)
                .param("now", clock.instant().atOffset(ZoneOffset.UTC))
                .param("workspace", WorkspaceScope.required())
                .param("campaign", campaignId)
                .update();
    }
}
