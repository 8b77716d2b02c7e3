package io.mailgenius.api.hosted;

/**
 * Cleans the token at the end of a URL. Some mail clients include following punctuation in a link:
 * a bracket, a full stop, a slash.
 */
public final class TokenInLink {

    private TokenInLink() {}

    /** Removes trailing characters that no token contains. */
    public static String of(String written) {
        int end = written.length();
        while (end > 0 && !isPart(written.charAt(end - 1))) {
            end--;
        }
        return written.substring(0, end);
    }

    private static boolean isPart(char c) {
        return c >= 'a' && c <= 'z'
                || c >= 'A' && c <= 'Z'
                || c >= '0' && c <= '9'
                || c == '-'
                || c == '_';
    }
}
