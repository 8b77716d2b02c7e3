package io.mailgenius.jobs.providers.resend;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailgenius.jobs.providers.SenderDomains;
import io.mailgenius.jobs.providers.SenderDomains.Domain;
import io.mailgenius.jobs.providers.SenderDomains.Standing;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ResendDomainsTest {

    private Instant now = Instant.parse("2026-01-02T03:04:05Z");
    private final List<Duration> held = new ArrayList<>();
    private int turns;
    private int left;
    private RequestLog.Slot slot = new RequestLog.Slot.Reserved(Duration.ZERO);
    private final RequestLog log =
            new RequestLog() {
                @Override
                public Slot reserve(Duration patience) {
                    turns++;
                    return slot;
                }

                @Override
                public void release() {}

                @Override
                public Departure depart() {
                    left++;
                    return new Departure.Now(() -> {});
                }

                @Override
                public void hold(Duration pause) {
                    held.add(pause);
                }
            };
    private LocalServer server;
    private ResendDomains domains;

    @BeforeEach
    void start() throws IOException {
        server = new LocalServer();
        domains =
                new ResendDomains(
                        new ResendSettings(server.url(), "re_123"),
                        SendRateLimiter.of(log),
                        () -> now);
    }

    @AfterEach
    void stop() {
        domains.close();
        server.close();
    }

    private static String listed(String name, String status) {
        return """
               {"id":"id of %s","name":"%s","status":"%s","created_at":"2026-01-01 00:00:00+00",
                "region":"eu-west-1","capabilities":{"sending":"enabled"},"word_of_tomorrow":[1]}
               """
                .formatted(name, name, status);
    }

    private static String page(boolean more, String... domains) {
        return "{\"object\":\"list\",\"has_more\":%s,\"data\":[%s]}"
                .formatted(more, String.join(",", domains));
    }

    @Test
    void the_list_says_what_each_status_means_for_a_mail() {
        server.answers(
                200,
                page(
                        false,
                        listed("a.example", "verified"),
                        listed("b.example", "temporary_failure"),
                        listed("c.example", "partially_verified"),
                        listed("d.example", "pending"),
                        listed("e.example", "not_started"),
                        listed("f.example", "failed")));

        assertThat(listed().getFirst())
                .isEqualTo(new Domain("a.example", "verified", "eu-west-1", Standing.SENDS));
        assertThat(listed())
                .extracting(Domain::standing)
                .containsExactly(
                        Standing.SENDS,
                        Standing.SENDS_FOR_NOW,
                        Standing.SENDS_FOR_NOW,
                        Standing.DOES_NOT_SEND,
                        Standing.DOES_NOT_SEND,
                        Standing.DOES_NOT_SEND);
        assertThat(server.bodies.getFirst()).startsWith("GET /domains?limit=100 ");
        assertThat(server.headers.getFirst())
                .containsEntry("Authorization", List.of("Bearer re_123"));
    }

    private List<Domain> listed() {
        return ((SenderDomains.Answer.Listed) domains.ask()).domains();
    }

    @Test
    void a_list_of_several_pages_is_read_to_its_end_and_each_takes_a_turn() {
        server.reply =
                exchange -> {
                    boolean first = !exchange.getRequestURI().toString().contains("after=");
                    byte[] body = page(first, listed(first ? "a" : "b", "verified")).getBytes();
                    exchange.sendResponseHeaders(200, body.length);
                    exchange.getResponseBody().write(body);
                };

        assertThat(listed()).extracting(Domain::name).containsExactly("a", "b");
        assertThat(turns).isEqualTo(2);
        assertThat(left).isEqualTo(2);
    }

    @Test
    void a_list_is_kept_for_minutes_or_for_seconds_by_whoever_found_nothing_in_it() {
        server.answers(200, page(false));
        domains.ask();
        now = now.plus(Duration.ofMinutes(4));
        domains.ask();
        assertThat(server.bodies).hasSize(1);

        domains.askAgain();
        domains.askAgain();
        assertThat(server.bodies).hasSize(2);

        now = now.plus(Duration.ofMinutes(5));
        domains.ask();
        assertThat(server.bodies).hasSize(3);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "401 | {\"name\":\"restricted_api_key\",\"message\":\"only sends\"} | restricted_api_key: only sends",
                "404 | not here | not here",
                "405 | not so | not so",
                "500 | {} | 500",
                "200 | <html> | cannot be read",
                "200 | {} | cannot be read",
            })
    void what_is_no_list_says_so_and_is_asked_again_soon(int status, String body, String said) {
        server.answers(status, body);

        assertThat(domains.ask())
                .isInstanceOfSatisfying(
                        SenderDomains.Answer.NotAsked.class,
                        it -> assertThat(it.reason()).contains(said));
        domains.ask();
        assertThat(server.bodies).hasSize(1);
        now = now.plusSeconds(11);
        server.answers(200, page(false));
        assertThat(listed()).isEmpty();
    }

    @Test
    void too_fast_holds_the_batches_too() {
        server.answers(429, "{\"name\":\"rate_limit_exceeded\"}", "retry-after", "7");

        assertThat(domains.ask()).isInstanceOf(SenderDomains.Answer.NotAsked.class);
        assertThat(held).containsExactly(Duration.ofSeconds(7));
    }

    @Test
    void without_a_turn_nobody_is_asked() {
        slot = new RequestLog.Slot.Later(Duration.ofMinutes(1));

        assertThat(domains.ask()).isInstanceOf(SenderDomains.Answer.NotAsked.class);
        assertThat(server.bodies).isEmpty();
    }
}
