package io.mailgenius.jobs.delivery;

import io.mailgenius.engine.launching.EndedJob;
import io.mailgenius.engine.launching.RecurringWork;
import io.mailgenius.engine.partitioning.ChunkedJobs;
import io.mailgenius.jobs.campaigns.CampaignLinks;
import io.mailgenius.jobs.campaigns.Campaigns;
import io.mailgenius.jobs.campaigns.SendPacing;
import io.mailgenius.jobs.delivery.tokens.TrackingTokens;
import io.mailgenius.jobs.delivery.tokens.UnsubscribeTokens;
import io.mailgenius.jobs.providers.Provider;
import io.mailgenius.jobs.templates.TemplateCompiler;
import java.time.Clock;
import java.time.Duration;
import org.springframework.batch.core.job.Job;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.json.JsonMapper;

@Configuration(proxyBeanMethods = false)
class DeliveryJob {

    @Bean
    UnsubscribeTokens unsubscribeTokens(JdbcClient jdbc) {
        return new UnsubscribeTokens(secret(jdbc, "unsubscribe"));
    }

    @Bean
    TrackingTokens trackingTokens(JdbcClient jdbc) {
        return new TrackingTokens(secret(jdbc, "tracking"));
    }

    private static byte[] secret(JdbcClient jdbc, String purpose) {
        return jdbc.sql("SELECT value FROM installation_secret WHERE purpose = :purpose")
                .param("purpose", purpose)
                .query((row, n) -> row.getBytes(1))
                .single();
    }

    @Bean
    MailRendererCache lettersOfCampaigns(
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
    SendChunk mailing(
            MailRendererCache letters,
            JdbcClient jdbc,
            JsonMapper json,
            Provider provider,
            TransactionTemplate transaction,
            Clock clock) {
        return new SendChunk(letters, new RecipientStore(jdbc, json), provider, transaction, clock);
    }

    @Bean
    TimingGate gate(
            MailRendererCache letters,
            SendPacing sendPacing,
            TransactionTemplate transaction,
            Clock clock) {
        return new TimingGate(letters, sendPacing, transaction, clock);
    }

    @Bean
    SendMails sendMails(
            Campaigns campaigns,
            TimingGate gate,
            SendChunk sendChunk,
            JdbcClient jdbc,
            Clock clock) {
        return new SendMails(campaigns, gate, sendChunk, new SendStore(jdbc), clock);
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
    Job campaign(ChunkedJobs jobs, AudiencePartitions chunks, Campaigns campaigns) {
        return jobs.job(Campaigns.JOB)
                .step(chunks)
                .beforeStart(parameters -> campaigns.due(AudiencePartitions.campaignId(parameters)))
                .whenStarted(
                        parameters -> campaigns.begun(AudiencePartitions.campaignId(parameters)))
                .whenEnded(endedJob -> ended(endedJob, campaigns))
                .build();
    }

    private static void ended(EndedJob endedJob, Campaigns campaigns) {
        long campaign = AudiencePartitions.campaignId(endedJob.parameters());
        campaigns.counted(campaign, endedJob.tally(Campaigns.SEND_STEP));
        switch (endedJob.state()) {
            case COMPLETED -> campaigns.completed(campaign);
            case STOPPED, STOPPING -> campaigns.stopped(campaign);
            case FAILED, ABANDONED, QUEUED, RUNNING -> campaigns.failed(campaign, endedJob.error());
        }
    }
}
