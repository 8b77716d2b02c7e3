package io.mailgenius.bench.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NoiseTest {

    private static final String LOG =
            """
            2026-01-02T03:04:00.000Z WARN  Heart: before it
            2026-01-02T03:04:10.000Z INFO  Heart: Node is there
            2026-01-02T03:04:11.000Z WARN  Sweeper: 3 chunks go to others
            2026-01-02T03:04:12.000Z WARN  Sweeper: 14 chunks go to others
            2026-01-02T03:04:13.000Z ERROR Step: It failed
            java.lang.IllegalStateException: why
            \tat io.mailgenius.Some.thing(Some.java:1)
            \tat java.base/java.lang.Thread.run(Thread.java:2)
            Caused by: java.io.EOFException
            \t... 37 common frames omitted
            2026-01-02T03:05:13.000Z ERROR Step: long after it
            \tat io.mailgenius.Some.thing(Some.java:1)
            """;

    @TempDir Path folder;

    @Test
    void trouble_is_counted_from_the_outage_until_shortly_after_it() throws IOException {
        Path log = Files.writeString(folder.resolve("node.log"), LOG);
        Noise noise =
                Noise.between(
                        Instant.parse("2026-01-02T03:04:05Z"),
                        Instant.parse("2026-01-02T03:04:15Z"),
                        List.of(log, log));

        assertThat(noise.lines()).as("twice a warning, a warning and an error").isEqualTo(6);
        assertThat(noise.traces()).isEqualTo(8);
        assertThat(noise.loudest())
                .containsExactly(
                        Map.entry("WARN Sweeper: # chunks go to others", 4L),
                        Map.entry("ERROR Step: It failed", 2L));
    }
}
