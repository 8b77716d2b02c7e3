package io.mailgenius.jobs.endpoints;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.standardwebhooks.Webhook;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.mailgenius.engine.tenancy.WorkspaceTransactionManager;
import io.mailgenius.jobs.LaunchFixture;
import io.mailgenius.jobs.contacts.ContactKeys;
import io.mailgenius.jobs.secrets.SecretEncryption;
import io.mailgenius.jobs.workspaces.Page;
import io.mailgenius.jobs.workspaces.Refusal;
import io.mailgenius.schema.DeliveryStatus;
import io.mailgenius.schema.EndpointStatus;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.net.http.HttpHeaders;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.support.StaticListableBeanFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.json.JsonMapper;

/** Messages over HTTP to a receiver that checks them with the library of Standard Webhooks. */
class EndpointsTest {

    /** Of this moment, because the library accepts no other. */
    private static final ManualTime TIME = new ManualTime();

    @TempDir static Path folder;

    private static LaunchFixture fixture;
    private static JdbcClient jdbc;
    private static TransactionTemplate transaction;
    private static HttpServer server;
    private static final List<Posted> POSTED = new CopyOnWriteArrayList<>();
    private static final Map<String, Integer> ANSWERS = new HashMap<>();
    private static volatile CountDownLatch held = new CountDownLatch(0);

    private static final class ManualTime extends Clock {
        private volatile Instant now = Instant.now();

        void advance(Duration time) {
            now = now.plus(time);
        }

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }

    private record Posted(String path, HttpHeaders headers, String body) {

        String id() {
            return headers.firstValue("webhook-id").orElseThrow();
        }

        String type() {
            return JsonMapper.shared().readTree(body).path("type").asString();
        }
    }

    private static DeliveryStore deliveries;
    private static EndpointStore store;
    private static SigningSecrets secrets;
    private static Endpoints endpoints;
    private static EndpointRun.Means means;

    @BeforeAll
    static void open() throws IOException {
        fixture = new LaunchFixture(ContactKeys.class);
        jdbc = JdbcClient.create(fixture.database.dataSource());
        transaction =
                new TransactionTemplate(
                        new WorkspaceTransactionManager(fixture.database.dataSource()));
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", EndpointsTest::answer);
        server.start();
        StaticListableBeanFactory beans = new StaticListableBeanFactory();
        beans.addBean("encryption", new SecretEncryption(folder.resolve("keys.json")));
        deliveries = new DeliveryStore(jdbc);
        store = new EndpointStore(jdbc);
        secrets = new SigningSecrets(jdbc, beans.getBeanProvider(SecretEncryption.class));
        ReceiverAddresses addresses = new ReceiverAddresses(true);
        endpoints = new Endpoints(store, deliveries, secrets, addresses, TIME);
        means =
                new EndpointRun.Means(
                        store,
                        deliveries,
                        secrets,
                        new MessagePoster(addresses, TIME),
                        new EndpointRun.Transactions() {
                            @Override
                            public <T> T call(Supplier<T> work) {
                                return Objects.requireNonNull(transaction.execute(_ -> work.get()));
                            }
                        },
                        new Semaphore(3),
                        TIME,
                        UUID.randomUUID());
    }

    private static void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().getPath();
            String body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
            if (path.startsWith("/slow")) {
                held.await(20, TimeUnit.SECONDS);
            }
            POSTED.add(
                    new Posted(
                            path,
                            HttpHeaders.of(exchange.getRequestHeaders(), (_, _) -> true),
                            body));
            int status = ANSWERS.getOrDefault(path, 200);
            exchange.getResponseHeaders().add("Location", "/elsewhere");
            byte[] answer = ("answer of " + path).getBytes(UTF_8);
            exchange.sendResponseHeaders(status, answer.length);
            exchange.getResponseBody().write(answer);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @AfterAll
    static void close() {
        server.stop(0);
        means.poster().close();
        fixture.close();
    }

    @BeforeEach
    void empty() {
        TIME.now = Instant.now();
        POSTED.clear();
        ANSWERS.clear();
        fixture.owner()
                .sql(
                        "TRUNCATE endpoint, endpoint_secret, endpoint_delivery, endpoint_attempt, event, event_receipt, contact")
                .update();
    }

