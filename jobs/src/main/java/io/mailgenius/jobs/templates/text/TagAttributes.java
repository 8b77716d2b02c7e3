package io.mailgenius.jobs.templates.text;

import org.jspecify.annotations.Nullable;

/** Reads the attributes of a tag without a tree. */
final class TagAttributes {

    private TagAttributes() {}

    /**
     * The value as it is written, quoted or not.
     *
     * @param from the end of the tag's name
     * @param end the end of the tag
     * @return null if there is no such attribute; empty if it has no value
     */
    static @Nullable String value(String html, int from, int end, String wanted) {
        int at = from;
        while (at < end) {
            char c = html.charAt(at);
            if (isSpace(c) || c == '/' || c == '>') {
                at++;
                continue;
            }
            int nameEnd = at + 1;
            while (nameEnd < end && !isEndOfName(html.charAt(nameEnd))) {
                nameEnd++;
            }
            int value = skipSpace(html, nameEnd, end);
            boolean has = value < end && html.charAt(value) == '=';
            int start = has ? skipSpace(html, value + 1, end) : nameEnd;
            char quote = start < end ? html.charAt(start) : ' ';
            boolean quoted = has && (quote == '"' || quote == '\'');
            int from2 = quoted ? start + 1 : start;
            int stop = from2;
            while (has && stop < end && !ends(html.charAt(stop), quoted, quote)) {
                stop++;
            }
            if (nameEnd - at == wanted.length()
                    && html.regionMatches(true, at, wanted, 0, wanted.length())) {
                return quoted && stop == end ? "" : html.substring(from2, stop);
            }
            at = Math.max(quoted ? stop + 1 : stop, at + 1);
        }
        return null;
    }

    private static boolean ends(char c, boolean quoted, char quote) {
        return quoted ? c == quote : isSpace(c) || c == '>';
    }

    private static boolean isEndOfName(char c) {
        return isSpace(c) || c == '=' || c == '>' || c == '/';
    }

    private static int skipSpace(String html, int from, int end) {
        int at = from;
        while (at < end && isSpace(html.charAt(at))) {
            at++;
        }
        return at;
    }

    private static boolean isSpace(char c) {
        return c == ' ' || c >= '\t' && c <= '\r';
    }
}
