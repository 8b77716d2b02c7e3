package io.mailgenius.jobs.mails;

import io.mailgenius.engine.tenancy.AutocommitReadTemplate;
import io.mailgenius.jobs.campaigns.SenderCheck;
import io.mailgenius.jobs.contacts.ContactView;
import io.mailgenius.jobs.contacts.Contacts;
import io.mailgenius.jobs.contacts.addresses.EmailAddress;
import io.mailgenius.jobs.contacts.erased.ErasedAddresses;
import io.mailgenius.jobs.mails.MailRequests.Keyed;
import io.mailgenius.jobs.mails.MailStore.NewMail;
import io.mailgenius.jobs.mails.QueuedMail.Content;
import io.mailgenius.jobs.templates.RenderedMail;
import io.mailgenius.jobs.workspaces.Page;
import io.mailgenius.jobs.workspaces.Refusal;
import io.mailgenius.schema.MailStatus;
import io.mailgenius.schema.SuppressionReason;
import io.mailgenius.schema.WorkspaceScope;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Accepts transactional mails. What is answered is on disk and is sent, whatever happens to this
 * node; this node begins at once.
 */
@Component
public final class Mails {

    /** The highest number of mails in a request. */
    public static final int BATCH = 100;

    private final MailStore store;
    private final MailRequests requests;
    private final MailComposer composer;
    private final MailHandover handover;
    private final Contacts contacts;
    private final ErasedAddresses erased;
    private final SenderCheck senderCheck;
    private final TransactionTemplate transaction;
    private final AutocommitReadTemplate reads;

    Mails(
            MailStore store,
            MailRequests requests,
            MailComposer composer,
            MailHandover handover,
            Contacts contacts,
            ErasedAddresses erased,
            SenderCheck senderCheck,
            PlatformTransactionManager transactions) {
        this.store = store;
        this.requests = requests;
        this.composer = composer;
        this.handover = handover;
        this.contacts = contacts;
        this.erased = erased;
        this.senderCheck = senderCheck;
        this.transaction = new TransactionTemplate(transactions);
        this.reads = new AutocommitReadTemplate(transactions);
    }

    private <T> T read(Supplier<T> work) {
        return Objects.requireNonNull(reads.execute(_ -> work.get()));
    }

    /**
     * Accepts one mail.
     *
     * @param key of a request that may be repeated; null if it is not
     */
    public MailView accept(MailDraft draft, @Nullable String key) {
        return acceptAll(List.of(draft), key, false).getFirst();
    }

    /** Accepts several mails, or none. */
    public List<MailView> accept(List<MailDraft> drafts, @Nullable String key) {
        if (drafts.isEmpty() || drafts.size() > BATCH) {
            throw new Refusal.Invalid(
                    "too-many-mails", "Send 1 to %d mails at a time.".formatted(BATCH));
        }
        return acceptAll(drafts, key, true);
    }

    /**
     * @throws Refusal.Invalid if one of them is not valid
     * @throws Refusal.Conflict if the key was used for another request, or an address was erased
     */
    private List<MailView> acceptAll(
            List<MailDraft> drafts, @Nullable String key, boolean several) {
        Keyed request = key == null ? null : Keyed.of(key, drafts);
        Optional<List<Long>> earlier =
                request == null ? Optional.empty() : read(() -> requests.earlier(request));
        if (earlier.isPresent()) {
            return read(() -> store.all(earlier.get()));
        }
        Instant now = handover.now();
        List<Prepared> prepared = new ArrayList<>(drafts.size());
        drafts.stream().map(MailDraft::from).distinct().forEach(this::requireSender);
        for (int n = 0; n < drafts.size(); n++) {
            try {
                prepared.add(prepared(drafts.get(n), now));
            } catch (Refusal.Invalid invalid) {
                throw several
                        ? new Refusal.Invalid(
                                invalid.problem(),
                                String.format(
                                        Locale.ROOT, "mails[%d]: %s", n, invalid.getMessage()))
                        : invalid;
            }
        }
        MailHandover.Claims claims = handover.claims(prepared, now);
        List<Long> ids;
        try {
            ids =
                    Objects.requireNonNull(
                            transaction.execute(_ -> stored(prepared, claims, request, now)));
        } catch (RuntimeException | Error e) {
            claims.giveBack();
            throw e;
        }
        claims.send(WorkspaceScope.required(), ids, now);
        return read(() -> store.all(ids));
    }

    private void requireSender(String from) {
        MailComposer.header(from);
        senderCheck.require(from);
    }

    /** A mail that can be stored. */
    record Prepared(Content content, @Nullable Long templateId, Instant due) {}

