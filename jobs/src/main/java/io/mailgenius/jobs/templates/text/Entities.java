package io.mailgenius.jobs.templates.text;

import java.util.Map;
import org.jsoup.parser.Parser;
import org.jspecify.annotations.Nullable;

/** Decodes HTML character references as browsers do. */
public final class Entities {

    private static final int LONGEST = 34;

    /** The most frequent references, as a fast path. */
    private static final Map<String, String> USUAL =
            Map.of(
                    "&amp;", "&",
                    "&lt;", "<",
                    "&gt;", ">",
                    "&quot;", "\"",
                    "&#39;", "'",
                    "&nbsp;", "\u00a0");

    private Entities() {}

    /** The end of a possible reference, with or without a semicolon; -1 for none. */
    static int end(String html, int at) {
        int last = Math.min(html.length(), at + LONGEST);
        int i = at + 1;
        while (i < last && (html.charAt(i) == '#' && i == at + 1 || isPart(html.charAt(i)))) {
            i++;
        }
        if (i < html.length() && html.charAt(i) == ';') {
            i++;
        }
        return i > at + 2 ? i : -1;
    }

    private static boolean isPart(char c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9';
    }

    /**
     * @param reference with its ampersand
     * @return null if it is not a reference
     */
    static @Nullable String decode(String reference) {
        String usual = USUAL.get(reference);
        if (usual != null) {
            return usual;
        }
        String decoded = Parser.unescapeEntities(reference, false);
        return decoded.equals(reference) ? null : decoded;
    }

    /** Decodes the value of an attribute, where {@code ?a=1&copy=2} has no reference. */
    public static String decodeAll(String value) {
        if (value.indexOf('&') < 0) {
            return value;
        }
        String simple = value.replace("&amp;", "&");
        boolean only = simple.length() + 4L * count(value) == value.length();
        return only ? simple : Parser.unescapeEntities(value, true);
    }

    private static int count(String value) {
        int count = 0;
        for (int at = value.indexOf('&'); at >= 0; at = value.indexOf('&', at + 1)) {
            count++;
        }
        return count;
    }
}
