package io.mailgenius.jobs.imports.files;

import java.util.List;

/**
 * The meaning that the number format of a cell gives to its number.
 *
 * @param kind what the number stands for
 * @param detail of {@code ELAPSED} the largest unit, h, m or s; of others empty
 * @param seconds whether seconds are shown
 * @param fractions whether fractions of a second are shown
 * @param mask of {@code DIGITS}
 */
record NumberFormat(
        Kind kind, String detail, boolean seconds, boolean fractions, List<FormatToken> mask) {

    enum Kind {
        /** An amount, a percentage or a price. Text beside the digits is not part of the value. */
        NUMBER,
        /** A day, perhaps with a time. */
        DATE,
        /** A time of day. */
        TIME,
        /** A length of time, such as 36:00. */
        ELAPSED,
        /**
         * Digits that are not a quantity, such as a postcode: leading zeros are part of the value.
         */
        DIGITS
    }

    static final NumberFormat GENERAL = of(Kind.NUMBER);

    private static final NumberFormat DATE = of(Kind.DATE);
    private static final NumberFormat TIME = of(Kind.TIME);

    static NumberFormat of(Kind kind) {
        return new NumberFormat(kind, "", false, false, List.of());
    }

    static NumberFormat digits(List<FormatToken> mask) {
        return new NumberFormat(Kind.DIGITS, "", false, false, mask);
    }

    /** The built-in formats, which files refer to by number only (ECMA-376 part 1, 18.8.30). */
    static NumberFormat builtIn(int id) {
        return switch (id) {
            case 14, 15, 16, 17, 22 -> DATE;
            case 18, 19, 20, 21 -> TIME;
            case 45 -> new NumberFormat(Kind.TIME, "", true, false, List.of());
            case 46 -> new NumberFormat(Kind.ELAPSED, "h", true, false, List.of());
            case 47 -> new NumberFormat(Kind.TIME, "", true, true, List.of());
            // Dates and times of Chinese, Japanese and Korean, and then of Thai files.
            case 27, 28, 29, 30, 31, 36, 50, 51, 52, 53, 54, 57, 58, 71, 72, 73, 74, 77, 81 -> DATE;
            case 32, 33, 34, 35, 55, 56, 75, 76, 78, 80 -> TIME;
            case 79 -> new NumberFormat(Kind.ELAPSED, "h", true, false, List.of());
            default -> GENERAL;
        };
    }
}
