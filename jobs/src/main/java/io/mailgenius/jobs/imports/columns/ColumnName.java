package io.mailgenius.jobs.imports.columns;

import io.mailgenius.jobs.contacts.NormalizedText;
import java.text.Normalizer;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/** The name of a column: as it is shown, stored and mapped, and as it is looked up. */
public final class ColumnName {

    /** Blanks, line breaks and other characters without a glyph, within a name. */
    private static final Pattern BLANKS = Pattern.compile("[\\s\\p{Z}\\p{Cc}]+");

    /**
     * Invisible characters: byte order and direction marks, zero-width spaces. A joiner stays
     * between letters and emoji, where it has a meaning.
     */
    private static final Pattern INVISIBLE =
            Pattern.compile(
                    "[\\uFEFF\\u200B\\u2060\\u00AD\\u200E\\u200F\\u061C\\u202A-\\u202E\\u2066-\\u2069]+");

    private static final Pattern NO_LETTERS = Pattern.compile("[^\\p{L}\\p{N}]+");

    /** A byte order mark that was read as Windows-1252 and written as UTF-8. */
    private static final String MISREAD_MARK = "\u00EF\u00BB\u00BF";

    private ColumnName() {}

    /** In NFC, on one line, and without the blanks around it, visible or not. */
    public static String of(String text) {
        String visible = INVISIBLE.matcher(text).replaceAll("");
        if (visible.startsWith(MISREAD_MARK)) {
            visible = visible.substring(MISREAD_MARK.length());
        }
        String name = BLANKS.matcher(visible).replaceAll(" ").strip();
        return NormalizedText.of(withoutJoinersAround(name));
    }

    private static String withoutJoinersAround(String name) {
        int from = 0;
        int to = name.length();
        while (from < to && isJoiner(name.charAt(from))) {
            from++;
        }
        while (from < to && isJoiner(name.charAt(to - 1))) {
            to--;
        }
        return name.substring(from, to).strip();
    }

    private static boolean isJoiner(char c) {
        return c == '\u200C' || c == '\u200D';
    }

    /** Letters and digits alone, in lower case and without accents. */
    public static String key(String name) {
        String decomposed = Normalizer.normalize(name, Normalizer.Form.NFKD);
        return NO_LETTERS.matcher(decomposed.toLowerCase(Locale.ROOT)).replaceAll("");
    }

    /** An option by column, with the names of columns in the form in which they are shown. */
    public static <V> Map<String, V> keyed(Map<String, V> option) {
        Map<String, V> keyed = new LinkedHashMap<>();
        option.forEach((name, value) -> keyed.put(of(name), value));
        keyed.putAll(option);
        return keyed;
    }
}
