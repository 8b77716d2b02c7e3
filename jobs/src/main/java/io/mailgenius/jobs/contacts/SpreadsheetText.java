package io.mailgenius.jobs.contacts;

import org.jspecify.annotations.Nullable;

/** Text in a file that a spreadsheet opens. */
public final class SpreadsheetText {

    private static final String RUNS = "=+-@\t\r";

    private SpreadsheetText() {}

    /**
     * A spreadsheet runs a cell that begins like a formula, whoever wrote it: a quote in front
     * makes it the text that it is. What is nothing but a number runs nothing and stays.
     *
     * @see <a href="https://owasp.org/www-community/attacks/CSV_Injection">CSV injection</a>
     */
    public static @Nullable String harmless(@Nullable String text) {
        return text != null && runs(text) ? "'" + text : text;
    }

    static boolean runs(String text) {
        return !text.isEmpty()
                && RUNS.indexOf(text.charAt(0)) >= 0
                && !text.matches("[+-]?[0-9][0-9 .()-]*");
    }
}
