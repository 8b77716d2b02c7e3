package io.mailgenius.api.problems;

import io.mailgenius.jobs.workspaces.Refusal;

/**
 * Checks text of requests where it is decoded, because PostgreSQL cannot store U+0000 and UTF-8
 * cannot encode an unpaired surrogate.
 */
public final class StorableText {

    private StorableText() {}

    public static boolean is(String text) {
        return unstorable(text) < 0;
    }

    /**
     * @param where the location of the text, such as {@code The parameter "search"}
     * @throws Refusal.Invalid {@code text-not-storable}
     */
    public static String require(String where, String text) {
        int at = unstorable(text);
        if (at < 0) {
            return text;
        }
        String what =
                text.charAt(at) == 0
                        ? "the character U+0000, which cannot be stored: remove it."
                        : "U+%04X, half of a character: send it whole."
                                .formatted((int) text.charAt(at));
        throw new Refusal.Invalid("text-not-storable", where + " contains " + what);
    }

    /** The index of the first character that cannot be stored, or -1. */
    private static int unstorable(String text) {
        for (int n = 0; n < text.length(); n++) {
            char c = text.charAt(n);
            if (c == 0) {
                return n;
            }
            if (Character.isSurrogate(c)) {
                if (n + 1 == text.length() || !Character.isSurrogatePair(c, text.charAt(n + 1))) {
                    return n;
                }
                n++;
            }
        }
        return -1;
    }
}
