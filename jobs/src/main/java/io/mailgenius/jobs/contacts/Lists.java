package io.mailgenius.jobs.contacts;

import io.mailgenius.engine.tenancy.AutocommitRead;
import io.mailgenius.jobs.contacts.addresses.EmailAddress;
import io.mailgenius.jobs.workspaces.Page;
import io.mailgenius.jobs.workspaces.Refusal;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/**
 * Static lists of contacts, filled manually, by an import or by a form, in contrast to segments.
 */
@Component
@Transactional
public class Lists {

    /** The highest number of members per call. */
    public static final int BATCH = 10_000;

    /** The highest length of a name in characters. */
    public static final int MAX_NAME = 200;

    private final ListStore lists;

    public Lists(JdbcClient jdbc) {
        this.lists = new ListStore(jdbc);
    }

    /**
     * @throws Refusal.Conflict {@code list-exists}
     */
    public ListView create(String name) {
        return create(name, false);
    }

    /**
     * @param open whether people can join and leave it on the page of preferences
     * @throws Refusal.Conflict {@code list-exists}
     */
    public ListView create(String name, boolean open) {
        String checked = name(name);
        return lists.insert(checked, open).orElseThrow(() -> exists(checked));
    }

    @AutocommitRead
    public ListView find(long id) {
        return lists.find(id).orElseThrow(() -> new Refusal.NotFound("list", id));
    }

    /**
     * @param after the last id of the previous page; 0 for the first page
     */
    @AutocommitRead
    public Page<ListView> page(long after, int limit) {
        return Page.of(lists.page(after, Page.rows(limit)), limit, ListView::id);
    }

    /**
     * @param name null for no change
     * @param open null for no change
     */
    public ListView update(long id, @Nullable String name, @Nullable Boolean open) {
        String checked = name == null ? null : name(name);
        try {
            if (!lists.update(id, checked, open)) {
                throw new Refusal.NotFound("list", id);
            }
        } catch (DuplicateKeyException e) {
            throw exists(String.valueOf(checked));
        }
        return find(id);
    }

    /** Deletes the list and its memberships; the contacts stay. */
    public void delete(long id) {
        if (!lists.delete(id)) {
            throw new Refusal.NotFound("list", id);
        }
    }

    public Membership add(long listId, Collection<Long> contactIds) {
        Set<Long> ids = bounded(contactIds);
        lock(listId);
        return outcome(ids, lists.known(ids), lists.add(listId, ids));
    }

    public Membership addByEmail(long listId, Collection<String> emails) {
        Set<String> given = bounded(emails);
        lock(listId);
        var known = lists.known(addresses(given));
        return outcome(given, known.keySet(), lists.add(listId, known.values()));
    }

    public Membership remove(long listId, Collection<Long> contactIds) {
        Set<Long> ids = bounded(contactIds);
        lock(listId);
        return outcome(ids, lists.known(ids), lists.remove(listId, ids));
    }

    public Membership removeByEmail(long listId, Collection<String> emails) {
        Set<String> given = bounded(emails);
        lock(listId);
        var known = lists.known(addresses(given));
        return outcome(given, known.keySet(), lists.remove(listId, known.values()));
    }

    /** Locks the list, so that it is not deleted while members are added. */
    private void lock(long listId) {
        if (!lists.lock(listId)) {
            throw new Refusal.NotFound("list", listId);
        }
    }

    static <T> Set<T> bounded(Collection<T> members) {
        if (members.size() > BATCH) {
            throw new Refusal.Invalid(
                    "too-many-members",
                    String.format(
                            Locale.ROOT,
                            "%,d members are too many; send at most %,d at a time.",
                            members.size(),
                            BATCH));
        }
        return new LinkedHashSet<>(members);
    }

    /** Maps each given text to its address; two spellings of one address name the same contact. */
    static Map<String, String> addresses(Set<String> given) {
        return given.stream()
                .flatMap(
                        text ->
                                EmailAddress.parse(text) instanceof EmailAddress address
                                        ? Stream.of(Map.entry(text, address.value()))
                                        : Stream.empty())
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    static <T> Membership outcome(Set<T> given, Set<T> known, int changed) {
        List<String> unknown =
                given.stream().filter(one -> !known.contains(one)).map(Object::toString).toList();
        return new Membership(changed, given.size() - unknown.size() - changed, unknown);
    }

    private static String name(String name) {
        String stripped = name.strip();
        if (stripped.isEmpty() || stripped.length() > MAX_NAME || stripped.indexOf('\0') >= 0) {
            throw new Refusal.Invalid(
                    "list-name-invalid",
                    "A list needs a name of 1 to " + MAX_NAME + " characters.");
        }
        return stripped;
    }

    private static Refusal exists(String name) {
        return new Refusal.Conflict(
                "list-exists", "There is a list \"" + name + "\" already; choose another name.");
    }
}
