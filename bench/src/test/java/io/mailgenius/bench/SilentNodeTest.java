package io.mailgenius.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mailgenius.api.node.Node;
import io.mailgenius.api.node.NodeSettings;
import io.mailgenius.bench.load.EventCensus;
import io.mailgenius.bench.load.HttpConnection;
import io.mailgenius.bench.load.SignedEvents;
import io.mailgenius.engine.TestRedis;
import io.mailgenius.engine.cluster.RoundMonitor;
import io.mailgenius.engine.faults.TcpRelay;
import io.mailgenius.engine.faults.TcpRelay.Way;
import io.mailgenius.schema.TestDatabase;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A whole node with its usual settings, whose connections to PostgreSQL and Redis die without a
 * word to either end: whoever asks it over HTTP gets an answer, and its work goes on.
 */
class SilentNodeTest {

    /** From the death of connections to the next work done, as the guarantees say. */
    private static final Duration PROMISED = Duration.ofSeconds(15);

    /** Until the node says that it is ready again. */
    private static final Duration READY = Duration.ofSeconds(30);

    private static final Duration SOON = Duration.ofSeconds(60);

    private static final String KEY = "key-of-a-node-behind-relays";
    private static final int EVENTS = 20;
    private static final String READINESS = "/actuator/health/readiness";

    static final List<Set<Way>> LOST =
            List.of(EnumSet.allOf(Way.class), EnumSet.of(Way.REQUESTS), EnumSet.of(Way.ANSWERS));

    @TempDir Path folder;

    private final TestDatabase database = TestDatabase.create();
    private final HttpClient http = HttpClient.newHttpClient();
    private TcpRelay postgres;
    private TcpRelay redis;
    private Node node;

    @BeforeEach
    void start() throws IOException {
        postgres = TcpRelay.inFrontOf(database.url());
        redis = TcpRelay.inFrontOf(TestRedis.uri().toString());
        node =
                Node.start(
                        NodeSettings.from(
                                Map.of(
                                        "MAILGENIUS_DATABASE_URL", postgres.instead(database.url()),
                                        "MAILGENIUS_DATABASE_USERNAME", database.username(),
                                        "MAILGENIUS_DATABASE_PASSWORD", database.password(),
                                        "MAILGENIUS_REDIS_URL",
                                                redis.instead(TestRedis.uri().toString()),
                                        "MAILGENIUS_RESEND_WEBHOOK_SECRET", SignedEvents.SECRET,
                                        "MAILGENIUS_PORT", "0",
                                        "MAILGENIUS_BOOTSTRAP_API_KEY", KEY,
                                        "MAILGENIUS_DATA_DIR", folder.toString())));
    }

    @AfterEach
    void stop() throws IOException {
        // First the relays: a node that still waits on a silent connection could not leave.
        postgres.close();
        redis.close();
        node.close();
        database.close();
    }

    /** The commit of some is on its way, and others come while nothing is known of its end. */
    @ParameterizedTest
    @FieldSource("LOST")
    void a_webhook_is_answered_and_its_event_stored_once(Set<Way> lost) throws Exception {
        EventCensus census =
                new EventCensus(database.url(), database.username(), database.password());
        SignedEvents events =
                new SignedEvents(census.contacts(100), 3, 100, Instant.now(), EVENTS, 0);
        assertThat(post(events, 0)).isEqualTo(204);
        try (ExecutorService provider = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> posting = new ArrayList<>();
            long died;
            try (Connection owner = database.owner().getConnection();
                    Statement lock = owner.createStatement()) {
                owner.setAutoCommit(false);
                lock.execute("LOCK TABLE event IN EXCLUSIVE MODE");
                for (int n = 1; n < EVENTS; n++) {
                    int number = n;
                    posting.add(provider.submit(() -> settle(events, number)));
                }
                await().atMost(SOON).until(this::somebodyWaitsForALock);

                assertThat(postgres.forget(lost)).isPositive();

                died = System.nanoTime();
                owner.rollback();
            }
            for (Future<?> one : posting) {
                one.get(died + PROMISED.toNanos() - System.nanoTime(), TimeUnit.NANOSECONDS);
            }
        }
        assertThat(census.distinctEvents()).isEqualTo(EVENTS);
        assertThat(census.events()).isEqualTo(EVENTS);
    }

    /** Until it is taken, as a provider does; each attempt is answered within the promised time. */
    private void settle(SignedEvents events, int number) {
        await().atMost(SOON)
                .pollInterval(Duration.ofMillis(200))
                .until(() -> post(events, number) == 204);
    }

    /** {@link HttpConnection} waits for no answer longer than the promised time. */
    private int post(SignedEvents events, int number) throws IOException {
        URI url = node.url();
        try (HttpConnection httpConnection = new HttpConnection()) {
            return httpConnection
                    .ask(url, events.request(number, url.getAuthority(), Instant.now()))
                    .status();
        }
    }

    private boolean somebodyWaitsForALock() {
        return owner().sql(
                        """
                        SELECT EXISTS (SELECT FROM pg_stat_activity
                                        WHERE datname = current_database() AND wait_event_type = 'Lock')
                        """)
                .query(Boolean.class)
                .single();
    }

    @Test
    void readiness_names_the_loop_that_stands_still_and_is_back_when_it_goes_on() throws Exception {
        RoundMonitor monitor = node.bean(RoundMonitor.class);
        assertThat(status(READINESS)).isEqualTo(200);
        CountDownLatch restarted = new CountDownLatch(1);
        RoundMonitor.Round round =
                monitor.watch("test-loop", Duration.ofSeconds(6), restarted::countDown);
        try {
            await().atMost(READY)
                    .untilAsserted(
                            () -> {
                                HttpResponse<String> ready = get(READINESS);
                                assertThat(ready.statusCode()).isEqualTo(503);
                                assertThat(
                                                json(ready)
                                                        .at(
                                                                "/components/loops/details/standingStill/0")
                                                        .asString())
                                        .isEqualTo("test-loop");
                            });
            assertThat(restarted.getCount()).as("started again before").isZero();
            round.completed();

            await().atMost(READY).until(() -> status(READINESS) == 200);
        } finally {
            monitor.unwatch("test-loop");
        }
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(node.url() + path))
                .timeout(SOON)
                .header("Authorization", "Bearer " + KEY);
    }

    private HttpResponse<String> get(String path) throws Exception {
        return http.send(request(path).build(), BodyHandlers.ofString());
    }

    private int status(String path) throws Exception {
        return get(path).statusCode();
    }

    private static JsonNode json(HttpResponse<String> answer) {
        return JsonMapper.shared().readTree(answer.body());
    }

    private JdbcClient owner() {
        return JdbcClient.create(database.owner());
    }
}
