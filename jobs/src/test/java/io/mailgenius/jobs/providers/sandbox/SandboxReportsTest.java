package io.mailgenius.jobs.providers.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

import io.mailgenius.jobs.delivery.ProviderContract;
import io.mailgenius.jobs.providers.BatchOutcome;
import io.mailgenius.jobs.providers.Mail;
import io.mailgenius.jobs.providers.MailBatch;
import io.mailgenius.jobs.providers.resend.ResendProvider;
import io.mailgenius.jobs.providers.resend.ResendSettings;
import io.mailgenius.jobs.providers.sandbox.WebhookReceiver.Answer;
import io.mailgenius.schema.TestDatabase;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

class SandboxReportsTest {

    private static TestDatabase database;
    private Sandbox sandbox;
    private ResendProvider provider;
    private Receiver receiver;
    private SandboxReports reports;

    @BeforeAll
    static void create() {
        database = TestDatabase.create();
    }

    @AfterAll
    static void drop() {
        database.close();
    }

    @BeforeEach
    void start() throws Exception {
        JdbcClient.create(database.dataSource()).sql("DELETE FROM sandbox_batch").update();
        sandbox = Sandbox.start(database.dataSource(), SandboxSettings.DEFAULT);
        provider = new ResendProvider(new ResendSettings(sandbox.url(), "re_sandbox"));
        receiver = new Receiver();
        reports = reports(Receiver.SECRET);
    }

    @AfterEach
    void stop() {
        reports.close();
        provider.close();
        sandbox.close();
    }

    private SandboxReports reports(String secret) {
        return new SandboxReports(
                database.dataSource(), receiver, secret, Duration.ZERO, Clock.systemUTC());
    }

    private List<String> send(Mail... mails) {
        BatchOutcome outcome = provider.send(new MailBatch(ProviderContract.key(), List.of(mails)));
        return ((BatchOutcome.Accepted) outcome).providerIds();
    }

    private static Mail to(String recipient) {
        return ProviderContract.mailTo(recipient);
    }

    private int unreported() {
        return JdbcClient.create(database.dataSource())
                .sql("SELECT count(*) FROM sandbox_batch WHERE reported_at IS NULL")
                .query(Integer.class)
                .single();
    }

    private Set<String> ids() {
        return receiver.events.stream().map(Receiver.Event::id).collect(Collectors.toSet());
    }

    @Test
    void what_became_of_a_mail_is_told_in_resends_words_and_signed() {
        List<String> ids = send(to("delivered@resend.dev"), to("bounced@resend.dev"));

        assertThat(reports.pass()).isTrue();

        assertThat(receiver.events).hasSize(2);
        for (Receiver.Event event : receiver.events) {
            boolean bounced = event.type().equals("email.bounced");
            assertThat(event.type()).isEqualTo(bounced ? "email.bounced" : "email.delivered");
            assertThat(event.data().path("email_id").stringValue())
                    .isEqualTo(ids.get(bounced ? 1 : 0));
            assertThat(event.data().path("to").path(0).stringValue())
                    .isEqualTo(bounced ? "bounced@resend.dev" : "delivered@resend.dev");
            assertThat(event.data().path("tags").toString())
                    .isEqualTo("{\"campaign_id\":\"12\",\"contact_id\":\"34\"}");
            assertThat(event.data().path("subject").stringValue()).isEqualTo(to("x").subject());
            assertThat(event.data().path("bounce").path("type").asString("none"))
                    .isEqualTo(bounced ? "Permanent" : "none");
            assertThat(Instant.parse(event.json().path("created_at").stringValue()))
                    .isBeforeOrEqualTo(Instant.now());
        }
        assertThat(unreported()).isZero();
    }

    @Test
    void a_click_tells_the_link_that_the_mail_has() {
        for (int i = 0; i < 8; i++) {
            send(ProviderContract.mails(100).toArray(Mail[]::new));
        }

        assertThat(reports.pass()).isTrue();

        assertThat(receiver.events)
                .filteredOn(it -> it.type().equals("email.clicked"))
                .isNotEmpty()
                .allSatisfy(
                        it -> {
                            var click = it.data().path("click");
                            assertThat(click.path("link").stringValue())
                                    .isEqualTo("https://acme.example/offer?a=1&b=2");
                            assertThat(click.path("ipAddress").isString()).isTrue();
                            assertThat(click.path("userAgent").isString()).isTrue();
                            Instant.parse(click.path("timestamp").stringValue());
                        });
        assertThat(ids()).hasSameSizeAs(receiver.events);
    }

