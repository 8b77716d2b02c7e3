package io.mailgenius.bench.provider;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailgenius.bench.verify.AcceptedMails;
import io.mailgenius.engine.faults.TcpRelay;
import io.mailgenius.engine.faults.TcpRelay.Way;
import io.mailgenius.jobs.delivery.ProviderContract;
import io.mailgenius.jobs.providers.BatchOutcome;
import io.mailgenius.jobs.providers.MailBatch;
import io.mailgenius.jobs.providers.resend.ResendProvider;
import io.mailgenius.jobs.providers.resend.ResendSettings;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/**
 * The connections that are kept to the provider die without a word: the request does not arrive, or
 * its answer does not. The client waits for one of them, within its patience, and the first
 * repetition with the same key is accepted, once.
 */
class SilentProviderTest {

    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final int AT_ONCE = 4;

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
        provider = FailingProvider.start(file, ProviderFaults.none());
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
        assertThat(client.send(batch("first"))).isInstanceOf(BatchOutcome.Accepted.class);
        assertThat(relay.forget(lost)).isPositive();

        assertThat(client.send(batch("second")))
                .as("nobody knows")
                .isInstanceOf(BatchOutcome.Unknown.class);
        assertThat(client.send(batch("second"))).isInstanceOf(BatchOutcome.Accepted.class);
        assertMailedOnce(2);
    }

    /** As many lie idle as a worker has sent at a time, and all die together. */
    @ParameterizedTest
    @FieldSource("LOST")
    void of_several_dead_connections_only_the_first_is_waited_for(Set<Way> lost) throws Exception {
        provider.pace(Duration.ofMillis(100));
        try (ExecutorService worker = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<BatchOutcome>> sent =
                    IntStream.range(0, AT_ONCE)
                            .mapToObj(n -> worker.submit(() -> client.send(batch("first" + n))))
                            .toList();
            for (Future<BatchOutcome> one : sent) {
                assertThat(one.get()).isInstanceOf(BatchOutcome.Accepted.class);
            }
        }
        assertThat(relay.forget(lost)).as("connections").isGreaterThan(1);

        assertThat(client.send(batch("next"))).isInstanceOf(BatchOutcome.Unknown.class);
        assertThat(client.send(batch("next"))).isInstanceOf(BatchOutcome.Accepted.class);
        assertMailedOnce(AT_ONCE + 1);
    }

    /**
     * With the usual settings: a chunk in hand waits for a dead connection less than is promised.
     */
    @Test
    void the_usual_patience_leaves_time_for_a_repetition() {
        assertThat(ResendSettings.TIMEOUT).isLessThan(Duration.ofSeconds(14));
    }

    @ParameterizedTest
    @FieldSource("LOST")
    void who_was_cut_off_sends_when_the_way_is_there_again(Set<Way> lost) throws IOException {
        relay.cutOff(lost);
        assertThat(client.send(batch("first"))).isNotInstanceOf(BatchOutcome.Accepted.class);
        relay.heal();

        assertThat(client.send(batch("first"))).isInstanceOf(BatchOutcome.Accepted.class);
        assertThat(client.send(batch("second"))).isInstanceOf(BatchOutcome.Accepted.class);
        assertMailedOnce(2);
    }

    private void assertMailedOnce(int batches) throws IOException {
        assertThat(AcceptedMails.addresses(file)).hasSize(3 * batches).doesNotHaveDuplicates();
    }

    private static MailBatch batch(String key) {
        return new MailBatch(
                key,
                IntStream.range(0, 3)
                        .mapToObj(n -> ProviderContract.mailTo(key + n + "@example.org"))
                        .toList());
    }
}
