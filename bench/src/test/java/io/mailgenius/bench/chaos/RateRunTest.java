package io.mailgenius.bench.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class RateRunTest {

    private static List<Long> everyMillis(long distance, int count) {
        return LongStream.range(0, count).map(n -> n * distance * 1_000_000).boxed().toList();
    }

    @Test
    void a_second_begins_anywhere() {
        List<Long> twoBursts = List.of(900_000_000L, 950_000_000L, 1_050_000_000L, 1_899_999_999L);
        assertThat(RateRun.mostInASecond(twoBursts)).isEqualTo(4);
    }

    @Test
    void what_comes_a_whole_second_later_is_in_another_one() {
        assertThat(RateRun.mostInASecond(everyMillis(200, 100))).isEqualTo(5);
        assertThat(RateRun.mostInASecond(everyMillis(199, 100))).isEqualTo(6);
    }
}
