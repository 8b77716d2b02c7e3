package io.mailgenius.bench;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.mailgenius.api.client.Client;
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
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
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
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
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
class SilentNodeIT {

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

    /** So many that a preview uses an index, whose columns are read in several fetches. */
    private static final int CONTACTS = 25_000;

    private static final int ROWS = 5_000;

    @TempDir static Path folder;

    private static TestDatabase database;
    private static EventCensus census;
    private static long workspace;
    private static TcpRelay postgres;
    private static TcpRelay redis;
    private static Node node;
    private static Client client;
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    @BeforeAll
    static void start() throws IOException {
        database = TestDatabase.create();
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
        client = new Client(node.url(), KEY);
        census = new EventCensus(database.url(), database.username(), database.password());
        workspace = census.contacts(CONTACTS);
        owner().sql(
                        """
                        UPDATE contact
                           SET attributes = jsonb_build_object(
                                   'a0', CASE WHEN id > 15000 THEN 'later-a0' ELSE 'early' END,
                                   'a1', CASE WHEN id > 15000 THEN 'later-a1' ELSE 'early' END,
                                   'a2', CASE WHEN id > 15000 THEN 'later-a2' ELSE 'early' END)
                        """)
                .update();
        owner().sql("SELECT setval(pg_get_serial_sequence('contact', 'id'), :last)")
                .param("last", CONTACTS)
                .query(Long.class)
                .single();
    }

    @AfterAll
    static void stop() throws IOException {
        client.close();
        // First the relays: a node that still waits on a silent connection could not leave.
        postgres.close();
        redis.close();
        node.close();
        database.close();
    }

    /**
     * The connection with this text loses its bytes from there on, and so do all others then.
     *
     * @return when it happened, by {@link System#nanoTime}
     */
    private static long diesAt(CountDownLatch seen, Set<Way> lost) throws InterruptedException {
        assertThat(seen.await(SOON.toSeconds(), TimeUnit.SECONDS)).as("seen").isTrue();
        long died = System.nanoTime();
        postgres.forget(lost);
        return died;
    }

    private static Duration left(long died) {
        return PROMISED.minusNanos(System.nanoTime() - died);
    }

    /** In the middle of the rows. The server waits for the others, or has them and says so. */
    @ParameterizedTest
    @FieldSource("LOST")
    void an_import_goes_on_whose_copy_is_cut(Set<Way> lost) throws Exception {
        String domain = "copy-%d.example".formatted(LOST.indexOf(lost));
        Path file = folder.resolve(domain + ".csv");
        Files.writeString(
                file,
                IntStream.range(0, ROWS)
                        .mapToObj(n -> "c%d@%s\n".formatted(n, domain))
                        .collect(Collectors.joining("", "email\n", "")));
        CountDownLatch seen = postgres.forgetOnceSeen("@" + domain, lost);

        JsonNode started = client.upload("/api/v1/imports", file, Map.of());

        long died = diesAt(seen, lost);
        await().atMost(SOON).until(() -> sessionsWhoseLastStatementIs("COPY import_row%") > 0);
        await().atMost(left(died))
                .pollInterval(Duration.ofMillis(50))
                .until(() -> importStatus(started.path("id").asLong()).equals("COMPLETED"));
        JsonNode ended = client.get("/api/v1/imports/" + started.path("id").asLong());
        assertThat(ended.at("/rows/created").asInt()).isEqualTo(ROWS);
        assertThat(contactsOf(domain)).isEqualTo(ROWS);
        assertThat(status(READINESS)).isEqualTo(200);
    }

    private static long sessionsWhoseLastStatementIs(String pattern) {
        return owner().sql(
                        """
                        SELECT count(*) FROM pg_stat_activity
                         WHERE datname = current_database() AND query LIKE :pattern
                        """)
                .param("pattern", pattern)
                .query(Long.class)
                .single();
    }

