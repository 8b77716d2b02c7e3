package io.mailgenius.jobs.templates.liquid;

import java.util.ArrayList;
import java.util.List;

/** Parts of texts. */
final class TextSplitter {

    private TextSplitter() {}

    /**
     * What white space separates.
     *
     * @param most the last of so many is all of the rest
     */
    static List<String> words(String text, int most) {
        List<String> words = new ArrayList<>();
        int at = 0;
        while (true) {
            while (at < text.length() && MarkupLexer.isSpace(text.charAt(at))) {
                at++;
            }
            if (at == text.length()) {
                return words;
            }
            if (words.size() == most - 1) {
                words.add(text.substring(at));
                return words;
            }
            int start = at;
            while (at < text.length() && !MarkupLexer.isSpace(text.charAt(at))) {
                at++;
            }
            words.add(text.substring(start, at));
        }
    }

    /** Empty parts at the end are none. */
    static List<String> split(String text, String separator) {
        if (separator.equals(" ")) {
            return words(text, Integer.MAX_VALUE);
        }
        if (separator.isEmpty()) {
            return text.codePoints().mapToObj(Character::toString).toList();
        }
        List<String> parts = new ArrayList<>();
        int at = 0;
        for (int next; (next = text.indexOf(separator, at)) >= 0; at = next + separator.length()) {
            parts.add(text.substring(at, next));
        }
        parts.add(text.substring(at));
        while (!parts.isEmpty() && parts.getLast().isEmpty()) {
            parts.removeLast();
        }
        return parts;
    }
}
