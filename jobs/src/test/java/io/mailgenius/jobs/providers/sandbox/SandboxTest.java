package io.mailgenius.jobs.providers.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mailgenius.jobs.delivery.AnswersContract;
import io.mailgenius.jobs.providers.BatchOutcome;
import io.mailgenius.jobs.providers.Mail;
import io.mailgenius.jobs.providers.MailBatch;
import io.mailgenius.jobs.providers.Provider;
import io.mailgenius.jobs.providers.resend.ResendProvider;
import io.mailgenius.jobs.providers.resend.ResendSettings;
import io.mailgenius.schema.TestDatabase;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.sql.Connection;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.core.simple.JdbcClient;

class SandboxTest extends AnswersContract {

    private static TestDatabase database;
    private Sandbox sandbox;
    private ResendProvider provider;

    @BeforeAll
    static void create() {
        database = TestDatabase.create();
    }

    @AfterAll
    static void drop() {
        database.close();
    }

    @BeforeEach
    void start() {
        sql("DELETE FROM sandbox_batch").update();
        start(SandboxSettings.DEFAULT);
    }

    private void start(SandboxSettings settings) {
        sandbox = Sandbox.start(database.dataSource(), settings, Clock.systemUTC(), faults);
        provider = through(sandbox);
    }

    @AfterEach
    void stop() {
        provider.close();
        sandbox.close();
    }

    private static ResendProvider through(Sandbox sandbox) {
        return new ResendProvider(new ResendSettings(sandbox.url(), API_KEY));
    }

    @Override
    protected Provider provider() {
        return provider;
    }

    @Override
    protected Provider provider(URI url, Duration timeout) {
        return new ResendProvider(new ResendSettings(url, API_KEY, timeout));
    }

    @Override
    protected URI url() {
        return sandbox.url();
    }

    @Override
    protected int taken() {
        return sql("SELECT coalesce(sum(mails), 0) FROM sandbox_batch")
                .query(Integer.class)
                .single();
    }

    @Override
    protected void passes(Duration time) {
        sql("UPDATE sandbox_batch SET accepted_at = accepted_at - make_interval(secs => :seconds)")
                .param("seconds", time.toSeconds())
                .update();
    }

    @Override
    protected void quota(int mailsADay, int mailsAMonth) {
        stop();
        start(SandboxSettings.DEFAULT.withQuota(mailsADay, mailsAMonth));
    }

    private static JdbcClient.StatementSpec sql(String sql) {
        return JdbcClient.create(database.dataSource()).sql(sql);
    }

    @Test
    void nobody_outside_of_this_machine_reaches_it() throws Exception {
        assertThat(InetAddress.getByName(sandbox.url().getHost()).isLoopbackAddress()).isTrue();
    }

    @Test
    void each_mail_can_be_opened_as_it_was_sent() {
        Mail sent = mailTo("person@example.org");
        String id =
                accepted(new MailBatch("my-key", List.of(mailTo("x@y.example"), sent)))
                        .providerIds()
                        .get(1);

        SandboxMail mail = sandbox.mail(UUID.fromString(id)).orElseThrow();

        assertThat(mail.id()).hasToString(id);
        assertThat(mail.idempotencyKey()).isEqualTo("my-key");
        assertThat(mail.from()).isEqualTo(sent.from());
        assertThat(mail.to()).containsExactly(sent.to());
        assertThat(mail.subject()).isEqualTo(sent.subject());
        assertThat(mail.html()).isEqualTo(sent.html());
        assertThat(mail.text()).isEqualTo(sent.text());
        assertThat(mail.replyTo()).containsExactly(sent.replyTo());
        assertThat(mail.headers()).isEqualTo(sent.headers());
        assertThat(mail.tags()).isEqualTo(sent.tags());
    }

    @Test
    void ids_of_others_open_nothing() {
        String id = accepted(new MailBatch(key(), mails(1))).providerIds().getFirst();
        long batch = MailId.parse(UUID.fromString(id)).orElseThrow().batch();

        assertThat(sandbox.mail(UUID.randomUUID())).isEmpty();
        assertThat(sandbox.mail(new MailId(batch, 1).uuid())).isEmpty();
        assertThat(sandbox.mail(new MailId(batch + 1, 0).uuid())).isEmpty();
        assertThat(sandbox.mails(UUID.randomUUID(), 10)).isEmpty();
    }

