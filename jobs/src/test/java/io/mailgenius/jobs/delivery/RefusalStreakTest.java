package io.mailgenius.jobs.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RefusalStreakTest {

    @ParameterizedTest
    @CsvSource({
        "'request 17 failed', 'request # failed'",
        "'request  req_8a7-b failed', 'request  # failed'",
        "'ann1@example.com is bad', 'ann1@example.com is bad'",
        "'ann@mail7 is bad', 'ann@# is bad'",
        "'line 1\nline 2', 'line #\nline #'",
        "no numbers, no numbers"
    })
    void numbers_of_requests_are_all_the_same_and_addresses_are_not(String why, String same) {
        assertThat(RefusalStreak.withoutIds(why)).isEqualTo(same);
    }

    @Test
    void a_reason_of_another_number_goes_on_with_the_streak() {
        RefusalStreak streak = new RefusalStreak();
        assertThat(streak.refused("request 17: no")).isEqualTo(1);
        assertThat(streak.refused("request 18: no")).isEqualTo(2);
        assertThat(streak.refused("ann1@example.com: no")).isEqualTo(1);
        assertThat(streak.refused("ann2@example.com: no")).isEqualTo(1);
    }

    @Test
    void a_long_reason_takes_no_time() {
        String why = "1".repeat(200_000) + "@";

        assertTimeoutPreemptively(
                Duration.ofSeconds(20),
                () -> assertThat(RefusalStreak.withoutIds(why)).isEqualTo(why));
    }
}
