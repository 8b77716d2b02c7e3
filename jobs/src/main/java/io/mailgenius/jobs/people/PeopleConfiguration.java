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

    /** Polls frequently because people wait for these mails; an index finds those that are due. */
    @Bean
    RecurringWork sendMailsToPeople(PersonMails mails) {
        return new RecurringWork("person-mails", Duration.ofSeconds(1), mails::sendDue);
    }

    @Bean
    RecurringWork recordRefusedSignIns(RefusedSignIns refused) {
        return new RecurringWork("refused-sign-ins", Duration.ofSeconds(2), refused::recordDue);
    }
}
