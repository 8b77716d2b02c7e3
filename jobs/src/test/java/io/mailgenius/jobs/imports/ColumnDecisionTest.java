package io.mailgenius.jobs.imports;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.mailgenius.jobs.imports.ImportFixture.Outcome;
import io.mailgenius.jobs.imports.columns.ImportOptions;
import io.mailgenius.jobs.workspaces.Refusal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How a column is written is decided by its cells that leave no doubt, wherever they stand. */
class ColumnDecisionTest {

    private static ImportFixture importFixture;

    @BeforeAll
    static void open() {
        importFixture = new ImportFixture();
    }

    @AfterAll
    static void close() {
        importFixture.close();
    }

    @BeforeEach
    void empty() {
        importFixture.empty();
    }

    @Test
    void a_fraction_is_never_taken_for_thousands() {
        imported("number", "0,125", "1234,567", "12,5");

        assertThat(values(3)).containsExactly("0.125", "1234.567", "12.5");
    }

    @Test
    void what_may_be_either_is_rejected_with_both_readings_and_what_to_do() {
        Outcome outcome = imported("number", "1,250", "10");

        assertThat(outcome.rows().rejected()).isEqualTo(1);
        assertThat(outcome.rejects())
                .contains("1250", "1.250", "number:en-US", "number:pt-BR", "types");
        assertThat(values(2)).containsExactly(null, "10");
    }

    @Test
    void an_unambiguous_cell_decides_for_the_whole_column() {
        imported("number", "1.250", "2.500,75", "R$ 3.125");
        assertThat(values(3)).containsExactly("1250", "2500.75", "3125");

        importFixture.empty();
        imported("number", "1.250", "0.5", "1,250,000");
        assertThat(values(3)).containsExactly("1.250", "0.5", "1250000");
    }

    @Test
    void cells_that_prove_opposite_things_decide_nothing() {
        Outcome outcome = imported("number", "1.250", "0.5", "0,5");

        assertThat(outcome.rows().rejected()).isEqualTo(1);
        assertThat(values(3)).containsExactly(null, "0.5", "0.5");
    }

    @ParameterizedTest
    @CsvSource({
        "number:pt-BR,1250",
        "number:de,1250",
        "number:en-US,1.250",
        "number:en,1.250",
        "number:es-MX,1.250",
        "number:fr_FR,1250"
    })
    void a_locale_decides_where_no_cell_does(String type, String value) {
        imported(type, "1.250");

        assertThat(values(1)).containsExactly(value);
    }

    @ParameterizedTest
    @CsvSource({"1", "2", "5000"})
    void it_does_not_matter_where_the_deciding_row_stands(int at) {
        String padding = "x".repeat(200);
        StringBuilder file = new StringBuilder("email,n,note\n");
        for (int n = 1; n <= 5_000; n++) {
            file.append(
                    "p%d@example.com,\"%s\",%s\n".formatted(n, n == at ? "0,5" : "1,250", padding));
        }
        ImportOptions options = OptionsOfTests.of("{'types': {'n': 'number'}}");

        Outcome outcome =
                importFixture.importBytes(
                        file.toString().getBytes(StandardCharsets.UTF_8),
                        options,
                        1 << 16,
                        ImportFixture.shuffled(at));

        assertThat(outcome.rows().created()).isEqualTo(5_000);
        assertThat(importFixture.contact("p2500@example.com", "attributes ->> 'n'"))
                .isEqualTo("1.250");
    }

    @Test
    void dates_are_decided_alike() {
        imported("date", "03/04/2024", "31/12/1999 18:05", "05.06.24");
        assertThat(values(3)).containsExactly("2024-04-03", "1999-12-31T18:05", "2024-06-05");

        importFixture.empty();
        imported("date", "03/04/2024", "12/31/1999 6:05 PM");
        assertThat(values(2)).containsExactly("2024-03-04", "1999-12-31T18:05");

        importFixture.empty();
        Outcome outcome = imported("date", "03/04/2024", "2024-01-02", "04/04/2024");
        assertThat(values(3)).containsExactly(null, "2024-01-02", "2024-04-04");
        assertThat(outcome.rejects()).contains("2024-04-03", "2024-03-04", "date:pt-BR");
    }

