package io.mailgenius.jobs.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailgenius.engine.worker.Deferred;
import io.mailgenius.jobs.campaigns.Reservation;
import io.mailgenius.jobs.delivery.BatchSender.Halted;
import io.mailgenius.jobs.delivery.BatchSender.Letter;
import io.mailgenius.jobs.delivery.Faults.Fault;
import io.mailgenius.jobs.delivery.SendCase.End;
import io.mailgenius.jobs.delivery.SendCheckpoint.Splitting;
import io.mailgenius.jobs.delivery.SendCheckpoint.Started;
import io.mailgenius.jobs.delivery.SendStore.Send;
import io.mailgenius.jobs.providers.BatchOutcome;
import io.mailgenius.jobs.providers.MailBatch;
import io.mailgenius.jobs.providers.Provider;
import io.mailgenius.schema.SendStatus;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What each answer leads to, from a chunk's mails to their outcomes: who is told what, how many
 * mails the provider took, and under which keys it was asked.
 */
public abstract class AnswersContract extends ProviderContract {

    protected static final String API_KEY = "re_sandbox";
    protected static final String MAIL =
            "{\"from\":\"a@b.example\",\"to\":[\"c@d.example\"],\"subject\":\"s\",\"text\":\"t\"}";

    /** Of all tests: nobody has to wait for its threads to end. */
    protected static final HttpClient HTTP = HttpClient.newHttpClient();

    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");
    private static final Path DOCS = Path.of("..", "docs", "delivery.md");

    private final String prefix = key();
    private final List<Duration> waited = new ArrayList<>();

    /** What the chunk keeps from one attempt to the next. */
    private final Set<String> checkpoint = new HashSet<>();

    /** Stand before the server of {@link #provider}. */
    protected final Faults faults = new Faults();

    /** Where the server is that the faults stand before, for a client with that time-out. */
    protected abstract Provider provider(URI url, Duration timeout);

    protected abstract URI url();

    /** What the provider takes from now on in a day and in a month; 0 for all that comes. */
    protected abstract void quota(int mailsADay, int mailsAMonth) throws Exception;

    @AfterEach
    final void nobodyWaitsForSlowAnswers() {
        faults.end();
    }

    static Stream<SendCase> answers() {
        return SendCase.all();
    }

    @ParameterizedTest
    @MethodSource("answers")
    void each_answer_leads_to_what_the_docs_say(SendCase it) throws Exception {
        List<Letter> letters = letters(it);
        if (it.acceptedBefore()) {
            accepted(new MailBatch(prefix + "-0", mails(letters.size())));
        }
        int before = taken();
        faults.order(it.faults());
        Provider provider =
                it.faults().contains(new Fault.Slow())
                        ? provider(url(), Duration.ofMillis(700))
                        : provider();

        assertThat(post(provider, letters)).as("of each mail").isEqualTo(it.ends());

        assertThat(faults.left()).as("faults that nobody met").isZero();
        assertThat(faults.keys())
                .as("keys in their order")
                .containsExactlyElementsOf(it.keys().stream().map(key -> prefix + key).toList());
        assertThat(taken() - before).as("mails that were taken").isEqualTo(it.taken());
        if (it.waits() != null) {
            assertThat(waited).containsExactly(it.waits());
        }
        whoeverComesAgainLosesNobodyAndMailsNobodyTwice(it, letters);
        if (provider instanceof AutoCloseable own && provider != provider()) {
            own.close();
        }
    }

    /** As another worker does that gets the chunk back, or the same one after a pause. */
    private void whoeverComesAgainLosesNobodyAndMailsNobodyTwice(
            SendCase it, List<Letter> letters) {
        List<End> ends = post(provider(), letters);

        assertThat(ends).doesNotContain(End.HALTED, End.HANDED_BACK);
        if (it.acceptedBefore()) {
            assertThat(taken()).isEqualTo(letters.size());
        } else {
            assertThat(taken()).isEqualTo(ends.stream().filter(End::isSent).count());
            assertThat(ends.stream().filter(end -> end == End.FAILED).count()).isEqualTo(it.bad());
        }
    }

