package io.mailgenius.jobs.people;

import io.mailgenius.engine.launching.RecurringWork;
import java.time.Duration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class PeopleConfiguration {

    /** An expired session opens nothing; its row can wait. */
    @Bean
    RecurringWork forgetExpiredSessions(PersonSessions sessions) {
        return new RecurringWork("sessions", Duration.ofHours(1), sessions::forgetExpired);
    }
}
