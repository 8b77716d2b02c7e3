package io.mailgenius.jobs.delivery;

import io.mailgenius.engine.launching.RecurringWork;
import io.mailgenius.engine.partitioning.ChunkedJobs;
import java.time.Duration;
import org.springframework.batch.core.job.Job;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What happens to mails without an outcome. */
@Configuration(proxyBeanMethods = false)
class SendAgainJob {

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