    @ParameterizedTest
    @CsvSource({
        "date:pt-BR,03/04/2024,2024-04-03",
        "date:en-GB,03/04/2024,2024-04-03",
        "date:en-US,03/04/2024,2024-03-04",
        "date:dd/MM/yyyy HH:mm,03/04/2024 18:05,2024-04-03T18:05",
        "date:dd/MM/yyyy hh:mm,03/04/2024 18:05,2024-04-03T18:05",
        "date:MM/dd/yy hh:mm a,03/04/24 6:05 pm,",
        "date:MM/dd/yy h:mm a,03/04/24 6:05 pm,2024-03-04T18:05",
        "date:dd/MM/yy,03/04/75,1975-04-03",
        "date:dd/MM/yyyy,1975-04-03T18:05,1975-04-03T18:05",
        "date:dd/MM/yyyy,1975-04-31,",
        "date:yyyy-MM-dd'T'HH:mm:ssXX,2024-03-04T18:05:06+0000,2024-03-04T18:05:06Z",
        "date:dd-MMM-yyyy,03-apr-2024,2024-04-03",
    })
    void a_locale_or_a_pattern_decides_where_no_cell_does(String type, String text, String value) {
        imported(type, text);

        assertThat(values(1)).containsExactly(value);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "number:xx", "number:", "number:pt-XX", "number:pt-BR-x", "date:", "date:sv",
                        "date:zh-CN",
                "date:HH:mm", "date:MM/dd", "date:dd/MM/yyyy mm", "date:qq", "integer", "text:pt",
                        "NUMBER"
            })
    void a_type_that_decides_nothing_is_refused(String type) {
        Refusal refusal = catchThrowableOfType(Refusal.class, () -> imported(type, "1"));

        assertThat(refusal.problem()).isEqualTo("import-unknown-type");
        assertThat(refusal.getMessage()).contains("\"v\"");
    }

    @ParameterizedTest
    @CsvSource({
        "TRUE,true",
        "True,true",
        "false,false",
        "FALSE,false",
        "VRAI,\"VRAI\"",
        "yes,\"yes\""
    })
    void truth_values_are_guessed_in_any_case(String cell, String json) {
        imported(null, cell);

        assertThat(importFixture.contact("p1@example.com", "attributes -> 'v'")).isEqualTo(json);
    }

    @ParameterizedTest
    @ValueSource(strings = {"10.00", "0.10", "0", "-3", "42", "-0.50", "1234.567"})
    void a_guessed_number_keeps_the_digits_that_were_typed(String number) {
        imported(null, number);

        assertThat(importFixture.contact("p1@example.com", "jsonb_typeof(attributes -> 'v')"))
                .isEqualTo("number");
        assertThat(values(1)).containsExactly(number);
        String shown =
                importFixture.doors.in(
                        () ->
                                importFixture
                                        .doors
                                        .door(io.mailgenius.jobs.contacts.Contacts.class)
                                        .find(
                                                Long.parseLong(
                                                        importFixture.contact(
                                                                "p1@example.com", "id")))
                                        .attributes()
                                        .get("v")
                                        .toString());
        assertThat(shown).isEqualTo(number);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "01234",
                "-0",
                "-0.00",
                "+49",
                "1e3",
                "1,5",
                "1.250,00",
                "R$ 5",
                "31/12/1999",
                "1.250",
                "12345678901234567",
                "1 000"
            })
    void what_is_shown_differently_as_a_number_stays_a_text(String text) {
        imported(null, text);

        assertThat(importFixture.contact("p1@example.com", "jsonb_typeof(attributes -> 'v')"))
                .isEqualTo("string");
        assertThat(values(1)).containsExactly(text);
    }

    @Test
    void three_decimals_are_guessed_where_the_column_has_others() {
        imported(null, "1.250", "0.5");
        assertThat(importFixture.contact("p1@example.com", "jsonb_typeof(attributes -> 'v')"))
                .isEqualTo("number");

        importFixture.empty();
        imported(null, "1.250", "2.500,75");
        assertThat(importFixture.contact("p1@example.com", "jsonb_typeof(attributes -> 'v')"))
                .isEqualTo("string");
    }

    @ParameterizedTest
    @CsvSource({
        "sí,true",
        "Ja,true",
        "oui,true",
        "VERDADEIRO,true",
        "✓,true",
        "on,true",
        "nein,false",
        "falso,false",
        "faux,false",
        "0,false"
    })
    void truth_values_are_read_in_words(String cell, String truth) {
        imported("boolean", cell);

        assertThat(values(1)).containsExactly(truth);
    }

    private static Outcome imported(String type, String... cells) {
        StringBuilder file = new StringBuilder("email;v\n");
        for (int n = 0; n < cells.length; n++) {
            file.append("p%d@example.com;%s\n".formatted(n + 1, cells[n]));
        }
        return importFixture.importText(
                file.toString(),
                type == null
                        ? ImportOptions.DEFAULT
                        : new ImportOptions(
                                null,
                                java.util.Map.of("v", type),
                                null,
                                null,
                                null,
                                null,
                                null,
                                null,
                                null,
                                null,
                                null,
                                null,
                                null,
                                null));
    }

    private static List<String> values(int count) {
        return new ArrayList<>(
                IntStream.rangeClosed(1, count)
                        .mapToObj(
                                n ->
                                        importFixture.contact(
                                                "p%d@example.com".formatted(n),
                                                "attributes ->> 'v'"))
                        .toList());
    }
}
