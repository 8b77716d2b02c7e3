package io.mailgenius.jobs.contacts;

import io.mailgenius.engine.tenancy.AutocommitRead;
import io.mailgenius.jobs.contacts.addresses.EmailAddress;
import io.mailgenius.jobs.contacts.erased.ErasedAddresses;
import io.mailgenius.jobs.secrets.SecretEncryption;
import io.mailgenius.jobs.workspaces.Page;
import io.mailgenius.jobs.workspaces.Refusal;
import io.mailgenius.jobs.workspaces.WorkspaceLimits;
import io.mailgenius.schema.ContactStatus;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;
import tools.jackson.databind.node.ObjectNode;

/**
 * The contacts of a workspace, one per address. A suppressed address cannot become {@code
 * SUBSCRIBED} here; its suppression must be removed explicitly first.
 */
@Component
@Transactional
public class Contacts {

    private final ContactStore contacts;
    private final SuppressionStore suppressions;
    private final ListStore lists;
    private final HistoryStore history;
    private final ObjectProvider<ContactParts> parts;
    private final ErasedAddresses erased;
    private final WorkspaceLimits limits;

    public Contacts(
            JdbcClient jdbc,
            ObjectProvider<ContactParts> parts,
            ObjectProvider<SecretEncryption> encryption) {
        this.erased = new ErasedAddresses(jdbc, encryption);
        this.limits = new WorkspaceLimits(jdbc);
        this.parts = parts;
        this.contacts = new ContactStore(jdbc);
        this.suppressions = new SuppressionStore(jdbc);
        this.lists = new ListStore(jdbc);
        this.history = new HistoryStore(jdbc);
    }

    /**
     * @throws Refusal.Conflict {@code contact-exists}, with the contact that has the address, or
     *     {@code contact-limit-reached}
     */
    public ContactView create(ContactDraft draft) {
        EmailAddress email = ContactFields.of(draft, ContactStatus.SUBSCRIBED).email();
        requirePresent(email.value(), erased.among(List.of(email.value())));
        requireRoom(email);
        return insert(draft);
    }

    /** The limit is locked before the contact, as imports lock them. */
    private void requireRoom(EmailAddress email) {
        try {
            limits.requireContacts(1);
        } catch (Refusal.Conflict full) {
            throw contacts.find(email).isPresent() ? exists(email) : full;
        }
    }

    /**
     * @throws Refusal.Conflict {@code address-is-erased}
     */
    private static void requirePresent(String email, Set<String> erased) {
        if (erased.contains(email)) {
            throw new Refusal.Conflict(
                    "address-is-erased",
                    "This address was erased at its owner's request and is not stored again.");
        }
    }

    private ContactView insert(ContactDraft draft) {
        ContactFields fields = ContactFields.of(draft, ContactStatus.SUBSCRIBED);
        Optional<ContactStatus> suppressed = suppressedStatus(fields.email());
        if (draft.status() == ContactStatus.SUBSCRIBED && suppressed.isPresent()) {
            throw suppressed(fields.email());
        }
        ContactStatus status =
                draft.status() != null
                        ? draft.status()
                        : suppressed.orElse(ContactStatus.SUBSCRIBED);
        requireFreeExternalId(fields.externalId(), 0);
        return contacts.insert(ContactFields.of(draft, status))
                .orElseThrow(() -> exists(fields.email()));
    }

    @AutocommitRead
    public ContactView find(long id) {
        return contacts.find(id).orElseThrow(() -> new Refusal.NotFound("contact", id));
    }

    @AutocommitRead
    public Optional<ContactView> findByExternalId(String externalId) {
        return contacts.findByExternalId(externalId);
    }

    /**
     * @param id of the contact that may have it already; 0 for a new one
     * @throws Refusal.Conflict {@code external-id-taken}
     */
    private void requireFreeExternalId(@Nullable String externalId, long id) {
        if (externalId == null) {
            return;
        }
        contacts.findByExternalId(externalId)
                .filter(other -> other.id() != id)
                .ifPresent(
                        other -> {
                            throw new Refusal.Conflict(
                                    "external-id-taken",
                                    String.format(
                                            Locale.ROOT,
                                            "Contact %d has the external id \"%s\" already; change that one.",
                                            other.id(),
                                            externalId));
                        });
    }

    @AutocommitRead
    public Optional<ContactView> find(EmailAddress email) {
        return contacts.find(email);
    }

    /**
     * @param after the last id of the previous page; 0 for the first page
     * @param limit 1 to {@value Page#LIMIT}
     */
    @AutocommitRead
    public Page<ContactView> page(ContactFilter filter, long after, int limit) {
        return Page.of(
                contacts.page(
                        filter,
                        after,
                        Page.rows(limit),
                        Optional.ofNullable(parts.getIfAvailable())),
                limit,
                ContactView::id);
    }

