package io.mailgenius.jobs.contacts;

import io.mailgenius.engine.tenancy.AutocommitRead;
import io.mailgenius.jobs.contacts.addresses.EmailAddress;
import io.mailgenius.jobs.workspaces.Page;
import io.mailgenius.jobs.workspaces.Refusal;
import io.mailgenius.schema.ContactStatus;
import io.mailgenius.schema.SuppressionReason;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/**
 * Addresses that get no mail. Suppressions outlive contacts and also apply to addresses that are
 * imported later. Campaigns check them when they send, so a suppression has effect at once.
 */
@Component
@Transactional
public class Suppressions {

    /** The highest number of addresses per call of {@link #addAll}. */
    public static final int BATCH = 10_000;

    private final SuppressionStore suppressions;

    public Suppressions(JdbcClient jdbc) {
        this.suppressions = new SuppressionStore(jdbc);
    }

    /** The status of a contact whose address is suppressed for this reason. */
    public static ContactStatus status(SuppressionReason reason) {
        return switch (reason) {
            case UNSUBSCRIBED, MANUAL -> ContactStatus.UNSUBSCRIBED;
            case BOUNCED -> ContactStatus.BOUNCED;
            case COMPLAINED -> ContactStatus.COMPLAINED;
        };
    }

    /**
     * Suppresses the address and updates the status of its contact. Of several reasons the
     * strongest stays: complaint, bounce, unsubscription, manual.
     */
    public SuppressionView add(String email, SuppressionReason reason, String source) {
        EmailAddress address = EmailAddress.required(email);
        addAll(List.of(address), reason, source);
        return suppressions.find(address).orElseThrow();
    }

    /** The same for many addresses, in any order, duplicates permitted. */
    public void addAll(
            Collection<EmailAddress> addresses, SuppressionReason reason, String source) {
        if (addresses.size() > BATCH) {
            throw new Refusal.Invalid(
                    "too-many-addresses",
                    "%,d addresses are too many; send at most %,d at a time."
                            .formatted(addresses.size(), BATCH));
        }
        // Sorted, so that concurrent calls with the same addresses lock them in the same order
        // and cannot deadlock.
        String[] sorted =
                addresses.stream()
                        .map(EmailAddress::value)
                        .distinct()
                        .sorted()
                        .toArray(String[]::new);
        suppressions.add(sorted, reason, source);
    }

    /**
     * Suppresses the current addresses of these contacts; deleted contacts have none. Joins the
     * caller's transaction, so that an event and its consequence commit together.
     */
    public void suppressContacts(
            Collection<Long> contactIds, SuppressionReason reason, String source) {
        suppressions.add(suppressions.addresses(contactIds.toArray(Long[]::new)), reason, source);
    }

    @AutocommitRead
    public Optional<SuppressionView> find(EmailAddress email) {
        return suppressions.find(email);
    }

    /**
     * @param after the last address of the previous page; null for the first page
     * @param limit 1 to {@value Page#LIMIT}
     */
    @AutocommitRead
    public Page<SuppressionView> page(@Nullable String after, int limit) {
        return Page.of(
                suppressions.page(after == null ? "" : after, Page.rows(limit)),
                limit,
                SuppressionView::email);
    }

    /**
     * As {@link #remove}, if the suppression has this source. Joins the caller's transaction.
     *
     * @return whether it was removed
     */
    public boolean removeFrom(EmailAddress email, String source) {
        return suppressions.remove(email, source);
    }

    /**
     * Removes the suppression. The status of its contact stays, because subscribing it is a
     * separate decision.
     */
    public void remove(EmailAddress email) {
        if (!suppressions.remove(email)) {
            throw new Refusal.NotFound("suppression", email.value());
        }
    }
}
