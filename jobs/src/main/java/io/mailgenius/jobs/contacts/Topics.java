package io.mailgenius.jobs.contacts;

import io.mailgenius.engine.tenancy.AutocommitRead;
import io.mailgenius.jobs.workspaces.Page;
import io.mailgenius.jobs.workspaces.Refusal;
import io.mailgenius.schema.ConsentAct;
import java.time.Clock;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/**
 * The subjects of mails. A campaign with a topic skips contacts that do not want it; a campaign
 * without one skips nobody for this reason.
 */
@Component
@Transactional
public class Topics {

    static final int MAX_NAME = 200;
    static final int MAX_DESCRIPTION = 1_000;
    private static final int MOST = 200;

    private final TopicStore topics;
    private final ListStore members;
    private final ConsentStore consents;
    private final Contacts contacts;
    private final Clock clock;

    public Topics(JdbcClient jdbc, Contacts contacts, Clock clock) {
        this.topics = new TopicStore(jdbc);
        this.members = new ListStore(jdbc);
        this.consents = new ConsentStore(jdbc);
        this.contacts = contacts;
        this.clock = clock;
    }

    /**
     * @throws Refusal.Conflict {@code topic-exists}
     */
    public TopicView create(TopicDraft draft) {
        if (draft.name() == null) {
            throw new Refusal.Invalid("topic-name-invalid", "A topic needs a name.");
        }
        TopicDraft checked = checked(draft);
        try {
            return topics.insert(checked);
        } catch (DuplicateKeyException e) {
            throw exists(checked.name());
        }
    }

    @AutocommitRead
    public TopicView find(long id) {
        return topics.find(id).orElseThrow(() -> notFound(id));
    }

    /**
     * @param after the last id of the previous page; 0 for the first page
     */
    @AutocommitRead
    public Page<TopicView> page(long after, int limit) {
        return Page.of(topics.page(after, Page.rows(limit)), limit, TopicView::id);
    }

    /** Null properties of the draft stay unchanged. */
    public TopicView update(long id, TopicDraft draft) {
        TopicDraft checked = checked(draft);
        try {
            return topics.update(id, checked).orElseThrow(() -> notFound(id));
        } catch (DuplicateKeyException e) {
            throw exists(checked.name());
        }
    }

    /**
     * Deletes the topic and all choices about it.
     *
     * @throws Refusal.Conflict {@code topic-in-use} if a campaign names it
     */
    public void delete(long id) {
        try {
            if (!topics.delete(id)) {
                throw notFound(id);
            }
        } catch (DataIntegrityViolationException e) {
            throw new Refusal.Conflict(
                    "topic-in-use",
                    String.format(
                            Locale.ROOT,
                            "Campaigns name topic %d: without it they would reach those who opted out. Make it not public instead.",
                            id));
        }
    }

    /** All topics, and whether the contact gets mails about each. */
    @AutocommitRead
    public List<TopicChoice> of(long contactId) {
        contacts.find(contactId);
        return topics.choices(contactId, MOST);
    }

    /** Records choices that somebody else makes for the contacts; the history names the source. */
    public Membership choose(
            long topicId, Collection<Long> contactIds, boolean wanted, String source) {
        Set<Long> ids = new LinkedHashSet<>(Lists.bounded(contactIds));
        Set<Long> known = members.known(ids);
        return Lists.outcome(ids, known, choose(find(topicId), known, wanted, source));
    }

    /** The same by address. */
    public Membership chooseByEmail(
            long topicId, Collection<String> emails, boolean wanted, String source) {
        Set<String> given = Lists.bounded(emails);
        Map<String, Long> known = members.known(Lists.addresses(given));
        return Lists.outcome(
                given, known.keySet(), choose(find(topicId), known.values(), wanted, source));
    }

    private int choose(
            TopicView topic, Collection<Long> contactIds, boolean wanted, String source) {
        List<Long> changed = topics.choose(topic.id(), contactIds, wanted);
        consents.insertAll(
                changed,
                ConsentAct.CHOSE,
                source,
                "topic \"%s\" %s".formatted(topic.name(), wanted ? "on" : "off"),
                clock.instant());
        return changed.size();
    }

    private static TopicDraft checked(TopicDraft draft) {
        String name = draft.name() == null ? null : draft.name().strip();
        if (name != null
                && (name.isEmpty() || name.length() > MAX_NAME || name.indexOf('\0') >= 0)) {
            throw new Refusal.Invalid(
                    "topic-name-invalid",
                    "A topic needs a name of 1 to " + MAX_NAME + " characters.");
        }
        String description = draft.description() == null ? null : draft.description().strip();
        if (description != null
                && (description.length() > MAX_DESCRIPTION || description.indexOf('\0') >= 0)) {
            throw new Refusal.Invalid(
                    "topic-description-invalid",
                    String.format(
                            Locale.ROOT,
                            "A description has at most %,d characters.",
                            MAX_DESCRIPTION));
        }
        return new TopicDraft(name, description, draft.open(), draft.optIn());
    }

    private static Refusal notFound(long id) {
        return new Refusal.NotFound("topic", id);
    }

    private static Refusal exists(@Nullable String name) {
        return new Refusal.Conflict(
                "topic-exists", "There is a topic \"" + name + "\" already; choose another name.");
    }
}
