package io.mailgenius.jobs.delivery;

import io.mailgenius.engine.launching.RecurringWork;
import io.mailgenius.engine.partitioning.ChunkedJobs;
import java.time.Duration;
import org.springframework.batch.core.job.Job;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The jobs for mails without an outcome. */
@Configuration(proxyBeanMethods = false)
class SendAgainJob {

    @Bean
    Job campaignAgain(ChunkedJobs jobs, SendAgain again) {
        return jobs.job(SendAgain.JOB).step(again).build();
    }

    /**
     * Events may be received days after the mail, and most are received before it becomes UNKNOWN.
     */
    @Bean
    RecurringWork provenSends(UnknownSends unknown) {
        return new RecurringWork(
                "proven-sends",
                Duration.ofMinutes(10),
                RecurringWork.LONG,
                unknown::settleAllProven);
    }
}