    private static <T> T in(Supplier<T> work) {
        return fixture.in(() -> Objects.requireNonNull(transaction.execute(_ -> work.get())));
    }

    private static NewEndpoint endpoint(String path, boolean ordered, String... events) {
        String url = "http://127.0.0.1:%d%s".formatted(server.getAddress().getPort(), path);
        return in(() -> endpoints.create(new EndpointDraft(url, null, List.of(events), ordered)));
    }

    /** As if the provider had reported it. */
    private static void happened(String messageId, String type, Long contact) {
        fixture.run(
                () ->
                        jdbc.sql(
                                        """
                                        INSERT INTO event (workspace_id, occurred_at, campaign_id, contact_id, type, message_id)
                                        VALUES (:workspace, now(), 7, :contact, :type, :message)
                                        """)
                                .param("workspace", fixture.workspace)
                                .param("contact", contact)
                                .param("type", type)
                                .param("message", messageId)
                                .update());
        // The database has its own time, which is not that of the test.
        fixture.owner()
                .sql(
                        "UPDATE endpoint_delivery SET created_at = ?, next_attempt_at = ? WHERE attempts = 0")
                .params(
                        TIME.instant().atOffset(ZoneOffset.UTC),
                        TIME.instant().atOffset(ZoneOffset.UTC))
                .update();
    }

    private static void deliver(NewEndpoint endpoint) {
        new EndpointRun(means, fixture.workspace, endpoint.endpoint().id(), () -> false).run();
    }

    private static List<DeliveryView> log(NewEndpoint endpoint) {
        Page<DeliveryView> page =
                in(() -> endpoints.deliveries(endpoint.endpoint().id(), null, 0, 100));
        return page.items().reversed().stream()
                .map(it -> in(() -> endpoints.delivery(endpoint.endpoint().id(), it.id())))
                .toList();
    }

    private static void verify(String secret, Posted posted) throws Exception {
        new Webhook(secret).verify(posted.body(), posted.headers());
    }

    @Test
    void the_published_library_accepts_a_message_with_each_secret_that_is_valid() throws Exception {
        NewEndpoint endpoint = endpoint("/a", false, "mail.*");
        happened("m.1", "DELIVERED", 5L);
        happened("m.2", "suppression.added", null);
        deliver(endpoint);
        assertThat(POSTED).hasSize(1);
        verify(endpoint.secret(), POSTED.getFirst());
        assertThat(POSTED.getFirst().id()).doesNotContain(".");
        assertThat(POSTED.getFirst().body())
                .contains("\"type\": \"mail.delivered\"", "\"contactId\": 5", "\"timestamp\": ");

        NewSecret next = in(() -> endpoints.rotate(endpoint.endpoint().id(), 1));
        happened("m.3", "OPENED", 5L);
        deliver(endpoint);
        verify(endpoint.secret(), POSTED.getLast());
        verify(next.secret(), POSTED.getLast());

        TIME.advance(Duration.ofMinutes(61));
        happened("m.4", "CLICKED", 5L);
        deliver(endpoint);
        assertThat(POSTED.getLast().headers().firstValue("webhook-signature").orElseThrow())
                .as("one signature, because the other secret has expired")
                .doesNotContain(" ");
        assertThat(
                        fixture.owner()
                                .sql(
                                        "SELECT position('whsec_' IN encode(secret, 'escape')) > 0 FROM endpoint_secret")
                                .query(Boolean.class)
                                .list())
                .as("sealed")
                .doesNotContain(true);
    }

