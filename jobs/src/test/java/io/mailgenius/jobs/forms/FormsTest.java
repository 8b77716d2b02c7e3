package io.mailgenius.jobs.forms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mailgenius.engine.ManualClock;
import io.mailgenius.jobs.LaunchFixture;
import io.mailgenius.jobs.contacts.ConsentEvidence;
import io.mailgenius.jobs.contacts.Consents;
import io.mailgenius.jobs.contacts.ContactDraft;
import io.mailgenius.jobs.contacts.ContactView;
import io.mailgenius.jobs.contacts.Contacts;
import io.mailgenius.jobs.contacts.Lists;
import io.mailgenius.jobs.contacts.Suppressions;
import io.mailgenius.jobs.contacts.Topics;
import io.mailgenius.jobs.contacts.addresses.EmailAddress;
import io.mailgenius.jobs.providers.BatchOutcome;
import io.mailgenius.jobs.providers.Mail;
import io.mailgenius.jobs.providers.MailBatch;
import io.mailgenius.jobs.providers.Provider;
import io.mailgenius.jobs.templates.TemplateCompiler;
import io.mailgenius.jobs.templates.Templates;
import io.mailgenius.jobs.workspaces.AccessChanges;
import io.mailgenius.jobs.workspaces.Refusal;
import io.mailgenius.jobs.workspaces.WorkspaceSettings;
import io.mailgenius.schema.ConsentAct;
import io.mailgenius.schema.ContactStatus;
import io.mailgenius.schema.FormRequestStatus;
import io.mailgenius.schema.SuppressionReason;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.context.annotation.Bean;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Double opt-in from the form to the confirmation, with failures in between. */
class FormsTest {

    private static final ManualClock CLOCK = new ManualClock();
    private static final LaunchFixture DOORS =
            new LaunchFixture(
                    Contacts.class,
                    Lists.class,
                    Topics.class,
                    Suppressions.class,
                    Consents.class,
                    Templates.class,
                    TemplateCompiler.class,
                    AccessChanges.class,
                    WorkspaceSettings.class,
                    Forms.class,
                    FormRequests.class,
                    Beans.class);
    private static final ConsentEvidence PERSON = new ConsentEvidence("192.0.2.7", "Reader/1.0");
    private static final String MAIL = "<a href='{{ confirm_url }}'>Yes, {{ contact.email }}</a>";

    private final Mailbox mailbox = new Mailbox();
    private final FormRequests requests = DOORS.door(FormRequests.class);
    private final Contacts contacts = DOORS.door(Contacts.class);
    private FormView form;
    private long list;

    static class Beans {
        @Bean
        Clock clock() {
            return CLOCK;
        }

        @Bean
        ConfirmationLetter letter(
                TemplateCompiler compiler, Templates templates, WorkspaceSettings workspace) {
            return new ConfirmationLetter(compiler, templates, workspace, "https://mg.test");
        }
    }

    @AfterAll
    static void close() {
        DOORS.close();
    }

    @BeforeEach
    void form() {
        DOORS.database.empty(
                "contact", "list", "list_member", "suppression", "form", "consent", "event");
        list = DOORS.in(() -> DOORS.door(Lists.class).create("News").id());
        form = create(MAIL);
    }

    private FormView create(String html) {
        return DOORS.in(
                () ->
                        DOORS.door(Forms.class)
                                .create(
                                        new FormDraft(
                                                "Footer",
                                                List.of(list),
                                                null,
                                                "News <news@example.com>",
                                                "Is it you?",
                                                html,
                                                null,
                                                "I want the news.",
                                                null)));
    }

    /** A provider that accepts mails and recognises idempotency keys. */
    private static final class Mailbox implements Provider {

        private final Map<String, Mail> accepted = new LinkedHashMap<>();
        private final List<String> keys = new ArrayList<>();
        private Function<MailBatch, BatchOutcome> answer = this::accept;

