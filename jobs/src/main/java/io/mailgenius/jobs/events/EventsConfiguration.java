package io.mailgenius.jobs.events;

import io.mailgenius.engine.launching.Recurring;
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

    /** A node that runs for months gets its months. */
    @Bean
    Recurring eventPartitions(EventRetention retention) {
        return new Recurring(
                "event-partitions", Duration.ofHours(6), Recurring.LONG, retention::run);
    }

    @Bean
    @Profile("manager")
    Recurring healthOfCampaigns(CampaignHealth health) {
        return new Recurring("campaign-health", Duration.ofSeconds(5), health::look);
    }
}
