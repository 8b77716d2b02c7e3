package io.mailgenius.jobs.campaigns;

import io.mailgenius.engine.launching.LaunchRefused;
import io.mailgenius.engine.launching.RecurringWork;
import io.mailgenius.jobs.workspaces.Refusal;
import io.mailgenius.schema.WorkspaceScope;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Continues campaigns that are paused because the mails of the month were used up. */
@Configuration(proxyBeanMethods = false)
class AwaitingCampaigns {

    private static final Logger LOG = LoggerFactory.getLogger(AwaitingCampaigns.class);

    private record Awaiting(long workspaceId, long campaignId) {}

    @Bean
    RecurringWork campaignsAwaitingMails(JdbcClient jdbc, CampaignLifecycle lifecycle) {
        return new RecurringWork(
                "campaigns-awaiting-mails",
                Duration.ofMinutes(1),
                () -> awaiting(jdbc).forEach(it -> resume(it, lifecycle)));
    }

    private static List<Awaiting> awaiting(JdbcClient jdbc) {
        return jdbc.sql("SELECT workspace_id, campaign_id FROM campaigns_awaiting_mails()")
                .query((row, _) -> new Awaiting(row.getLong(1), row.getLong(2)))
                .list();
    }

    private static void resume(Awaiting it, CampaignLifecycle lifecycle) {
        try {
            WorkspaceScope.run(it.workspaceId(), () -> lifecycle.resumeAwaiting(it.campaignId()));
        } catch (Refusal | LaunchRefused changedMeanwhile) {
            LOG.info(
                    "Campaign {} does not go on: {}",
                    it.campaignId(),
                    changedMeanwhile.getMessage());
        }
    }
}
