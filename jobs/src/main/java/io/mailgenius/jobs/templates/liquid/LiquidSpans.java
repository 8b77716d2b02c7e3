package io.mailgenius.jobs.templates.liquid;

import java.util.ArrayList;
import java.util.List;

/**
 * The positions of the Liquid in a page. HTML and MJML parsers read the page with the Liquid
 * blanked out at the same length, so that their positions are valid in the source.
 */
public record LiquidSpans(String source, List<Span> spans) {

    /** A space would end an attribute value, and a letter could become part of a class name. */
    private static final String FILLER = "\ue000";

    /**
     * @param index the position of the span in the list
     * @param name of the tag; empty for {@code {{ … }}}
     */
    public record Span(int index, int start, int end, String name) {

        public boolean isTag() {
            return !name.isEmpty();
        }

        public boolean isWithin(int from, int to) {
            return start >= from && end <= to;
        }
    }

    /** A comment or a {@code raw} block is one span, content included. */
    public static LiquidSpans of(String source) {
        List<Span> spans = new ArrayList<>();
        for (SourceToken token : SourceTokenizer.tokenize(source)) {
            switch (token.kind()) {
                case TEXT -> {}
                case OUTPUT -> spans.add(span(spans.size(), token, ""));
                case TAG, RAW, HIDDEN ->
                        spans.add(
                                span(
                                        spans.size(),
                                        token,
                                        token.name().isEmpty() ? "#" : token.name()));
            }
        }
        return new LiquidSpans(source, List.copyOf(spans));
    }

    private static Span span(int index, SourceToken token, String name) {
        return new Span(index, token.start(), token.end(), name);
    }

    /** The page at its original length, with the Liquid blanked out. */
    public String blanked() {
        StringBuilder page = new StringBuilder(source);
        for (Span span : spans) {
            boolean bare = span.start > 0 && source.charAt(span.start - 1) == '=';
            page.replace(span.start, span.end, (bare ? FILLER : " ").repeat(span.end - span.start));
        }
        return page.toString();
    }

    /** The spans between two offsets. */
    public List<Span> within(int from, int to) {
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

    public String text(Span span) {
        return source.substring(span.start, span.end);
    }

    /** A prefix that does not occur in the source. */
    public String unusedWord() {
        String word = "liq";
        while (source.contains(word)) {
            word += "q";
        }
        return word;
    }
}
