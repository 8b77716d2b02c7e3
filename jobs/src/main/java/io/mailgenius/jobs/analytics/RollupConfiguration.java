package io.mailgenius.jobs.analytics;

import io.mailgenius.engine.launching.RecurringWork;
import io.mailgenius.engine.partitioning.ChunkedJobs;
import java.time.Duration;
import org.springframework.batch.core.job.Job;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class RollupConfiguration {

    @Bean
    Job rollup(ChunkedJobs jobs, CountStep count) {
        return jobs.job(Rollups.JOB).step(count).build();
    }

    @Bean
    RecurringWork rollupsThatAreDue(Rollups rollups) {
        return new RecurringWork(
                "rollups", Duration.ofSeconds(2), RecurringWork.LONG, rollups::countDue);
    }

    @Bean
    RecurringWork listChangeAggregation(ListGrowth growth) {
        return new RecurringWork(
                "list-growth", Duration.ofSeconds(30), RecurringWork.LONG, growth::aggregate);
    }
}
