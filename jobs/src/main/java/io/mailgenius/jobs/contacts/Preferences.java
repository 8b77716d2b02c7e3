package io.mailgenius.jobs.contacts;

import io.mailgenius.engine.tenancy.AutocommitRead;
import io.mailgenius.jobs.contacts.addresses.EmailAddress;
import io.mailgenius.schema.ConsentAct;
import io.mailgenius.schema.SuppressionReason;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/**
 * The choices that a person can see and change through a link in a mail. The link is the only
 * authentication, so nothing but these choices is shown.
 */
@Component
@Transactional
public class Preferences {

    static final String SOURCE = "preferences page";

    private static final int MOST = 200;

    private final ContactStore contacts;
    private final SuppressionStore suppressions;
    private final ListStore lists;
    private final TopicStore topics;
    private final ConsentStore consents;
    private final Clock clock;

    public Preferences(JdbcClient jdbc, Clock clock) {
        this.contacts = new ContactStore(jdbc);
        this.suppressions = new SuppressionStore(jdbc);
        this.lists = new ListStore(jdbc);
        this.topics = new TopicStore(jdbc);
        this.consents = new ConsentStore(jdbc);
        this.clock = clock;
    }

    /** Whether the person gets mails, and whether they can change that. */
    public enum Standing {
        SUBSCRIBED,
        /** The address was submitted in a form and is not confirmed yet. */
        PENDING,
        /** Unsubscribed by the person, who can subscribe again. */
        LEFT,
        /** Complained, bounced, or suppressed manually; the person cannot change this. */
        BARRED
    }

    /** A public list and whether the contact is a member. */
    public record ListChoice(long id, String name, boolean member) {}

    /**
     * @param email with most characters masked, because a forwarded mail contains the link too
     * @param topics the public topics
     */
    public record Shown(
            String email, Standing standing, List<ListChoice> lists, List<TopicChoice> topics) {}

    /**
     * A submitted page. It changes only what it showed: lists and topics that became public since
     * are not affected.
     *
     * @param lists the shown lists that are selected
     */
    public record Answer(
            Set<Long> shownLists, Set<Long> lists, Set<Long> shownTopics, Set<Long> topics) {}

    /**
     * The contact that a mail was sent to: the contact that has the mailed address now, even if it
     * was deleted and created again; otherwise the contact with the id in the link.
     *
     * @param email the mailed address, if the link contains it
     */
    @AutocommitRead
    public long whose(long contactId, @Nullable String email) {
        return EmailAddress.parse(email) instanceof EmailAddress address
                ? contacts.find(address).map(ContactView::id).orElse(contactId)
                : contactId;
    }

    /** Empty if the contact does not exist any more. */
    @AutocommitRead
    public Optional<Shown> find(long contactId) {
        return contacts.find(contactId)
                .map(
                        contact ->
                                new Shown(
                                        masked(contact.email()),
                                        standing(contact),
                                        lists.open(contactId, MOST),
                                        openTopics(contactId)));
    }

    private List<TopicChoice> openTopics(long contactId) {
        return topics.choices(contactId, MOST).stream()
                .filter(choice -> choice.topic().open())
                .toList();
    }

    private Standing standing(ContactView contact) {
        Optional<SuppressionReason> suppressed =
                suppressions.find(new EmailAddress(contact.email())).map(SuppressionView::reason);
        if (Consents.bar(suppressed, Optional.of(contact.status())).isPresent()) {
            return Standing.BARRED;
        }
        if (suppressed.isPresent()) {
            return Standing.LEFT;
        }
        return switch (contact.status()) {
            case BOUNCED, COMPLAINED -> Standing.BARRED;
            case UNSUBSCRIBED -> Standing.LEFT;
            case PENDING -> Standing.PENDING;
            case SUBSCRIBED -> Standing.SUBSCRIBED;
        };
    }

    static String masked(String email) {
        return email.charAt(0) + "…" + email.substring(email.lastIndexOf('@'));
    }

    /**
     * @return whether the contact exists
     */
    public boolean choose(long contactId, Answer answer, ConsentEvidence evidence) {
        Optional<ContactView> contact = contacts.findForUpdate(contactId);
        contact.ifPresent(present -> choose(present, answer, evidence));
        return contact.isPresent();
    }

    private void choose(ContactView contact, Answer answer, ConsentEvidence evidence) {
        List<Long> one = List.of(contact.id());
        List<String> words = new ArrayList<>();
        for (ListChoice list : lists.open(contact.id(), MOST)) {
            boolean wanted = answer.lists().contains(list.id());
            if (answer.shownLists().contains(list.id())
                    && wanted != list.member()
                    && lists.lock(list.id())) {
                int changed = wanted ? lists.add(list.id(), one) : lists.remove(list.id(), one);
                if (changed > 0) {
                    words.add("list \"%s\" %s".formatted(list.name(), wanted ? "on" : "off"));
                }
            }
        }
        for (TopicChoice choice : openTopics(contact.id())) {
            long topic = choice.topic().id();
            boolean wanted = answer.topics().contains(topic);
            if (answer.shownTopics().contains(topic)
                    && !topics.choose(topic, one, wanted).isEmpty()) {
                words.add(
                        "topic \"%s\" %s".formatted(choice.topic().name(), wanted ? "on" : "off"));
            }
        }
        if (!words.isEmpty()) {
            consents.insert(
                    contact,
                    ConsentAct.CHOSE,
                    SOURCE,
                    String.join(", ", words),
                    null,
                    evidence,
                    clock.instant());
        }
    }

    /**
     * Reverts an unsubscription. Repeating this changes nothing.
     *
     * @return whether the person gets mails again
     */
    public boolean comeBack(long contactId, ConsentEvidence evidence) {
        Optional<ContactView> known = contacts.find(contactId);
        if (known.isEmpty()) {
            return false;
        }
        EmailAddress email = new EmailAddress(known.get().email());
        // Locks suppressions before contacts, in the same order as adding a suppression.
        suppressions.lock(email);
        ContactView contact = contacts.findForUpdate(contactId).orElse(known.get());
        if (standing(contact) != Standing.LEFT) {
            return standing(contact) == Standing.SUBSCRIBED;
        }
        suppressions.remove(email);
        contacts.update(contactId, ContactFields.subscribed(contact));
        consents.insert(
                contact,
                ConsentAct.RETURNED,
                SOURCE,
                "subscribed again by themself",
                null,
                evidence,
                clock.instant());
        return true;
    }
}
