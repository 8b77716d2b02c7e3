package io.mailgenius.jobs.templates.liquid;

import io.mailgenius.jobs.templates.liquid.SourceToken.Kind;
import java.util.ArrayList;
import java.util.List;

/** The tags in the lines of a {@code liquid} tag, without comments. */
final class TagLines {

    private static final String NESTED = "liquid";

    private final String source;
    private final int end;
    private final List<SourceToken> tags = new ArrayList<>();
    private String hidden = "";
    private int depth;

    private TagLines(String source, int end) {
        this.source = source;
        this.end = end;
    }

    static List<SourceToken> of(String source, SourceToken liquid) {
        TagLines lines = new TagLines(source, liquid.contentEnd());
        int at = liquid.contentStart();
        while (at < lines.end) {
            int next = source.indexOf('\n', at);
            int stop = next < 0 || next > lines.end ? lines.end : next;
            lines.line(at, stop);
            at = stop + 1;
        }
        if (lines.depth > 0) {
            throw new LiquidSyntaxException(
                    liquid.start(), "an end%s is missing in this tag".formatted(lines.hidden));
        }
        return lines.tags;
    }

    private void line(int from, int stop) {
        int start = skipSpace(from, stop);
        if (start == stop) {
            return;
        }
        String name = SourceTokenizer.nameAt(source, start);
        if (depth > 0) {
            depth += name.equals("comment") && hidden.equals(name) ? 1 : 0;
            depth -= name.equals("end" + hidden) ? 1 : 0;
            return;
        }
        while (name.equals(NESTED)) {
            start = skipSpace(start + NESTED.length(), stop);
            if (start == stop) {
                return;
            }
            name = SourceTokenizer.nameAt(source, start);
        }
        if (name.equals("comment") || name.equals("doc")) {
            hidden = name;
            depth = 1;
        } else if (!name.equals("#")) {
            int content = Math.min(stop, start + name.length());
            tags.add(
                    new SourceToken(
                            Kind.TAG, start, stop, content, stop, name, false, false, true));
        }
    }

    private int skipSpace(int from, int stop) {
        int at = from;
        while (at < stop && MarkupLexer.isSpace(source.charAt(at))) {
            at++;
        }
        return at;
    }
}
