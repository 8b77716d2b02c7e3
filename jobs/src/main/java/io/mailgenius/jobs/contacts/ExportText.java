package io.mailgenius.jobs.contacts;

import java.util.List;
import java.util.regex.Pattern;

/**
 * How a file of exported contacts is written, so that an import of it finds the very same values: a
 * text that would be read as something else, or be run by a spreadsheet, has an apostrophe in
 * front, and one that has such an apostrophe of its own has another.
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

    /** Whether a file with such columns is an export, whole or in part, in any order. */
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

    /** Whether the column says when the contact was made or changed: that is no value of it. */
    public static boolean isTime(String column) {
        return TIMES.contains(column);
    }

    /** A text of a field, or of an attribute that can be a text only. */
    static String field(String text) {
        return SpreadsheetText.runs(bare(text)) ? "'" + text : text;
    }

    /**
     * A text of an attribute, which could as well be a number, a truth value, a list or an object.
     */
    static String attribute(String text) {
        String bare = bare(text);
        return SpreadsheetText.runs(bare) || JSON.matcher(bare).matches() ? "'" + text : text;
    }

    /** What {@link #field} was given. */
    public static String readField(String cell) {
        return cell.startsWith("'") && SpreadsheetText.runs(bare(cell)) ? cell.substring(1) : cell;
    }

    /** Whether an attribute's cell is a text: then {@link #readText} is what it was. */
    public static boolean isText(String cell) {
        return !JSON.matcher(cell).matches();
    }

    /** What {@link #attribute} was given. */
    public static String readText(String cell) {
        String bare = bare(cell);
        boolean guarded =
                cell.startsWith("'")
                        && (SpreadsheetText.runs(bare) || JSON.matcher(bare).matches());
        return guarded ? cell.substring(1) : cell;
    }

    /** Without the apostrophes in front. */
    private static String bare(String text) {
        int from = 0;
        while (from < text.length() && text.charAt(from) == '\'') {
            from++;
        }
        return text.substring(from);
    }
}
