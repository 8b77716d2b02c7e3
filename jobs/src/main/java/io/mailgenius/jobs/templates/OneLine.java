package io.mailgenius.jobs.templates;

/** Keeps a subject on one line, because a line break would start another header field. */
final class OneLine {

    private OneLine() {}

    /** Replaces line breaks and control characters by one space and trims both ends. */
    static String of(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (breaks(text.charAt(i))) {
                return joined(text).strip();
            }
        }
        return text.strip();
    }

    private static String joined(String text) {
        StringBuilder line = new StringBuilder(text.length());
        boolean pending = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (breaks(c)) {
                pending = true;
            } else if (!pending) {
                line.append(c);
            } else if (c != ' ') {
                if (!line.isEmpty() && line.charAt(line.length() - 1) != ' ') {
                    line.append(' ');
                }
                line.append(c);
                pending = false;
            }
        }
        return line.toString();
    }

    private static boolean breaks(char c) {
        return c < ' ' || c >= 0x7f && c <= 0x9f || c == '\u2028' || c == '\u2029';
    }
}
