package io.mailgenius.jobs.contacts;

import io.mailgenius.engine.tenancy.AutocommitRead;
import io.mailgenius.jobs.contacts.addresses.EmailAddress;
import io.mailgenius.jobs.workspaces.Page;
import io.mailgenius.jobs.workspaces.Refusal;
import io.mailgenius.schema.ConsentAct;
import io.mailgenius.schema.ContactStatus;
import io.mailgenius.schema.SuppressionReason;
import java.time.Clock;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/**
 * Who has agreed to be mailed, and how that is proven. Whoever unsubscribed may come back by their
 * own word; after a complaint, a hard bounce or a suppression by hand nobody's word but an
 * operator's will do.
 */
@Component
@Transactional
public class Consents {

    private final ContactStore contacts;
    private final SuppressionStore suppressions;
    private final ListStore lists;
    private final TopicStore topics;
    private final ConsentStore consents;
    private final Clock clock;

    public Consents(JdbcClient jdbc, Clock clock) {
        this.contacts = new ContactStore(jdbc);
        this.suppressions = new SuppressionStore(jdbc);
        this.lists = new ListStore(jdbc);
        this.topics = new TopicStore(jdbc);
        this.consents = new ConsentStore(jdbc);
        this.clock = clock;
    }

    /** Why an address may not come back by its owner's word, or nothing if it may. */
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
     * @throws Refusal.Invalid if a contact cannot be like that
     */
    public EmailAddress checked(ContactDraft draft) {
        return ContactFields.of(draft, ContactStatus.PENDING).email();
    }

    /**
     * Makes a contact that waits for its confirmation. One that is there stays as it is: a form
     * proves nothing.
     */
    public void expect(EmailAddress email) {
        contacts.insert(ContactFields.of(ContactDraft.of(email.value()), ContactStatus.PENDING));
    }

    /**
     * Nobody has answered for these addresses. Contacts that {@link #expect} made of them go,
     * unless something else is known of them by now.
     */
    public void forget(Collection<String> emails) {
        contacts.deleteAll(contacts.expectedOnly(emails));
    }

    /**
     * The person is subscribed, with the proof of it. Of who was subscribed before only lists and
     * topics change: what stands in a form about them was typed by anybody.
     *
     * @return whether that was possible; not if the address has been barred since
     */
    public boolean confirm(Subscription confirmed, ConsentEvidence evidence) {
        EmailAddress email = confirmed.email();
        // Suppressions before contacts, as whoever suppresses takes them.
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
            // One that was deleted since the form named it is nothing to be on.
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
     * What a contact has said, the newest first; of one that was deleted as well, since the proof
     * outlives it.
     *
     * @param after the id after which to read on; 0 at the start
     */
    @AutocommitRead
    public Page<ConsentView> page(long contactId, long after, int limit) {
        return Page.of(consents.page(contactId, after, Page.rows(limit)), limit, ConsentView::id);
    }
}
