package io.mailgenius.jobs.templates.liquid;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DateFilterTest {

    private static final LiquidParser PARSER =
            new LiquidParser(10_000, 512 * 1024, Duration.ofSeconds(5), List.of());

    private static final OffsetDateTime NOW =
            OffsetDateTime.of(2026, 7, 4, 9, 0, 0, 0, ZoneOffset.UTC);

    @ParameterizedTest
    @CsvSource(
            delimiter = '→',
            textBlock =
                    """
                    2026-03-09 → 2026-03-09T00:00Z
                    2026/3/9 → 2026-03-09T00:00Z
                    2026.03.09 → 2026-03-09T00:00Z
                    09.03.2026 → 2026-03-09T00:00Z
                    9/3/2026 → 2026-03-09T00:00Z
                    09-03-2026 → 2026-03-09T00:00Z
                    26-03-09 → 2026-03-09T00:00Z
                    2026-03 → 2026-03-01T00:00Z
                    2026-068 → 2026-03-09T00:00Z
                    2026-W11-1 → 2026-03-09T00:00Z
                    5 Mar → 2026-03-05T00:00Z
                    Mar 5 → 2026-03-05T00:00Z
                    5th of March → 2026-03-05T00:00Z
                    12/25 → 2026-12-25T00:00Z
                    March → 2026-03-01T00:00Z
                    5 Mar 2025 → 2025-03-05T00:00Z
                    5-Mar-25 → 2025-03-05T00:00Z
                    5 Mar 69 → 1969-03-05T00:00Z
                    March 5th, 2025 → 2025-03-05T00:00Z
                    Sept. 5, 2025 → 2025-09-05T00:00Z
                    March 2025 → 2025-03-01T00:00Z
                    2025 Mar 5 → 2025-03-05T00:00Z
                    Thursday, 5 March 2026 → 2026-03-05T00:00Z
                    2026-03-09T10:11:12Z → 2026-03-09T10:11:12Z
                    2026-03-09T10:11:12.345+02:00 → 2026-03-09T10:11:12.345+02:00
                    2026-03-09 10:11 → 2026-03-09T10:11Z
                    2026-03-09 10:11:12 UTC → 2026-03-09T10:11:12Z
                    2026-03-09 10:11:12 -0300 → 2026-03-09T10:11:12-03:00
                    20260309T101112Z → 2026-03-09T10:11:12Z
                    20260309T1011-0300 → 2026-03-09T10:11-03:00
                    Mon, 09 Mar 2026 10:11:12 +0100 → 2026-03-09T10:11:12+01:00
                    Mon, 09 Mar 2026 10:11:12 GMT → 2026-03-09T10:11:12Z
                    Mon Mar  9 10:11:12 2026 → 2026-03-09T10:11:12Z
                    Mon Mar  9 10:11:12 CET 2026 → 2026-03-09T10:11:12+01:00
                    Mon Mar 09 2026 10:11:12 GMT+0100 (Central European Standard Time) → 2026-03-09T10:11:12+01:00
                    March 9, 2026 at 5:30 pm → 2026-03-09T17:30Z
                    9 Mar 2026 12am → 2026-03-09T00:00Z
                    10:30 → 2026-07-04T10:30Z
                    2026-03-09 24:00 → 2026-03-10T00:00Z
                    """)
    void dates_are_read_as_people_and_programs_write_them(String text, String expected) {
        assertThat(DateReader.read(text, NOW)).isEqualTo(OffsetDateTime.parse(expected));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "hello",
                "Monday",
                "Maya",
                "5 Mars 2026",
                "31 Feb 2026",
                "12/25/2026",
                "2026-13-01",
                "5 Mar and more",
                "5",
                "10:75",
                "13 pm",
                "1.5",
                "-5",
                "x2026-03-09",
                "2026-03-09x",
                "",
                "2026-03-09 10:11 XYZ",
                "amanhã",
                "5 de março"
            })
    void text_that_is_not_a_date_is_unchanged(String text) {
        assertThat(DateReader.read(text, NOW)).isNull();
        if (!text.equals("5")) {
            assertThat(date(text, "%Y")).isEqualTo(text);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '→',
            quoteCharacter = '`',
            textBlock =
                    """
                    %Y-%m-%d %H:%M:%S → 2026-03-09 15:04:05
                    %y %C %j %e|%k|%l|%I %p %P → 26 20 068  9|15| 3|03 PM pm
                    %B %b %h %A %a %u %w → March Mar Mar Monday Mon 1 1
                    %-d.%-m. %03d %_m %^b %#p %10Y → 9.3. 009  3 MAR pm 0000002026
                    %L %N %3N %s → 000 000000000 000 1773068645
                    %z %:z %::z %Z → +0000 +00:00 +00:00:00 UTC
                    %G-W%V %U %W → 2026-W11 10 10
                    %D %F %T %R %r %x %X → 03/09/26 2026-03-09 15:04:05 15:04 03:04:05 PM 03/09/26 15:04:05
                    %c|%v|%+ → Mon Mar  9 15:04:05 2026| 9-MAR-2026|Mon Mar  9 15:04:05 UTC 2026
                    100%% %q %! % → 100% %q %! %
                    """)
    void dates_are_shown_as_strftime_does(String format, String expected) {
        assertThat(date("2026-03-09T15:04:05Z", format)).isEqualTo(expected);
    }

    @Test
    void seconds_since_1970_are_dates_and_other_values_are_not() {
        assertThat(date(1152098955, "%m/%d/%Y")).isEqualTo("07/05/2006");
        assertThat(date("1152098955", "%m/%d/%Y")).isEqualTo("07/05/2006");
        assertThat(date(-1, "%Y")).isEqualTo("1969");
        assertThat(date(1.5, "%Y")).isEqualTo("1.5");
        assertThat(date(true, "%Y")).isEqualTo("true");
        assertThat(date("99999999999999999999", "%Y")).isEqualTo("99999999999999999999");
        assertThat(date("2026-03-09", "")).isEqualTo("2026-03-09");
        assertThat(date("now", "%Y-%m-%d")).matches("20\\d\\d-\\d\\d-\\d\\d");
    }

    private static String date(Object value, String format) {
        return PARSER.parse("{{ value | date: format }}", Escaping.NONE)
                .render(Map.of("value", value, "format", format), null);
    }
}