    @Test
    void pages_go_from_the_newest_to_the_oldest_and_miss_none() {
        accepted(new MailBatch(key(), mails(3)));
        accepted(new MailBatch(key(), mails(4)));

        List<SandboxMail> first = sandbox.mails(null, 2);
        List<SandboxMail> second = sandbox.mails(first.getLast().id(), 3);
        List<SandboxMail> third = sandbox.mails(second.getLast().id(), 9);

        assertThat(first)
                .extracting(it -> it.to().getFirst())
                .containsExactly("person3@example.org", "person2@example.org");
        assertThat(second)
                .extracting(it -> it.to().getFirst())
                .containsExactly(
                        "person1@example.org", "person0@example.org", "person2@example.org");
        assertThat(third)
                .extracting(it -> it.to().getFirst())
                .containsExactly("person1@example.org", "person0@example.org");
        assertThat(sandbox.mails(third.getLast().id(), 9)).isEmpty();
    }

    @Test
    void a_key_holds_on_another_node_and_after_a_restart() {
        MailBatch batch = new MailBatch(key(), mails(3));
        BatchOutcome.Accepted first = accepted(batch);

        try (Sandbox other = Sandbox.start(database.dataSource(), SandboxSettings.DEFAULT);
                ResendProvider there = through(other)) {
            assertThat(there.send(batch)).isEqualTo(first);
        }
        stop();
        start(SandboxSettings.DEFAULT);
        assertThat(provider.send(batch)).isEqualTo(first);
        assertThat(taken()).isEqualTo(3);
    }

    @Test
    void two_nodes_that_get_the_same_batch_at_once_take_it_once() {
        try (Sandbox other = Sandbox.start(database.dataSource(), SandboxSettings.DEFAULT);
                ResendProvider there = through(other)) {
            for (int i = 0; i < 20; i++) {
                MailBatch batch = new MailBatch(key(), mails(5));
                var here = CompletableFuture.supplyAsync(() -> provider.send(batch));
                assertThat(there.send(batch)).isEqualTo(here.join());
            }
        }
        assertThat(taken()).isEqualTo(100);
    }

    @Test
    void a_repetition_while_the_first_is_under_way_is_deferred() throws Exception {
        MailBatch batch = new MailBatch(key(), mails(1));
        try (Connection slow = database.owner().getConnection()) {
            // Someone holds the key and has not made up his mind, so the first call has to wait.
            slow.setAutoCommit(false);
            try (var insert =
                    slow.prepareStatement(
                            "INSERT INTO sandbox_batch (idempotency_key, body_sha256, body, mails)"
                                    + " VALUES (?, '', '', 1)")) {
                insert.setString(1, batch.idempotencyKey());
                insert.executeUpdate();
            }
            var first = CompletableFuture.supplyAsync(() -> provider.send(batch));
            await().until(() -> waiting() == 1);

            assertThat(provider.send(batch))
                    .isInstanceOfSatisfying(
                            BatchOutcome.Deferred.class,
                            it ->
                                    assertThat(it.reason())
                                            .contains("concurrent_idempotent_requests"));
            slow.rollback();
            assertThat(first.get(10, TimeUnit.SECONDS)).isInstanceOf(BatchOutcome.Accepted.class);
        }
    }

    private int waiting() {
        return JdbcClient.create(database.owner())
                .sql(
                        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
                                + " AND wait_event_type = 'Lock'")
                .query(Integer.class)
                .single();
    }

    @Test
    void a_mail_is_no_batch() throws Exception {
        assertThat(post("/emails", "[" + MAIL + "]").statusCode()).isEqualTo(422);
        assertThat(post("/emails", MAIL + MAIL).statusCode()).isEqualTo(422);
        assertThat(taken()).isZero();
    }

