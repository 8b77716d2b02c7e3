package io.mailgenius.api.access;

import io.mailgenius.jobs.people.PersonSessions;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.session.config.SessionRepositoryCustomizer;
import org.springframework.session.jdbc.JdbcIndexedSessionRepository;

/** Reading a page writes nothing, but once a minute that the session was used. */
@Configuration(proxyBeanMethods = false)
class SessionWrites {

    @Bean
    SessionRepositoryCustomizer<JdbcIndexedSessionRepository> writesSeldom() {
        return sessions -> sessions.setUpdateSessionQuery(PersonSessions.UPDATE);
    }
}
