package io.mailgenius.jobs.templates.text;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What a page has and does not show, such as the words for the list of a mailbox. Found without a
 * tree, in a time that grows with the page.
 */
final class HiddenElements {

    private static final Set<String> WITHOUT_END =
            Set.of("area", "br", "col", "hr", "img", "input", "link", "meta", "wbr");

    private static final Pattern HIDING =
            Pattern.compile(
                    "(?<![a-z-])(?:display:none|visibility:hidden|mso-hide:all"
                            + "|opacity:0(?:\\.0+)?(?![.\\d])|max-height:0(?![.\\d])"
                            + "|(?<!-)height:0(?![.\\d]))");

    private static final Pattern SPACE = Pattern.compile("\\s+");

    /** Words without which nothing is hidden. */
    private static final List<String> HINTS = List.of("isplay", "hid", "opacity");

    private static final List<String> CAPITALS = List.of("DISPLAY", "HIDDEN");

    /** Elements that are not closed; a page has few of them. */
    private static final int MAX_FAILURES = 16;

    private final String html;

    /** Some page writes its styles in capitals; then each tag is looked at closely. */
    private final boolean capitals;

    /** Where each of the hints comes next: what lies before them is not searched again. */
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
     * Tags are asked about in their order.
     *
     * @param from behind the name of the tag
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

    /** Where to read on behind a hidden element. One that is not closed hides nothing. */
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
