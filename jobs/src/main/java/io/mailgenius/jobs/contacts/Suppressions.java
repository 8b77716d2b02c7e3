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
 * Addresses that are not mailed. They outlive the contact and hold for one that is not yet
 * imported. A campaign asks here at the moment it mails, so a suppression counts at once.
 */
@Component
@Transactional
public class Suppressions {

    /** As many as go into one call of {@link #addAll}. */
    public static final int BATCH = 10_000;

    private final SuppressionStore suppressions;

    public Suppressions(JdbcClient jdbc) {
        this.suppressions = new SuppressionStore(jdbc);
    }

    /** What a contact becomes whose address is suppressed for this reason. */
    public static ContactStatus status(SuppressionReason reason) {
        return switch (reason) {
            case UNSUBSCRIBED, MANUAL -> ContactStatus.UNSUBSCRIBED;
            case BOUNCED -> ContactStatus.BOUNCED;
            case COMPLAINED -> ContactStatus.COMPLAINED;
        };
    }

    /**
     * From now on the address is not mailed; the contact that has it gets the status that goes with
     * the reason. Of several reasons the weightiest stays: a complaint over a bounce over an
     * unsubscription over a decision made by hand.
     */
    public SuppressionView add(String email, SuppressionReason reason, String source) {
        EmailAddress address = EmailAddress.required(email);
        addAll(List.of(address), reason, source);
        return suppressions.find(address).orElseThrow();
    }

    /** The same for many addresses at once, in any order, some of them perhaps twice. */
    public void addAll(
            Collection<EmailAddress> addresses, SuppressionReason reason, String source) {
        if (addresses.size() > BATCH) {
            throw new Refusal.Invalid(
                    "too-many-addresses",
                    "%,d addresses are too many; send at most %,d at a time."
                            .formatted(addresses.size(), BATCH));
        }
        // In one order, so that two that add the same addresses wait for each other and not in a
        // ring.
        String[] sorted =
                addresses.stream()
                        .map(EmailAddress::value)
                        .distinct()
                        .sorted()
                        .toArray(String[]::new);
        suppressions.add(sorted, reason, source);
    }

    /**
     * The addresses that these contacts have now; one that was deleted has none any more. Joins the
     * caller's transaction, so that what happened and what follows from it are written together.
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
     * @param after the address after which to read on, or null at the start
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
     * As {@link #remove}, if that is where the suppression came from. Joins the caller's
     * transaction.
     *
     * @return whether it did
     */
    public boolean removeFrom(EmailAddress email, String source) {
        return suppressions.remove(email, source);
    }

    /**
     * The address may be mailed again, but its contact stays as it is: subscribing it is a decision
     * of its own.
     */
    public void remove(EmailAddress email) {
        if (!suppressions.remove(email)) {
            throw new Refusal.NotFound("suppression", email.value());
        }
    }
}