        @Override
        public BatchOutcome send(MailBatch batch) {
            keys.add(batch.idempotencyKey());
            return answer.apply(batch);
        }

        BatchOutcome accept(MailBatch batch) {
            boolean before = accepted.containsKey(batch.idempotencyKey());
            accepted.putIfAbsent(batch.idempotencyKey(), batch.mails().getFirst());
            return before
                    ? new BatchOutcome.AcceptedBefore()
                    : new BatchOutcome.Accepted(List.of(UUID.randomUUID().toString()));
        }

        @Override
        public Duration keyLife() {
            return Duration.ofHours(24);
        }
    }

    @Test
    void a_mail_is_sent_once_although_the_node_dies_before_recording_it() {
        submit("ada@example.com");
        mailbox.answer =
                batch -> {
                    mailbox.accept(batch);
                    throw new IllegalStateException("the node dies");
                };
        assertThatThrownBy(this::sendDue).hasMessage("the node dies");
        assertThat(only().status()).isEqualTo(FormRequestStatus.QUEUED);

        mailbox.answer = mailbox::accept;
        sendDue();
        sendDue();
        assertThat(only().status()).isEqualTo(FormRequestStatus.MAILED);
        assertThat(mailbox.keys).hasSize(2);
        assertThat(mailbox.accepted).hasSize(1);
    }

    @Test
    void a_mail_that_may_have_been_sent_is_not_repeated_after_its_key_may_have_expired() {
        submit("ada@example.com");
        mailbox.answer = _ -> new BatchOutcome.Unknown("the line is dead");
        sendDue();
        sendDue();
        assertThat(mailbox.keys).as("before its pause is over").hasSize(1);
        CLOCK.advance(Duration.ofHours(22));
        sendDue();
        assertThat(mailbox.keys).hasSize(2).containsOnly(mailbox.keys.getFirst());
        CLOCK.advance(Duration.ofHours(2));
        sendDue();
        assertThat(mailbox.keys).hasSize(2);
        assertThat(only().status()).isEqualTo(FormRequestStatus.UNKNOWN);
    }

    @Test
    void a_mail_that_was_not_sent_is_retried() {
        submit("ada@example.com");
        mailbox.answer = _ -> new BatchOutcome.Halted("the account is closed");
        for (int n = 0; n < 5; n++) {
            sendDue();
            assertThat(only().reason()).isEqualTo("the account is closed");
            CLOCK.advance(Duration.ofHours(20));
        }
        mailbox.answer = mailbox::accept;
        sendDue();
        assertThat(only().status()).isEqualTo(FormRequestStatus.MAILED);
    }

    @Test
    void a_contact_is_subscribed_by_the_confirmation_with_one_proof() {
        submit("Ada@Example.com ");
        ContactView pending = contact("ada@example.com");
        assertThat(pending.status()).isEqualTo(ContactStatus.PENDING);
        assertThat(pending.firstName()).isNull();
        sendDue();
        UUID token = token();
        assertThat(DOORS.in(() -> requests.question(token)))
                .hasValueSatisfying(
                        it -> assertThat(it.consentText()).isEqualTo("I want the news."));
        assertThat(contact("ada@example.com").status()).isEqualTo(ContactStatus.PENDING);

        assertThat(confirm(token)).isEqualTo(new Confirmation.Subscribed(null));
        assertThat(confirm(token)).isEqualTo(new Confirmation.Subscribed(null));
        ContactView subscribed = contact("ada@example.com");
        assertThat(subscribed.status()).isEqualTo(ContactStatus.SUBSCRIBED);
        assertThat(subscribed.firstName()).isEqualTo("Ada");
        assertThat(subscribed.attributes()).isEqualTo(Map.of("plan", "pro"));
        assertThat(DOORS.in(() -> DOORS.door(Lists.class).find(list)).members()).isEqualTo(1);
        var proofs =
                DOORS.in(() -> DOORS.door(Consents.class).page(subscribed.id(), 0, 10)).items();
        assertThat(proofs).hasSize(1);
        var proof = proofs.getFirst();
        assertThat(proof.act()).isEqualTo(ConsentAct.CONFIRMED);
        assertThat(proof.was()).isEqualTo(ContactStatus.PENDING);
        assertThat(proof.consentText()).isEqualTo("I want the news.");
        assertThat(proof.ip()).isEqualTo("192.0.2.7");
        assertThat(proof.userAgent()).isEqualTo("Reader/1.0");
        assertThat(proof.requestedIp()).isEqualTo("198.51.100.1");
        assertThat(DOORS.in(() -> contacts.history(subscribed.id(), null, 10)).items())
                .extracting(item -> item.kind() + " " + item.what() + " " + item.reason())
                .contains("CONSENT PENDING confirmed form \"Footer\"");
    }

