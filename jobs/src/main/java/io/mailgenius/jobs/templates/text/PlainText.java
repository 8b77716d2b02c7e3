package io.mailgenius.jobs.templates.text;

import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Derives the text part of a mail from its HTML: the text, one line per block, and the address
 * after each link. It works in a single pass, so that invalid HTML does not slow it down.
 */
public final class PlainText {

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
    private static final Set<String> SKIPPED = Set.of("head", "script", "style", "title");

    private static final char NO_BREAK = '\u00a0';

    private final String html;
    private final StringBuilder text;
    private final HiddenElements hidden;
    private int breaks;
    private boolean space;
    private String joiners = "";
    private String link = "";
    private int linkText;

    private PlainText(String html) {
        this.html = html;
        this.text = new StringBuilder(html.length() / 2 + 16);
        this.hidden = new HiddenElements(html);
    }

    public static String of(String html) {
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
                space();
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
            boolean usual = c > '<' && c < NO_BREAK;
            if (!usual && (c == '<' || c == '&' || isWhite(c) || mayBeInvisible(c))) {
                break;
            }
            end++;
        }
        if (html.charAt(at) >= NO_BREAK && mayBeInvisible(html.charAt(at))) {
            write(html.substring(at, end));
        } else {
            separate();
            text.append(html, at, end);
        }
        return end;
    }

    private boolean isTag(int at) {
        char next = at + 1 < html.length() ? html.charAt(at + 1) : ' ';
        return Character.isLetter(next) || next == '/' || next == '!' || next == '?';
    }

    /** Returns the position after the tag. */
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
        if (!closing && SKIPPED.contains(name)) {
            return endOfElement(name, end);
        }
        if (!closing && hidden.isHidden(nameEnd, end)) {
            return hidden.end(name, end);
        }
        if (name.equals("a")) {
            link(closing, nameEnd, end);
        } else if ((name.equals("img") || name.equals("area")) && !closing) {
            picture(TagAttributes.value(html, nameEnd, end, "alt"));
        } else if (name.equals("td") || name.equals("th")) {
            space();
        } else if (BLOCKS.contains(name)) {
            breaks = Math.max(breaks, PARAGRAPHS.contains(name) ? 2 : 1);
            joiners = "";
            if (name.equals("li") && !closing) {
                write("- ");
            }
        }
        return end;
    }

    /** Separates the alternative text of a picture from the text around it. */
    private void picture(@Nullable String alt) {
        String words = alt == null ? "" : Entities.decodeAll(alt).strip();
        if (!words.isEmpty()) {
            space();
            write(words);
            space();
        }
    }

    static int endOfTag(String html, int at) {
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

    /**
     * Puts the address in angle brackets, because mail clients would otherwise take a following
     * full stop or bracket as part of it.
     */
    private void link(boolean closing, int from, int end) {
        if (!closing) {
            String href = TagAttributes.value(html, from, end, "href");
            link = href == null ? "" : Entities.decodeAll(href).strip();
            linkText = text.length();
            return;
        }
        String words = text.substring(Math.min(linkText, text.length())).strip();
        if (!link.isEmpty() && !link.startsWith("#") && !says(words, link)) {
            String shown = words.isEmpty() ? link : " <" + link + ">";
            space = false;
            write(shown);
            if (words.isEmpty()) {
                space();
            }
        }
        link = "";
    }

    private static boolean says(String words, String link) {
        return words.equals(link) || link.equals("mailto:" + words) || link.equals("tel:" + words);
    }

    /** A character reference, or a literal ampersand. */
    private int entity(int at) {
        int end = Entities.end(html, at);
        String decoded = end < 0 ? null : Entities.decode(html.substring(at, end));
        write(decoded == null ? "&" : decoded);
        return decoded == null ? at + 1 : end;
    }

    private void write(String words) {
        for (int i = 0; i < words.length(); i++) {
            char c = words.charAt(i);
            if (isWhite(c) || isBlank(c)) {
                space();
            } else if (c == NO_BREAK) {
                noBreak();
            } else if (isJoiner(c)) {
                joiners += joiners.length() < 2 ? c : "";
            } else if (!isInvisible(c)) {
                separate();
                text.append(c);
            }
        }
    }

    /** A single no-break space between two words is kept; others only pad a line. */
    private void noBreak() {
        boolean first = joiners.isEmpty() && !space && breaks == 0 && !text.isEmpty();
        if (first) {
            joiners = String.valueOf(NO_BREAK);
        } else {
            space();
        }
    }

    private void space() {
        space = true;
        joiners = "";
    }

    /** Zero-width characters that join their neighbours. */
    private static boolean isJoiner(char c) {
        return c == '\u200c' || c == '\u200d';
    }

    /** Invisible characters, which pad previews. */
    private static boolean isInvisible(char c) {
        return c == '\u00ad'
                || c == '\u034f'
                || c == '\u061c'
                || c == '\u200b'
                || c >= '\u2060' && c <= '\u2064'
                || c == '\ufeff';
    }

    private static boolean isBlank(char c) {
        return c >= '\u2000' && c <= '\u200a'
                || c == '\u2028'
                || c == '\u2029'
                || c == '\u2800'
                || c == '\u3164'
                || c == '\u180e';
    }

    private static boolean mayBeInvisible(char c) {
        return c >= NO_BREAK && (c == NO_BREAK || isInvisible(c) || isJoiner(c) || isBlank(c));
    }

    private static boolean isWhite(char c) {
        return c == ' ' || c == '\n' || c == '\t' || c == '\r' || c == '\f';
    }

    /** Collapses white space and removes it at both ends of a line. */
    private void separate() {
        if (!text.isEmpty()) {
            if (breaks > 0) {
                text.append(breaks == 1 ? "\n" : "\n\n");
            } else if (space) {
                text.append(' ');
            } else {
                text.append(joiners);
            }
        }
        joiners = "";
        breaks = 0;
        space = false;
    }

    /** The filter {@code strip_html}. It removes tags, and the content of scripts and styles. */
    public static String withoutTags(String html) {
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
