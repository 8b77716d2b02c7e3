package io.mailgenius.jobs.forms;

import io.mailgenius.jobs.contacts.ConsentEvidence;
import io.mailgenius.jobs.contacts.Consents;
import io.mailgenius.jobs.contacts.ContactDraft;
import io.mailgenius.jobs.contacts.FormConsent;
import io.mailgenius.jobs.contacts.Subscription;
import io.mailgenius.jobs.contacts.addresses.EmailAddress;
import io.mailgenius.jobs.forms.FormRequestStore.Asked;
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
 * What people put into forms, and what they answer to the mail that it brings. A request that is
 * written down is mailed, whatever crashes meanwhile; one that is not was refused to the caller.
 */
@Component
@Transactional
public class FormRequests {

    /** How long a confirmation link holds, and what was typed by strangers is kept. */
    static final Duration KEPT = Duration.ofDays(30);

    /** So that nobody fills a stranger's mailbox through a form. */
    static final Duration APART = Duration.ofMinutes(10);

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

    /** Whose request it is; nothing if there is none. To be asked outside of any workspace. */
    public OptionalLong workspaceOf(UUID token) {
        return requests.workspaceOf(token);
    }

    /**
     * Takes in what somebody typed. The caller is told the same whether the address was known,
     * suppressed or asked a moment ago: anybody may ask.
     *
     * @throws Refusal.Invalid if a contact cannot be like that
     */
    public void receive(UUID formKey, FormEntry entry, ConsentEvidence evidence) {
        FormView form =
                forms.find(formKey)
                        .orElseThrow(() -> new Refusal.NotFound("form", formKey.toString()));
        EmailAddress email = checked(entry);
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
        if (requests.asked(email.value(), now.minus(APART)) > 0) {
            return Optional.of(
                    String.format(
                            Locale.ROOT, "asked within the last %d minutes", APART.toMinutes()));
        }
        return requests.asked(email.value(), now.minus(Duration.ofDays(1))) >= MOST_A_DAY
                ? Optional.of(String.format(Locale.ROOT, "asked %d times within a day", MOST_A_DAY))
                : Optional.empty();
    }

    /**
     * What a link asks for, before it is answered.
     *
     * @param redirectUrl where the browser goes after the answer
     */
    public record Question(String consentText, @Nullable String redirectUrl) {}

    /** Nothing if the link is not ours or its request is forgotten. */
    @Transactional(readOnly = true)
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

    /** Its mail never went out, so nobody can have the link of one that was ignored. */
    private Optional<Asked> live(UUID token, boolean forUpdate) {
        return requests.find(token, forUpdate)
                .filter(asked -> asked.status() != FormRequestStatus.IGNORED)
                .filter(
                        asked ->
                                asked.status() == FormRequestStatus.CONFIRMED
                                        || asked.requestedAt()
                                                .isAfter(clock.instant().minus(KEPT)));
    }

    /** The owner of the mailbox says yes. Again changes nothing, and adds no second proof. */
    public Confirmation confirm(UUID token, ConsentEvidence evidence) {
        Optional<Asked> found = live(token, true);
        Optional<FormView> form = found.flatMap(asked -> forms.find(asked.formId()));
        if (form.isEmpty()) {
            return new Confirmation.Unknown();
        }
        Asked asked = found.get();
        if (asked.status() != FormRequestStatus.CONFIRMED) {
            if (!consents.confirm(subscription(asked, form.get()), evidence)) {
                return new Confirmation.Barred();
            }
            requests.confirmed(asked.id(), clock.instant());
        }
        return new Confirmation.Subscribed(form.get().redirectUrl());
    }

    private static Subscription subscription(Asked asked, FormView form) {
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
     * The newest first.
     *
     * @param status only these
     * @param after the id after which to read on; 0 at the start
     */
    @Transactional(readOnly = true)
    public Page<FormRequestView> page(
            long formId, @Nullable FormRequestStatus status, long after, int limit) {
        if (forms.find(formId).isEmpty()) {
            throw new Refusal.NotFound("form", formId);
        }
        return Page.of(
                requests.page(formId, status, after, Page.rows(limit)), limit, FormRequestView::id);
    }
}
