package io.mailgenius.jobs.contacts;

import org.jspecify.annotations.Nullable;

/** Text in files that spreadsheets open. */
public final class SpreadsheetText {

    private static final String RUNS = "=+-@\t\r";

    private SpreadsheetText() {}

    /**
     * Prefixes text that a spreadsheet would execute as a formula with a quote. Plain numbers stay
     * as they are.
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
