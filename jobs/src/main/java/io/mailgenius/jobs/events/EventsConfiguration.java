package io.mailgenius.jobs.events;

import io.mailgenius.engine.launching.Recurring;
import java.time.Duration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class EventsConfiguration {

    /** A node that runs for months gets its months. */
    @Bean
    Recurring eventPartitions(Events events) {
        return new Recurring("event-partitions", Duration.ofHours(6), events::ensurePartitions);
    }
}
