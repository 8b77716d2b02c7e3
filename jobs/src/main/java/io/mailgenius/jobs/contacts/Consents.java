package io.mailgenius.jobs.contacts;

import io.mailgenius.engine.tenancy.AutocommitRead;
import io.mailgenius.jobs.contacts.addresses.EmailAddress;
import io.mailgenius.jobs.contacts.erased.ErasedAddresses;
import io.mailgenius.jobs.secrets.SecretEncryption;
import io.mailgenius.jobs.workspaces.Page;
import io.mailgenius.jobs.workspaces.Refusal;
import io.mailgenius.schema.ConsentAct;
import io.mailgenius.schema.ContactStatus;
import io.mailgenius.schema.SuppressionReason;
import java.time.Clock;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/**
 * Records consent and its proof. A person who unsubscribed can subscribe again; after a complaint,
 * a hard bounce or a manual suppression only an operator can permit mail again.
 */
@Component
@Transactional
public class Consents {

    private final ContactStore contacts;
    private final SuppressionStore suppressions;
    private final ListStore lists;
    private final TopicStore topics;
    private final ConsentStore consents;
    private final ErasedAddresses erased;
    private final Clock clock;

    public Consents(JdbcClient jdbc, ObjectProvider<SecretEncryption> encryption, Clock clock) {
        this.erased = new ErasedAddresses(jdbc, encryption);
        this.contacts = new ContactStore(jdbc);
        this.suppressions = new SuppressionStore(jdbc);
        this.lists = new ListStore(jdbc);
        this.topics = new TopicStore(jdbc);
        this.consents = new ConsentStore(jdbc);
        this.clock = clock;
    }

    /** Whether the address was erased: then nothing about it is stored any more. */
    public boolean isErased(EmailAddress email) {
        return !erased.among(List.of(email.value())).isEmpty();
    }

    /** The reason why the owner of an address cannot subscribe it again; empty if they can. */
    @AutocommitRead
    public Optional<String> bar(EmailAddress email) {
        return bar(
                suppressions.find(email).map(SuppressionView::reason),
                contacts.find(email).map(ContactView::status));
    }

    static Optional<String> bar(
            Optional<SuppressionReason> suppressed, Optional<ContactStatus> status) {
        return suppressed
                .filter(reason -> reason != SuppressionReason.UNSUBSCRIBED)
                .map(reason -> "suppressed: " + reason)
                .or(() -> status.filter(Consents::isBarred).map(is -> "contact is " + is));
    }

    private static boolean isBarred(ContactStatus status) {
        return status == ContactStatus.BOUNCED || status == ContactStatus.COMPLAINED;
    }

    /**
     * @throws Refusal.Invalid if the draft is not valid
     */
    public EmailAddress checked(ContactDraft draft) {
        return ContactFields.of(draft, ContactStatus.PENDING).email();
    }

    /**
     * Creates a contact that is not confirmed yet. An existing contact stays unchanged, because a
     * submitted form proves nothing.
     */
    public void expect(EmailAddress email) {
        contacts.insert(ContactFields.of(ContactDraft.of(email.value()), ContactStatus.PENDING));
    }

    /**
     * Removes the contacts that {@link #expect} created for addresses that were never confirmed,
     * unless something else is known about them.
     */
    public void forget(Collection<String> emails) {
        contacts.deleteAll(contacts.expectedOnly(emails));
    }

    /**
     * Subscribes the person and stores the proof. For an existing subscriber only lists and topics
     * change, because anybody could have typed the other fields of the form.
     *
     * @return false if the address has been suppressed since, and nothing changed
     */
    public boolean confirm(Subscription confirmed, ConsentEvidence evidence) {
        EmailAddress email = confirmed.email();
        if (isErased(email)) {
            return false;
        }
        // Locks suppressions before contacts, in the same order as adding a suppression.
        Optional<SuppressionReason> suppressed = suppressions.lock(email);
        expect(email);
        ContactView before =
                contacts.findForUpdate(contacts.find(email).orElseThrow().id()).orElseThrow();
        if (bar(suppressed, Optional.of(before.status())).isPresent()) {
            return false;
        }
        if (suppressed.isPresent()) {
            suppressions.remove(email);
        }
        if (before.status() != ContactStatus.SUBSCRIBED) {
            contacts.update(before.id(), ContactFields.subscribed(before, confirmed));
        }
        List<Long> one = List.of(before.id());
        for (Long list : confirmed.listIds()) {
            // The list may have been deleted since the form named it.
            if (lists.lock(list)) {
                lists.add(list, one);
            }
        }
        confirmed.topicIds().forEach(topic -> topics.choose(topic, one, true));
        consents.insert(
                before,
                ConsentAct.CONFIRMED,
                confirmed.source(),
                "confirmed " + confirmed.source(),
                confirmed.agreed(),
                evidence,
                clock.instant());
        return true;
    }

    /**
     * The consent history of a contact, the newest first. It includes deleted contacts, because
     * proofs outlive them.
     *
     * @param after the last id of the previous page; 0 for the first page
     */
    @AutocommitRead
    public Page<ConsentView> page(long contactId, long after, int limit) {
        return Page.of(consents.page(contactId, after, Page.rows(limit)), limit, ConsentView::id);
    }
}
