package io.mailgenius.jobs.contacts.addresses;

import org.jspecify.annotations.Nullable;

/**
 * Parses addresses of the shape {@code [a-z0-9._+-]+@[a-z0-9.-]+\.[a-z]{2,}} in either case, with
 * the rules on dots, hyphens and lengths of {@link GeneralAddressParser}; a property test compares
 * the two. It exists because an import parses a million addresses within seconds.
 */
final class PlainAddressParser {

    private static final int MAX_LOCAL = 64;
    private static final int MAX_LABEL = 63;

    private static final byte OTHER = 0;
    private static final byte LETTER = 1;
    private static final byte DIGIT = 2;
    private static final byte HYPHEN = 3;
    private static final byte DOT = 4;
    private static final byte LOCAL_ONLY = 5;
    private static final byte AT = 6;

    private static final byte[] KIND = new byte[128];

    static {
        for (char c = 'a'; c <= 'z'; c++) {
            KIND[c] = LETTER;
            KIND[c - 32] = LETTER;
        }
        for (char c = '0'; c <= '9'; c++) {
            KIND[c] = DIGIT;
        }
        KIND['-'] = HYPHEN;
        KIND['.'] = DOT;
        KIND['_'] = LOCAL_ONLY;
        KIND['+'] = LOCAL_ONLY;
        KIND['@'] = AT;
    }

    private PlainAddressParser() {}

    /** The normalised address, or null if it has another shape or may be invalid. */
    static @Nullable String read(String text, int start, int end) {
        if (end - start > EmailAddress.MAX_LENGTH) {
            return null;
        }
        int at = endOfLocalPart(text, start, end);
        return at < 0 || !isDomain(text, at + 1, end) ? null : lowerCase(text, start, end);
    }

    private static int endOfLocalPart(String text, int start, int end) {
        byte before = DOT;
        for (int i = start; i < end; i++) {
            byte kind = kind(text.charAt(i));
            if (kind == AT) {
                return before == DOT || i - start > MAX_LOCAL ? -1 : i;
            }
            if (kind == OTHER || kind == DOT && before == DOT) {
                return -1;
            }
            before = kind;
        }
        return -1;
    }

    private static boolean isDomain(String text, int start, int end) {
        byte before = DOT;
        int label = start;
        boolean lettersOnly = true;
        for (int i = start; i < end; i++) {
            byte kind = kind(text.charAt(i));
            switch (kind) {
                case LETTER -> {}
                case DIGIT -> lettersOnly = false;
                case HYPHEN -> {
                    if (before == DOT || before == HYPHEN && isPunycode(text, label, i)) {
                        return false;
                    }
                    lettersOnly = false;
                }
                case DOT -> {
                    if (before == DOT || before == HYPHEN || i - label > MAX_LABEL) {
                        return false;
                    }
                    label = i + 1;
                    lettersOnly = true;
                }
                default -> {
                    return false;
                }
            }
            before = kind;
        }
        int last = end - label;
        return label > start && lettersOnly && last >= 2 && last <= MAX_LABEL;
    }

    /** Whether a label has the prefix of Punycode, which {@link DomainName} checks. */
    private static boolean isPunycode(String text, int label, int hyphen) {
        return hyphen - label == 3 && text.regionMatches(true, label, "xn", 0, 2);
    }

    private static byte kind(char c) {
        return c < KIND.length ? KIND[c] : OTHER;
    }

    /** Avoids copying addresses that are in lower case already, which most are. */
    private static String lowerCase(String text, int start, int end) {
        for (int i = start; i < end; i++) {
            char c = text.charAt(i);
            if (c >= 'A' && c <= 'Z') {
                return EmailAddress.lowerCase(text.substring(start, end));
            }
        }
        return text.substring(start, end);
    }
}
