package io.mailgenius.jobs.campaigns;

import io.mailgenius.jobs.contacts.addresses.DomainName;
import io.mailgenius.jobs.contacts.addresses.EmailAddress;
import io.mailgenius.jobs.contacts.addresses.MalformedAddress;
import io.mailgenius.jobs.providers.SenderDomains;
import io.mailgenius.jobs.providers.SenderDomains.Answer;
import io.mailgenius.jobs.providers.SenderDomains.Domain;
import io.mailgenius.jobs.templates.Finding;
import io.mailgenius.jobs.templates.Finding.Severity;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Checks the domain of a campaign's sender, since the provider refuses every mail from another one.
 */
final class FromDomain {

    private static final String NOT_VERIFIED = "from-domain-not-verified";

    private FromDomain() {}

    /**
     * @param from an address, or {@code Name <address>}
     */
    static Optional<Finding> finding(String from, SenderDomains domains) {
        String domain = of(from);
        Optional<Finding> found = finding(domain, domains.ask());
        return found.filter(it -> it.severity() == Severity.ERROR).isPresent()
                ? finding(domain, domains.askAgain())
                : found;
    }

    private static Optional<Finding> finding(String domain, Answer answer) {
        return switch (answer) {
            case Answer.Every(_) -> Optional.empty();
            case Answer.Listed(List<Domain> all) ->
                    all.stream()
                            .filter(it -> ascii(it.name()).equals(domain))
                            .findFirst()
                            .map(FromDomain::finding)
                            .orElseGet(() -> Optional.of(unknown(domain)));
            case Answer.NotAsked(String reason) ->
                    Optional.of(
                            new Finding(
                                    "domains-not-checked",
                                    Severity.WARNING,
                                    "Whether %s may send is not known: %s."
                                            .formatted(domain, reason),
                                    "from"));
        };
    }

    private static Optional<Finding> finding(Domain domain) {
        return switch (domain.standing()) {
            case SENDS -> Optional.empty();
            case SENDS_FOR_NOW ->
                    Optional.of(
                            new Finding(
                                    NOT_VERIFIED,
                                    Severity.WARNING,
                                    "The domain %s is %s: it sends for now; look at its DNS records at the provider before it does not."
                                            .formatted(domain.name(), domain.status()),
                                    "from"));
            case DOES_NOT_SEND ->
                    Optional.of(
                            new Finding(
                                    NOT_VERIFIED,
                                    Severity.ERROR,
                                    "The domain %s is %s: set the DNS records that the provider shows, and let it verify them."
                                            .formatted(domain.name(), domain.status()),
                                    "from"));
        };
    }

    private static Finding unknown(String domain) {
        return new Finding(
                NOT_VERIFIED,
                Severity.ERROR,
                "The provider's account has no domain %s: add it there, with exactly this name, or send from one that is verified."
                        .formatted(domain),
                "from");
    }

    /** A subdomain is a separate domain. */
    static String of(String from) {
        return switch (EmailAddress.parse(from)) {
            case EmailAddress address -> address.domain();
            case MalformedAddress _ -> ascii(from.substring(from.lastIndexOf('@') + 1).strip());
        };
    }

    static String ascii(String domain) {
        return DomainName.ascii(domain).orElseGet(() -> domain.toLowerCase(Locale.ROOT));
    }
}
