package io.mailgenius.jobs.templates.styles;

import io.mailgenius.jobs.templates.liquid.LiquidSpans;
import io.mailgenius.jobs.templates.liquid.LiquidSpans.Span;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jsoup.nodes.Attribute;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.jsoup.nodes.Range;
import org.jspecify.annotations.Nullable;

/** The tags of a page, where style attributes are written into the source. */
final class StyleTags {

    /** A replacement of a part of the source. */
    record Edit(int start, int end, String words) {

        Edit with(String others) {
            return new Edit(start, end, others);
        }
    }

    private final LiquidSpans liquid;
    private final String blanked;
    private final Map<Integer, Element> elements = new HashMap<>();
    private final Set<Element> depending = Collections.newSetFromMap(new IdentityHashMap<>());
    private boolean openClasses;

    StyleTags(LiquidSpans liquid, String blanked, Document page) {
        this.liquid = liquid;
        this.blanked = blanked;
        for (Element element : page.getAllElements()) {
            if (element.sourceRange().isTracked() && depends(element)) {
                depending.add(element);
            }
        }
    }

    /** Whether the tag is in the source and neither it nor an ancestor depends on Liquid. */
    boolean canHold(Element element) {
        if (!isWritten(element)) {
            return false;
        }
        elements.put(element.sourceRange().startPos(), element);
        for (Element at = element; at != null; at = at.parent()) {
            if (depending.contains(at)) {
                return false;
            }
        }
        return true;
    }

    /**
     * HTML parsers add missing elements, and repeat elements that are closed in the wrong order.
     */
    private boolean isWritten(Element element) {
        Range tag = element.sourceRange();
        return tag.isTracked()
                && !tag.isImplicit()
                && blanked.regionMatches(
                        true, tag.startPos() + 1, element.tagName(), 0, element.tagName().length());
    }

    private boolean depends(Element element) {
        Range tag = element.sourceRange();
        for (Span span : liquid.within(tag.startPos(), tag.endPos())) {
            String name = attribute(element, span);
            boolean named = name != null && (name.equals("class") || name.equals("id"));
            openClasses |= named && !span.isTag();
            if (name == null || named && span.isTag()) {
                return true;
            }
        }
        return false;
    }

    private static @Nullable String attribute(Element element, Span span) {
        for (Attribute attribute : element.attributes()) {
            Range value = attribute.sourceRange().valueRange();
            if (span.isWithin(value.startPos(), value.endPos())) {
                return attribute.getKey();
            }
        }
        return null;
    }

    /** Whether an element has a class that is computed by Liquid. */
    boolean hasOpenClasses() {
        return openClasses;
    }

    List<Edit> edits(int start, InlineStyle style) {
        Element element = Objects.requireNonNull(elements.get(start));
        if (!element.hasAttr("style")) {
            int at = start + 1 + element.tagName().length();
            String all = joined(style.normal(), "", style.important());
            return List.of(new Edit(at, at, " style=\"" + quoted(all, '"') + '"'));
        }
        Range name = element.attributes().sourceRange("style").nameRange();
        int at = afterEquals(name.endPos());
        char quote = at < 0 ? ' ' : blanked.charAt(at);
        if (quote != '"' && quote != '\'') {
            int end =
                    at < 0
                            ? name.endPos()
                            : element.attributes().sourceRange("style").valueRange().endPos();
            String own = at < 0 ? "" : liquid.source().substring(at, end);
            String all = joined(quoted(style.normal(), '"'), own, quoted(style.important(), '"'));
            return List.of(new Edit(name.startPos(), end, "style=\"" + all + '"'));
        }
        int end = blanked.indexOf(quote, at + 1);
        String own = liquid.source().substring(at + 1, end);
        return List.of(
                new Edit(
                        at + 1,
                        end,
                        joined(
                                quoted(style.normal(), quote),
                                own,
                                quoted(style.important(), quote))));
    }

    /** The offset of the attribute's value; -1 if there is none. */
    private int afterEquals(int from) {
        int at = from;
        while (at < blanked.length() && Character.isWhitespace(blanked.charAt(at))) {
            at++;
        }
        if (at >= blanked.length() || blanked.charAt(at) != '=') {
            return -1;
        }
        do {
            at++;
        } while (at < blanked.length() && Character.isWhitespace(blanked.charAt(at)));
        return at;
    }

    private static String joined(String normal, String own, String important) {
        StringBuilder all = new StringBuilder(normal);
        for (String more : List.of(own.strip(), important)) {
            if (!more.isEmpty()) {
                boolean open = !all.isEmpty() && all.charAt(all.length() - 1) != ';';
                all.append(open ? ";" : "").append(more);
            }
        }
        return all.toString();
    }

    private static String quoted(String css, char quote) {
        char other = quote == '"' ? '\'' : '"';
        String safe = css.replace("&", "&amp;").replace("<", "&lt;");
        return safe.indexOf(other) < 0
                ? safe.replace(quote, other)
                : safe.replace(Character.toString(quote), quote == '"' ? "&quot;" : "&#39;");
    }
}
