package io.mailgenius.jobs.forms;

import io.mailgenius.engine.tenancy.AutocommitRead;
import io.mailgenius.jobs.contacts.ConsentEvidence;
import io.mailgenius.jobs.contacts.Consents;
import io.mailgenius.jobs.contacts.ContactDraft;
import io.mailgenius.jobs.contacts.FormConsent;
import io.mailgenius.jobs.contacts.Subscription;
import io.mailgenius.jobs.contacts.addresses.EmailAddress;
import io.mailgenius.jobs.forms.FormRequestStore.PendingConfirmation;
import io.mailgenius.jobs.workspaces.Page;
import io.mailgenius.jobs.workspaces.Refusal;
import io.mailgenius.schema.FormRequestStatus;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;
import tools.jackson.databind.json.JsonMapper;

/**
 * Requests made through forms, and their confirmation. A stored request is mailed even after a
 * crash; a request that was not stored has been rejected.
 */
@Component
@Transactional
public class FormRequests {

    /** How long a confirmation link is valid and an unconfirmed request is stored. */
    static final Duration KEPT = Duration.ofDays(30);

    /** Prevents the form from flooding a stranger's mailbox. */
    static final Duration MIN_INTERVAL = Duration.ofMinutes(10);

    static final int MOST_A_DAY = 5;

    private static final int MOST_ATTRIBUTES = 50;
    private static final int LONGEST_ATTRIBUTES = 16 * 1024;

    private final FormStore forms;
    private final FormRequestStore requests;
    private final Consents consents;
    private final Clock clock;

    FormRequests(JdbcClient jdbc, Consents consents, Clock clock) {
        this.forms = new FormStore(jdbc);
        this.requests = new FormRequestStore(jdbc);
        this.consents = consents;
        this.clock = clock;
    }

    /**
     * The workspace of a request; empty if the token is unknown. Called outside of any workspace.
     */
    public OptionalLong workspaceOf(UUID token) {
        return requests.workspaceOf(token);
    }

    /**
     * Stores a request. The caller gets the same response whether the address was known, suppressed
     * or submitted a moment ago, because anyone may submit an address. Of an erased address nothing
     * is stored.
     *
     * @throws Refusal.Invalid if the data is not valid for a contact
     */
    public void receive(UUID formKey, FormEntry entry, ConsentEvidence evidence) {
        FormView form =
                forms.find(formKey)
                        .orElseThrow(() -> new Refusal.NotFound("form", formKey.toString()));
        EmailAddress email = checked(entry);
        if (consents.isErased(email)) {
            return;
        }
        requests.lock(email.value());
        Optional<String> ignored = consents.bar(email).or(() -> tooOften(email));
        if (ignored.isEmpty()) {
            consents.expect(email);
        }
        requests.insert(
                form, email.value(), entry, evidence, ignored.orElse(null), clock.instant());
    }

    private EmailAddress checked(FormEntry entry) {
        Map<String, Object> attributes = entry.attributes();
        EmailAddress email =
                consents.checked(
                        new ContactDraft(
                                entry.email(),
                                entry.firstName(),
                                entry.lastName(),
                                null,
                                null,
                                null,
                                null,
                                null,
                                attributes,
                                null));
        if (attributes != null
                && (attributes.size() > MOST_ATTRIBUTES
                        || JsonMapper.shared().writeValueAsString(attributes).length()
                                > LONGEST_ATTRIBUTES)) {
            throw new Refusal.Invalid(
                    "too-many-attributes",
                    String.format(
                            Locale.ROOT,
                            "A form takes at most %d attributes, and %,d characters of them.",
                            MOST_ATTRIBUTES,
                            LONGEST_ATTRIBUTES));
        }
        return email;
    }

    private Optional<String> tooOften(EmailAddress email) {
        Instant now = clock.instant();
        if (requests.countRequests(email.value(), now.minus(MIN_INTERVAL)) > 0) {
            return Optional.of(
                    String.format(
                            Locale.ROOT,
                            "submitted within the last %d minutes",
                            MIN_INTERVAL.toMinutes()));
        }
        return requests.countRequests(email.value(), now.minus(Duration.ofDays(1))) >= MOST_A_DAY
                ? Optional.of(
                        String.format(Locale.ROOT, "submitted %d times within a day", MOST_A_DAY))
                : Optional.empty();
    }

    /**
     * The content of the confirmation page.
     *
     * @param redirectUrl the page that the browser opens after the confirmation
     */
    public record Question(String consentText, @Nullable String redirectUrl) {}

    /** Empty if the token is invalid or its request has been purged. */
    @AutocommitRead
    public Optional<Question> question(UUID token) {
        return live(token, false)
                .flatMap(
                        asked ->
                                forms.find(asked.formId())
                                        .map(
                                                form ->
                                                        new Question(
                                                                asked.consentText(),
                                                                form.redirectUrl())));
    }

    /** Excludes ignored requests: no mail was sent, so no valid link exists. */
    private Optional<PendingConfirmation> live(UUID token, boolean forUpdate) {
        return requests.find(token, forUpdate)
                .filter(asked -> asked.status() != FormRequestStatus.IGNORED)
                .filter(
                        asked ->
                                asked.status() == FormRequestStatus.CONFIRMED
                                        || asked.requestedAt()
                                                .isAfter(clock.instant().minus(KEPT)));
    }

    /** Confirms the request. Repeating it changes nothing and adds no second proof. */
    public Confirmation confirm(UUID token, ConsentEvidence evidence) {
        Optional<PendingConfirmation> found = live(token, true);
        Optional<FormView> form = found.flatMap(asked -> forms.find(asked.formId()));
        if (form.isEmpty()) {
            return new Confirmation.Unknown();
        }
        PendingConfirmation asked = found.get();
        if (asked.status() != FormRequestStatus.CONFIRMED) {
            if (!consents.confirm(subscription(asked, form.get()), evidence)) {
                return new Confirmation.Barred();
            }
            requests.confirmed(asked.id(), clock.instant());
        }
        return new Confirmation.Subscribed(form.get().redirectUrl());
    }

    private static Subscription subscription(PendingConfirmation asked, FormView form) {
        FormEntry entry = asked.entry();
        return new Subscription(
                EmailAddress.required(entry.email()),
                entry.firstName(),
                entry.lastName(),
                entry.attributes() == null ? Map.of() : entry.attributes(),
                form.listIds(),
                form.topicIds(),
                form.source(),
                new FormConsent(asked.consentText(), asked.requestedAt(), asked.ip()));
    }

    /**
     * The newest requests first.
     *
     * @param status null for all
     * @param after the last id of the previous page; 0 for the first page
     */
    @AutocommitRead
    public Page<FormRequestView> page(
            long formId, @Nullable FormRequestStatus status, long after, int limit) {
        if (forms.find(formId).isEmpty()) {
            throw new Refusal.NotFound("form", formId);
        }
        return Page.of(
                requests.page(formId, status, after, Page.rows(limit)), limit, FormRequestView::id);
    }
}
