package io.mailgenius.jobs.contacts;

import io.mailgenius.jobs.workspaces.Page;
import io.mailgenius.jobs.workspaces.Refusal;
import io.mailgenius.schema.ContactStatus;
import java.util.Optional;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;
import tools.jackson.databind.node.ObjectNode;

/**
 * The people of a workspace, one per address. A suppressed address does not become {@code
 * SUBSCRIBED} here: whoever wants that removes the suppression first, knowingly.
 */
@Component
@Transactional
public class Contacts {

    private final ContactStore contacts;
    private final SuppressionStore suppressions;

    public Contacts(JdbcClient jdbc) {
        this.contacts = new ContactStore(jdbc);
        this.suppressions = new SuppressionStore(jdbc);
    }

    /**
     * @throws Refusal.Conflict {@code contact-exists} naming the contact that has the address
     */
    public ContactView create(ContactDraft draft) {
        Fields fields = Fields.of(draft, ContactStatus.SUBSCRIBED);
        Optional<ContactStatus> suppressed = suppressedStatus(fields.email());
        if (draft.status() == ContactStatus.SUBSCRIBED && suppressed.isPresent()) {
            throw suppressed(fields.email());
        }
        ContactStatus status =
                draft.status() != null
                        ? draft.status()
                        : suppressed.orElse(ContactStatus.SUBSCRIBED);
        return contacts.insert(Fields.of(draft, status)).orElseThrow(() -> exists(fields.email()));
    }

    public ContactView find(long id) {
        return contacts.find(id).orElseThrow(() -> new Refusal.NotFound("contact", id));
    }

    public Optional<ContactView> find(EmailAddress email) {
        return contacts.find(email);
    }

    /**
     * @param after the id after which to read on; 0 at the start
     * @param limit 1 to {@value Page#LIMIT}
     */
    public Page<ContactView> page(ContactFilter filter, long after, int limit) {
        return Page.of(contacts.page(filter, after, Page.rows(limit)), limit, ContactView::id);
    }

    /**
     * Changes what the patch names and nothing else (RFC 7396): a null removes, and attributes are
     * merged key by key.
     */
    public ContactView update(long id, ObjectNode patch) {
        ContactView before =
                contacts.findForUpdate(id).orElseThrow(() -> new Refusal.NotFound("contact", id));
        Fields after = Fields.patched(before, patch);
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
        try {
            return contacts.update(id, after);
        } catch (DuplicateKeyException e) {
            // Created between the question above and this statement.
            throw new Refusal.Conflict(
                    "contact-exists", "Another contact has just taken " + after.email() + ".");
        }
    }

    /**
     * The contact leaves its lists with it. A segment forgets it when it is next refreshed, and
     * what was sent to it stays counted. Its suppression stays too: it belongs to the address.
     */
    public void delete(long id) {
        if (!contacts.delete(id)) {
            throw new Refusal.NotFound("contact", id);
        }
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
                                        "Contact %d has the address %s already; change that one."
                                                .formatted(other.id(), email))
                        .orElse("Another contact had the address " + email + "; try again."));
    }

    private static Refusal suppressed(EmailAddress email) {
        return new Refusal.Conflict(
                "address-is-suppressed",
                email + " is suppressed; remove the suppression before you subscribe it again.");
    }
}