    @Test
    void a_mail_that_is_on_its_way_is_not_reported_on() {
        Duration onItsWay = Duration.ofMinutes(1);
        send(to("delivered@resend.dev"));
        try (SandboxReports later =
                new SandboxReports(
                        database.dataSource(),
                        receiver,
                        Receiver.SECRET,
                        onItsWay,
                        Clock.systemUTC())) {
            assertThat(later.pass()).isTrue();
            assertThat(receiver.events).isEmpty();

            JdbcClient.create(database.dataSource())
                    .sql("UPDATE sandbox_batch SET accepted_at = now() - interval '61 seconds'")
                    .update();
            later.pass();
            assertThat(receiver.events).hasSize(1);
        }
    }

    @Test
    void what_was_reported_is_not_reported_again() {
        send(to("a@b.example"));
        reports.pass();
        int told = receiver.events.size();

        assertThat(reports.pass()).isTrue();
        assertThat(receiver.events).hasSize(told);
    }

    @Test
    void a_repetition_carries_the_same_ids_and_ends_when_all_were_taken() {
        send(to("delivered@resend.dev"), to("bounced@resend.dev"), to("complained@resend.dev"));
        receiver.answer =
                event -> event.type().equals("email.bounced") ? Answer.REJECTED : Answer.TAKEN;

        assertThat(reports.pass()).isFalse();
        Set<String> taken = ids();
        assertThat(taken).hasSize(3);
        assertThat(unreported()).isEqualTo(1);

        receiver.answer = _ -> Answer.TAKEN;
        assertThat(reports.pass()).isTrue();
        assertThat(ids()).hasSize(4).containsAll(taken);
        assertThat(unreported()).isZero();
    }

    @Test
    void a_batch_that_is_not_wanted_does_not_stand_in_the_way_of_others() {
        for (int i = 0; i < 12; i++) {
            send(to("bounced@resend.dev"));
        }
        send(to("delivered@resend.dev"));
        receiver.answer =
                event -> event.type().equals("email.bounced") ? Answer.REJECTED : Answer.TAKEN;

        assertThat(reports.pass()).isFalse();
        assertThat(unreported()).isEqualTo(12);
    }

    @Test
    void a_receiver_that_is_away_is_tried_again_until_it_is_back() {
        receiver.answer = _ -> Answer.CLOSED;
        send(to("delivered@resend.dev"));
        reports.start();
        CountDownLatch asked = new CountDownLatch(2);
        receiver.answer =
                _ -> {
                    asked.countDown();
                    return asked.getCount() > 0 ? Answer.CLOSED : Answer.TAKEN;
                };

        await().until(() -> unreported() == 0);
        assertThat(receiver.events).hasSize(1);
    }

    @Test
    void a_wrong_secret_reports_nothing() {
        send(to("delivered@resend.dev"));
        try (SandboxReports forged = reports("whsec_b3RoZXI=")) {
            assertThat(forged.pass()).isFalse();
        }
        assertThat(receiver.events).isEmpty();
        assertThat(unreported()).isEqualTo(1);
    }

    @Test
    void two_nodes_share_the_work_and_tell_each_event_once() {
        List<String> mails = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            mails.addAll(send(ProviderContract.mails(10).toArray(Mail[]::new)));
        }
        try (SandboxReports other = reports(Receiver.SECRET)) {
            reports.start();
            other.start();
            await().until(() -> unreported() == 0);
        }

        assertThat(ids()).hasSameSizeAs(receiver.events);
        assertThat(receiver.events.stream().map(it -> it.data().path("email_id").stringValue()))
                .containsAll(mails);
    }

    @Test
    void what_nobody_wanted_for_a_day_is_given_up() {
        send(to("delivered@resend.dev"));
        receiver.answer = _ -> Answer.REJECTED;
        JdbcClient.create(database.dataSource())
                .sql("UPDATE sandbox_batch SET accepted_at = now() - interval '25 hours'")
                .update();

        reports.pass();

        assertThat(unreported()).isZero();
    }

    @Test
    void a_secret_that_cannot_work_names_its_setting() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> reports("whsec_"))
                .withMessageContaining("MAILGENIUS_RESEND_WEBHOOK_SECRET");
    }
}