    @ParameterizedTest
    @EnumSource
    void unsubscribed_contacts_may_subscribe_again_and_complained_or_bounced_ones_may_not(
            SuppressionReason reason) {
        Suppressions suppressions = DOORS.door(Suppressions.class);
        DOORS.in(() -> contacts.create(ContactDraft.of("ada@example.com")));
        DOORS.in(() -> suppressions.add("ada@example.com", reason, "a test"));
        ContactStatus before = contact("ada@example.com").status();
        submit("ada@example.com");
        sendDue();

        assertThat(contact("ada@example.com").status()).isEqualTo(before);
        boolean may =
                switch (reason) {
                    case UNSUBSCRIBED -> true;
                    case BOUNCED, COMPLAINED, MANUAL -> false;
                };
        assertThat(mailbox.accepted).hasSize(may ? 1 : 0);
        assertThat(only().status())
                .isEqualTo(may ? FormRequestStatus.MAILED : FormRequestStatus.IGNORED);
        UUID token = token();
        assertThat(confirm(token))
                .isEqualTo(may ? new Confirmation.Subscribed(null) : new Confirmation.Unknown());
        assertThat(contact("ada@example.com").status())
                .isEqualTo(may ? ContactStatus.SUBSCRIBED : before);
        EmailAddress email = EmailAddress.required("ada@example.com");
        assertThat(DOORS.in(() -> suppressions.find(email)).isEmpty()).isEqualTo(may);
    }

    @Test
    void a_complaint_before_the_confirmation_prevails() {
        submit("ada@example.com");
        sendDue();
        DOORS.in(
                () ->
                        DOORS.door(Suppressions.class)
                                .add("ada@example.com", SuppressionReason.COMPLAINED, "a test"));
        assertThat(confirm(token())).isEqualTo(new Confirmation.Barred());
        assertThat(contact("ada@example.com").status()).isEqualTo(ContactStatus.COMPLAINED);
    }

    @Test
    void a_request_does_not_change_an_existing_subscriber() {
        long id = DOORS.in(() -> contacts.create(ContactDraft.of("ada@example.com"))).id();
        submit("ada@example.com");
        sendDue();
        assertThat(mailbox.accepted.values().iterator().next().html()).doesNotContain("Ada");
        confirm(token());
        ContactView after = DOORS.in(() -> contacts.find(id));
        assertThat(after.firstName()).isNull();
        assertThat(after.attributes()).isEmpty();
        assertThat(DOORS.in(() -> DOORS.door(Lists.class).find(list)).members()).isEqualTo(1);
    }

    @Test
    void confirmation_mails_are_limited_and_links_expire_after_thirty_days() {
        submit("ada@example.com");
        submit("ada@example.com");
        assertThat(statuses()).containsExactly(FormRequestStatus.IGNORED, FormRequestStatus.QUEUED);
        for (int n = 0; n < 5; n++) {
            CLOCK.advance(Duration.ofMinutes(11));
            submit("ada@example.com");
        }
        assertThat(statuses())
                .as("six within the day, and one within ten minutes")
                .filteredOn(FormRequestStatus.IGNORED::equals)
                .hasSize(2);
        sendDue();
        UUID token = token();
        CLOCK.advance(Duration.ofDays(30).plusMinutes(1));
        assertThat(confirm(token)).isEqualTo(new Confirmation.Unknown());
        sendDue();
        assertThat(statuses()).isEmpty();
    }

