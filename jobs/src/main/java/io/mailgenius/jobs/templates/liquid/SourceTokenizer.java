package io.mailgenius.jobs.templates.liquid;

import io.mailgenius.jobs.templates.liquid.SourceToken.Kind;
import java.util.ArrayList;
import java.util.List;

/**
 * Splits a source into text, outputs and tags in linear time. It never fails: an unclosed token
 * extends to the end of the source and is marked as not closed.
 */
public final class SourceTokenizer {

    private final String source;
    private final List<SourceToken> tokens = new ArrayList<>();
    private int at;

    private SourceTokenizer(String source) {
        this.source = source;
    }

    /** The tokens cover the whole source without gaps. */
    public static List<SourceToken> tokenize(String source) {
        return List.copyOf(new SourceTokenizer(source).tokens());
    }

    private List<SourceToken> tokens() {
        while (at < source.length()) {
            int open = nextOpening(at);
            if (open > at) {
                tokens.add(new SourceToken(Kind.TEXT, at, open, at, open, "", false, false, true));
            }
            if (open < source.length()) {
                tokens.add(source.charAt(open + 1) == '{' ? output(open) : tag(open));
            }
            at = tokens.getLast().end();
        }
        return tokens;
    }

    private int nextOpening(int from) {
        for (int i = source.indexOf('{', from); i >= 0; i = source.indexOf('{', i + 1)) {
            char next = i + 1 < source.length() ? source.charAt(i + 1) : ' ';
            if (next == '{' || next == '%') {
                return i;
            }
        }
        return source.length();
    }

    private SourceToken output(int start) {
        return token(Kind.OUTPUT, start, contentStart(start), "}}", "");
    }

    private SourceToken tag(int start) {
        int nameStart = skipSpace(contentStart(start));
        String name = nameAt(nameStart);
        SourceToken tag = token(Kind.TAG, start, nameStart + name.length(), "%}", name);
        if (!tag.closed()) {
            return tag;
        }
        return switch (name) {
            case "raw" -> upTo(tag, Kind.RAW, closing("endraw", tag.end()));
            case "doc" -> upTo(tag, Kind.HIDDEN, closing("enddoc", tag.end()));
            case "comment" -> upTo(tag, Kind.HIDDEN, endOfComment(tag.end()));
            default -> tag;
        };
    }

    /** Skips the hyphen that trims white space. */
    private int contentStart(int start) {
        return start + (isHyphen(start + 2) ? 3 : 2);
    }

    private SourceToken token(Kind kind, int start, int contentStart, String close, String name) {
        int end = source.indexOf(close, start + 2);
        if (end < 0) {
            int all = source.length();
            return new SourceToken(
                    kind, start, all, Math.min(contentStart, all), all, name, false, false, false);
        }
        boolean after = isHyphen(end - 1) && end - 1 >= start + 2;
        int contentEnd = Math.max(start + 2, after ? end - 1 : end);
        return new SourceToken(
                kind,
                start,
                end + 2,
                Math.min(contentStart, contentEnd),
                contentEnd,
                name,
                isHyphen(start + 2),
                after,
                true);
    }

    /** One token from the opening tag to its end tag. */
    private SourceToken upTo(SourceToken open, Kind kind, SourceToken close) {
        return new SourceToken(
                kind,
                open.start(),
                close.end(),
                open.end(),
                close.start(),
                open.name(),
                open.trimsBefore(),
                close.trimsAfter(),
                close.closed());
    }

    private SourceToken closing(String name, int from) {
        for (int i = source.indexOf("{%", from); i >= 0; i = source.indexOf("{%", i + 2)) {
            int nameStart = skipSpace(contentStart(i));
            if (nameAt(nameStart).equals(name)) {
                return token(Kind.TAG, i, nameStart + name.length(), "%}", name);
            }
        }
        return unclosed();
    }

    private SourceToken unclosed() {
        int all = source.length();
        return new SourceToken(Kind.TAG, all, all, all, all, "", false, false, false);
    }

    /** Comments nest, and an {@code endcomment} inside of {@code raw} does not end one. */
    private SourceToken endOfComment(int from) {
        int depth = 1;
        boolean mayBeRaw = true;
        for (int i = source.indexOf("{%", from); i >= 0; i = source.indexOf("{%", i + 2)) {
            int nameStart = skipSpace(contentStart(i));
            String name = nameAt(nameStart);
            if (name.equals("raw") && mayBeRaw) {
                SourceToken end = closing("endraw", i + 2);
                mayBeRaw = end.closed();
                i = end.closed() ? end.end() - 2 : i;
            } else if (name.equals("comment")) {
                depth++;
            } else if (name.equals("endcomment") && --depth == 0) {
                return token(Kind.TAG, i, nameStart + name.length(), "%}", name);
            }
        }
        return unclosed();
    }

    private boolean isHyphen(int index) {
        return index < source.length() && source.charAt(index) == '-';
    }

    private int skipSpace(int from) {
        int i = from;
        while (i < source.length() && MarkupLexer.isSpace(source.charAt(i))) {
            i++;
        }
        return i;
    }

    private String nameAt(int from) {
        return nameAt(source, from);
    }

    /** A tag name, or the {@code #} of an inline comment; empty if there is neither. */
    static String nameAt(String source, int from) {
        if (from < source.length() && source.charAt(from) == '#') {
            return "#";
        }
        int end = from;
        while (end < source.length() && isWord(source.charAt(end))) {
            end++;
        }
        return source.substring(from, end);
    }

    private static boolean isWord(char c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '_';
    }
}
