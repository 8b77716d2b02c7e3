package io.mailgenius.jobs.imports.merge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class SqlTemplateTest {

    @Test
    void slots_are_filled_once_and_values_stay_as_they_are() {
        assertThat(
                        new SqlTemplate("SELECT ${a}, ${b}, ${a}")
                                .with("a", "'${b} $1 \\'")
                                .with("b", 2)
                                .sql())
                .isEqualTo("SELECT '${b} $1 \\', 2, '${b} $1 \\'");
    }

    @Test
    void lines_are_aligned_with_their_slot_and_leave_no_blank_line() {
        SqlTemplate template = new SqlTemplate("UPDATE t\n   SET ${lines}\n       z = 1");
        assertThat(template.withLines("lines", List.of("a = 1,", "b = 2,")).sql())
                .isEqualTo("UPDATE t\n   SET a = 1,\n       b = 2,\n       z = 1");
        assertThat(template.withLines("lines", List.of()).sql())
                .isEqualTo("UPDATE t\n   SET z = 1");
    }

    @Test
    void outcomes_and_the_fence_are_slots_of_every_statement() {
        assertThat(new SqlTemplate("${CREATED} ${OVERRIDDEN} ${fence}").sql())
                .isEqualTo("'C' 'O' OFFSET 0");
    }

    @Test
    void a_slot_that_is_unknown_or_not_filled_is_an_error() {
        SqlTemplate template = new SqlTemplate("SELECT ${a}");
        assertThatThrownBy(() -> template.with("b", "1")).hasMessageContaining("${b}");
        assertThatThrownBy(template::sql).hasMessageContaining("${a}");
    }
}
