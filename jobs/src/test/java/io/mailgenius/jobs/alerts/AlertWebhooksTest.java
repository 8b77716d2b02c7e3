package io.mailgenius.jobs.alerts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.standardwebhooks.Webhook;
import com.sun.net.httpserver.HttpServer;
import io.mailgenius.engine.alerts.AlertChannel.Delivery;
import io.mailgenius.engine.alerts.AlertChannel.Notice;
import io.mailgenius.engine.alerts.AlertRule;
import io.mailgenius.engine.alerts.SealedSecret;
import io.mailgenius.jobs.endpoints.PublicAddresses;
import io.mailgenius.jobs.secrets.SecretEncryption;
import io.mailgenius.jobs.workspaces.Refusal;
import io.mailgenius.schema.WorkspaceScope;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class AlertWebhooksTest {

    private static final String SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

    @TempDir Path folder;

    private final List<Received> received = new CopyOnWriteArrayList<>();
    private HttpServer server;
    private SecretEncryption encryption;

    private record Received(Map<String, List<String>> headers, String body) {}

    @BeforeEach
    void open() throws Exception {
        encryption = new SecretEncryption(folder.resolve("keys.json"));
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext(
                "/",
                exchange -> {
                    Map<String, List<String>> headers =
                            new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
                    headers.putAll(exchange.getRequestHeaders());
                    received.add(
                            new Received(
                                    headers,
                                    new String(
                                            exchange.getRequestBody().readAllBytes(),
                                            StandardCharsets.UTF_8)));
                    int status = Integer.parseInt(exchange.getRequestURI().getPath().substring(1));
                    if (status == 302) {
                        exchange.getResponseHeaders().set("Location", "/200");
                    }
                    exchange.sendResponseHeaders(status, -1);
                    exchange.close();
                });
        server.start();
    }

    @AfterEach
    void close() {
        server.stop(0);
    }

    private Delivery deliver(boolean anywhere, String url) {
        AlertWebhooks webhooks =
                new AlertWebhooks(
                        new AlertReceivers(anywhere),
                        encryption,
                        JsonMapper.shared(),
                        Clock.systemUTC());
        return WorkspaceScope.call(
                7,
                () -> {
                    UUID key = UUID.randomUUID();
                    AlertRule rule =
                            new AlertRule(
                                    7,
                                    3,
                                    "Ovens",
                                    "HEAT",
                                    100,
                                    60,
                                    true,
                                    List.of(),
                                    url,
                                    key,
                                    new SealedSecret(
                                            encryption.encrypt(
                                                    SECRET.getBytes(StandardCharsets.UTF_8),
                                                    AlertSettings.purpose(key))));
                    return webhooks.deliver(
                            new Notice(
                                    "alert_7_1",
                                    "OPENED",
                                    7,
                                    rule,
                                    9L,
                                    "oven",
                                    "It is \"hot\"",
                                    120,
                                    Instant.parse("2026-12-01T10:00:00Z"),
                                    url));
                });
    }

    private String local(int status) {
        return "http://127.0.0.1:%d/%d".formatted(server.getAddress().getPort(), status);
    }

    @Test
    void a_webhook_is_signed_as_standard_webhooks_has_it_and_slack_can_show_it() throws Exception {
        assertThat(deliver(true, local(204))).isInstanceOf(Delivery.Accepted.class);
        Received one = received.getFirst();
        // Throws unless id, time and body are those that were signed.
        new Webhook(SECRET).verify(one.body(), one.headers());
        assertThat(one.headers().get("webhook-id")).containsExactly("alert_7_1");
        JsonNode body = JsonMapper.shared().readTree(one.body());
        assertThat(body.path("text").asString()).isEqualTo("[OPENED] Ovens: It is \"hot\"");
        assertThat(body.path("type").asString()).isEqualTo("alert.opened");
        assertThat(body.path("data").path("alertId").asLong()).isEqualTo(9);
        assertThat(body.path("data").path("subject").asString()).isEqualTo("oven");
    }

    @Test
    void an_answer_that_accepts_nothing_and_a_redirect_are_refusals() {
        assertThat(deliver(true, local(500))).isEqualTo(new Delivery.Refused("It answered 500"));
        assertThat(deliver(true, local(302))).isEqualTo(new Delivery.Refused("It answered 302"));
        assertThat(received).as("the redirect was not followed").hasSize(2);
    }

    /** Names are judged by what they mean when the connection is opened. */
    @Test
    void nothing_is_sent_to_an_address_that_is_not_public() {
        int port = server.getAddress().getPort();
        for (String host :
                List.of("localhost", "127.0.0.1", "[::1]", "[::ffff:127.0.0.1]", "0.0.0.0")) {
            assertThat(deliver(false, "https://%s:%d/204".formatted(host, port)))
                    .as(host)
                    .isInstanceOfSatisfying(
                            Delivery.Refused.class,
                            refused -> assertThat(refused.reason()).contains("not a public"));
        }
        assertThat(received).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "10.1.2.3",
                "172.16.0.1",
                "192.168.1.1",
                "127.8.8.8",
                "169.254.169.254",
                "100.64.0.1",
                "0.1.2.3",
                "198.18.0.1",
                "224.0.0.1",
                "255.255.255.255",
                "192.0.0.8",
                "192.0.2.1",
                "198.51.100.1",
                "203.0.113.9",
                "::",
                "::1",
                "fe80::1",
                "fc00::1",
                "fd12::1",
                "ff02::1",
                "2001:db8::1",
                "64:ff9b::7f00:1",
                "2002:7f00:1::",
                "2001:0::1",
                "::ffff:10.0.0.1",
                "::7f00:1"
            })
    void special_addresses_are_not_public(String address) throws Exception {
        assertThat(PublicAddresses.isPublic(InetAddress.getByName(address))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.1.1.1", "93.184.216.34", "100.128.0.1", "2606:4700::1111"})
    void addresses_of_the_internet_are_public(String address) throws Exception {
        assertThat(PublicAddresses.isPublic(InetAddress.getByName(address))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "example.com",
                "ftp://example.com/",
                "http://example.com/",
                "https://user:password@example.com/",
                "https://169.254.169.254/latest/meta-data",
                "https://[::1]/"
            })
    void a_rule_cannot_name_such_a_webhook(String url) {
        assertThatThrownBy(() -> new AlertReceivers(false).require(url))
                .isInstanceOf(Refusal.Invalid.class)
                .hasMessageContaining("webhookUrl");
    }
}
