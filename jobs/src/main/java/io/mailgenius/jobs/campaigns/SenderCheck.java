package io.mailgenius.jobs.campaigns;

import io.mailgenius.jobs.providers.SenderDomains;
import io.mailgenius.jobs.providers.SenderDomains.Answer;
import io.mailgenius.jobs.providers.accounts.ProviderAccounts;
import io.mailgenius.jobs.providers.domains.DomainProofs;
import io.mailgenius.jobs.templates.Finding;
import io.mailgenius.jobs.templates.Finding.Severity;
import io.mailgenius.jobs.workspaces.Refusal;
import java.util.Optional;
import org.springframework.stereotype.Component;

/**
 * Whether this workspace may send from an address: the account of its mails accepts the domain, and
 * the domain is its own. That a domain of its own account is its own goes without saying; one of
 * the installation's account needs a proof. Asks the provider and the DNS, which takes seconds:
 * call it outside of any transaction.
 */
@Component
public final class SenderCheck {

    private final ProviderAccounts accounts;
    private final DomainProofs proofs;

    SenderCheck(ProviderAccounts accounts, DomainProofs proofs) {
        this.accounts = accounts;
        this.proofs = proofs;
    }

    /**
     * @param from an address, or {@code Name <address>}
     * @return empty if there is nothing to say
     */
    public Optional<Finding> finding(String from) {
        SenderDomains domains = accounts.domains();
        Optional<Finding> found = FromDomain.finding(from, domains);
        if (found.filter(it -> it.severity() == Severity.ERROR).isPresent()
                || domains.ask() instanceof Answer.Every
                || accounts.own()) {
            return found;
        }
        String domain = FromDomain.of(from);
        return proofs.missing(domain)
                .map(
                        wanted ->
                                new Finding(
                                        "from-domain-not-proven",
                                        Severity.ERROR,
                                        "The domain %s is not proven to be this workspace's: set the DNS record %s TXT \"%s\", wait until it is published, and try again."
                                                .formatted(domain, wanted.name(), wanted.value()),
                                        "from"))
                .or(() -> found);
    }

    /**
     * @throws Refusal.Invalid {@code campaign-not-sound} with what to do, unless it may be sent
     */
    public void require(String from) {
        PreflightCheck.require(finding(from).stream().toList());
    }
}