    @Test
    void mails_without_a_key_are_new_each_time() throws Exception {
        assertThat(post("/emails", MAIL).statusCode()).isEqualTo(200);
        HttpResponse<String> answer = post("/emails", MAIL);

        assertThat(answer.body()).matches("\\{\"id\":\"[0-9a-f-]{36}\"}");
        assertThat(taken()).isEqualTo(2);
        UUID id = UUID.fromString(answer.body().substring(7, 43));
        assertThat(sandbox.mail(id).orElseThrow().to()).containsExactly("c@d.example");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"to\":\"c@d.example\",\"subject\":\"s\",\"text\":\"t\"}|`from`",
                "{\"from\":\"a@b.example\",\"subject\":\"s\",\"text\":\"t\"}|`to`",
                "{\"from\":\"a@b.example\",\"to\":\"c@d.example\",\"text\":\"t\"}|`subject`",
                "{\"from\":\"a@b.example\",\"to\":\"c@d.example\",\"subject\":\"s\"}|`html` or `text`",
                "{\"from\":\"a@b.example\",\"to\":\"c@d.example\",\"subject\":\"s\",\"html\":null}|`html` or `text`",
                "{\"from\":\"a@b.example\",\"to\":[],\"subject\":\"s\",\"text\":\"t\"}|`to`",
                "{\"from\":\"Acme <a@b>\",\"to\":\"c@d.example\",\"subject\":\"s\",\"text\":\"t\"}|`from`",
                "{\"from\":\"a@b.example\",\"to\":\"c @d.example\",\"subject\":\"s\",\"text\":\"t\"}|`to`",
                "{\"from\":\"a@b.example\",\"to\":\"c@d.example\",\"subject\":7,\"text\":\"t\"}|`subject`",
                "{\"from\":\"a@b.example\",\"to\":\"c@d.example\",\"subject\":\"s\",\"text\":\"t\",\"tags\":[{\"name\":\"ä\",\"value\":\"b\"}]}|Tags",
                "{\"from\":\"a@b.example\",\"to\":\"c@d.example\",\"subject\":\"s\",\"text\":\"t\",\"attachments\":[]}|Attachments",
                "7|object",
            })
    void a_mail_that_is_not_acceptable_is_named_with_its_place(String mailAndReason)
            throws Exception {
        String[] parts = mailAndReason.split("\\|");

        HttpResponse<String> answer = post("/emails/batch", "[" + MAIL + "," + parts[0] + "]");

        assertThat(answer.statusCode()).isEqualTo(422);
        assertThat(answer.body())
                .startsWith(
                        "{\"statusCode\":422,\"name\":\"validation_error\",\"message\":\"emails[1]: ")
                .contains(parts[1]);
        assertThat(taken()).isZero();
    }

    @ParameterizedTest
    @CsvSource({
        "'', 401, missing_api_key",
        "Basic abc, 401, missing_api_key",
        "Bearer re_other, 403, invalid_api_key"
    })
    void without_its_key_nobody_gets_in(String authorization, int status, String name)
            throws Exception {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(sandbox.url().resolve("/emails"))
                        .POST(HttpRequest.BodyPublishers.ofString(MAIL));
        if (!authorization.isEmpty()) {
            request.header("Authorization", authorization);
        }

        HttpResponse<String> answer =
                HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());

        assertThat(answer.statusCode()).isEqualTo(status);
        assertThat(answer.body()).contains("\"" + name + "\"");
        assertThat(taken()).isZero();
    }

    @ParameterizedTest
    @CsvSource({"/domains, {}, 404, not_found", "/emails, {, 400, validation_error"})
    void other_errors_are_resends_too(String path, String body, int status, String name)
            throws Exception {
        HttpResponse<String> answer = post(path, body);

        assertThat(answer.statusCode()).isEqualTo(status);
        assertThat(answer.body()).contains("\"" + name + "\"");
    }

    @Test
    void beyond_its_rate_it_says_when_to_come_again() {
        Clock still = Clock.fixed(Instant.parse("2026-01-01T00:00:00Z"), ZoneOffset.UTC);
        SandboxSettings slow = new SandboxSettings(API_KEY, 2, 0, 0);
        try (Sandbox limited = Sandbox.start(database.dataSource(), slow, still);
                ResendProvider there = through(limited)) {
            there.send(new MailBatch(key(), mails(1)));
            there.send(new MailBatch(key(), mails(1)));

            assertThat(there.send(new MailBatch(key(), mails(1))))
                    .isInstanceOfSatisfying(
                            BatchOutcome.Deferred.class,
                            it -> assertThat(it.pause()).hasSeconds(1));
            assertThat(taken()).isEqualTo(2);
        }
    }

    @Test
    void a_quota_is_of_all_nodes_together() {
        quota(10, 0);
        SandboxSettings same = SandboxSettings.DEFAULT.withQuota(10, 0);
        try (Sandbox other = Sandbox.start(database.dataSource(), same);
                ResendProvider there = through(other)) {
            accepted(new MailBatch(key(), mails(6)));

            assertThat(there.send(new MailBatch(key(), mails(5))))
                    .isInstanceOf(BatchOutcome.Halted.class);
            assertThat(there.send(new MailBatch(key(), mails(4))))
                    .isInstanceOf(BatchOutcome.Accepted.class);
        }
        assertThat(taken()).isEqualTo(10);
    }

    @Test
    void what_permissive_validation_leaves_out_is_nobodys_mail() throws Exception {
        String batch = "[{\"to\":\"ä@b.example\"} ," + MAIL + ",7]";
        post("/emails/batch", batch, "x-batch-validation", "permissive");

        assertThat(sandbox.mails(null, 10))
                .singleElement()
                .satisfies(mail -> assertThat(mail.to()).containsExactly("c@d.example"));
    }
}
