package io.mailgenius.jobs.templates;

import java.util.Locale;
import java.util.Set;

/**
 * The text part of a mail that has only HTML: its words, a line for each block, and the address
 * behind each link. One pass, so that no page, however broken, takes long.
 */
final class PlainText {

    private static final Set<String> BLOCKS =
            Set.of(
                    "address",
                    "article",
                    "blockquote",
                    "br",
                    "center",
                    "dd",
                    "div",
                    "dl",
                    "dt",
                    "footer",
                    "form",
                    "h1",
                    "h2",
                    "h3",
                    "h4",
                    "h5",
                    "h6",
                    "header",
                    "hr",
                    "li",
                    "ol",
                    "p",
                    "pre",
                    "section",
                    "table",
                    "tbody",
                    "tr",
                    "ul");
    private static final Set<String> PARAGRAPHS =
            Set.of("blockquote", "h1", "h2", "h3", "h4", "h5", "h6", "ol", "p", "table", "ul");
    private static final Set<String> SILENT = Set.of("head", "script", "style", "title");

    private final String html;
    private final StringBuilder text;
    private int breaks;
    private boolean space;
    private String link = "";
    private int linkText;

    private PlainText(String html) {
        this.html = html;
        this.text = new StringBuilder(html.length() / 2 + 16);
    }

    static String of(String html) {
        return html.isEmpty() ? "" : new PlainText(html).read();
    }

    private String read() {
        int at = 0;
        while (at < html.length()) {
            char c = html.charAt(at);
            if (c == '<' && isTag(at)) {
                at = tag(at);
            } else if (c == '&') {
                at = entity(at);
            } else if (isWhite(c)) {
                space = true;
                at++;
            } else {
                at = word(at);
            }
        }
        return text.toString();
    }

    private int word(int at) {
        int end = at + 1;
        while (end < html.length()) {
            char c = html.charAt(end);
            if (c == '<' || c == '&' || isWhite(c)) {
                break;
            }
            end++;
        }
        separate();
        text.append(html, at, end);
        return end;
    }

    private boolean isTag(int at) {
        char next = at + 1 < html.length() ? html.charAt(at + 1) : ' ';
        return Character.isLetter(next) || next == '/' || next == '!' || next == '?';
    }

    /** Where to read on. */
    private int tag(int at) {
        if (html.startsWith("<!--", at)) {
            int end = html.indexOf("-->", at + 4);
            return end < 0 ? html.length() : end + 3;
        }
        int end = endOfTag(html, at);
        boolean closing = html.charAt(at + 1) == '/';
        int nameStart = at + (closing ? 2 : 1);
        int nameEnd = nameStart;
        while (nameEnd < end && Character.isLetterOrDigit(html.charAt(nameEnd))) {
            nameEnd++;
        }
        String name = html.substring(nameStart, nameEnd).toLowerCase(Locale.ROOT);
        if (!closing && SILENT.contains(name)) {
            return endOfElement(name, end);
        }
        if (name.equals("a")) {
            link(closing, nameEnd, end);
        } else if (name.equals("img") && !closing) {
            write(attribute("alt", nameEnd, end));
        } else if (name.equals("td") || name.equals("th")) {
            space = true;
        } else if (BLOCKS.contains(name)) {
            breaks = Math.max(breaks, PARAGRAPHS.contains(name) ? 2 : 1);
            if (name.equals("li") && !closing) {
                write("- ");
            }
        }
        return end;
    }

    private static int endOfTag(String html, int at) {
        for (int i = at + 1; i < html.length(); i++) {
            char c = html.charAt(i);
            if (c == '>') {
                return i + 1;
            }
            if ((c == '"' || c == '\'') && html.charAt(i - 1) == '=') {
                i = html.indexOf(c, i + 1);
                if (i < 0) {
                    break;
                }
            }
        }
        return html.length();
    }

    private int endOfElement(String name, int from) {
        String end = "</" + name;
        for (int i = html.indexOf("</", from); i >= 0; i = html.indexOf("</", i + 2)) {
            if (html.regionMatches(true, i, end, 0, end.length())) {
                return endOfTag(html, i);
            }
        }
        return html.length();
    }

    private void link(boolean closing, int from, int end) {
        if (!closing) {
            link = Entities.decodeAll(attribute("href", from, end)).strip();
            linkText = text.length();
            return;
        }
        String words = text.substring(Math.min(linkText, text.length())).strip();
        if (!link.isEmpty() && !link.startsWith("#") && !words.equals(link)) {
            String shown = words.isEmpty() ? link : " (" + link + ")";
            space = false;
            write(shown);
        }
        link = "";
    }

    /** Quoted values only, which is what mails have. */
    private String attribute(String name, int from, int end) {
        for (int i = from; (i = html.indexOf(name, i, end)) >= 0; i += name.length()) {
            int value = i + name.length() + 2;
            if (value < end
                    && html.charAt(value - 2) == '='
                    && (html.charAt(value - 1) == '"' || html.charAt(value - 1) == '\'')
                    && Character.isWhitespace(html.charAt(i - 1))) {
                int close = html.indexOf(html.charAt(value - 1), value, end);
                return close < 0 ? "" : html.substring(value, close);
            }
        }
        return "";
    }

    private int entity(int at) {
        int end = Entities.end(html, at);
        String decoded = end < 0 ? null : Entities.decode(html.substring(at + 1, end));
        write(decoded == null ? "&" : decoded);
        return decoded == null ? at + 1 : end + 1;
    }

    private void write(String words) {
        for (int i = 0; i < words.length(); i++) {
            char c = words.charAt(i);
            if (isWhite(c)) {
                space = true;
            } else {
                separate();
                text.append(c);
            }
        }
    }

    private static boolean isWhite(char c) {
        return c == ' ' || c == '\n' || c == '\t' || c == '\r' || c == '\f';
    }

    /** White space counts once, and neither at the beginning of a line nor at its end. */
    private void separate() {
        if (!text.isEmpty()) {
            if (breaks > 0) {
                text.append(breaks == 1 ? "\n" : "\n\n");
            } else if (space) {
                text.append(' ');
            }
        }
        breaks = 0;
        space = false;
    }

    /** The filter {@code strip_html}: tags go, and what stands in scripts and styles with them. */
    static String withoutTags(String html) {
        StringBuilder text = new StringBuilder(html.length());
        PlainText reader = new PlainText(html);
        int at = 0;
        while (at < html.length()) {
            int open = html.indexOf('<', at);
            int close = open < 0 ? -1 : html.indexOf('>', open);
            if (close < 0) {
                break;
            }
            text.append(html, at, open);
            if (html.startsWith("<!--", open)) {
                int end = html.indexOf("-->", open + 4);
                at = end < 0 ? html.length() : end + 3;
            } else if (html.regionMatches(true, open, "<script", 0, 7)) {
                at = reader.endOfElement("script", close);
            } else if (html.regionMatches(true, open, "<style", 0, 6)) {
                at = reader.endOfElement("style", close);
            } else {
                at = close + 1;
            }
        }
        return text.append(html, Math.min(at, html.length()), html.length()).toString();
    }
}
