package io.mailgenius.jobs.imports.files;

/** Texts as spreadsheets write them into XML (ST_Xstring of ECMA-376). */
final class XmlText {

    /**
     * How many characters of a text are kept: one more than a value may have, so that a longer one
     * is rejected with its row. Spreadsheet programs write 32,767 at most.
     */
    static final int MAX = 100_001;

    private static final int ESCAPE = "_x0000_".length();

    private XmlText() {}

    /** With characters instead of their numbers: {@code _x000D_} is a carriage return. */
    static String unescaped(String text) {
        int at = text.indexOf("_x");
        if (at < 0) {
            return text;
        }
        StringBuilder plain = new StringBuilder(text.length());
        int from = 0;
        while (at >= 0) {
            if (isEscape(text, at)) {
                plain.append(text, from, at);
                plain.append((char) Integer.parseInt(text, at + 2, at + 6, 16));
                from = at + ESCAPE;
                at = text.indexOf("_x", from);
            } else {
                at = text.indexOf("_x", at + 1);
            }
        }
        return plain.append(text, from, text.length()).toString();
    }

    private static boolean isEscape(String text, int at) {
        if (at + ESCAPE > text.length() || text.charAt(at + ESCAPE - 1) != '_') {
            return false;
        }
        for (int n = at + 2; n < at + 6; n++) {
            char c = text.charAt(n);
            if ((c < '0' || c > '9') && (c < 'a' || c > 'f') && (c < 'A' || c > 'F')) {
                return false;
            }
        }
        return true;
    }
}
