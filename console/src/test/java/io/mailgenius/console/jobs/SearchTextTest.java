package io.mailgenius.console.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailgenius.engine.operations.JobFilter;
import io.mailgenius.schema.LaunchState;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SearchTextTest {

    private static final Instant NOON = Instant.parse("2026-12-01T12:00:00Z");

    private static SearchText read(String text) {
        return SearchText.of(text, false, NOON, ZoneId.of("America/Sao_Paulo"));
    }

    @Test
    void nothing_written_means_all_jobs() {
        assertThat(read("  ")).isEqualTo(new SearchText(JobFilter.ALL, List.of()));
    }

    @Test
    void terms_and_words_stand_in_any_order() {
        assertThat(
                        read("timeout state:waiting,failed job:import node:n-1 since:24h"
                                        + " until:2026-12-01 longer:10m shorter:2d provider"
                                        + " housekeeping:yes")
                                .filter())
                .isEqualTo(
                        new JobFilter(
                                Set.of(LaunchState.QUEUED, LaunchState.FAILED),
                                "import",
                                "n-1",
                                NOON.minus(Duration.ofHours(24)),
                                Instant.parse("2026-12-01T03:00:00Z"),
                                Duration.ofMinutes(10),
                                Duration.ofDays(2),
                                "timeout provider",
                                true));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "state:broken",
                "since:yesterday",
                "until:2026-13-01",
                "longer:ten",
                "since:9999999d"
            })
    void what_is_not_understood_is_said_and_does_not_filter(String term) {
        assertThat(read(term)).isEqualTo(new SearchText(JobFilter.ALL, List.of(term)));
    }

    @Test
    void a_word_with_a_colon_is_a_word() {
        assertThat(read("java.net.ConnectException: refused").filter().text())
                .isEqualTo("java.net.ConnectException: refused");
        assertThat(read("http://example.com").filter().text()).isEqualTo("http://example.com");
    }

    @Test
    void suggestions_go_on_with_the_last_word() {
        assertThat(Suggestions.of("timeout sta", List.of("started")))
                .contains("timeout state:failed", "timeout started")
                .allMatch(it -> it.startsWith("timeout sta"));
        assertThat(Suggestions.of("", List.of())).hasSize(12).contains("state:running");
    }
}
