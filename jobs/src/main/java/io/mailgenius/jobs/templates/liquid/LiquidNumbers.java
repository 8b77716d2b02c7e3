package io.mailgenius.jobs.templates.liquid;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;
import org.jspecify.annotations.Nullable;

/**
 * Numbers as Liquid has them: integers of any size, and decimals that are computed exactly and then
 * rounded to the precision of a double. Integers are {@link Long} or {@link BigInteger}, decimals
 * are {@link BigDecimal}.
 */
final class LiquidNumbers {

    private static final int MAX_DIGITS = 400;
    private static final Long ZERO = 0L;

    private LiquidNumbers() {}

    /**
     * Converts any value: text counts up to the end of its leading number, everything else is 0.
     */
    static Number of(@Nullable Object value) {
        return switch (value) {
            case Long number -> number;
            case BigInteger number -> whole(number);
            case BigDecimal number -> number;
            case Double number -> decimal(number);
            case Float number -> decimal(Double.parseDouble(number.toString()));
            case Number number -> number.longValue();
            case String text -> of(text.strip());
            case SafeHtml html -> of(html.text().strip());
            case null, default -> ZERO;
        };
    }

    private static Number of(String text) {
        int digits = text.startsWith("-") || text.startsWith("+") ? 1 : 0;
        int end = endOfDigits(text, digits);
        if (end == digits) {
            return ZERO;
        }
        check(end - digits);
        if (end < text.length()
                && text.charAt(end) == '.'
                && text.charAt(0) != '+'
                && end + 1 < text.length()
                && endOfDigits(text, end + 1) == text.length()
                && text.indexOf('_') < 0) {
            check(text.length());
            return new BigDecimal(text);
        }
        return whole(
                new BigInteger(
                        text.substring(text.charAt(0) == '+' ? 1 : 0, end).replace("_", "")));
    }

    private static int endOfDigits(String text, int from) {
        int i = from;
        while (i < text.length()
                && (MarkupLexer.isDigit(text.charAt(i))
                        || text.charAt(i) == '_' && i > from && text.charAt(i - 1) != '_')) {
            i++;
        }
        return i > from && text.charAt(i - 1) == '_' ? i - 1 : i;
    }

    /** Null unless the whole text is a number. */
    static @Nullable Number ofWhole(String text) {
        String bare = text.strip();
        int digits = bare.startsWith("-") ? 1 : 0;
        int i = digits;
        int points = 0;
        while (i < bare.length()
                && (MarkupLexer.isDigit(bare.charAt(i))
                        || bare.charAt(i) == '.' && points++ == 0 && i > digits)) {
            i++;
        }
        boolean number = i == bare.length() && i > digits && bare.charAt(i - 1) != '.';
        return !number || i > MAX_DIGITS
                ? null
                : points > 0 ? new BigDecimal(bare) : whole(new BigInteger(bare));
    }

    /** An integer argument of a filter. */
    static int integer(@Nullable Object value) {
        Number number =
                switch (value) {
                    case String text -> isInteger(text.strip()) ? of(text) : null;
                    case Double _, Float _, BigDecimal _ -> null;
                    case Number any -> of(any);
                    case null, default -> null;
                };
        if (number == null) {
            throw new LiquidRenderException(
                    LiquidValues.inspected(value) + " is not a whole number");
        }
        return clamped(number);
    }

    private static boolean isInteger(String text) {
        int digits = text.startsWith("-") || text.startsWith("+") ? 1 : 0;
        return text.length() > digits && endOfDigits(text, digits) == text.length();
    }

    static int clamped(Number number) {
        return number instanceof BigInteger big
                ? big.signum() < 0 ? Integer.MIN_VALUE : Integer.MAX_VALUE
                : (int) Math.clamp(number.longValue(), Integer.MIN_VALUE, Integer.MAX_VALUE);
    }

    static Number plus(Number a, Number b) {
        return isDecimal(a, b)
                ? rounded(exact(a).add(exact(b)))
                : whole(integral(a).add(integral(b)));
    }

    static Number minus(Number a, Number b) {
        return isDecimal(a, b)
                ? rounded(exact(a).subtract(exact(b)))
                : whole(integral(a).subtract(integral(b)));
    }