    @Test
    void what_fails_is_repeated_under_the_same_id_after_growing_gaps_for_a_day() {
        NewEndpoint endpoint = endpoint("/down", false);
        ANSWERS.put("/down", 500);
        happened("m1", "BOUNCED", 5L);
        Instant begin = TIME.instant();
        List<Duration> gaps = new ArrayList<>();
        while (log(endpoint).getFirst().status() == DeliveryStatus.PENDING) {
            Instant due = Objects.requireNonNull(log(endpoint).getFirst().nextAttemptAt());
            deliver(endpoint);
            assertThat(POSTED).as("nothing more is due").hasSize(gaps.size() + 1);
            TIME.advance(Duration.ofMillis(1));
            Instant next = log(endpoint).getFirst().nextAttemptAt();
            if (next != null) {
                gaps.add(Duration.between(due, next));
                TIME.advance(Duration.between(TIME.instant(), next));
            }
            if (gaps.size() > 20) {
                break;
            }
        }
        assertThat(gaps)
                .hasSize(10)
                .isSortedAccordingTo(
                        (one, other) -> one.compareTo(other.multipliedBy(2)) < 0 ? -1 : 1);
        assertThat(Duration.between(begin, TIME.instant()))
                .isBetween(Duration.ofHours(20), Duration.ofHours(27));
        assertThat(POSTED.stream().map(Posted::id).distinct()).hasSize(1);
        DeliveryView failed = log(endpoint).getFirst();
        assertThat(failed.status()).isEqualTo(DeliveryStatus.FAILED);
        assertThat(failed.log()).hasSize(11);
        assertThat(failed.log().getFirst().httpStatus()).isEqualTo(500);
        assertThat(failed.log().getFirst().answer()).isEqualTo("answer of /down");

        ANSWERS.clear();
        assertThat(
                        in(
                                () ->
                                        endpoints.replay(
                                                endpoint.endpoint().id(),
                                                new Replay(null, null, true))))
                .isEqualTo(new Replay.Replayed(1, false));
        deliver(endpoint);
        assertThat(log(endpoint).getFirst().status()).isEqualTo(DeliveryStatus.DELIVERED);
        assertThat(POSTED.stream().map(Posted::id).distinct()).hasSize(1);
        TIME.advance(Duration.ofSeconds(1));
        assertThat(
                        in(
                                () ->
                                        endpoints.replay(
                                                endpoint.endpoint().id(),
                                                new Replay(
                                                        begin.minusSeconds(1),
                                                        begin.plusSeconds(1),
                                                        null))))
                .isEqualTo(new Replay.Replayed(1, false));
    }

    @Test
    void five_failing_days_switch_an_endpoint_off_and_the_others_are_told() {
        NewEndpoint broken = endpoint("/broken", false, "mail.*");
        NewEndpoint other = endpoint("/other", false, "endpoint.*");
        ANSWERS.put("/broken", 503);
        for (int day = 0; day < 6; day++) {
            happened("m" + day, "OPENED", 5L);
            deliver(broken);
            assertThat(in(() -> endpoints.find(broken.endpoint().id())).status())
                    .isEqualTo(day < 5 ? EndpointStatus.ENABLED : EndpointStatus.DISABLED);
            TIME.advance(Duration.ofDays(1));
        }
        assertThat(in(() -> endpoints.find(broken.endpoint().id())).notice()).contains("five days");
        assertThatThrownBy(() -> in(() -> endpoints.test(broken.endpoint().id())))
                .isInstanceOf(Refusal.Conflict.class);
        happened("later", "OPENED", 5L);
        deliver(other);
        assertThat(POSTED.getLast().type()).isEqualTo("endpoint.disabled");
        EndpointView again =
                in(
                        () ->
                                endpoints.update(
                                        broken.endpoint().id(),
                                        new EndpointChange(
                                                null, null, null, null, EndpointStatus.ENABLED)));
        assertThat(again.notice()).isNull();
        assertThat(again.failingSince()).isNull();
    }

    @Test
    void one_slow_receiver_delays_nobody_else() throws Exception {
        NewEndpoint slow = endpoint("/slow", false);
        NewEndpoint fast = endpoint("/fast", false);
        held = new CountDownLatch(1);
        for (int n = 0; n < 40; n++) {
            happened("m" + n, "OPENED", (long) n);
        }
        Thread running = Thread.ofVirtual().start(() -> deliver(slow));
        // All connections of a node's runs but the last could be taken, if one were held.
        deliver(fast);
        assertThat(POSTED.stream().filter(it -> it.path().equals("/fast"))).hasSize(40);
        assertThat(POSTED.stream().filter(it -> it.path().equals("/slow"))).isEmpty();
        assertThat(means.connections().tryAcquire(3, 5, TimeUnit.SECONDS))
                .as("no connection is held while receivers are waited for")
                .isTrue();
        means.connections().release(3);
        held.countDown();
        running.join();
        assertThat(POSTED.stream().filter(it -> it.path().equals("/slow"))).hasSize(40);
    }

