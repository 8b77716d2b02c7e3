package io.mailgenius.jobs.templates;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The character references that mails have; any other one stays as it is written. */
final class Entities {

    private static final int LONGEST = 10;

    private static final Map<String, String> ENTITIES =
            Map.ofEntries(
                    Map.entry("amp", "&"),
                    Map.entry("lt", "<"),
                    Map.entry("gt", ">"),
                    Map.entry("quot", "\""),
                    Map.entry("apos", "'"),
                    Map.entry("nbsp", "\u00a0"),
                    Map.entry("ndash", "–"),
                    Map.entry("mdash", "—"),
                    Map.entry("hellip", "…"),
                    Map.entry("lsquo", "‘"),
                    Map.entry("rsquo", "’"),
                    Map.entry("ldquo", "“"),
                    Map.entry("rdquo", "”"),
                    Map.entry("copy", "©"),
                    Map.entry("reg", "®"),
                    Map.entry("trade", "™"),
                    Map.entry("euro", "€"),
                    Map.entry("pound", "£"),
                    Map.entry("bull", "•"),
                    Map.entry("middot", "·"),
                    Map.entry("zwnj", ""),
                    Map.entry("shy", ""));

    private Entities() {}

    /** Where the semicolon stands of what may be one, or -1. */
    static int end(String html, int at) {
        int last = Math.min(html.length(), at + LONGEST);
        for (int i = at + 1; i < last; i++) {
            char c = html.charAt(i);
            if (c == ';') {
                return i;
            }
            if (c != '#' && !Character.isLetterOrDigit(c)) {
                return -1;
            }
        }
        return -1;
    }

    /** Of the name between ampersand and semicolon; null when there is none of that name. */
    static @Nullable String decode(String name) {
        if (!name.startsWith("#")) {
            return ENTITIES.get(name);
        }
        try {
            boolean hex = name.startsWith("#x") || name.startsWith("#X");
            int code = Integer.parseInt(name.substring(hex ? 2 : 1), hex ? 16 : 10);
            return Character.isValidCodePoint(code) && code >= ' '
                    ? Character.toString(code)
                    : null;
        } catch (NumberFormatException e) {
            return null;
        }
    }

    static String decodeAll(String text) {
        if (text.indexOf('&') < 0) {
            return text;
        }
        StringBuilder decoded = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            int end = text.charAt(i) == '&' ? end(text, i) : -1;
            String character = end < 0 ? null : decode(text.substring(i + 1, end));
            decoded.append(character == null ? String.valueOf(text.charAt(i)) : character);
            i = character == null ? i : end;
        }
        return decoded.toString();
    }
}
