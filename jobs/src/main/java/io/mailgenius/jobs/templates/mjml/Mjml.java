package io.mailgenius.jobs.templates.mjml;

import ch.digitalfondue.mjml4j.Mjml4j;
import ch.digitalfondue.mjml4j.Mjml4j.Configuration;
import ch.digitalfondue.mjml4j.Mjml4j.TextDirection;
import io.mailgenius.jobs.templates.liquid.LiquidSpans;
import io.mailgenius.jobs.templates.liquid.LiquidSpans.Span;
import io.mailgenius.jobs.templates.liquid.TemplateProblem;
import io.mailgenius.jobs.templates.styles.Styles;
import io.mailgenius.jobs.workspaces.Refusal;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Compiles MJML to HTML. mjml4j silently drops content that it does not expect. Liquid is therefore
 * replaced by unique placeholders, wrapped in {@code mj-raw} between elements, and the placeholders
 * are counted in the result.
 */
public final class Mjml {

    private static final Pattern LANGUAGE = Pattern.compile("[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*");
    private static final Pattern STYLE = Pattern.compile("<style\\b");

    private static final Pattern FONT = Pattern.compile("(?i)font-family");
    private static final int MAX_SOURCE = 128 * 1024;
    private static final long MAX_FONTS = 6_000_000;

    private final String source;
    private final LiquidSpans liquid;
    private final MjmlOutline outline;
    private final String word;
    private final StringBuilder before = new StringBuilder();
    private final StringBuilder after = new StringBuilder();

    private Mjml(String source) {
        bound(source);
        this.source = source;
        this.liquid = LiquidSpans.of(source);
        this.outline = MjmlOutline.of(liquid);
        this.word = liquid.unusedWord();
    }

    /**
     * @param source with valid Liquid
     * @throws Refusal.Invalid {@code template-does-not-parse}
     */
    public static String toHtml(String source) {
        return new Mjml(source).html();
    }

    /** The time in which mjml4j searches for fonts is quadratic in their number. */
    private static void bound(String source) {
        if (source.length() > MAX_SOURCE) {
            throw new Refusal.Invalid(
                    TemplateProblem.SLUG,
                    String.format(
                            Locale.ROOT,
                            "The mjml has %,d characters; at most %,d are allowed.",
                            source.length(),
                            MAX_SOURCE));
        }
        long fonts = FONT.matcher(source).results().count();
        if (fonts * source.length() > MAX_FONTS) {
            throw new Refusal.Invalid(
                    TemplateProblem.SLUG,
                    String.format(
                            Locale.ROOT,
                            "The mjml has font-family %,d times, too often for its length; set it once in mj-attributes.",
                            fonts));
        }
    }

    private String html() {
        String page = marked(laidOut(hidden()));
        Set<Integer> arrived = new HashSet<>();
        Pattern words = Pattern.compile(word + "([a-j]+)z");
        String restored =
                words.matcher(page)
                        .replaceAll(
                                found -> {
                                    int index = number(found.group(1));
                                    arrived.add(index);
                                    return Matcher.quoteReplacement(
                                            liquid.text(liquid.spans().get(index)));
                                });
        requireAll(arrived);
        return before + restored + after + outline.note();
    }

    /** Encodes a number in letters, because mjml4j would compute with digits. */
    private static String letters(int number) {
        return Integer.toString(number)
                .chars()
                .mapToObj(digit -> Character.toString('a' + digit - '0'))
                .collect(Collectors.joining());
    }

    private static int number(String letters) {
        int number = 0;
        for (char c : letters.toCharArray()) {
            number = 10 * number + c - 'a';
        }
        return number;
    }

    /** The source with placeholders for Liquid, and without the styles that are to be inlined. */
    private String hidden() {
        StringBuilder page = new StringBuilder();
        int at = 0;
        for (int i = 0; i < liquid.spans().size(); i++) {
            Span span = liquid.spans().get(i);
            page.append(source, at, span.start());
            at = span.end();
            String token = word + letters(i) + "z";
            switch (outline.place(span)) {
                case INSIDE, ATTRIBUTE -> page.append(token);
                case BETWEEN -> page.append("<mj-raw>").append(token).append("</mj-raw>");
                case BEFORE -> before.append(liquid.text(span));
                case AFTER -> after.append(liquid.text(span));
            }
        }
        page.append(source, at, source.length());
        return page.toString();
    }

    private String laidOut(String page) {
        String language = outline.language();
        try {
            return Mjml4j.render(
                    page,
                    new Configuration(
                            LANGUAGE.matcher(language).matches() ? language : "und",
                            TextDirection.AUTO));
        } catch (RuntimeException e) {
            throw new Refusal.Invalid(
                    TemplateProblem.SLUG,
                    "mjml: it cannot be compiled (%s). Widths, heights and paddings must be numbers with px or %%."
                            .formatted(e.getMessage()));
        }
    }

    /**
     * MJML has already placed its styles. Only the styles with inline="inline" are inlined here,
     * because mjml4j does not support that.
     */
    private String marked(String page) {
        String marked = STYLE.matcher(page).replaceAll("<style " + Styles.STAYS);
        List<String> inline = outline.inlineStyles();
        if (inline.isEmpty()) {
            return marked;
        }
        int head = marked.indexOf("</head>");
        return marked.substring(0, head)
                + "<style>"
                + String.join("\n", inline)
                + "</style>\n"
                + marked.substring(head);
    }

    /**
     * Rejects the source if a placeholder was dropped: a loop without its end tag would break the
     * mail.
     */
    private void requireAll(Set<Integer> arrived) {
        for (int i = 0; i < liquid.spans().size(); i++) {
            Span span = liquid.spans().get(i);
            boolean expected =
                    switch (outline.place(span)) {
                        case INSIDE, BETWEEN -> !outline.isInInlineStyle(span);
                        // Placeholders in unused classes are dropped without harm.
                        case ATTRIBUTE, BEFORE, AFTER -> false;
                    };
            if (expected && !arrived.contains(i)) {
                throw TemplateProblem.at(
                        "mjml",
                        source,
                        span.start(),
                        "%s would be dropped here; put it into an mj-text or mj-raw"
                                .formatted(TemplateProblem.quoted(liquid.text(span))));
            }
        }
    }
}
