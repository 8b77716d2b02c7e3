package io.mailgenius.jobs.imports.values;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.TextStyle;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Dates as people write them are read as what they are, or not at all. */
class WrittenDateTest {

    @ParameterizedTest(name = "{0} is {1}")
    @CsvSource(
            delimiter = '|',
            value = {
                "2024-03-05|2024-03-05",
                "2024/3/5|2024-03-05",
                "2024.03.05|2024-03-05",
                "20240305|2024-03-05",
                "05.03.2024|2024-03-05",
                "5. 3. 2024|2024-03-05",
                "05.03.24|2024-03-05",
                "31/12/1999|1999-12-31",
                "12/31/1999|1999-12-31",
                "31-12-99|1999-12-31",
                "31/12/49|2049-12-31",
                "31/12/50|1950-12-31",
                "04/04/2024|2024-04-04",
                "5 Mar 2024|2024-03-05",
                "05-Mar-24|2024-03-05",
                "March 5, 2024|2024-03-05",
                "Mar 5th 2024|2024-03-05",
                "5 de março de 2024|2024-03-05",
                "5 de mar. de 2024|2024-03-05",
                "5. März 2024|2024-03-05",
                "5 février 2024|2024-02-05",
                "1er janvier 2024|2024-01-01",
                "2024-03-05 10:30|2024-03-05T10:30",
                "2024-03-05T10:30:15.250|2024-03-05T10:30:15.250",
                "2024-03-05T10:30:00Z|2024-03-05T10:30Z",
                "2024-03-05T10:30:00.000+0000|2024-03-05T10:30Z",
                "2024-03-05 10:30:00 -0500|2024-03-05T10:30-05:00",
                "2024-03-05 10:30:00 UTC|2024-03-05T10:30Z",
                "2024/03/05 10:30:00 PM GMT-3|2024-03-05T22:30-03:00",
                "20240305T103000Z|2024-03-05T10:30Z",
                "31/12/1999 18:05|1999-12-31T18:05",
                "12/31/1999 6:05 PM|1999-12-31T18:05",
                "12/31/1999, 12:05 AM|1999-12-31T00:05",
                "12/31/1999 12:05 p. m.|1999-12-31T12:05",
                "12/31/1999 6 pm|1999-12-31T18:00",
                "31.12.1999 18h05|1999-12-31T18:05",
                "Tue, 5 Mar 2024 10:00:00 +0000|2024-03-05T10:00Z",
                "Tue Mar 05 2024 10:00:00 GMT+0200 (Eastern European Time)|2024-03-05T10:00+02:00",
                "terça-feira, 5 de março de 2024|2024-03-05",
            })
    void a_date_is_read_with_its_time(String text, String iso) {
        assertThat(WrittenDate.of(text))
                .isInstanceOfSatisfying(
                        WrittenDate.Exact.class, exact -> assertThat(exact.iso()).isEqualTo(iso));
    }

    @ParameterizedTest(name = "{0} may be {1} or {2}")
    @CsvSource({
        "03/04/2024,2024-04-03,2024-03-04",
        "3-4-24,2024-04-03,2024-03-04",
        "03/04/2024 6:05 PM,2024-04-03T18:05,2024-03-04T18:05",
    })
    void a_day_and_a_month_below_thirteen_are_not_told_apart_by_the_cell_alone(
            String text, String dayFirst, String monthFirst) {
        assertThat(WrittenDate.of(text)).isEqualTo(new WrittenDate.Ambiguous(dayFirst, monthFirst));
    }