    @Test
    void messages_about_a_contact_keep_their_order_if_asked() {
        NewEndpoint endpoint = endpoint("/ordered", true);
        ANSWERS.put("/ordered", 500);
        happened("a1", "SENT", 1L);
        deliver(endpoint);
        ANSWERS.clear();
        for (int n = 2; n < 6; n++) {
            happened("a" + n, n % 2 == 0 ? "DELIVERED" : "OPENED", 1L);
        }
        happened("b1", "SENT", 2L);
        deliver(endpoint);
        assertThat(POSTED.stream().skip(1).map(Posted::type))
                .as("only the other contact's, until the first was delivered")
                .containsExactly("mail.sent");
        TIME.advance(Duration.ofSeconds(10));
        deliver(endpoint);
        assertThat(POSTED.stream().skip(2).map(Posted::type))
                .containsExactly(
                        "mail.sent",
                        "mail.delivered",
                        "mail.opened",
                        "mail.delivered",
                        "mail.opened");
    }

    @Test
    void a_redirect_is_not_followed_and_a_lease_keeps_others_away() {
        NewEndpoint endpoint = endpoint("/moved", false);
        ANSWERS.put("/moved", 302);
        in(() -> endpoints.test(endpoint.endpoint().id()));
        deliver(endpoint);
        assertThat(POSTED.stream().map(Posted::path)).containsExactly("/moved");
        assertThat(log(endpoint).getFirst().log().getFirst().httpStatus()).isEqualTo(302);

        TIME.advance(Duration.ofMinutes(1));
        assertThat(in(() -> store.lease(endpoint.endpoint().id(), UUID.randomUUID(), 60)))
                .isPresent();
        deliver(endpoint);
        assertThat(POSTED).as("the lease is another node's").hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "127.0.0.1",
                "10.1.2.3",
                "172.16.0.1",
                "172.31.255.255",
                "192.168.1.1",
                "169.254.169.254",
                "100.64.0.1",
                "0.0.0.0",
                "224.0.0.1",
                "255.255.255.255",
                "192.0.2.1",
                "198.18.0.1",
                "::1",
                "::",
                "fe80::1",
                "fc00::1",
                "fd12::1",
                "::ffff:10.0.0.1",
                "64:ff9b::a00:1",
                "2002:a00:1::1",
                "2001:db8::1",
                "ff02::1",
            })
    void private_addresses_are_not_called(String address) throws Exception {
        assertThat(PublicAddresses.isPublic(InetAddress.getByName(address))).isFalse();
        ReceiverAddresses addresses = new ReceiverAddresses(false);
        assertThat(addresses.refuses(address)).isTrue();
        String host = address.indexOf(':') < 0 ? address : "[" + address + "]";
        assertThatThrownBy(() -> new EndpointCheck(addresses).url("https://" + host + "/hook"))
                .isInstanceOf(Refusal.Invalid.class);
    }

    @Test
    void public_addresses_are_called_and_names_are_checked_when_they_are_looked_up()
            throws Exception {
        assertThat(PublicAddresses.isPublic(InetAddress.getByName("93.184.216.34"))).isTrue();
        assertThat(PublicAddresses.isPublic(InetAddress.getByName("2606:2800:220:1::1"))).isTrue();
        ReceiverAddresses addresses = new ReceiverAddresses(false);
        assertThatThrownBy(() -> addresses.lookup("localhost"))
                .isInstanceOf(UnknownHostException.class);
        EndpointCheck check = new EndpointCheck(addresses);
        assertThat(check.url("https://example.com/hook")).isEqualTo("https://example.com/hook");
        for (String bad :
                List.of(
                        "http://example.com/",
                        "https://user:pass@example.com/",
                        "ftp://example.com/",
                        "https://localhost/",
                        "https://2130706433.localhost/",
                        "nonsense")) {
            assertThatThrownBy(() -> check.url(bad)).as(bad).isInstanceOf(Refusal.Invalid.class);
        }
    }
}
