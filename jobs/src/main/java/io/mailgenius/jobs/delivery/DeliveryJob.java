package io.mailgenius.jobs.delivery;

import io.mailgenius.engine.launching.Ended;
import io.mailgenius.engine.launching.Recurring;
import io.mailgenius.engine.manager.ChunkedJobs;
import io.mailgenius.jobs.campaigns.CampaignLinks;
import io.mailgenius.jobs.campaigns.Campaigns;
import io.mailgenius.jobs.campaigns.Paces;
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
    LettersOfCampaigns lettersOfCampaigns(
            Campaigns campaigns,
            CampaignLinks links,
            TemplateCompiler compiler,
            UnsubscribeTokens tokens,
            TrackingTokens tracking,
            @Value("${mailgenius.public-url:http://localhost:8080}") String publicUrl,
            @Value("${mailgenius.tracking-url:${mailgenius.public-url:http://localhost:8080}}")
                    String trackingUrl) {
        return new LettersOfCampaigns(
                campaigns, links, compiler, tokens, tracking, publicUrl, trackingUrl);
    }

    @Bean
    Mailing mailing(
            LettersOfCampaigns letters,
            JdbcClient jdbc,
            JsonMapper json,
            Provider provider,
            TransactionTemplate transaction,
            Clock clock) {
        return new Mailing(letters, new RecipientStore(jdbc, json), provider, transaction, clock);
    }

    @Bean
    Gate gate(
            LettersOfCampaigns letters, Paces paces, TransactionTemplate transaction, Clock clock) {
        return new Gate(letters, paces, transaction, clock);
    }

    @Bean
    SendMails sendMails(
            Campaigns campaigns, Gate gate, Mailing mailing, JdbcClient jdbc, Clock clock) {
        return new SendMails(campaigns, gate, mailing, new SendStore(jdbc), clock);
    }

    @Bean
    SendRetention sendRetention(
            JdbcClient jdbc, @Value("${mailgenius.keep-sends:}") String keep, Clock clock) {
        return new SendRetention(jdbc, keep.isEmpty() ? null : Duration.parse(keep), clock);
    }

    @Bean
    Recurring sendPartitions(SendRetention retention) {
        return new Recurring(
                "send-partitions", SendRetention.PAUSE, Recurring.LONG, retention::run);
    }

    @Bean
    Job campaign(ChunkedJobs jobs, SendChunks chunks, Campaigns campaigns) {
        return jobs.job(Campaigns.JOB)
                .step(chunks)
                .beforeStart(parameters -> campaigns.due(SendChunks.campaignId(parameters)))
                .whenStarted(parameters -> campaigns.begun(SendChunks.campaignId(parameters)))
                .whenEnded(ended -> ended(ended, campaigns))
                .build();
    }

    private static void ended(Ended ended, Campaigns campaigns) {
        long campaign = SendChunks.campaignId(ended.parameters());
        campaigns.counted(campaign, ended.tally(Campaigns.SEND_STEP));
        switch (ended.state()) {
            case COMPLETED -> campaigns.completed(campaign);
            case STOPPED, STOPPING -> campaigns.stopped(campaign);
            case FAILED, ABANDONED, QUEUED, RUNNING -> campaigns.failed(campaign, ended.error());
        }
    }
}