    /**
     * Changes only what the patch names (RFC 7396): null removes, and attributes are merged by key.
     */
    public ContactView update(long id, ObjectNode patch) {
        ContactView before =
                contacts.findForUpdate(id).orElseThrow(() -> new Refusal.NotFound("contact", id));
        ContactFields after = ContactFields.patched(before, patch);
        boolean subscribes =
                after.status() == ContactStatus.SUBSCRIBED
                        && (before.status() != ContactStatus.SUBSCRIBED
                                || !before.email().equals(after.email().value()));
        if (subscribes && suppressedStatus(after.email()).isPresent()) {
            throw suppressed(after.email());
        }
        if (contacts.find(after.email()).filter(other -> other.id() != id).isPresent()) {
            throw exists(after.email());
        }
        requireFreeExternalId(after.externalId(), id);
        if (!before.email().equals(after.email().value())) {
            requirePresent(after.email().value(), erased.among(List.of(after.email().value())));
        }
        try {
            return contacts.update(id, after);
        } catch (DuplicateKeyException e) {
            // Another transaction created it after the query above.
            throw new Refusal.Conflict(
                    "contact-exists",
                    "Another contact has just taken the address or the external id; try again.");
        }
    }

    /**
     * Deletes the contact and its list memberships. Segments drop it when they are next refreshed;
     * counts of sent mails stay, and so does its suppression, which belongs to the address.
     */
    public void delete(long id) {
        if (!contacts.delete(id)) {
            throw new Refusal.NotFound("contact", id);
        }
    }

    /**
     * Creates the contacts whose addresses are new. If one draft is not valid, none is created.
     *
     * @throws Refusal.Invalid naming the index of the invalid draft, from 0
     */
    public Added addAll(List<ContactDraft> drafts) {
        bounded(drafts.size());
        List<ContactView> created = new ArrayList<>();
        List<String> existing = new ArrayList<>();
        Set<String> gone =
                erased.among(
                        drafts.stream()
                                .map(draft -> EmailAddress.parse(draft.email()))
                                .filter(EmailAddress.class::isInstance)
                                .map(address -> ((EmailAddress) address).value())
                                .toList());
        OptionalLong room = limits.roomForContacts();
        for (int n = 0; n < drafts.size(); n++) {
            ContactDraft draft = drafts.get(n);
            try {
                EmailAddress email = EmailAddress.required(draft.email());
                if (contacts.find(email).isPresent()) {
                    // The existing contact stays, but an invalid draft is refused nevertheless.
                    ContactFields.of(draft, ContactStatus.SUBSCRIBED);
                    existing.add(email.value());
                } else {
                    requirePresent(email.value(), gone);
                    if (room.isPresent() && created.size() >= room.getAsLong()) {
                        limits.requireContacts(1);
                    }
                    created.add(insert(draft));
                }
            } catch (Refusal.Invalid invalid) {
                throw new Refusal.Invalid(
                        invalid.problem(),
                        String.format(Locale.ROOT, "contacts[%d]: %s", n, invalid.getMessage()));
            }
        }
        return new Added(created, existing);
    }

    /**
     * @param existing addresses that already have a contact, which stays unchanged
     */
    public record Added(List<ContactView> created, List<String> existing) {}

    /**
     * @param unknown ids or addresses without a contact in this workspace
     */
    public record Removed(int deleted, List<String> unknown) {}

    /** As {@link #delete}, for many contacts. */
    public Removed deleteAll(Collection<Long> ids) {
        bounded(ids.size());
        Set<Long> known = lists.known(new LinkedHashSet<>(ids));
        int deleted = contacts.deleteAll(known);
        return new Removed(
                deleted,
                ids.stream()
                        .distinct()
                        .filter(id -> !known.contains(id))
                        .map(String::valueOf)
                        .toList());
    }

    /** The same by address. */
    public Removed deleteAllByEmail(Collection<String> emails) {
        bounded(emails.size());
        Map<String, Long> known = lists.known(Lists.addresses(new LinkedHashSet<>(emails)));
        int deleted = contacts.deleteAll(new HashSet<>(known.values()));
        return new Removed(
                deleted,
                emails.stream().distinct().filter(email -> !known.containsKey(email)).toList());
    }

    private static void bounded(int count) {
        if (count > Lists.BATCH) {
            throw new Refusal.Invalid(
                    "too-many-contacts",
                    String.format(
                            Locale.ROOT,
                            "%,d contacts are too many; send at most %,d at a time.",
                            count,
                            Lists.BATCH));
        }
    }

    /**
     * The history of a contact, the newest first: its latest import, changes of consent, mails, and
     * their events.
     *
     * @param after {@code next} of the previous page; null for the first page
     */
    @AutocommitRead
    public Page<HistoryItem> history(long id, @Nullable String after, int limit) {
        find(id);
        return history.page(id, after, limit);
    }

    private Optional<ContactStatus> suppressedStatus(EmailAddress email) {
        return suppressions.find(email).map(found -> Suppressions.status(found.reason()));
    }

    private Refusal exists(EmailAddress email) {
        return new Refusal.Conflict(
                "contact-exists",
                contacts.find(email)
                        .map(
                                other ->
                                        String.format(
                                                Locale.ROOT,
                                                "Contact %d has the address %s already; change that one.",
                                                other.id(),
                                                email))
                        .orElse("Another contact had the address " + email + "; try again."));
    }

    private static Refusal suppressed(EmailAddress email) {
        return new Refusal.Conflict(
                "address-is-suppressed",
                email + " is suppressed; remove the suppression before you subscribe it again.");
    }
}
