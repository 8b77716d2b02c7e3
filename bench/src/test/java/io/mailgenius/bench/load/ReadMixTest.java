package io.mailgenius.bench.load;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.mailgenius.bench.load.ReadMix.Credential;
import java.time.Instant;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class ReadMixTest {

    private static final long READS = 30_000;

    private final ReadMix mix =
            new ReadMix(
                    new ApiCredentials(
                            List.of("Authorization: Bearer key"),
                            List.of("Authorization: Bearer token"),
                            List.of("Cookie: session")),
                    new ReadMix.Subjects(1, 1_000, 1_000, 7, 8, 9));

    @Test
    void each_credential_has_a_third_of_the_reads_and_shows_itself() {
        for (Credential credential : Credential.values()) {
            long[] those =
                    LongStream.range(0, READS)
                            .filter(number -> mix.credential(number) == credential)
                            .toArray();
            assertThat(those.length).isBetween((int) READS * 30 / 100, (int) READS * 37 / 100);
            String header =
                    switch (credential) {
                        case SESSION -> "\r\nCookie: session\r\n";
                        case KEY -> "\r\nAuthorization: Bearer key\r\n";
                        case TOKEN -> "\r\nAuthorization: Bearer token\r\n";
                    };
            for (long number : those) {
                assertThat(request(number)).contains(header);
            }
        }
    }

    private String request(long number) {
        return new String(mix.request(number, "localhost", Instant.EPOCH), US_ASCII);
    }

    @Test
    void a_read_is_computed_from_its_number_and_an_overloaded_node_is_asked_again() {
        for (long number = 0; number < 1_000; number++) {
            assertThat(request(number)).isEqualTo(request(number));
            assertThat(mix.names()).contains(mix.name(number));
        }
        assertThat(mix.settles(0, 200, "")).isTrue();
        assertThat(mix.settles(0, 404, "")).isTrue();
        assertThat(mix.settles(0, 503, "")).isFalse();
        assertThat(mix.settles(0, 429, "")).isFalse();
        assertThat(mix.refused()).isEqualTo(3);
    }
}
