package io.mailgenius.bench.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mailgenius.bench.verify.AcceptedMails;
import io.mailgenius.jobs.delivery.AnswersContract;
import io.mailgenius.jobs.providers.BatchOutcome;
import io.mailgenius.jobs.providers.MailBatch;
import io.mailgenius.jobs.providers.Provider;
import io.mailgenius.jobs.providers.resend.ResendProvider;
import io.mailgenius.jobs.providers.resend.ResendSettings;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** It keeps the rules that every provider keeps, and breaks only what its whims say. */
class FailingProviderTest extends AnswersContract {

    private static final Duration PATIENT = Duration.ofSeconds(20);
    private static final Duration IMPATIENT = Duration.ofMillis(300);

    @TempDir Path folder;

    private Path file;
    private Instant now = Instant.parse("2026-01-02T03:04:05Z");
    private FailingProvider failing;
    private ResendProvider client;

    @BeforeEach
    void start() throws IOException {
        file = folder.resolve("accepted.tsv");
        start(ProviderFaults.none(), PATIENT);
    }

    private void start(ProviderFaults providerFaults, Duration patience) throws IOException {
        start(providerFaults, Quota.NONE, patience);
    }

    private void start(ProviderFaults providerFaults, Quota quota, Duration patience)
            throws IOException {
        stop();
        InstantSource source = () -> now;
        failing =
                FailingProvider.start(
                        file, providerFaults, quota, source.withZone(ZoneOffset.UTC), faults);
        client = new ResendProvider(new ResendSettings(failing.url(), "re_test", patience));
    }

    @AfterEach
    void stop() {
        if (client != null) {
            client.close();
            failing.close();
        }
    }

    @Override
    protected Provider provider() {
        return client;
    }

    @Override
    protected Provider provider(URI url, Duration timeout) {
        return new ResendProvider(new ResendSettings(url, "re_test", timeout));
    }

    @Override
    protected URI url() {
        return failing.url();
    }

    @Override
    protected int taken() {
        return accepted().size();
    }

    @Override
    protected void passes(Duration time) {
        now = now.plus(time);
    }

    @Override
    protected void quota(int mailsADay, int mailsAMonth) throws IOException {
        start(ProviderFaults.none(), new Quota(mailsADay, mailsAMonth), PATIENT);
    }

    private List<String> accepted() {
        try {
            return AcceptedMails.addresses(file);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void what_it_accepted_stands_in_the_file_by_address() {
        accepted(new MailBatch(key(), mails(2)));
        assertThat(accepted()).containsExactly("person0@example.org", "person1@example.org");
        assertThat(failing.accepted()).isEqualTo(2);
    }

    @Test
    void a_key_that_is_in_flight_is_told_so_and_accepted_once() throws IOException {
        start(ProviderFaults.none(), IMPATIENT);
        failing.pace(Duration.ofHours(1));
        accepted(new MailBatch(key(), mails(1)));
        MailBatch waiting = new MailBatch(key(), mails(3));

        // The client gives up; the provider goes on with the request.
        assertThat(client.send(waiting)).isInstanceOf(BatchOutcome.Unknown.class);
        assertThat(client.send(waiting))
                .isInstanceOfSatisfying(
                        BatchOutcome.Deferred.class,
                        it -> assertThat(it.reason()).contains("concurrent_idempotent_requests"));
        assertThat(taken()).isIn(1, 4);
    }

    @ParameterizedTest
    @EnumSource(names = {"ERROR", "BUSY", "TOO_FAST"})
    void what_fails_before_accepting_accepts_nothing_and_frees_the_key(ProviderFault providerFault)
            throws IOException {
        start(always(providerFault), PATIENT);
        MailBatch batch = new MailBatch(key(), mails(2));

        assertThat(client.send(batch)).isNotInstanceOf(BatchOutcome.Accepted.class);
        assertThat(client.send(batch))
                .as("neither in flight nor accepted")
                .isNotInstanceOf(BatchOutcome.Accepted.class)
                .isNotInstanceOf(BatchOutcome.AcceptedBefore.class);
        assertThat(taken()).isZero();
        assertThat(failing.drawn()).containsEntry(providerFault, 2);
    }

    @ParameterizedTest
    @EnumSource(names = {"ERROR_AFTER", "SLOW_AFTER"})
    void what_fails_after_accepting_is_unknown_and_the_key_gets_the_ids(ProviderFault providerFault)
            throws IOException {
        start(always(providerFault), IMPATIENT);
        MailBatch batch = new MailBatch(key(), mails(2));

        assertThat(client.send(batch)).isInstanceOf(BatchOutcome.Unknown.class);
        await().untilAsserted(() -> accepted(batch));
        assertThat(taken()).isEqualTo(2);
    }

    /** The client may repeat a cut request by itself: it then gets the first answer. */
    @Test
    void a_connection_that_is_cut_after_accepting_doubles_nothing() throws IOException {
        start(always(ProviderFault.CUT_AFTER), PATIENT);
        for (int n = 0; n < 5; n++) {
            MailBatch batch = new MailBatch(key(), mails(2));
            client.send(batch);
            accepted(batch);
        }
        assertThat(taken()).isEqualTo(10);
        assertThat(failing.drawn()).containsEntry(ProviderFault.CUT_AFTER, 5);
    }

    @Test
    void whims_follow_from_the_seed_and_come_as_often_as_they_should() {
        ProviderFaults providerFaults =
                new ProviderFaults(
                        7, Map.of(ProviderFault.ERROR, 100, ProviderFault.CUT_AFTER, 50));
        List<ProviderFault> drawn =
                IntStream.range(0, 10_000).mapToObj(n -> providerFaults.draw("k" + n, 1)).toList();

        assertThat(drawn)
                .isEqualTo(
                        IntStream.range(0, 10_000)
                                .mapToObj(n -> providerFaults.draw("k" + n, 1))
                                .toList());
        assertThat(drawn).filteredOn(it -> it == ProviderFault.ERROR).hasSizeBetween(900, 1_100);
        assertThat(drawn).filteredOn(it -> it == ProviderFault.CUT_AFTER).hasSizeBetween(400, 600);
        assertThat(drawn).filteredOn(it -> it == ProviderFault.NONE).hasSizeBetween(8_300, 8_700);
        assertThat(
                        IntStream.range(1, 200)
                                .mapToObj(time -> providerFaults.draw("k", time))
                                .distinct())
                .as("a key that failed once does not fail for ever")
                .contains(ProviderFault.NONE);
    }

    private static ProviderFaults always(ProviderFault providerFault) {
        return new ProviderFaults(1, Map.of(providerFault, 1_000));
    }
}
