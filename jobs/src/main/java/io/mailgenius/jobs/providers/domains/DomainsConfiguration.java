package io.mailgenius.jobs.providers.domains;

import java.time.Clock;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;

@Configuration(proxyBeanMethods = false)
class DomainsConfiguration {

    @Bean
    DomainProofs domainProofs(
            JdbcClient jdbc,
            PlatformTransactionManager transactions,
            ObjectProvider<TxtRecords> records,
            Clock clock) {
        return new DomainProofs(
                jdbc, transactions, records.getIfAvailable(DnsTxtRecords::new), clock);
    }
}
