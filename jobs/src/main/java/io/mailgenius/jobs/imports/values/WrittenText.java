package io.mailgenius.jobs.imports.values;

/** Normalizes the blanks, signs and digits of numbers and dates before they are parsed. */
final class WrittenText {

    private WrittenText() {}

    /**
     * With one plain space for blanks of every kind and number, a hyphen for every minus sign and
     * dash, an apostrophe for every apostrophe, ASCII digits for the digits of any script, and
     * without invisible characters.
     */
    static String plain(String text) {
        StringBuilder plain = new StringBuilder(text.length());
        for (int n = 0; n < text.length(); n++) {
            char c = text.charAt(n);
            if (Character.isWhitespace(c) || Character.isSpaceChar(c)) {
                if (!plain.isEmpty() && plain.charAt(plain.length() - 1) != ' ') {
                    plain.append(' ');
                }
            } else if (Character.getType(c) != Character.FORMAT) {
                plain.append(plain(c));
            }
        }
        return plain.toString().stripTrailing();
    }

    private static char plain(char c) {
        return switch (c) {
            case '\u2010', '\u2011', '\u2012', '\u2013', '\u2014', '\u2212', '\uFE63', '\uFF0D' ->
                    '-';
            case '\u2018', '\u2019', '\u02BC', '\u2032', '\uFF07', '\u066C' -> '\'';
            case '\uFF0B' -> '+';
            case '\uFF0C' -> ',';
            case '\uFF0E' -> '.';
            case '\uFF05', '\u066A' -> '%';
            case '\uFF0F' -> '/';
            case '\uFF1A' -> ':';
            default -> digit(c);
        };
    }

    private static char digit(char c) {
        return c > 0x7F && Character.isDigit(c) ? (char) ('0' + Character.digit(c, 10)) : c;
    }
}
