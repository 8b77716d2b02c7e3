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
 * Pauses a campaign of which too many mails bounce or are complained about, before it costs the
 * sender's name. Once: whoever resumes it has decided.
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

    private record Sick(long workspaceId, long campaignId) {}

    private record Health(
            long delivered,
            long bounced,
            long complained,
            long failed,
            BigDecimal bounceLimit,
            BigDecimal complaintLimit) {

        /** Whether it is for the mails that the provider took and then did not send. */
        boolean isOfFailed() {
            return failed > bounceLimit.doubleValue() * (delivered + bounced + failed);
        }

        String problem(String whyFailed) {
            long arrived = delivered + bounced;
            if (isOfFailed()) {
                return "The provider accepted %d of %d mails and then did not send them, the last because of \"%s\". See to that at the provider; resume it to go on."
                        .formatted(failed, arrived + failed, whyFailed);
            }
            return bounced > bounceLimit.doubleValue() * arrived
                    ? "%s of its mails bounced (%d of %d), and %s are let pass. See where these addresses come from; resume it to go on all the same."
                            .formatted(
                                    percent(bounced, arrived),
                                    bounced,
                                    arrived,
                                    percent(bounceLimit.doubleValue()))
                    : "%s of its mails were complained about (%d of %d), and %s are let pass. See whether these people wanted it; resume it to go on all the same."
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

    /** To be called every few seconds, by one node at a time. */
    void look() {
        List<Sick> all =
                jdbc.sql("SELECT workspace_id, campaign_id FROM unhealthy_campaigns()")
                        .query((row, _) -> new Sick(row.getLong(1), row.getLong(2)))
                        .list();
        for (Sick sick : all) {
            try {
                WorkspaceScope.run(
                        sick.workspaceId(),
                        () -> transaction.executeWithoutResult(_ -> pause(sick.campaignId())));
            } catch (RuntimeException nextTime) {
                LOG.error("Campaign {} is not paused yet", sick.campaignId(), nextTime);
            }
        }
    }

    /** The pause and the note that it was made, or neither. */
    private void pause(long campaignId) {
        switch (status(campaignId)) {
            case SENDING -> {
                String problem = health(campaignId).problem(whyFailed(campaignId));
                LOG.warn("Campaign {} is paused: {}", campaignId, problem);
                lifecycle.halt(campaignId, problem);
                noted(campaignId);
            }
            case SENT, CANCELLED, FAILED -> noted(campaignId);
            case PAUSED, DRAFT, SCHEDULED -> {} // looked at again when it goes on
        }
    }

    /** What a tag names need not be there. */
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

    private String whyFailed(long campaignId) {
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

    private void noted(long campaignId) {
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