    private static String importStatus(long id) {
        return owner().sql("SELECT status FROM import WHERE id = :id")
                .param("id", id)
                .query(String.class)
                .single();
    }

    private static long contactsOf(String domain) {
        return owner().sql("SELECT count(*) FROM contact WHERE email LIKE '%@' || :domain")
                .param("domain", domain)
                .query(Long.class)
                .single();
    }

    /** Between two fetches of a column. Meanwhile the contacts themselves are counted. */
    @ParameterizedTest
    @FieldSource("LOST")
    void a_preview_is_answered_whose_index_is_cut_while_it_loads(Set<Way> lost) throws Exception {
        String attribute = "a" + LOST.indexOf(lost);
        CountDownLatch seen = postgres.forgetOnceSeen("later-" + attribute, lost);
        try (ExecutorService asking = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<JsonNode> preview = asking.submit(() -> preview(attribute));

            long died = diesAt(seen, lost);

            JsonNode answer = preview.get(left(died).toNanos(), TimeUnit.NANOSECONDS);
            assertThat(answer.path("count").asInt()).isEqualTo(15_000);
        }
        await().atMost(SOON)
                .until(() -> preview(attribute).path("source").asString().equals("INDEX"));
    }

    private static JsonNode preview(String attribute) throws Exception {
        return client.post(
                "/api/v1/segments/preview",
                Map.of(
                        "rule",
                        Map.of(
                                "field",
                                "attributes." + attribute,
                                "op",
                                "equals",
                                "value",
                                "early")));
    }

    /** The file ends soon and does not look complete; the next one is. */
    @Test
    void an_export_that_is_cut_ends() throws Exception {
        CountDownLatch seen = postgres.forgetOnceSeen("later-a0", EnumSet.of(Way.ANSWERS));
        try (ExecutorService reading = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Long> lines = reading.submit(SilentNodeIT::exportedLines);

            long died = diesAt(seen, EnumSet.of(Way.ANSWERS));

            assertThatThrownBy(() -> lines.get(left(died).toNanos(), TimeUnit.NANOSECONDS))
                    .hasCauseInstanceOf(IOException.class);
        }
        assertThat(exportedLines()).isGreaterThan(CONTACTS);
    }

    private static long exportedLines() throws Exception {
        HttpResponse<InputStream> answer =
                HTTP.send(
                        request("/api/v1/contacts/export.csv.gz").build(),
                        BodyHandlers.ofInputStream());
        assertThat(answer.statusCode()).isEqualTo(200);
        try (var lines =
                new BufferedReader(
                        new InputStreamReader(new GZIPInputStream(answer.body()), UTF_8))) {
            long count = 0;
            while (lines.readLine() != null) {
                count++;
            }
            return count;
        }
    }

    /** The commit of some is on its way, and others come while nothing is known of its end. */
    @ParameterizedTest
    @FieldSource("LOST")
    void a_webhook_is_answered_and_its_event_stored_once(Set<Way> lost) throws Exception {
        long before = census.events();
        SignedEvents events = new SignedEvents(workspace, 3, 100, Instant.now(), EVENTS, before);
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
                one.get(left(died).toNanos(), TimeUnit.NANOSECONDS);
            }
        }
        assertThat(census.distinctEvents()).isEqualTo(before + EVENTS);
        assertThat(census.events()).isEqualTo(before + EVENTS);
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

    private static HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(node.url() + path))
                .timeout(SOON)
                .header("Authorization", "Bearer " + KEY);
    }

    private static HttpResponse<String> get(String path) throws Exception {
        return HTTP.send(request(path).build(), BodyHandlers.ofString());
    }

    private static int status(String path) throws Exception {
        return get(path).statusCode();
    }

    private static JsonNode json(HttpResponse<String> answer) {
        return JsonMapper.shared().readTree(answer.body());
    }

    private static JdbcClient owner() {
        return JdbcClient.create(database.owner());
    }
}
