package io.mailgenius.jobs.imports.values;

import java.math.BigDecimal;
import java.util.Currency;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A number as people write it; docs/imports.md describes the grammar. A single mark with three
 * digits behind it may be a decimal mark or a thousands separator, so both values are kept, and the
 * other cells of the column or its locale decide.
 */
public sealed interface WrittenNumber {

    /**
     * @param mark that is certainly the decimal mark; null if there is none
     */
    record Exact(BigDecimal value, @Nullable DecimalMark mark) implements WrittenNumber {}

    record Ambiguous(BigDecimal withPoint, BigDecimal withComma) implements WrittenNumber {

        public BigDecimal by(DecimalMark mark) {
            return switch (mark) {
                case POINT -> withPoint;
                case COMMA -> withComma;
            };
        }
    }

    record NoNumber() implements WrittenNumber {}

    NoNumber NONE = new NoNumber();

    static WrittenNumber of(String text) {
        return text.length() > NumberParser.MAX_LENGTH ? NONE : new NumberParser(text).read();
    }

    /** Removes currency, sign and percentage around the digits. */
    final class NumberParser {

        private static final int MAX_LENGTH = 60;
        private static final int MAX_EXPONENT = 50;
        private static final Pattern LEADING_CURRENCY =
                Pattern.compile("^(\\p{Lu}{0,3}\\p{Sc}|\\p{L}{1,4}\\.?) ?(?=[-+(\\d.,])");
        private static final Pattern TRAILING_CURRENCY =
                Pattern.compile("(?<=[-\\d)%]) ?(\\p{Lu}{0,3}\\p{Sc}|\\p{L}{1,4}\\.?)$");
        private static final Pattern NO_CENTS = Pattern.compile("(?<=\\d)([.,])-{1,2}$");
        private static final Pattern EXPONENT =
                Pattern.compile("(\\d*[.,]?\\d+)[eE]([-+]?\\d{1,3})");
        private static final Pattern THOUSANDS =
                Pattern.compile("\\d{1,3}(?:(.)\\d{3}(?:\\1\\d{3})*)?");
        private static final Pattern LAKHS = Pattern.compile("\\d{1,2}(?:,\\d{2})+,\\d{3}");
        private static final Set<String> CODES =
                Currency.getAvailableCurrencies().stream()
                        .map(Currency::getCurrencyCode)
                        .collect(Collectors.toUnmodifiableSet());
        private static final Set<String> WORDS =
                Set.of(
                        "R",
                        "kr",
                        "kr.",
                        "z\u0142",
                        "K\u010D",
                        "Ft",
                        "lei",
                        "Rs",
                        "Rs.",
                        "Fr",
                        "Fr.",
                        "SFr.",
                        "\u0440\u0443\u0431",
                        "\u0440\u0443\u0431.",
                        "\u0440.",
                        "\u043B\u0432",
                        "\u043B\u0432.",
                        "\u0433\u0440\u043D");

        private String rest;
        private boolean signed;
        private boolean negative;
        private boolean percent;
        private boolean currency;

        NumberParser(String text) {
            this.rest = WrittenText.plain(text);
        }

        WrittenNumber read() {
            Matcher noCents = NO_CENTS.matcher(rest);
            if (noCents.find()) {
                rest = rest.substring(0, noCents.start()) + noCents.group(1) + "00";
            }
            while (takeSign() || takePercent() || takeCurrency()) {
                rest = rest.strip();
            }
            return body();
        }

        private boolean takeSign() {
            if (signed || rest.length() < 2) {
                return false;
            }
            char first = rest.charAt(0);
            char last = rest.charAt(rest.length() - 1);
            if (first == '(' && last == ')') {
                negative = true;
                rest = rest.substring(1, rest.length() - 1);
            } else if (first == '-' || first == '+') {
                negative = first == '-';
                rest = rest.substring(1);
            } else if (last == '-') {
                negative = true;
                rest = rest.substring(0, rest.length() - 1);
            } else {
                return false;
            }
            signed = true;
            return true;
        }

        private boolean takePercent() {
            if (percent || rest.length() < 2) {
                return false;
            }
            if (rest.endsWith("%")) {
                rest = rest.substring(0, rest.length() - 1);
            } else if (rest.startsWith("%")) {
                rest = rest.substring(1);
            } else {
                return false;
            }
            percent = true;
            return true;
        }

