package io.mailgenius.api.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DemoOptionsTest {

    @Test
    void defaults_are_a_hundred_thousand_contacts_and_an_open_console() {
        assertThat(DemoOptions.parse(List.of())).isEqualTo(new DemoOptions(false, 100_000));
        assertThat(DemoOptions.parse(List.of("--contacts=500", "--exit")))
                .isEqualTo(new DemoOptions(true, 500));
    }

    @ParameterizedTest
    @ValueSource(strings = {"--quick", "exit", "--contacts", "--contacts=many", "--contacts=0"})
    void what_it_does_not_understand_it_refuses(String word) {
        assertThatThrownBy(() -> DemoOptions.parse(List.of(word)))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
