package io.mailgenius.jobs.imports.files;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The text of a cell with a number. */
class NumberTextTest {

    private static String text(String value, String code) {
        return new NumberText(false).of(value, FormatCode.read(code));
    }

    @ParameterizedTest
    @CsvSource({
        "1.125, 1.1250",
        "999.999, 999.9990",
        "-1.5, -1.5",
        "1234.125, 1234.125",
        "0.125, 0.125"
    })
    void a_fraction_of_three_digits_cannot_be_taken_for_thousands(String value, String text) {
        assertThat(new NumberText(false).of(value, NumberFormat.GENERAL)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({
        "19.989999999999998, 19.99",
        "0.30000000000000004, 0.3",
        "1.1000000000000001, 1.1",
        "2.9999999999999996, 3",
        "1234567.8900000001, 1234567.89",
        "1.0000000000000001E-2, 0.01",
        "1E3, 1000",
        "1.5E-7, 0.00000015",
        "12345678901, 12345678901",
        "1234567890123456789, 1234567890123460000",
        "123456789012345, 123456789012345",
        "-0, 0",
        "-1.50, -1.5",
        "10.00, 10",
        "007, 7",
        "42, 42"
    })
    void a_number_has_the_15_digits_that_are_shown(String value, String shown) {
        assertThat(text(value, "General")).isEqualTo(shown);
        assertThat(text(value, "#,##0.00\\ _E_s_c_.")).isEqualTo(shown);
    }

    @ParameterizedTest
    @CsvSource({"n/a", "NaN", "1d", "0x10", "1e999999999", "1.2.3", "-", ".", "1e", "12 34"})
    void what_is_no_number_stays_as_it_stands(String value) {
        assertThat(text(value, "dd/mm/yyyy")).isEqualTo(value);
    }

    @ParameterizedTest
    @CsvSource({
        "45356, dd/mm/yyyy, 2024-03-05",
        "36525, d \"de\" mmmm, 1999-12-31",
        "45356.604166666664, dd/mm/yyyy hh:mm, 2024-03-05T14:30",
        "45356.604166666664, h:mm, 2024-03-05T14:30",
        "45356.999999999, dd/mm/yyyy hh:mm, 2024-03-06",
        "45356.99999, dd/mm/yyyy hh:mm, 2024-03-05T23:59:59",
        "45356.5000057, dd/mm/yyyy hh:mm:ss.000, 2024-03-05T12:00:00.492",
        "1, d/m/yyyy, 1900-01-01",
        "59, d/m/yyyy, 1900-02-28",
        "61, d/m/yyyy, 1900-03-01",
        "2958465, yyyy, 9999-12-31",
        "0.604166666666667, h:mm, 14:30",
        "0.604166666666667, dd/mm/yyyy hh:mm, 14:30",
        "0, h:mm, 00:00"
    })
    void a_date_is_written_in_iso_8601(String value, String code, String shown) {
        assertThat(text(value, code)).isEqualTo(shown);
    }

    @Test
    void the_day_that_a_formula_makes_of_an_empty_cell_is_empty() {
        assertThat(text("0", "dd/mm/yyyy")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"-1", "2958466", "1234567890123"})
    void a_number_that_is_no_day_stays_a_number(String value) {
        assertThat(text(value, "dd/mm/yyyy")).isEqualTo(value);
    }

    @Test
    void days_may_be_counted_from_1904() {
        NumberText macs = new NumberText(true);
        NumberFormat date = FormatCode.read("dd/mm/yyyy");
        assertThat(macs.of("43894", date)).isEqualTo("2024-03-05");
        assertThat(macs.of("0", date)).isEqualTo("1904-01-01");
        assertThat(macs.of("2957003", date)).isEqualTo("9999-12-31");
        assertThat(macs.of("2957004", date)).isEqualTo("2957004");
    }

    @ParameterizedTest
    @CsvSource({
        "1.5, [h]:mm, 36:00",
        "1.5, [h]:mm:ss, 36:00:00",
        "0.0208333333333333, [h]:mm, 0:30",
        "0.0211805555555556, [h]:mm, 0:30:30",
        "1.5, [mm]:ss, 2160:00",
        "1.5, [s], 129600"
    })
    void a_length_of_time_is_shown_in_its_largest_unit(String value, String code, String shown) {
        assertThat(text(value, code)).isEqualTo(shown);
    }

    @ParameterizedTest
    @CsvSource({
        "1234, 00000, 01234",
        "12345678901, 000\\.000\\.000\\-00, 123.456.789-01",
        "1234567, 00000\\-000, 01234-567",
        "11987654321, \\(00\\)\\ 00000\\-0000, (11) 98765-4321",
        "42, \"ID-\"0000, ID-0042",
        "123456, 00000, 123456",
        "12.5, 00000, 12.5",
        "-5, 00000, -5"
    })
    void digits_that_count_nothing_keep_their_zeros(String value, String code, String shown) {
        assertThat(text(value, code)).isEqualTo(shown);
    }

    @ParameterizedTest
    @CsvSource({
        "2024-03-05, 2024-03-05",
        "2024-03-05T00:00:00, 2024-03-05",
        "2024-03-05T00:00:00.000Z, 2024-03-05",
        "2024-03-05T14:30:00Z, 2024-03-05T14:30",
        "2024-03-05T14:30:15.250, 2024-03-05T14:30:15.250",
        "1899-12-30T14:30:00, 14:30",
        "14:30:00, 14:30:00",
        "yesterday, yesterday"
    })
    void a_cell_of_the_type_d_has_a_date_already(String value, String shown) {
        assertThat(new NumberText(false).ofIso(value, FormatCode.read("h:mm"))).isEqualTo(shown);
    }
}
