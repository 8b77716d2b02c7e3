package io.mailgenius.jobs.templates;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where Liquid stands in a page. Parsers of HTML and MJML read the page with it blanked out, in the
 * same length, so that what they find can be pointed at in what the person wrote.
 */
record LiquidSpans(String source, List<Span> spans) {

    private static final Pattern OPEN = Pattern.compile("\\{[{%]-?\\s*(\\w*)");

    /** No space, since it would end an attribute's value; no letter, since it might be a class. */
    private static final String FILLER = "\ue000";

    /**
     * @param index its place among all
     * @param name of the tag; empty for {@code {{ … }}}
     */
    record Span(int index, int start, int end, String name) {

        boolean isTag() {
            return !name.isEmpty();
        }

        boolean isWithin(int from, int to) {
            return start >= from && end <= to;
        }
    }

    /** Comments and {@code raw} count as one, with what stands in them. */
    static LiquidSpans of(String source) {
        List<Span> spans = new ArrayList<>();
        Matcher open = OPEN.matcher(source);
        for (int at = 0; open.find(at); ) {
            boolean output = source.charAt(open.start() + 1) == '{';
            String name = output ? "" : open.group(1).isEmpty() ? "#" : open.group(1);
            int end = after(source, output ? "}}" : "%}", open.start() + 2);
            if (name.equals("raw") || name.equals("comment")) {
                end = after(source, "%}", after(source, "end" + name, end));
            }
            spans.add(new Span(spans.size(), open.start(), end, name));
            at = end;
        }
        return new LiquidSpans(source, List.copyOf(spans));
    }

    private static int after(String source, String words, int from) {
        int at = source.indexOf(words, from);
        return at < 0 ? source.length() : at + words.length();
    }

    /** The page in its length, without Liquid. */
    String blanked() {
        StringBuilder page = new StringBuilder(source);
        for (Span span : spans) {
            boolean bare = span.start > 0 && source.charAt(span.start - 1) == '=';
            page.replace(span.start, span.end, (bare ? FILLER : " ").repeat(span.end - span.start));
        }
        return page.toString();
    }

    /** What of it stands between two places. */
    List<Span> within(int from, int to) {
        List<Span> within = new ArrayList<>();
        for (int i = firstFrom(from); i < spans.size() && spans.get(i).start < to; i++) {
            if (spans.get(i).end <= to) {
                within.add(spans.get(i));
            }
        }
        return within;
    }

    private int firstFrom(int offset) {
        int low = 0;
        int high = spans.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (spans.get(middle).start < offset) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    String text(Span span) {
        return source.substring(span.start, span.end);
    }

    /** A beginning of words that occurs nowhere in the source. */
    String unusedWord() {
        String word = "liq";
        while (source.contains(word)) {
            word += "q";
        }
        return word;
    }
}
