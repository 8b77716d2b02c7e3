package io.mailgenius.jobs.delivery;

import io.mailgenius.engine.launching.Recurring;
import io.mailgenius.engine.manager.ChunkedJobs;
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
class AgainJob {

    @Bean
    SendAgain sendAgain(
            Campaigns campaigns,
            UnknownSends unknownSends,
            Mailing mailing,
            JdbcClient jdbc,
            TransactionTemplate transaction,
            Clock clock) {
        return new SendAgain(
                campaigns,
                unknownSends,
                mailing,
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
    Recurring provenSends(UnknownSends unknown) {
        return new Recurring(
                "proven-sends", Duration.ofMinutes(10), Recurring.LONG, unknown::settleAllProven);
    }
}
