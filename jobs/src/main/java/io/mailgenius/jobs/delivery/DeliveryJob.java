package io.mailgenius.jobs.delivery;

import io.mailgenius.engine.launching.EndedJob;
import io.mailgenius.engine.launching.RecurringWork;
import io.mailgenius.engine.partitioning.ChunkedJobs;
import io.mailgenius.jobs.campaigns.CampaignLifecycle;
import io.mailgenius.jobs.campaigns.CampaignLinks;
import io.mailgenius.jobs.campaigns.Campaigns;
import io.mailgenius.jobs.delivery.tokens.TokenKeys;
import io.mailgenius.jobs.delivery.tokens.TrackingTokens;
import io.mailgenius.jobs.delivery.tokens.UnsubscribeTokens;
import io.mailgenius.jobs.templates.TemplateCompiler;
import java.time.Clock;
import java.time.Duration;
import org.springframework.batch.core.job.Job;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;

@Configuration(proxyBeanMethods = false)
class DeliveryJob {

    @Bean
    UnsubscribeTokens unsubscribeTokens(JdbcClient jdbc, Clock clock) {
        return new UnsubscribeTokens(TokenKeys.stored(jdbc, "unsubscribe", clock));
    }

    @Bean
    TrackingTokens trackingTokens(JdbcClient jdbc, Clock clock) {
        return new TrackingTokens(TokenKeys.stored(jdbc, "tracking", clock));
    }

    @Bean
    MailRendererCache mailRendererCache(
            Campaigns campaigns,
            CampaignLinks links,
            TemplateCompiler compiler,
            UnsubscribeTokens tokens,
            TrackingTokens tracking,
            @Value("${mailgenius.public-url:http://localhost:8080}") String publicUrl,
            @Value("${mailgenius.tracking-url:${mailgenius.public-url:http://localhost:8080}}")
                    String trackingUrl) {
        return new MailRendererCache(
                campaigns, links, compiler, tokens, tracking, publicUrl, trackingUrl);
    }

    @Bean
    SendRetention sendRetention(
            JdbcClient jdbc, @Value("${mailgenius.keep-sends:}") String keep, Clock clock) {
        return new SendRetention(jdbc, keep.isEmpty() ? null : Duration.parse(keep), clock);
    }

    @Bean
    RecurringWork sendPartitions(SendRetention retention) {
        return new RecurringWork(
                "send-partitions", SendRetention.PAUSE, RecurringWork.LONG, retention::run);
    }

    @Bean
    Job campaign(ChunkedJobs jobs, AudiencePartitions chunks, CampaignLifecycle lifecycle) {
        return jobs.job(Campaigns.JOB)
                .step(chunks)
                .beforeStart(parameters -> lifecycle.due(AudiencePartitions.campaignId(parameters)))
                .whenStarted(
                        parameters -> lifecycle.begun(AudiencePartitions.campaignId(parameters)))
                .whenEnded(endedJob -> ended(endedJob, lifecycle))
                .build();
    }

    private static void ended(EndedJob endedJob, CampaignLifecycle lifecycle) {
        long campaign = AudiencePartitions.campaignId(endedJob.parameters());
        lifecycle.counted(campaign, endedJob.tally(Campaigns.SEND_STEP));
        switch (endedJob.state()) {
            case COMPLETED -> lifecycle.completed(campaign);
            case STOPPED, STOPPING -> lifecycle.stopped(campaign);
            case FAILED, ABANDONED, QUEUED, RUNNING -> lifecycle.failed(campaign, endedJob.error());
        }
    }
}
