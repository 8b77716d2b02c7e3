package io.mailgenius.jobs.contacts.addresses;

import java.util.Optional;

/**
 * The part before the @. Unnecessary quotes and backslashes do not change the mailbox (RFC 5321,
 * 4.1.2), so each mailbox has one form here.
 */
final class LocalPart {

    private static final String SPECIALS_OF_ATOMS = "!#$%&'*+-/=?^_`{|}~";

    private LocalPart() {}

    /**
     * The shortest form of the same mailbox; empty if the text is invalid: an unclosed quote, a
     * backslash outside of quotes, or a character that is not printable ASCII.
     */
    static Optional<String> shortest(String local) {
        StringBuilder content = new StringBuilder(local.length());
        int at = 0;
        while (at < local.length()) {
            boolean quoted = local.charAt(at) == '"';
            int end = quoted ? readQuoted(local, at, content) : readAtom(local, at, content);
            if (end < 0 || end == at || end == local.length() - 1) {
                return Optional.empty();
            }
            if (end < local.length()) {
                if (local.charAt(end) != '.') {
                    return Optional.empty();
                }
                content.append('.');
                end++;
            }
            at = end;
        }
        return content.isEmpty() ? Optional.empty() : Optional.of(written(content));
    }

    /** Returns the end of the quoted part, or -1. */
    private static int readQuoted(String local, int start, StringBuilder content) {
        for (int n = start + 1; n < local.length(); n++) {
            char c = local.charAt(n);
            if (c == '"') {
                return n + 1;
            }
            if (c == '\\') {
                n++;
                c = n < local.length() ? local.charAt(n) : 0;
            }
            if (c < ' ' || c >= 0x7F) {
                return -1;
            }
            content.append(c);
        }
        return -1;
    }

    private static int readAtom(String local, int start, StringBuilder content) {
        int n = start;
        while (n < local.length() && isOfAtom(local.charAt(n))) {
            content.append(local.charAt(n++));
        }
        return n;
    }

    private static boolean isOfAtom(char c) {
        return c >= 'a' && c <= 'z'
                || c >= 'A' && c <= 'Z'
                || c >= '0' && c <= '9'
                || SPECIALS_OF_ATOMS.indexOf(c) >= 0;
    }

    private static String written(StringBuilder content) {
        if (isDotAtom(content)) {
            return content.toString();
        }
        StringBuilder quoted = new StringBuilder(content.length() + 2).append('"');
        for (int n = 0; n < content.length(); n++) {
            char c = content.charAt(n);
            if (c == '"' || c == '\\') {
                quoted.append('\\');
            }
            quoted.append(c);
        }
        return quoted.append('"').toString();
    }

    private static boolean isDotAtom(StringBuilder content) {
        char before = '.';
        for (int n = 0; n < content.length(); n++) {
            char c = content.charAt(n);
            if (c == '.' ? before == '.' : !isOfAtom(c)) {
                return false;
            }
            before = c;
        }
        return before != '.';
    }
}