    /** Every contact except the first has other data as well. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "UPDATE contact SET status = 'SUBSCRIBED'",
                "UPDATE contact SET import_id = 1",
                "UPDATE contact SET updated_at = now() + interval '1 second'",
                "UPDATE contact SET first_name = 'Ada'",
                "INSERT INTO list_member (workspace_id, list_id, contact_id) SELECT workspace_id, 1, id FROM contact",
                """
                INSERT INTO event (workspace_id, occurred_at, contact_id, type, message_id)
                SELECT workspace_id, now(), id, 'DELIVERED', 'm' FROM contact
                """,
                """
                INSERT INTO consent (workspace_id, contact_id, email, act, was, source, words, decided_at)
                SELECT workspace_id, id, email, 'CHOSE', 'PENDING', 's', 'w', now() FROM contact
                """,
                """
                INSERT INTO form_request (workspace_id, form_id, email, consent_text, status, due_at, requested_at)
                SELECT workspace_id, form_id, email, 'c', 'MAILED', now(), requested_at + interval '20 days'
                  FROM form_request
                """
            })
    void unconfirmed_contacts_are_deleted_unless_they_have_other_data(String known) {
        submit("ada@example.com");
        sendDue();
        if (!known.isEmpty()) {
            DOORS.owner().sql(known).update();
        }
        CLOCK.advance(Duration.ofDays(31));
        sendDue();
        assertThat(
                        DOORS.in(() -> contacts.find(EmailAddress.required("ada@example.com")))
                                .isPresent())
                .isEqualTo(!known.isEmpty());
    }

    @Test
    void a_mail_without_a_confirmation_link_is_refused() {
        assertThatThrownBy(() -> create("<p>Welcome</p>"))
                .isInstanceOf(Refusal.Invalid.class)
                .hasMessageContaining("{{ confirm_url }}");
    }

    private void submit(String email) {
        DOORS.run(
                () ->
                        requests.receive(
                                form.key(),
                                new FormEntry(email, "Ada", null, Map.of("plan", "pro")),
                                new ConsentEvidence("198.51.100.1", null)));
    }

    private void sendDue() {
        JdbcClient jdbc = DOORS.door(JdbcClient.class);
        new ConfirmationMails(
                        new FormRequestStore(jdbc),
                        new FormStore(jdbc),
                        DOORS.door(Consents.class),
                        DOORS.door(ConfirmationLetter.class),
                        new ConfirmationMails.Outgoing(
                                _ -> mailbox,
                                since ->
                                        CLOCK.instant()
                                                .isBefore(
                                                        since.plus(mailbox.keyLife())
                                                                .minusSeconds(3600)),
                                _ -> Optional.empty()),
                        new TransactionTemplate(DOORS.door(PlatformTransactionManager.class)),
                        CLOCK)
                .sendDue();
    }

    private FormRequestView only() {
        List<FormRequestView> all = DOORS.in(() -> requests.page(form.id(), null, 0, 10)).items();
        assertThat(all).hasSize(1);
        return all.getFirst();
    }

    private List<FormRequestStatus> statuses() {
        return DOORS.in(() -> requests.page(form.id(), null, 0, 10)).items().stream()
                .map(FormRequestView::status)
                .toList();
    }

    private static UUID token() {
        String first = "SELECT token FROM form_request ORDER BY id LIMIT 1";
        return DOORS.owner().sql(first).query(UUID.class).single();
    }

    private Confirmation confirm(UUID token) {
        return DOORS.in(() -> requests.confirm(token, PERSON));
    }

    private ContactView contact(String email) {
        return DOORS.in(() -> contacts.find(EmailAddress.required(email))).orElseThrow();
    }
}
