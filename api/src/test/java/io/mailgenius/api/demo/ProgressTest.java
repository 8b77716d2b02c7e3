package io.mailgenius.api.demo;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.Charset;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ProgressTest {

    private static final long SECOND = 1_000_000_000L;
    private static final long MOST = 20_000_000;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final AtomicLong nanos = new AtomicLong();

    private Progress progress(Stage stage, boolean terminal, Charset charset) {
        PrintStream stream = new PrintStream(out, true, charset);
        return new Progress(stream, terminal, nanos::get, stage);
    }

    private String shown() {
        return out.toString(UTF_8);
    }

    @Test
    void on_a_terminal_the_bar_is_redrawn_with_the_time_left() {
        Progress progress = progress(Stage.IMPORT, true, UTF_8);
        nanos.addAndGet(2 * SECOND);
        progress.at(50_000, 100_000);

        assertThat(shown())
                .startsWith("\r")
                .contains("██████████░░░░░░░░░░")
                .contains("50%", "50,000 of 100,000 rows", "2 s left")
                .doesNotContain("\n");
    }

    @Test
    void a_terminal_without_block_characters_gets_ascii() {
        Progress progress = progress(Stage.IMPORT, true, US_ASCII);
        progress.at(50_000, 100_000);

        assertThat(shown()).contains("##########..........").doesNotContain("?");
    }

    @ParameterizedTest
    @EnumSource(Stage.class)
    void a_stage_leaves_one_line_on_a_terminal(Stage stage) {
        Progress progress = progress(stage, true, UTF_8);
        for (int i = 0; i < 100; i++) {
            nanos.addAndGet(SECOND / 10);
            progress.at(i, 100);
        }
        progress.finished(100);

        assertThat(shown().chars().filter(c -> c == '\n')).hasSize(1);
        String last = shown().substring(shown().lastIndexOf('\r'));
        assertThat(last).startsWith("\r\u001b[K" + stage.title()).contains("10.0 s");
    }

    @ParameterizedTest
    @EnumSource(Stage.class)
    void elsewhere_a_stage_is_a_line(Stage stage) {
        Progress progress = progress(stage, false, UTF_8);
        for (int i = 0; i < 290; i++) {
            nanos.addAndGet(SECOND / 10);
            progress.at(i, 290);
        }
        progress.finished(290);

        assertThat(shown().lines())
                .singleElement()
                .satisfies(line -> assertThat(line).startsWith(stage.title()))
                .satisfies(line -> assertThat(line).contains(stage.outcome(), "29.0 s"))
                .satisfies(line -> assertThat(line).doesNotContain("\r", "\u001b"));
    }

    @Test
    void without_a_terminal_a_long_stage_prints_progress_every_half_minute() {
        Progress progress = progress(Stage.SEND, false, UTF_8);
        for (int i = 0; i < 70; i++) {
            nanos.addAndGet(SECOND);
            progress.at(i, 100);
        }

        assertThat(shown().lines())
                .hasSize(2)
                .allSatisfy(line -> assertThat(line).contains(" of 100 mails"));
    }

    @ParameterizedTest
    @EnumSource(Stage.class)
    void no_line_is_longer_than_a_terminal_is_wide(Stage stage) {
        Progress progress = progress(stage, true, UTF_8);
        for (long done : List.of(0L, 1L, MOST / 2, MOST)) {
            nanos.addAndGet(4_000 * SECOND);
            progress.at(done, MOST);
            progress.at(done, 0);
        }
        progress.finished(MOST);

        assertThat(shown().split("\r\u001b\\[K|\n"))
                .allSatisfy(line -> assertThat(line).hasSizeLessThan(80));
    }

    @ParameterizedTest
    @EnumSource(Stage.class)
    void there_is_a_rate_only_where_it_is_the_programs(Stage stage) {
        Progress slow = progress(stage, false, UTF_8);
        nanos.addAndGet(2 * SECOND);
        slow.finished(50_000);

        boolean programs = stage == Stage.IMPORT || stage == Stage.SEND;
        assertThat(shown().contains("25,000 " + stage.unit() + "/s")).isEqualTo(programs);
    }

    @ParameterizedTest
    @EnumSource(Stage.class)
    void there_is_no_rate_of_less_than_a_second(Stage stage) {
        Progress quick = progress(stage, false, UTF_8);
        nanos.addAndGet(SECOND / 10);
        quick.finished(50_000);

        assertThat(shown()).contains("0.1 s").doesNotContain("/s");
    }
}
