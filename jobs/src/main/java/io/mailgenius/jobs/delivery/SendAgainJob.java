package io.mailgenius.jobs.delivery;

import io.mailgenius.engine.launching.RecurringWork;
import io.mailgenius.engine.partitioning.ChunkedJobs;
import io.mailgenius.jobs.campaigns.Campaigns;
import java.time.Clock;
import java.time.Duration;
import org.springframework.batch.core.job.Job;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

/** What happens to mails without an outcome. */
@Configuration(proxyBeanMethods = false)
class SendAgainJob {

    @Bean
    SendAgain sendAgain(
            Campaigns campaigns,
            UnknownSends unknownSends,
            SendChunk sendChunk,
            JdbcClient jdbc,
            TransactionTemplate transaction,
            Clock clock) {
        return new SendAgain(
                campaigns,
                unknownSends,
                sendChunk,
                new UnknownStore(jdbc),
                new DecisionStore(jdbc),
                transaction,
                clock);
    }

    @Bean
    Job campaignAgain(ChunkedJobs jobs, SendAgain again) {
        return jobs.job(SendAgain.JOB).step(again).build();
    }

    /** Events may come days after the mail, and mostly come before it is given up as unknown. */
    @Bean
    RecurringWork provenSends(UnknownSends unknown) {
        return new RecurringWork(
                "proven-sends",
                Duration.ofMinutes(10),
                RecurringWork.LONG,
                unknown::settleAllProven);
    }
}
