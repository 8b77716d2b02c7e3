package io.mailgenius.jobs.templates.text;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** Finds the hidden elements of a page, such as preheaders, without a tree and in linear time. */
final class HiddenElements {

    private static final Set<String> WITHOUT_END =
            Set.of("area", "br", "col", "hr", "img", "input", "link", "meta", "wbr");

    private static final Pattern HIDING =
            Pattern.compile(
                    "(?<![a-z-])(?:display:none|visibility:hidden|mso-hide:all"
                            + "|opacity:0(?:\\.0+)?(?![.\\d])|max-height:0(?![.\\d])"
                            + "|(?<!-)height:0(?![.\\d]))");

    private static final Pattern SPACE = Pattern.compile("\\s+");

    /** Every hidden element has one of these texts in its tag. */
    private static final List<String> HINTS = List.of("isplay", "hid", "opacity");

    private static final List<String> CAPITALS = List.of("DISPLAY", "HIDDEN");

    /** Elements that are never closed. Real pages have few. */
    private static final int MAX_FAILURES = 16;

    private final String html;

    /** True if styles may be in upper case; then every tag is parsed. */
    private final boolean capitals;

    /** The next position of each hint, so that the text before it is not searched again. */
    private final int[] next = new int[HINTS.size()];

    private int failures;

    HiddenElements(String html) {
        this.html = html;
        this.capitals = CAPITALS.stream().anyMatch(html::contains);
        Arrays.fill(next, -1);
    }

    private boolean hasHint(int from, int end) {
        boolean has = false;
        for (int i = 0; i < next.length; i++) {
            if (next[i] < from) {
                int at = html.indexOf(HINTS.get(i), from);
                next[i] = at < 0 ? Integer.MAX_VALUE : at;
            }
            has |= next[i] < end;
        }
        return has;
    }

    /**
     * Must be called in the order of the tags.
     *
     * @param from the end of the tag's name
     */
    boolean isHidden(int from, int end) {
        if (end - from < 7 || !capitals && !hasHint(from, end)) {
            return false;
        }
        String style = TagAttributes.value(html, from, end, "style");
        if (style == null) {
            return TagAttributes.value(html, from, end, "hidden") != null;
        }
        String bare =
                SPACE.matcher(Entities.decodeAll(style).toLowerCase(Locale.ROOT)).replaceAll("");
        var found = HIDING.matcher(bare);
        while (found.find()) {
            boolean needsMore = found.group().contains("height");
            if (!needsMore || bare.contains("overflow:hidden")) {
                return true;
            }
        }
        return TagAttributes.value(html, from, end, "hidden") != null;
    }

    /** The end of a hidden element. An element that is not closed hides nothing. */
    int end(String name, int from) {
        if (WITHOUT_END.contains(name) || failures >= MAX_FAILURES) {
            return from;
        }
        int depth = 1;
        for (int i = html.indexOf('<', from); i >= 0; i = html.indexOf('<', i + 1)) {
            boolean closing = html.startsWith("/", i + 1);
            int start = i + (closing ? 2 : 1);
            int nameEnd = start + name.length();
            if (html.regionMatches(true, start, name, 0, name.length())
                    && (nameEnd >= html.length()
                            || !Character.isLetterOrDigit(html.charAt(nameEnd)))) {
                depth += closing ? -1 : 1;
                if (depth == 0 || !closing && name.equals("p")) {
                    return closing ? PlainText.endOfTag(html, i) : i;
                }
            }
        }
        failures++;
        return from;
    }
}