        private boolean takeCurrency() {
            if (currency) {
                return false;
            }
            Matcher leading = LEADING_CURRENCY.matcher(rest);
            if (leading.find() && isCurrency(leading.group(1))) {
                rest = rest.substring(leading.end());
                currency = true;
                return true;
            }
            Matcher trailing = TRAILING_CURRENCY.matcher(rest);
            if (trailing.find() && isCurrency(trailing.group(1))) {
                rest = rest.substring(0, trailing.start());
                currency = true;
                return true;
            }
            return false;
        }

        private static boolean isCurrency(String sign) {
            return Character.getType(sign.codePointBefore(sign.length()))
                            == Character.CURRENCY_SYMBOL
                    || CODES.contains(sign)
                    || WORDS.contains(sign);
        }

        private WrittenNumber body() {
            Matcher scientific = EXPONENT.matcher(rest);
            if (scientific.matches()) {
                int exponent = Integer.parseInt(scientific.group(2));
                BigDecimal value = new BigDecimal(scientific.group(1).replace(',', '.'));
                return Math.abs(exponent) > MAX_EXPONENT
                        ? NONE
                        : exact(value.scaleByPowerOfTen(exponent), markIn(scientific.group(1)));
            }
            int arabic = rest.indexOf('\u066B');
            if (arabic >= 0) {
                return fraction(arabic, null);
            }
            int comma = rest.lastIndexOf(',');
            int point = rest.lastIndexOf('.');
            if (comma < 0 && point < 0) {
                return isWhole(rest) ? exact(new BigDecimal(digits(rest)), null) : NONE;
            }
            if (comma >= 0 && point >= 0) {
                return fraction(Math.max(comma, point), markAt(Math.max(comma, point)));
            }
            int last = Math.max(comma, point);
            DecimalMark mark = markAt(last);
            if (rest.indexOf(mark.mark) != last) {
                DecimalMark other =
                        mark == DecimalMark.POINT ? DecimalMark.COMMA : DecimalMark.POINT;
                return isWhole(rest) ? exact(new BigDecimal(digits(rest)), other) : NONE;
            }
            return mayBeThousands(last) ? ambiguous(mark) : fraction(last, mark);
        }

        private @Nullable DecimalMark markIn(String text) {
            return text.indexOf(',') >= 0
                    ? DecimalMark.COMMA
                    : text.indexOf('.') >= 0 ? DecimalMark.POINT : null;
        }

        private DecimalMark markAt(int index) {
            return rest.charAt(index) == ',' ? DecimalMark.COMMA : DecimalMark.POINT;
        }

        /** One mark, one to three digits before it that do not begin with 0, three behind it. */
        private boolean mayBeThousands(int mark) {
            return rest.length() - mark == 4
                    && rest.charAt(0) != '0'
                    && THOUSANDS.matcher(rest).matches();
        }

        private WrittenNumber ambiguous(DecimalMark mark) {
            BigDecimal thousands = signed(new BigDecimal(digits(rest)));
            BigDecimal fraction = signed(new BigDecimal(rest.replace(mark.mark, '.')));
            return switch (mark) {
                case POINT -> new Ambiguous(fraction, thousands);
                case COMMA -> new Ambiguous(thousands, fraction);
            };
        }

        private WrittenNumber fraction(int mark, @Nullable DecimalMark proved) {
            String whole = rest.substring(0, mark);
            String fraction = rest.substring(mark + 1);
            if (!isDigits(fraction) || !whole.isEmpty() && !isWhole(whole)) {
                return NONE;
            }
            return exact(new BigDecimal(digits(whole) + "." + fraction), proved);
        }

        /** Digits, with or without one kind of thousands separator. */
        private static boolean isWhole(String text) {
            if (isDigits(text)) {
                return true;
            }
            Matcher thousands = THOUSANDS.matcher(text);
            return thousands.matches() && " '.,".contains(thousands.group(1))
                    || LAKHS.matcher(text).matches();
        }

        private static boolean isDigits(String text) {
            return !text.isEmpty() && text.chars().allMatch(c -> c >= '0' && c <= '9');
        }

        private static String digits(String text) {
            return text.replaceAll("[^0-9]", "");
        }

        private WrittenNumber exact(BigDecimal value, @Nullable DecimalMark mark) {
            return new Exact(signed(value), mark);
        }

        private BigDecimal signed(BigDecimal value) {
            BigDecimal signed = negative ? value.negate() : value;
            return percent ? signed.movePointLeft(2) : signed;
        }
    }
}
