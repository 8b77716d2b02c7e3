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
 * What a person who holds a link from a mail may see and say. The link is the proof of who it is;
 * nothing here asks for more, so nothing here shows more than the person's own choices.
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

    /** Whether mails come, and whether the person can change that. */
    public enum Standing {
        SUBSCRIBED,
        /** Somebody put the address into a form, and nobody has confirmed it yet. */
        PENDING,
        /** Unsubscribed by their own word, which they can take back. */
        LEFT,
        /** Complained, bounced, or suppressed by hand: not theirs to change. */
        BARRED
    }

    /** A public list. */
    public record ListChoice(long id, String name, boolean member) {}

    /**
     * @param email with most letters hidden: whoever a mail was forwarded to has its link
     * @param topics the public ones
     */
    public record Shown(
            String email, Standing standing, List<ListChoice> lists, List<TopicChoice> topics) {}

    /**
     * A filled-in page. Only what it had is meant: what became public since was never said no to.
     *
     * @param lists those of the shown ones that are ticked
     */
    public record Answer(
            Set<Long> shownLists, Set<Long> lists, Set<Long> shownTopics, Set<Long> topics) {}

    /**
     * The contact that a mail concerns: who has the address that was mailed, also if the contact of
     * then was deleted and made anew, or has another one by now; else the contact of then.
     *
     * @param email that was mailed, if the link tells
     */
    @AutocommitRead
    public long whose(long contactId, @Nullable String email) {
        return EmailAddress.parse(email) instanceof EmailAddress address
                ? contacts.find(address).map(ContactView::id).orElse(contactId)
                : contactId;
    }

    /** Nothing if the contact is not there any more. */
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
     * @return whether the contact is there
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
     * Takes an unsubscription back. A second time changes nothing.
     *
     * @return whether mails come again
     */
    public boolean comeBack(long contactId, ConsentEvidence evidence) {
        Optional<ContactView> known = contacts.find(contactId);
        if (known.isEmpty()) {
            return false;
        }
        EmailAddress email = new EmailAddress(known.get().email());
        // Suppressions before contacts, as whoever suppresses takes them.
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
