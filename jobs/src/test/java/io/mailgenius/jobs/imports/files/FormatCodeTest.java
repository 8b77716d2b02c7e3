package io.mailgenius.jobs.imports.files;

import static io.mailgenius.jobs.imports.files.NumberFormat.Kind.DATE;
import static io.mailgenius.jobs.imports.files.NumberFormat.Kind.DIGITS;
import static io.mailgenius.jobs.imports.files.NumberFormat.Kind.ELAPSED;
import static io.mailgenius.jobs.imports.files.NumberFormat.Kind.NUMBER;
import static io.mailgenius.jobs.imports.files.NumberFormat.Kind.TIME;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Number formats: a date is a date, and money is a number. */
class FormatCodeTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "General",
                "GENERAL",
                "0",
                "0.00",
                "#,##0.00",
                "#,##0.00\\ _E_s_c_.",
                "_-* #,##0.00\\ _D_M_-;\\-* #,##0.00\\ _D_M_-;_-* \"-\"??\\ _D_M_-;_-@_-",
                "_(\"$\"* #,##0.00_);_(\"$\"* \\(#,##0.00\\);_(\"$\"* \"-\"??_);_(@_)",
                "\"R$\"\\ #,##0.00",
                "[$R$-416]\\ #,##0.00",
                "#,##0.00\\ [$Mds-407]",
                "#,##0\\ \"days\"",
                "0\\ \\d\\a\\y\\s",
                "0\" h\"",
                "[Red]#,##0;[Blue]\\-#,##0",
                "[DarkRed]0.0",
                "[>=1000]#,##0\\ \"mds\";0",
                "0.00E+00",
                "##0.0e-0",
                "0%",
                "# ?/?",
                "# ##0",
                "*d0",
                "@",
                "\"d/m/yyyy\"",
                "\\d\\d",
                ";;;",
                "",
                "[",
                "[[[[[",
                "\"",
                "\\",
                "_",
                "0 Std",
                "#,##0 Esc."
            })
    void is_a_number_whatever_letters_stand_in_it(String code) {
        assertThat(FormatCode.read(code).kind()).isEqualTo(NUMBER);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "dd/mm/yyyy",
                "DD.MM.YYYY",
                "d \"de\" mmmm \"de\" yyyy",
                "[$-416]d\\ \"de\"\\ mmmm\\ \"de\"\\ yyyy;@",
                "[$-F800]dddd\\,\\ mmmm\\ dd\\,\\ yyyy",
                "[$-409]mmm\\-yy;@",
                "[Red]dd/mm/yyyy",
                "dd/mm/yyyy\\ hh:mm\\ \"Uhr\"",
                "yyyy\\-mm\\-dd\\Thh:mm:ss.000",
                "yyyy\"年\"m\"月\"d\"日\"",
                "[$-411]ggge\"年\"m\"月\"d\"日\"",
                "e/m/d",
                "B2dd/mm/yyyy",
                "[$-107041E]d\\ mmmm\\ bbbb;@",
                "_-dd_-mm_-yyyy",
                "* dd/mm/yyyy",
                "m",
                "mmmmm",
                "mmm d",
                "m/d/yy h:mm AM/PM",
                "\"\";dd/mm/yyyy",
                "[=0]\"\";dd/mm/yyyy",
                "dd/mm/yyyy;@"
            })
    void is_a_date(String code) {
        assertThat(FormatCode.read(code).kind()).isEqualTo(DATE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "h:mm",
                "hh:mm:ss",
                "mm:ss",
                "mm:ss.0",
                "mm:ss,000",
                "[$-F400]h:mm:ss\\ AM/PM",
                "h\\hmm",
                "h:mm A/P",
                "AM/PM h"
            })
    void is_a_time_of_day(String code) {
        assertThat(FormatCode.read(code).kind()).isEqualTo(TIME);
    }

    @ParameterizedTest
    @ValueSource(strings = {"[h]:mm", "[hh]:mm:ss;@", "[m]", "[mm]:ss", "[ss].00", "[H]:MM"})
    void is_a_length_of_time(String code) {
        assertThat(FormatCode.read(code).kind()).isEqualTo(ELAPSED);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "00000",
                "00000\\-000",
                "000\\.000\\.000\\-00",
                "\\(00\\)\\ 00000\\-0000",
                "000\\-00\\-0000",
                "\"ID\"0000"
            })
    void is_a_row_of_digits_that_count_nothing(String code) {
        assertThat(FormatCode.read(code).kind()).isEqualTo(DIGITS);
    }

    @ParameterizedTest
    @ValueSource(strings = {"000.00", "0,000", "00%", "[$R$-416]0000", "000E+00"})
    void is_a_number_if_it_has_a_point_a_percentage_or_a_currency(String code) {
        assertThat(FormatCode.read(code).kind()).isEqualTo(NUMBER);
    }

    static List<String> hostile() {
        return List.of(
                "[".repeat(100_000),
                "\"".repeat(100_000),
                "[d".repeat(100_000),
                "\\".repeat(100_001),
                ";".repeat(100_000),
                "d".repeat(100_000),
                "m".repeat(200) + "[" + "h".repeat(54));
    }

    @ParameterizedTest
    @MethodSource("hostile")
    void a_format_longer_than_there_are_is_read_in_no_time(String code) {
        assertThat(FormatCode.read(code)).isNotNull();
    }

    @Test
    void formats_that_have_only_a_number_are_known() {
        for (int id : new int[] {14, 15, 16, 17, 22, 27, 30, 31, 36, 50, 57, 58}) {
            assertThat(NumberFormat.builtIn(id).kind()).isEqualTo(DATE);
        }
        for (int id : new int[] {18, 19, 20, 21, 32, 33, 45, 47}) {
            assertThat(NumberFormat.builtIn(id).kind()).isEqualTo(TIME);
        }
        assertThat(NumberFormat.builtIn(46).kind()).isEqualTo(ELAPSED);
        for (int id : new int[] {0, 1, 2, 3, 4, 9, 10, 11, 12, 37, 44, 48, 49, 163, -1}) {
            assertThat(NumberFormat.builtIn(id).kind()).isEqualTo(NUMBER);
        }
    }
}