    @ParameterizedTest(name = "\"{0}\" is none")
    @ValueSource(
            strings = {
                "",
                "yesterday",
                "31/02/1999",
                "2024-13-01",
                "2024-02-30",
                "13.13.2024",
                "1/2",
                "2024",
                "45356",
                "31/12/1999 25:00",
                "31/12/1999 10:60",
                "12/31/1999 13:00 PM",
                "12/31/1999 0:30 AM",
                "5 Foo 2024",
                "31-12.1999",
                "31/12/1999 6",
                "31/12/1999 soon",
                "0000-01-01",
                "31/12/199",
                "2024-03-05T10:30+25:00"
            })
    void what_is_no_date_is_none(String text) {
        assertThat(WrittenDate.of(text)).isEqualTo(WrittenDate.NONE);
    }

    @Test
    void a_date_survives_any_of_its_spellings() {
        Random random = new Random(22);
        for (int n = 0; n < 20_000; n++) {
            LocalDateTime moment =
                    LocalDateTime.of(1950, 1, 1, 0, 0).plusMinutes(random.nextInt(52_000_000));
            DayOrder order = random.nextBoolean() ? DayOrder.DAY_FIRST : DayOrder.MONTH_FIRST;
            String day = day(moment.toLocalDate(), order, random);
            String spelling = day;
            String iso = moment.toLocalDate().toString();
            if (random.nextBoolean()) {
                spelling += time(moment, random);
                iso = moment.toString();
                if (random.nextBoolean()) {
                    int hours = random.nextInt(-12, 13);
                    OffsetDateTime with = moment.atOffset(ZoneOffset.ofHours(hours));
                    spelling += offset(with, random);
                    iso = with.toString();
                }
            }

            String read =
                    switch (WrittenDate.of(spelling)) {
                        case WrittenDate.Exact(String exact, _) -> exact;
                        case WrittenDate.Ambiguous either -> either.by(order);
                        case WrittenDate.NoDate _ -> null;
                    };

            assertThat(read).as(spelling).isEqualTo(iso);
        }
    }

    private static String day(LocalDate day, DayOrder order, Random random) {
        String pattern = order == DayOrder.DAY_FIRST ? "dd/MM/" : "MM/dd/";
        String year = random.nextBoolean() && day.getYear() < 2050 ? "yy" : "yyyy";
        Locale language =
                List.of(
                                Locale.ENGLISH,
                                Locale.of("pt"),
                                Locale.of("es"),
                                Locale.GERMAN,
                                Locale.FRENCH)
                        .get(random.nextInt(5));
        return switch (random.nextInt(9)) {
            case 0 -> day.toString();
            case 1 -> formatted(day, "yyyy/M/d");
            case 2 -> formatted(day, "yyyyMMdd");
            case 3 -> formatted(day, "dd.MM." + year);
            case 4 -> formatted(day, pattern.replace('/', '-') + year);
            case 5 ->
                    day.getDayOfMonth()
                            + " "
                            + day.getMonth().getDisplayName(TextStyle.FULL, language)
                            + " "
                            + day.getYear();
            case 6 -> formatted(day, "MMM d, yyyy");
            default -> formatted(day, pattern + year);
        };
    }

    private static String time(LocalDateTime moment, Random random) {
        return switch (random.nextInt(4)) {
            case 0 -> formatted(moment, " HH:mm");
            case 1 -> formatted(moment, "'T'HH:mm:ss");
            case 2 -> formatted(moment, " h:mm:ss a").replace(" A", "\u202FA");
            default -> formatted(moment, ", hh:mm a").toLowerCase(Locale.ROOT);
        };
    }

    private static String offset(OffsetDateTime moment, Random random) {
        if (moment.getOffset().equals(ZoneOffset.UTC) && random.nextBoolean()) {
            return random.nextBoolean() ? "Z" : " UTC";
        }
        return switch (random.nextInt(3)) {
            case 0 -> formatted(moment, "xxx");
            case 1 -> formatted(moment, " xx");
            default -> formatted(moment, "'GMT'x").replace("GMT", " GMT");
        };
    }

    private static String formatted(java.time.temporal.TemporalAccessor moment, String pattern) {
        return DateTimeFormatter.ofPattern(pattern, Locale.ENGLISH).format(moment);
    }
}
