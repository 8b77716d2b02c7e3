package io.mailgenius.jobs.providers.resend;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailgenius.jobs.delivery.ProviderContract;
import io.mailgenius.jobs.providers.BatchOutcome;
import io.mailgenius.jobs.providers.Mail;
import io.mailgenius.jobs.providers.MailBatch;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ResendProviderTest {

    private static final MailBatch BATCH = new MailBatch("campaign-1-2", ProviderContract.mails(2));
    private static final String TAKEN = "{\"data\":[{\"id\":\"a\"},{\"id\":\"b\"}]}";

    private volatile int left;
    private volatile int leftWhenAnswered;
    private final List<Duration> held = new ArrayList<>();
    private RequestLog.Slot slot = new RequestLog.Slot.Reserved(Duration.ZERO);
    private final RequestLog log =
            new RequestLog() {
                @Override
                public Slot reserve(Duration patience) {
                    return slot;
                }

                @Override
                public void release() {}

                @Override
                public Departure depart() {
                    return new Departure.Now(() -> left++);
                }

                @Override
                public void hold(Duration pause) {
                    held.add(pause);
                }
            };
    private LocalServer server;
    private ResendProvider provider;

    @BeforeEach
    void start() throws IOException {
        server = new LocalServer();
        provider = provider(server.url(), Duration.ofSeconds(10));
    }

    @AfterEach
    void stop() {
        provider.close();
        server.close();
    }

    private ResendProvider provider(URI url, Duration timeout) {
        return new ResendProvider(
                new ResendSettings(url, "re_123", timeout), SendRateLimiter.of(log));
    }

    @Test
    void the_request_is_the_one_that_resend_documents() {
        server.answers(200, TAKEN);

        assertThat(provider.send(BATCH)).isEqualTo(new BatchOutcome.Accepted(List.of("a", "b")));
        assertThat(left).isEqualTo(1);
        assertThat(server.headers.getFirst())
                .containsEntry("Authorization", List.of("Bearer re_123"))
                .containsEntry("Idempotency-key", List.of("campaign-1-2"))
                .containsEntry("Content-type", List.of("application/json"));
        assertThat(server.bodies.getFirst())
                .startsWith("POST /emails/batch [{\"from\":\"Zoë of Acme <news@acme.example>\"")
                .contains(
                        "\"to\":[\"person0@example.org\"]",
                        "\"reply_to\":[\"answers@acme.example\"]",
                        "\"tags\":[{\"name\":\"campaign_id\",\"value\":\"12\"},"
                                + "{\"name\":\"contact_id\",\"value\":\"34\"}]",
                        "\"List-Unsubscribe-Post\":\"List-Unsubscribe=One-Click\"")
                .doesNotContain("null", "attachments", "scheduled_at");
    }

    @Test
    void a_repetition_is_the_same_to_the_byte_whatever_order_its_maps_have() {
        server.answers(200, "{\"data\":[{\"id\":\"a\"}]}");
        Map<String, String> one = new LinkedHashMap<>();
        one.put("a", "1");
        one.put("b", "2");
        Map<String, String> other = new LinkedHashMap<>();
        other.put("b", "2");
        other.put("a", "1");

        provider.send(new MailBatch("k", List.of(mail(one))));
        provider.send(new MailBatch("k", List.of(mail(other))));

        assertThat(server.bodies.get(1)).isEqualTo(server.bodies.get(0));
    }

    private static Mail mail(Map<String, String> pairs) {
        return new Mail("a@b.example", "c@d.example", "s", null, "t", null, pairs, pairs);
    }

    @ParameterizedTest
    @CsvSource({
        "429, rate_limit_exceeded, Deferred",
        "429, daily_quota_exceeded, Halted",
        "429, monthly_quota_exceeded, Halted",
        "409, invalid_idempotent_request, AcceptedBefore",
        "409, concurrent_idempotent_requests, Deferred",
        "409, something_else, Unknown",
        "401, missing_api_key, Halted",
        "401, restricted_api_key, Halted",
        "403, invalid_api_key, Halted",
        "403, validation_error, Halted",
        "404, not_found, Halted",
        "405, method_not_allowed, Halted",
        "451, security_error, Halted",
        "301, moved, Halted",
        "400, validation_error, Refused",
        "400, invalid_idempotency_key, Refused",
        "413, too_large, Refused",
        "422, validation_error, Refused",
        "422, missing_required_field, Refused",
        "422, invalid_from_address, Refused",
        "500, application_error, Unknown",
        "502, bad_gateway, Unknown",
        "503, service_unavailable, Deferred",
        "504, gateway_timeout, Unknown",
    })
    void each_documented_error_means_one_thing(int status, String name, String outcome) {
        server.answers(status, error(status, name));

        BatchOutcome told = provider.send(BATCH);

        assertThat(told.getClass().getSimpleName()).isEqualTo(outcome);
        if (!outcome.equals("AcceptedBefore")) {
            assertThat(told.toString()).contains(status + " " + name + ": what it says");
        }
    }

    private static String error(int status, String name) {
        return "{\"statusCode\":%d,\"name\":\"%s\",\"message\":\"what it says\"}"
                .formatted(status, name);
    }

    @ParameterizedTest
    @CsvSource({"retry-after, 7, 7000", "retry-after, 0, 1000", "ratelimit-reset, 3, 3000"})
    void too_fast_waits_as_long_as_resend_says_and_tells_the_others(
            String header, String seconds, long millis) {
        server.answers(429, error(429, "rate_limit_exceeded"), header, seconds);

        assertThat(provider.send(BATCH))
                .isInstanceOfSatisfying(
                        BatchOutcome.Deferred.class,
                        it -> assertThat(it.pause()).isEqualTo(Duration.ofMillis(millis)));
        assertThat(held).containsExactly(Duration.ofMillis(millis));
    }

    @Test
    void a_used_up_quota_holds_nobody_since_a_person_has_to_see_to_it() {
        server.answers(429, error(429, "daily_quota_exceeded"), "retry-after", "7");

        provider.send(BATCH);

        assertThat(held).isEmpty();
    }

    @Test
    void an_error_that_is_no_json_is_shown_as_it_is() {
        server.answers(422, "<html>Proxy says no</html>");

        assertThat(provider.send(BATCH).toString()).contains("<html>Proxy says no</html>");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"<html>Log in to this network</html>", "{}", "{\"data\":[{\"id\":\"a\"}]}"})
    void a_success_without_the_ids_of_all_mails_is_unknown(String body) {
        server.answers(200, body);

        assertThat(provider.send(BATCH)).isInstanceOf(BatchOutcome.Unknown.class);
    }

    @Test
    void a_connection_that_is_cut_after_the_request_left_is_unknown() {
        server.reply = _ -> {};

        assertThat(provider.send(BATCH)).isInstanceOf(BatchOutcome.Unknown.class);
        assertThat(server.bodies).isNotEmpty();
    }

    @Test
    void a_request_has_left_before_it_is_answered() {
        server.reply =
                exchange -> {
                    leftWhenAnswered = left;
                    exchange.sendResponseHeaders(503, -1);
                };

        provider.send(BATCH);

        assertThat(leftWhenAnswered).isEqualTo(1);
        assertThat(left).isEqualTo(1);
    }

    @Test
    void a_connection_that_is_cut_in_the_middle_of_the_answer_is_unknown() {
        server.reply =
                exchange -> {
                    exchange.sendResponseHeaders(200, TAKEN.length());
                    exchange.getResponseBody().write(TAKEN.substring(0, 9).getBytes());
                    exchange.getResponseBody().flush();
                };

        assertThat(provider.send(BATCH)).isInstanceOf(BatchOutcome.Unknown.class);
    }

    @Test
    void a_connection_that_is_cut_while_the_request_leaves_is_unknown() throws Exception {
        try (ServerSocket cutting = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                ResendProvider cut =
                        provider(
                                URI.create("http://127.0.0.1:" + cutting.getLocalPort()),
                                Duration.ofSeconds(10))) {
            Thread.ofVirtual()
                    .start(
                            () -> {
                                try {
                                    while (true) {
                                        Socket accepted = cutting.accept();
                                        accepted.getInputStream().read();
                                        accepted.setSoLinger(true, 0);
                                        accepted.close();
                                    }
                                } catch (IOException theTestIsOver) {
                                    // Nothing to do.
                                }
                            });

            assertThat(cut.send(BATCH)).isInstanceOf(BatchOutcome.Unknown.class);
            assertThat(left).as("nothing more will leave").isPositive();
        }
    }

    @Test
    void an_answer_that_does_not_come_in_time_is_unknown() {
        CountDownLatch over = new CountDownLatch(1);
        server.reply =
                _ -> {
                    try {
                        over.await();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                };
        try (ResendProvider impatient = provider(server.url(), Duration.ofMillis(200))) {
            assertThat(impatient.send(BATCH)).isInstanceOf(BatchOutcome.Unknown.class);
        } finally {
            over.countDown();
        }
    }

    @Test
    void nobody_there_is_deferred_since_nothing_left() throws Exception {
        int port;
        try (ServerSocket closed = new ServerSocket(0)) {
            port = closed.getLocalPort();
        }
        try (ResendProvider alone =
                provider(URI.create("http://127.0.0.1:" + port), Duration.ofSeconds(10))) {
            assertThat(alone.send(BATCH)).isInstanceOf(BatchOutcome.Deferred.class);
        }
    }

    @Test
    void a_connection_that_went_stale_costs_no_batch() throws Exception {
        server.answers(200, TAKEN);
        provider.send(BATCH);
        int port = server.url().getPort();
        server.close();
        try (LocalServer next = LocalServer.at(port)) {
            next.answers(200, TAKEN);

            assertThat(provider.send(BATCH)).isInstanceOf(BatchOutcome.Accepted.class);
        }
    }

    @Test
    void a_batch_whose_slot_is_far_is_deferred_and_not_sent() {
        slot = new RequestLog.Slot.Later(Duration.ofMinutes(1));

        assertThat(provider.send(BATCH))
                .isInstanceOfSatisfying(
                        BatchOutcome.Deferred.class,
                        it -> assertThat(it.pause()).isEqualTo(Duration.ofMinutes(1)));
        assertThat(server.bodies).isEmpty();
        assertThat(left).isZero();
    }
}