    @Test
    void a_server_that_is_not_there_has_got_nothing() throws Exception {
        int port;
        try (ServerSocket closed = new ServerSocket(0)) {
            port = closed.getLocalPort();
        }
        List<Letter> letters = letters(4, 0);
        Provider nobody = provider(URI.create("http://127.0.0.1:" + port), Duration.ofSeconds(5));

        assertThat(post(nobody, letters)).containsOnly(End.HANDED_BACK);
        assertThat(post(provider(), letters)).containsOnly(End.SENT);
        assertThat(taken()).isEqualTo(4);
        ((AutoCloseable) nobody).close();
    }

    @ParameterizedTest
    @CsvSource({"10, 0, daily_quota_exceeded, 1", "0, 10, monthly_quota_exceeded, 31"})
    void beyond_its_quota_it_takes_nothing_until_the_next_one_begins(
            int daily, int monthly, String name, int days) throws Exception {
        quota(daily, monthly);
        MailBatch first = new MailBatch(key(), mails(6));
        List<Letter> letters = letters(5, 0);

        BatchOutcome accepted = accepted(first);
        assertThat(post(provider(), letters)).containsOnly(End.HALTED);
        assertThat(provider().send(new MailBatch(key(), mails(5))))
                .isInstanceOfSatisfying(
                        BatchOutcome.Halted.class, it -> assertThat(it.reason()).contains(name));
        assertThat(provider().send(first)).as("a repetition").isEqualTo(accepted);
        accepted(new MailBatch(key(), mails(4)));
        assertThat(taken()).as("there was room for these").isEqualTo(10);

        passes(Duration.ofDays(days));
        assertThat(post(provider(), letters)).as("with the same key").containsOnly(End.SENT);
        assertThat(taken()).isEqualTo(15);
    }

