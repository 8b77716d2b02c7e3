package io.mailgenius.jobs.endpoints;

import io.mailgenius.engine.launching.RecurringWork;
import io.mailgenius.jobs.workspaces.Workspaces;
import io.mailgenius.schema.WorkspaceScope;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.transaction.support.TransactionTemplate;

@Configuration(proxyBeanMethods = false)
class EndpointsConfiguration {

    /** How long messages and their attempts can be looked at and replayed. */
    static final Duration KEPT = Duration.ofDays(7);

    private static final int AT_ONCE = 10_000;

    @Bean
    ReceiverAddresses receiverAddresses(
            @Value("${mailgenius.webhooks-to-private-addresses:false}") boolean privateAllowed) {
        return new ReceiverAddresses(privateAllowed);
    }

    @Bean
    RecurringWork endpointRetention(
            DeliveryStore deliveries,
            Workspaces workspaces,
            TransactionTemplate transaction,
            Clock clock) {
        return new RecurringWork(
                "endpoint-retention",
                Duration.ofHours(1),
                RecurringWork.LONG,
                () -> {
                    Instant before = clock.instant().minus(KEPT);
                    for (long workspace : workspaces.ids()) {
                        WorkspaceScope.run(
                                workspace, () -> forget(deliveries, transaction, before));
                    }
                });
    }

    private static void forget(
            DeliveryStore deliveries, TransactionTemplate transaction, Instant before) {
        int forgotten = AT_ONCE;
        while (forgotten == AT_ONCE && !Thread.currentThread().isInterrupted()) {
            forgotten =
                    Objects.requireNonNull(
                            transaction.execute(_ -> deliveries.forget(before, AT_ONCE)));
        }
    }
}
