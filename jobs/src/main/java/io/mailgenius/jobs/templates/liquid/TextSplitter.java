package io.mailgenius.jobs.templates.liquid;

import java.util.ArrayList;
import java.util.List;

/** Splits texts as Ruby does. */
final class TextSplitter {

    private TextSplitter() {}

    /**
     * Splits at white space.
     *
     * @param most the largest number of parts; the last part has the rest of the text
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

    /** Drops empty parts at the end. */
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
