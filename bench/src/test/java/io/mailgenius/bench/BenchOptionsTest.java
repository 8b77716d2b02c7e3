package io.mailgenius.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;

class BenchOptionsTest {

    @Test
    void options_stand_in_any_order_and_what_is_not_given_has_its_preset() {
        BenchOptions options = new BenchOptions(List.of("--seed=7", "--minutes=2"));
        assertThat(options.number("--minutes=", 6, 1, 60)).isEqualTo(2);
        assertThat(options.number("--seed=", 1, 0, 100)).isEqualTo(7);
        assertThat(options.number("--mails=", 200, 1, 1_000)).isEqualTo(200);
        options.nothingElse();
    }

    @Test
    void what_nobody_asked_for_is_refused_by_its_name() {
        BenchOptions options = new BenchOptions(List.of("--minuts=2"));
        options.number("--minutes=", 6, 1, 60);
        assertThatIllegalArgumentException()
                .isThrownBy(options::nothingElse)
                .withMessageContaining("--minuts=2");
    }

    @Test
    void what_is_no_number_or_out_of_range_is_refused() {
        BenchOptions words = new BenchOptions(List.of("--minutes=two"));
        words.number("--minutes=", 6, 1, 60);
        assertThatIllegalArgumentException().isThrownBy(words::nothingElse);

        assertThatIllegalArgumentException()
                .isThrownBy(
                        () ->
                                new BenchOptions(List.of("--minutes=61"))
                                        .number("--minutes=", 6, 1, 60))
                .withMessageContaining("--minutes= is 1 to 60");
    }
}
