package io.mailgenius.api.hosted;

/**
 * The token at the end of an address that a mail program has found in a text. Some take what stands
 * behind an address for a part of it: a bracket, a full stop, a slash.
 */
public final class TokenInLink {

    private TokenInLink() {}

    /** Without what no token ends with. */
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
