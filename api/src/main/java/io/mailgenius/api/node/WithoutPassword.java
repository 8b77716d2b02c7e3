package io.mailgenius.api.node;

import java.util.regex.Pattern;

/** URLs of servers as messages may show them. */
final class WithoutPassword {

    /** The part before the host, of a URL and of a JDBC URL with several hosts. */
    private static final Pattern USER_INFO = Pattern.compile("(//|,)[^@/,]*@");

    /** A parameter of a JDBC URL whose name says that its value is secret. */
    private static final Pattern PARAMETER =
            Pattern.compile("(?i)([?&;][^=&;]*passw(?:or)?d[^=&;]*=)[^&;\\s]*");

    private WithoutPassword() {}

    /**
     * Replaces passwords in a URL, or in a message that contains one. Everything before the last
     * {@code @} of a URL counts, because a password that is not escaped may contain any character.
     */
    static String of(String text) {
        String shown = PARAMETER.matcher(text).replaceAll("$1…");
        int at = shown.lastIndexOf('@');
        int scheme = shown.lastIndexOf(':', shown.indexOf('/'));
        if (at > scheme && shown.indexOf(' ') < 0) {
            return (scheme < 0 ? "…" : shown.substring(0, scheme + 1) + "//…")
                    + shown.substring(at);
        }
        return USER_INFO.matcher(shown).replaceAll("$1…@");
    }
}
