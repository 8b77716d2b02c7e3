package io.mailgenius.jobs.contacts;

import java.util.List;
import java.util.regex.Pattern;

/**
 * Writes texts so that an import of the exported file restores the same values: a text that would
 * be read as another type, or that a spreadsheet would execute, gets a leading apostrophe, and so
 * does a text that begins with such an apostrophe.
 */
public final class ExportText {

    static final List<String> FIELDS =
            List.of(
                    "email",
                    "firstName",
                    "lastName",
                    "phone",
                    "city",
                    "country",
                    "locale",
                    "timeZone");

    static final String STATUS = "status";
    static final List<String> TIMES = List.of("createdAt", "updatedAt");
    static final String ATTRIBUTE = "attributes.";

    private static final Pattern JSON =
            Pattern.compile(
                    "-?(?:0|[1-9][0-9]*)(?:\\.[0-9]+)?|true|false|[\\[{].*", Pattern.DOTALL);

    private ExportText() {}

    /** Whether these are columns of an export, all or some of them, in any order. */
    public static boolean isExport(List<String> columns) {
        return columns.contains(FIELDS.getFirst())
                && columns.containsAll(TIMES)
                && columns.stream()
                        .allMatch(
                                name ->
                                        FIELDS.contains(name)
                                                || STATUS.equals(name)
                                                || TIMES.contains(name)
                                                || name.startsWith(ATTRIBUTE));
    }

    /** Whether the column is a creation or update time, which is not a value of the contact. */
    public static boolean isTime(String column) {
        return TIMES.contains(column);
    }

    /** A text of a field, or of an attribute that can only be a text. */
    static String field(String text) {
        return SpreadsheetText.runs(bare(text)) ? "'" + text : text;
    }

    /** A text of an attribute, which could also be a number, a boolean, a list or an object. */
    static String attribute(String text) {
        String bare = bare(text);
        return SpreadsheetText.runs(bare) || JSON.matcher(bare).matches() ? "'" + text : text;
    }

    /** The inverse of {@link #field}. */
    public static String readField(String cell) {
        return cell.startsWith("'") && SpreadsheetText.runs(bare(cell)) ? cell.substring(1) : cell;
    }

    /** Whether the cell of an attribute is a text, which {@link #readText} then returns. */
    public static boolean isText(String cell) {
        return !JSON.matcher(cell).matches();
    }

    /** The inverse of {@link #attribute}. */
    public static String readText(String cell) {
        String bare = bare(cell);
        boolean guarded =
                cell.startsWith("'")
                        && (SpreadsheetText.runs(bare) || JSON.matcher(bare).matches());
        return guarded ? cell.substring(1) : cell;
    }

    /** Without leading apostrophes. */
    private static String bare(String text) {
        int from = 0;
        while (from < text.length() && text.charAt(from) == '\'') {
            from++;
        }
        return text.substring(from);
    }
}
