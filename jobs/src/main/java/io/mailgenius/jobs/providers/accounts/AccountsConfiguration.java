package io.mailgenius.jobs.providers.accounts;

import io.mailgenius.engine.launching.RecurringWork;
import io.mailgenius.engine.observation.Traces;
import io.mailgenius.jobs.providers.ObservedProvider;
import io.mailgenius.jobs.providers.Provider;
import io.mailgenius.jobs.providers.SenderDomains;
import io.mailgenius.jobs.providers.accounts.AccountFactory.OpenAccount;
import io.mailgenius.jobs.secrets.SecretEncryption;
import io.mailgenius.jobs.workspaces.Workspaces;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.time.Duration;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.transaction.support.TransactionTemplate;

@Configuration(proxyBeanMethods = false)
class AccountsConfiguration {

    /** Without a factory, as with a simulated provider, every account is the installation's. */
    @Bean
    ProviderAccounts providerAccounts(
            AccountStore store,
            SecretEncryption encryption,
            Provider provider,
            SenderDomains domains,
            ObjectProvider<AccountFactory> factory,
            Workspaces workspaces,
            TransactionTemplate transaction,
            ObjectProvider<MeterRegistry> meters,
            ObjectProvider<Traces> traces,
            Clock clock) {
        OpenAccount installation = new OpenAccount(provider, domains, () -> {});
        MeterRegistry measured = meters.getIfAvailable(SimpleMeterRegistry::new);
        Traces traced = traces.getIfAvailable(Traces::none);
        return new ProviderAccounts(
                store,
                encryption,
                installation,
                factory.getIfAvailable(() -> (_, _) -> installation),
                of -> new ObservedProvider(of, measured, traced),
                workspaces,
                transaction,
                clock);
    }

    @Bean
    RecurringWork retiredAccounts(ProviderAccounts accounts) {
        return new RecurringWork("retired-accounts", Duration.ofHours(1), accounts::forget);
    }
}