    @Test
    void permissive_validation_takes_what_is_acceptable_and_names_the_rest() throws Exception {
        String batch = "[" + MAIL + "," + MAIL.replace("c@d.example", "nobody") + " ,7," + MAIL;
        HttpResponse<String> answer = permissive("key-1", batch + "]");

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body())
                .matches(
                        "\\{\"data\":\\[\\{\"id\":\"[0-9a-f-]{36}\"},\\{\"id\":\"[0-9a-f-]{36}\"}],"
                                + "\"errors\":\\[\\{\"index\":1,\"message\":\"[^\"]*`to`[^\"]+\"},"
                                + "\\{\"index\":2,\"message\":\"[^\"]+\"}]}");
        assertThat(taken()).isEqualTo(2);
        assertThat(permissive("key-1", batch + "]").body()).as("again").isEqualTo(answer.body());
        assertThat(permissive("key-1", "[" + MAIL + "]").statusCode()).isEqualTo(409);
        assertThat(permissive("key-2", "[" + MAIL + "]").body()).endsWith("],\"errors\":[]}");
        assertThat(taken()).isEqualTo(3);
    }

    @Test
    void permissive_validation_of_a_batch_without_an_acceptable_mail_takes_nothing()
            throws Exception {
        assertThat(permissive("key-3", "[{}]").body())
                .startsWith("{\"data\":[],\"errors\":[{\"index\":0,\"message\":\"");
        assertThat(permissive("key-3", "[]").statusCode()).isEqualTo(422);
        assertThat(permissive("key-3", "[{").statusCode()).isEqualTo(400);
        assertThat(permissive("key-3", MAIL).statusCode()).isEqualTo(422);
        assertThat(taken()).isZero();
        assertThat(permissive("key-3", "[" + MAIL + "]").statusCode())
                .as("the key was not used up")
                .isEqualTo(200);
    }

    @Test
    void a_batch_has_one_to_a_hundred_mails_and_a_key_of_256_characters_at_the_most()
            throws Exception {
        String most = String.join(",", Collections.nCopies(Provider.BATCH, MAIL));

        assertThat(batch("key-4", "[]").statusCode()).isEqualTo(422);
        assertThat(batch("key-4", "[" + most + "," + MAIL + "]").statusCode()).isEqualTo(422);
        assertThat(batch("key-4", MAIL).statusCode()).isEqualTo(422);
        assertThat(batch("key-4", "[" + MAIL).statusCode()).isEqualTo(400);
        assertThat(batch("k".repeat(257), "[" + MAIL + "]").body())
                .contains("\"statusCode\":400", "\"name\":\"invalid_idempotency_key\"");
        assertThat(taken()).isZero();
        assertThat(batch("k".repeat(256), "[" + most + "]").statusCode()).isEqualTo(200);
        assertThat(taken()).isEqualTo(Provider.BATCH);
    }

    private HttpResponse<String> batch(String key, String body) throws Exception {
        return post("/emails/batch", body, "Idempotency-Key", key);
    }

    private HttpResponse<String> permissive(String key, String body) throws Exception {
        return post(
                "/emails/batch", body, "Idempotency-Key", key, "x-batch-validation", "permissive");
    }

    /** Past our client, which never asks for that. */
    protected final HttpResponse<String> post(String path, String body, String... headers)
            throws Exception {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(url().resolve(path))
                        .header("Authorization", "Bearer " + API_KEY)
                        .POST(HttpRequest.BodyPublishers.ofString(body));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    @Test
    void every_answer_that_the_docs_name_has_a_case() throws Exception {
        String page = Files.readString(DOCS);
        String table = page.substring(page.indexOf("| answer of Resend"));
        String named =
                table.substring(0, table.indexOf("\n\n"))
                        .lines()
                        .skip(2)
                        .map(row -> row.split("\\|")[1])
                        .collect(Collectors.joining("\n"));
        String cases = SendCase.all().map(SendCase::toString).collect(Collectors.joining("\n"));

        assertThat(words(named)).isNotEmpty().isSubsetOf(words(cases));
    }

    private static TreeSet<String> words(String text) {
        return Pattern.compile("\\b\\d{3}\\b|\\b[a-z]+_[a-z_]+\\b")
                .matcher(text)
                .results()
                .map(MatchResult::group)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private List<End> post(Provider provider, List<Letter> letters) {
        BatchSender batchSender =
                new BatchSender(
                        provider,
                        new BatchSender.Chunk() {
                            @Override
                            public void requireHeld() {}

                            @Override
                            public void store(Started stored) {
                                checkpoint.addAll(stored.refused());
                            }
                        },
                        prefix,
                        new Splitting(NOW, Map.of(), Reservation.NONE, 0, checkpoint),
                        false,
                        new RefusalStreak(),
                        Clock.fixed(NOW, ZoneOffset.UTC),
                        waited::add);
        try {
            batchSender.post(letters.iterator());
        } catch (Deferred later) {
            return letters.stream().map(_ -> End.HANDED_BACK).toList();
        } catch (Halted halted) {
            return letters.stream().map(_ -> End.HALTED).toList();
        }
        assertThat(batchSender.sends())
                .extracting(Send::contactId)
                .containsExactlyElementsOf(letters.stream().map(Letter::contactId).toList());
        return batchSender.sends().stream().map(AnswersContract::end).toList();
    }

    private static End end(Send send) {
        return switch (send.status()) {
            case SendStatus.SENT -> send.providerId() == null ? End.SENT_WITHOUT_ID : End.SENT;
            case SendStatus.FAILED -> End.FAILED;
            case SendStatus.UNKNOWN, SendStatus.SKIPPED -> End.UNKNOWN;
        };
    }

    private static List<Letter> letters(SendCase it) {
        return letters(it.ends().size(), it.bad());
    }

    private static List<Letter> letters(int count, int bad) {
        List<Letter> letters = new ArrayList<>();
        for (int id = 0; id < count; id++) {
            String to = id >= count - bad ? "nobody" : "reader" + id + "@example.org";
            letters.add(new Letter(id, mailTo(to), null));
        }
        return letters;
    }
}
