package io.mailgenius.jobs.imports.values;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Numbers as people write them are read as what they are, or not at all. */
class WrittenNumberTest {

    private static final String[] BLANKS = {" ", "\u00A0", "\u202F", "\u2009", "\u2007", "\u3000"};
    private static final String[] MINUS = {"-", "\u2212", "\u2013", "\uFF0D", "\uFE63"};
    private static final String[] CURRENCIES = {
        "$", "R$", "US$", "€", "£", "¥", "₹", "CHF", "EUR", "BRL", "kr", "zł", "Rs."
    };

    @ParameterizedTest(name = "{0} is {1}")
    @CsvSource(
            delimiter = '|',
            value = {
                "0,125|0.125",
                "0.125|0.125",
                "1234,567|1234.567",
                "1.234,56|1234.56",
                "1,234.56|1234.56",
                "1.250.000|1250000",
                "1,250,000|1250000",
                "12,34,567.89|1234567.89",
                "12,34,567|1234567",
                "1 250,500|1250.500",
                "1'250.00|1250.00",
                "1’250.–|1250.00",
                "1.250,-|1250.00",
                "10.00|10.00",
                "007|7",
                ".5|0.5",
                ",5|0.5",
                "-0|0",
                "1,5|1.5",
                "1,2500|1.2500",
                "R$ 1.234,56|1234.56",
                "-R$ 1.234,56|-1234.56",
                "R$ -1.234,56|-1234.56",
                "1.234,56 €|1234.56",
                "(1,234.56)|-1234.56",
                "($5)|-5",
                "$(5)|-5",
                "5-|-5",
                "+5|5",
                "12%|0.12",
                "12,5 %|0.125",
                "-3.50%|-0.0350",
                "1.250E3|1250",
                "1,5e-3|0.0015",
                "٣٫٥|3.5",
                "１２|12",
            })
    void a_number_is_read(String text, BigDecimal value) {
        assertThat(WrittenNumber.of(text))
                .isInstanceOfSatisfying(
                        WrittenNumber.Exact.class,
                        exact ->
                                assertThat(exact.value().toPlainString())
                                        .isEqualTo(value.toPlainString()));
    }

    @ParameterizedTest(name = "{0} may be {1} or {2}")
    @CsvSource(
            delimiter = '|',
            value = {
                "1,250|1250|1.250",
                "1.250|1.250|1250",
                "-12.345|-12.345|-12345",
                "999,999|999999|999.999",
                "$1,250|1250|1.250",
                "R$ 1.250|1.250|1250",
                "1,250 %|12.50|0.01250",
            })
    void a_mark_before_three_digits_is_not_decided_by_the_cell_alone(
            String text, BigDecimal withPoint, BigDecimal withComma) {
        assertThat(WrittenNumber.of(text))
                .isInstanceOfSatisfying(
                        WrittenNumber.Ambiguous.class,
                        either -> {
                            assertThat(either.withPoint()).isEqualByComparingTo(withPoint);
                            assertThat(either.withComma()).isEqualByComparingTo(withComma);
                        });
    }

    @ParameterizedTest(name = "\"{0}\" is none")
    @ValueSource(
            strings = {
                "",
                " ",
                "-",
                "%",
                "$",
                "12 apples",
                "1,23,4",
                "1.2.3",
                "1,2.5",
                "1 2",
                "12 50",
                "1.",
                "1,",
                "1e400",
                "--5",
                "(5",
                "5)",
                "((5))",
                "-(5)",
                "1,250.5,3",
                "1.250,500.3",
                "1 250'000",
                "0x10",
                "NaN",
                "Infinity",
                "12%%",
                "€5€",
                "1_000",
                "12:30",
                "1/2",
                "2024-01-02",
                "5 k"
            })
    void what_is_no_number_is_none(String text) {
        assertThat(WrittenNumber.of(text)).isEqualTo(WrittenNumber.NONE);
    }

    /** Whatever stands around and between the digits, the number is the same, and to the digit. */
    @Test
    void a_number_survives_any_of_its_spellings() {
        Random random = new Random(22);
        for (int n = 0; n < 20_000; n++) {
            BigDecimal number =
                    new BigDecimal(random.nextLong(1_000_000_000L))
                            .movePointLeft(random.nextInt(5))
                            .multiply(
                                    random.nextBoolean()
                                            ? BigDecimal.ONE
                                            : BigDecimal.ONE.negate());
            DecimalMark mark = random.nextBoolean() ? DecimalMark.POINT : DecimalMark.COMMA;
            String spelling = spelled(number, mark, random);

            BigDecimal read =
                    switch (WrittenNumber.of(spelling)) {
                        case WrittenNumber.Exact(BigDecimal value, _) -> value;
                        case WrittenNumber.Ambiguous either -> either.by(mark);
                        case WrittenNumber.NoNumber _ -> null;
                    };

            assertThat(read).as(spelling).isNotNull().isEqualByComparingTo(number);
            if (WrittenNumber.of(spelling) instanceof WrittenNumber.Exact(_, DecimalMark proved)
                    && proved != null) {
                assertThat(proved).as(spelling).isEqualTo(mark);
            }
        }
    }

    static String spelled(BigDecimal number, DecimalMark mark, Random random) {
        String[] parts = number.abs().toPlainString().split("\\.");
        String other = mark == DecimalMark.POINT ? "," : ".";
        String[] groups = {"", other, BLANKS[random.nextInt(BLANKS.length)], "'", "\u2019", ""};
        String text = grouped(parts[0], groups[random.nextInt(groups.length)]);
        if (parts.length > 1) {
            text += mark.mark + parts[1];
        }
        if (random.nextInt(4) == 0) {
            String currency = CURRENCIES[random.nextInt(CURRENCIES.length)];
            String blank = random.nextBoolean() ? "" : BLANKS[random.nextInt(BLANKS.length)];
            text = random.nextBoolean() ? currency + blank + text : text + blank + currency;
        }
        if (number.signum() < 0) {
            String minus = MINUS[random.nextInt(MINUS.length)];
            text =
                    switch (random.nextInt(3)) {
                        case 0 -> "(" + text + ")";
                        case 1 -> text + minus;
                        default -> minus + text;
                    };
        }
        return random.nextInt(5) == 0 ? " \u200B" + text + "\u00A0" : text;
    }

    private static String grouped(String digits, String mark) {
        List<String> groups = new ArrayList<>();
        for (int end = digits.length(); end > 0; end -= 3) {
            groups.addFirst(digits.substring(Math.max(0, end - 3), end));
        }
        return String.join(mark, groups);
    }
}
