package io.mailgenius.jobs.events;

import io.mailgenius.engine.launching.RecurringWork;
import java.time.Clock;
import java.time.Duration;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Profile;

@Configuration(proxyBeanMethods = false)
class EventsConfiguration {

    @Bean
    EventRetention eventRetention(
            EventStore store, @Value("${mailgenius.keep-events:P730D}") String keep, Clock clock) {
        return new EventRetention(store, Duration.parse(keep), clock);
    }

    /** Creates partitions periodically, because a node may run for months. */
    @Bean
    RecurringWork eventPartitions(EventRetention retention) {
        return new RecurringWork(
                "event-partitions", Duration.ofHours(6), RecurringWork.LONG, retention::run);
    }

    @Bean
    @Profile("manager")
    RecurringWork healthOfCampaigns(CampaignHealth health) {
        return new RecurringWork("campaign-health", Duration.ofSeconds(5), health::checkAll);
    }
}
