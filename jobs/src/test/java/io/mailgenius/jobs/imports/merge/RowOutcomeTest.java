package io.mailgenius.jobs.imports.merge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mailgenius.schema.TestDatabase;
import java.util.Arrays;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.jdbc.core.simple.JdbcClient;

class RowOutcomeTest {

    private static final Pattern CODE = Pattern.compile("'(\\w)'");

    @Test
    void the_database_admits_the_outcomes_that_are_stored() throws Exception {
        Set<String> stored = Set.of("C", "U", "N");
        try (TestDatabase database = TestDatabase.create()) {
            JdbcClient owner = JdbcClient.create(database.owner());
            assertThat(admitted(owner, "import_trial", "outcome")).isEqualTo(stored);
            // D is of imports before V020, which had another meaning of a duplicate.
            assertThat(admitted(owner, "contact", "import_outcome"))
                    .containsAll(stored)
                    .hasSize(stored.size() + 1)
                    .contains("D");
        }
        assertThat(stored)
                .containsExactlyInAnyOrder(
                        RowOutcome.CREATED.code(),
                        RowOutcome.UPDATED.code(),
                        RowOutcome.UNCHANGED.code());
    }

    private static Set<String> admitted(JdbcClient owner, String table, String column) {
        String check =
                owner.sql(
                                """
                                SELECT pg_get_constraintdef(k.oid)
                                  FROM pg_constraint k
                                  JOIN pg_attribute a ON a.attrelid = k.conrelid AND k.conkey = ARRAY[a.attnum]
                                 WHERE k.contype = 'c' AND k.conrelid = CAST(:table AS regclass)
                                   AND a.attname = :column
                                """)
                        .param("table", table)
                        .param("column", column)
                        .query(String.class)
                        .single();
        return CODE.matcher(check)
                .results()
                .map((MatchResult found) -> found.group(1))
                .collect(Collectors.toSet());
    }

    @ParameterizedTest
    @EnumSource(RowOutcome.class)
    void codes_are_unique(RowOutcome outcome) {
        assertThat(RowOutcome.ofCode(outcome.code())).isEqualTo(outcome);
        assertThat(Arrays.stream(RowOutcome.values()).map(RowOutcome::code))
                .doesNotHaveDuplicates();
    }

    @Test
    void an_unknown_code_is_an_error() {
        assertThatThrownBy(() -> RowOutcome.ofCode("D")).hasMessageContaining("D");
        assertThatThrownBy(() -> RowOutcome.ofCode(null)).hasMessageContaining("null");
    }
}
