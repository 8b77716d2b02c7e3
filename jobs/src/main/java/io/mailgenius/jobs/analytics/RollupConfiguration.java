package io.mailgenius.jobs.analytics;

import io.mailgenius.engine.launching.Recurring;
import io.mailgenius.engine.manager.ChunkedJobs;
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
    Recurring rollupsThatAreDue(Rollups rollups) {
        return new Recurring("rollups", Duration.ofSeconds(2), Recurring.LONG, rollups::countDue);
    }

    @Bean
    Recurring listChangesToPutTogether(ListGrowth growth) {
        return new Recurring(
                "list-growth", Duration.ofSeconds(30), Recurring.LONG, growth::putTogether);
    }
}
