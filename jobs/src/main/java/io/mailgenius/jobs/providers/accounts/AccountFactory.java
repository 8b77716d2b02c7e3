package io.mailgenius.jobs.providers.accounts;

import io.mailgenius.jobs.providers.Provider;
import io.mailgenius.jobs.providers.SenderDomains;

/** Opens accounts at the provider that this installation sends through. */
public interface AccountFactory {

    /**
     * Does not call the provider.
     *
     * @param apiKey the same key is the same account, whose rate is shared by everybody who has it
     * @param rate requests per second that the account allows, all nodes together; 0 for no limit
     */
    OpenAccount open(String apiKey, int rate);

    /**
     * @param close releases connections; calls in progress are completed
     */
    record OpenAccount(Provider provider, SenderDomains domains, Runnable close) {}
}
