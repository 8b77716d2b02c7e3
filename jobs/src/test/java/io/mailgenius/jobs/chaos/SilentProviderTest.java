package io.mailgenius.jobs.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailgenius.engine.faults.TcpRelay;
import io.mailgenius.engine.faults.TcpRelay.Way;
import io.mailgenius.jobs.delivery.Batch;
import io.mailgenius.jobs.delivery.Outcome;
import io.mailgenius.jobs.delivery.ProviderContract;
import io.mailgenius.jobs.delivery.resend.ResendProvider;
import io.mailgenius.jobs.delivery.resend.ResendSettings;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/**
 * The connections that are kept to the provider die without a word: the request does not arrive, or
 * its answer does not. Within the client's patience and a few tries with the same key the batch is
 * accepted, once.
 */
class SilentProviderTest {

    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final int TRIES = 4;

    static final List<Set<Way>> LOST =
            List.of(EnumSet.allOf(Way.class), EnumSet.of(Way.REQUESTS), EnumSet.of(Way.ANSWERS));

    @TempDir Path folder;

    private Path file;
    private FailingProvider provider;
    private TcpRelay relay;
    private ResendProvider client;

    @BeforeEach
    void start() throws IOException {
        file = folder.resolve("accepted.tsv");
        provider = FailingProvider.start(file, Whims.none());
        relay = TcpRelay.inFrontOf(provider.url().toString());
        client =
                new ResendProvider(
                        new ResendSettings(
                                URI.create(relay.instead(provider.url().toString())),
                                "re_test",
                                PATIENCE));
    }

    @AfterEach
    void stop() throws IOException {
        client.close();
        relay.close();
        provider.close();
    }

    @ParameterizedTest
    @FieldSource("LOST")
    void a_batch_over_a_forgotten_connection_is_accepted_once(Set<Way> lost) throws IOException {
        assertThat(client.send(batch("first"))).isInstanceOf(Outcome.Accepted.class);
        assertThat(relay.forget(lost)).isPositive();

        Outcome outcome = client.send(batch("second"));
        assertThat(outcome).as("nobody knows").isInstanceOf(Outcome.Unknown.class);
        for (int n = 1; n < TRIES && !(outcome instanceof Outcome.Accepted); n++) {
            outcome = client.send(batch("second"));
        }
        assertThat(outcome).isInstanceOf(Outcome.Accepted.class);
        assertMailedOnce();
    }

    @ParameterizedTest
    @FieldSource("LOST")
    void who_was_cut_off_sends_when_the_way_is_there_again(Set<Way> lost) throws IOException {
        relay.cutOff(lost);
        assertThat(client.send(batch("first"))).isNotInstanceOf(Outcome.Accepted.class);
        relay.heal();

        assertThat(client.send(batch("first"))).isInstanceOf(Outcome.Accepted.class);
        assertThat(client.send(batch("second"))).isInstanceOf(Outcome.Accepted.class);
        assertMailedOnce();
    }

    private void assertMailedOnce() throws IOException {
        assertThat(AcceptedMails.addresses(file)).hasSize(6).doesNotHaveDuplicates();
    }

    private static Batch batch(String key) {
        return new Batch(
                key,
                IntStream.range(0, 3)
                        .mapToObj(n -> ProviderContract.mailTo(key + n + "@example.org"))
                        .toList());
    }
}
