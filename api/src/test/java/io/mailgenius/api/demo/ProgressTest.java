package io.mailgenius.api.demo;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ProgressTest {

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final AtomicLong nanos = new AtomicLong();

    @Test
    void on_a_terminal_the_bar_is_redrawn_with_rate_and_time_left() {
        Progress progress = progress(true);
        nanos.addAndGet(2_000_000_000L);
        progress.at(50_000, 100_000);

        assertThat(out.toString(UTF_8))
                .startsWith("\r")
                .contains("██████████████░░░░░░░░░░░░░░")
                .contains("50%", "50,000 of 100,000", "25,000/s", "2 s left")
                .doesNotContain("\n");
    }

    @Test
    void in_a_pipe_a_plain_line_comes_every_few_seconds() {
        Progress progress = progress(false);
        for (int i = 0; i < 70; i++) {
            nanos.addAndGet(100_000_000L);
            progress.at(i, 100);
        }

        assertThat(out.toString(UTF_8).lines()).hasSize(2).noneMatch(line -> line.contains("\r"));
    }

    private Progress progress(boolean terminal) {
        return new Progress(new PrintStream(out, true, UTF_8), terminal, nanos::get, "Import");
    }
}