    static Number times(Number a, Number b) {
        return isDecimal(a, b)
                ? rounded(exact(a).multiply(exact(b)))
                : whole(integral(a).multiply(integral(b)));
    }

    /** Integers are divided by floor division, as in Ruby. */
    static Number dividedBy(Number a, Number b) {
        requireNotZero(b);
        if (isDecimal(a, b)) {
            return rounded(exact(a).divide(exact(b), MathContext.DECIMAL128));
        }
        BigInteger[] parts = integral(a).divideAndRemainder(integral(b));
        boolean down = parts[1].signum() != 0 && parts[1].signum() != integral(b).signum();
        return whole(down ? parts[0].subtract(BigInteger.ONE) : parts[0]);
    }

    /** The result has the sign of the divisor, as in Ruby. */
    static Number modulo(Number a, Number b) {
        requireNotZero(b);
        if (isDecimal(a, b)) {
            BigDecimal rest = exact(a).remainder(exact(b));
            boolean other = rest.signum() != 0 && rest.signum() != exact(b).signum();
            return rounded(other ? rest.add(exact(b)) : rest);
        }
        BigInteger rest = integral(a).remainder(integral(b));
        boolean other = rest.signum() != 0 && rest.signum() != integral(b).signum();
        return whole(other ? rest.add(integral(b)) : rest);
    }

    private static void requireNotZero(Number number) {
        if (exact(number).signum() == 0) {
            throw new LiquidRenderException("a number is divided by 0");
        }
    }

    static Number abs(Number number) {
        return number instanceof BigDecimal decimal ? decimal.abs() : whole(integral(number).abs());
    }

    /**
     * @param digits after the decimal point; the result is an integer if there are none
     */
    static Number round(Number number, int digits, RoundingMode mode) {
        if (!(number instanceof BigDecimal decimal)) {
            return digits >= 0 ? number : whole(exact(number, digits, mode).toBigInteger());
        }
        BigDecimal result = exact(decimal, digits, mode);
        return digits > 0 ? rounded(result) : whole(result.toBigInteger());
    }

    private static BigDecimal exact(Number number, int digits, RoundingMode mode) {
        return exact(number).setScale(Math.max(digits, -MAX_DIGITS), mode);
    }

    static int compare(Number a, Number b) {
        return a instanceof Long x && b instanceof Long y
                ? Long.compare(x, y)
                : exact(a).compareTo(exact(b));
    }

    /** The number as it is rendered, never with an exponent. */
    static String text(Number number) {
        return switch (number) {
            case BigDecimal decimal -> decimal.toPlainString();
            case Double decimal -> decimal(decimal).toPlainString();
            case Float decimal -> decimal(Double.parseDouble(decimal.toString())).toPlainString();
            default -> number.toString();
        };
    }

    private static boolean isDecimal(Number a, Number b) {
        return a instanceof BigDecimal || b instanceof BigDecimal;
    }

    private static BigDecimal exact(Number number) {
        return switch (number) {
            case BigDecimal decimal -> {
                check((long) decimal.precision() + Math.abs((long) decimal.scale()));
                yield decimal;
            }
            case BigInteger big -> new BigDecimal(big);
            default -> BigDecimal.valueOf(number.longValue());
        };
    }

    private static BigInteger integral(Number number) {
        return number instanceof BigInteger big ? big : BigInteger.valueOf(number.longValue());
    }

    private static Number whole(BigInteger number) {
        if (number.bitLength() < 64) {
            return number.longValue();
        }
        check(number.bitLength() / 3);
        return number;
    }

    private static BigDecimal rounded(BigDecimal number) {
        check((long) number.precision() + Math.abs((long) number.scale()));
        return decimal(number.doubleValue());
    }

    private static BigDecimal decimal(double number) {
        if (Double.isNaN(number) || Double.isInfinite(number)) {
            throw new LiquidRenderException("a number is too large");
        }
        BigDecimal decimal = new BigDecimal(Double.toString(number));
        return decimal.scale() < 1 ? decimal.setScale(1, RoundingMode.UNNECESSARY) : decimal;
    }

    private static void check(long digits) {
        if (digits > MAX_DIGITS) {
            throw new LiquidRenderException("a number has more than " + MAX_DIGITS + " digits");
        }
    }
}