    private Prepared prepared(MailDraft draft, Instant now) {
        ContactView contact = contact(draft);
        String email =
                contact == null ? EmailAddress.required(draft.to()).value() : contact.email();
        RenderedMail mail = composer.compose(draft, email, contact);
        return new Prepared(
                new Content(
                        contact == null ? null : contact.id(),
                        email,
                        MailComposer.header(draft.from()),
                        draft.replyTo() == null ? null : MailComposer.header(draft.replyTo()),
                        mail.subject(),
                        blankToNull(mail.html()),
                        blankToNull(mail.text()),
                        MailCheck.headers(draft.headers()),
                        MailCheck.tags(draft.tags()),
                        MailCheck.attachments(draft.attachments())),
                draft.templateId(),
                MailCheck.due(draft.scheduledAt(), now));
    }

    private static @Nullable String blankToNull(String part) {
        return part.isBlank() ? null : part;
    }

    private @Nullable ContactView contact(MailDraft draft) {
        int named =
                (draft.to() == null ? 0 : 1)
                        + (draft.contactId() == null ? 0 : 1)
                        + (draft.externalId() == null ? 0 : 1);
        if (named != 1) {
            throw new Refusal.Invalid(
                    "mail-recipient-invalid",
                    "Name the recipient by one of to, contactId and externalId.");
        }
        if (draft.contactId() != null) {
            return contacts.find(draft.contactId());
        }
        String externalId = draft.externalId();
        if (externalId != null) {
            return contacts.findByExternalId(externalId)
                    .orElseThrow(() -> new Refusal.NotFound("contact", externalId));
        }
        return contacts.find(EmailAddress.required(draft.to())).orElse(null);
    }

    private List<Long> stored(
            List<Prepared> prepared,
            MailHandover.Claims claims,
            @Nullable Keyed request,
            Instant now) {
        store.commitToDisk();
        if (request != null && !requests.begin(request, now)) {
            claims.giveBack();
            return requests.earlier(request).orElseThrow();
        }
        List<String> emails = prepared.stream().map(it -> it.content().email()).distinct().toList();
        Set<String> gone = erased.among(emails);
        if (!gone.isEmpty()) {
            throw new Refusal.Conflict(
                    "address-is-erased",
                    "An address was erased at its owner's request and gets no mails: %s."
                            .formatted(String.join(", ", gone)));
        }
        Map<String, SuppressionReason> suppressions = store.suppressions(emails);
        List<Long> ids = new ArrayList<>(prepared.size());
        int queued = 0;
        for (int n = 0; n < prepared.size(); n++) {
            Prepared mail = prepared.get(n);
            String suppressed = suppressed(suppressions.get(mail.content().email()));
            if (suppressed == null) {
                queued++;
            } else {
                claims.giveBack(n);
            }
            ids.add(
                    store.insert(
                            new NewMail(
                                    mail.content(),
                                    mail.templateId(),
                                    suppressed == null ? MailStatus.QUEUED : MailStatus.SUPPRESSED,
                                    suppressed,
                                    now,
                                    mail.due(),
                                    claims.of(n))));
        }
        store.count(queued, now);
        if (request != null) {
            requests.complete(request, ids);
        }
        return ids;
    }

    /** Who has unsubscribed from campaigns still gets what follows from their own acts. */
    private static @Nullable String suppressed(@Nullable SuppressionReason reason) {
        return switch (reason) {
            case BOUNCED, COMPLAINED, MANUAL -> reason.name();
            case UNSUBSCRIBED -> null;
            case null -> null;
        };
    }

    public MailView find(long id) {
        return read(() -> store.find(id)).orElseThrow(() -> new Refusal.NotFound("mail", id));
    }

    /**
     * The newest first.
     *
     * @param to of this address alone; null for all
     */
    public Page<MailView> page(@Nullable String to, long after, int limit) {
        String email = to == null ? null : EmailAddress.required(to).value();
        return Page.of(read(() -> store.page(email, after, Page.rows(limit))), limit, MailView::id);
    }

    /**
     * Cancels a mail that is scheduled.
     *
     * @throws Refusal.Conflict {@code mail-not-cancellable} if it was offered to the provider
     */
    public MailView cancel(long id) {
        MailView before = find(id);
        boolean cancelled =
                Boolean.TRUE.equals(transaction.execute(_ -> store.cancel(id)))
                        || before.status() == MailStatus.CANCELLED;
        if (!cancelled) {
            throw new Refusal.Conflict(
                    "mail-not-cancellable",
                    "Mail %d is %s: only a mail that waits for its time can be cancelled."
                            .formatted(id, find(id).status()));
        }
        return find(id);
    }
}
