package io.mailgenius.jobs.templates.mjml;

import io.mailgenius.jobs.templates.liquid.LiquidSpans;
import io.mailgenius.jobs.templates.liquid.LiquidSpans.Span;
import io.mailgenius.jobs.templates.liquid.TemplateProblem;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jsoup.nodes.Attribute;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.jsoup.nodes.Node;
import org.jsoup.nodes.Range;
import org.jsoup.nodes.TextNode;
import org.jsoup.parser.Parser;
import org.jspecify.annotations.Nullable;

/**
 * The elements of an MJML source and the position of its Liquid among them. mjml4j accepts any
 * source; content that it would drop is rejected here, where the line is known.
 */
final class MjmlOutline {

    /** Where a piece of Liquid stands. */
    enum Place {
        /** In the text of an element that shows text, in {@code mj-raw} or in a style. */
        INSIDE,
        ATTRIBUTE,
        /** Between elements, where MJML shows no text. */
        BETWEEN,
        BEFORE,
        AFTER
    }

    private static final int MAX_DEPTH = 200;

    /** Elements that contain elements and no text. */
    private static final Set<String> FRAMES =
            Set.of(
                    "mjml",
                    "mj-head",
                    "mj-attributes",
                    "mj-html-attributes",
                    "mj-selector",
                    "mj-body",
                    "mj-wrapper",
                    "mj-section",
                    "mj-group",
                    "mj-column",
                    "mj-hero",
                    "mj-social",
                    "mj-navbar",
                    "mj-carousel",
                    "mj-accordion",
                    "mj-accordion-element");

    private static final Set<String> OTHERS =
            Set.of(
                    "mj-title",
                    "mj-preview",
                    "mj-breakpoint",
                    "mj-font",
                    "mj-style",
                    "mj-all",
                    "mj-class",
                    "mj-html-attribute",
                    "mj-text",
                    "mj-spacer",
                    "mj-divider",
                    "mj-raw",
                    "mj-image",
                    "mj-button",
                    "mj-social-element",
                    "mj-table",
                    "mj-navbar-link",
                    "mj-accordion-title",
                    "mj-accordion-text",
                    "mj-carousel-image");

    /** Void elements of HTML, which an XML parser would leave open. */
    private static final Pattern VOID =
            Pattern.compile("(?i)<(?:area|br|col|hr|img|input|link|meta|wbr)\\b[^>]*>");

    /** Attributes that mjml4j computes with. */
    private static final Pattern COMPUTED =
            Pattern.compile("(?:.+-)?width|(?:inner-)?padding.*|height|background-height");

    private final LiquidSpans liquid;
    private final Map<Span, Place> places = new HashMap<>();
    private final List<String> inlineStyles = new ArrayList<>();
    private final Set<Span> inline = new HashSet<>();
    private final MjmlAttributes known = new MjmlAttributes();
    private Element root = new Element("mjml");

    private MjmlOutline(LiquidSpans liquid) {
        this.liquid = liquid;
    }

    static MjmlOutline of(LiquidSpans liquid) {
        MjmlOutline outline = new MjmlOutline(liquid);
        String text = liquid.blanked();
        // Behind the last bracket none ends, and each that begins there would look for its end.
        int end = text.lastIndexOf('>') + 1;
        String page =
                VOID.matcher(text.substring(0, end))
                                .replaceAll(tag -> "_".repeat(tag.group().length()))
                        + text.substring(end);
        outline.read(Parser.xmlParser().setTrackPosition(true).parseInput(page, ""));
        return outline;
    }

    private void read(Document document) {
        Element first = document.firstElementChild();
        if (first == null || !first.normalName().equals("mjml")) {
            throw at(first == null ? 0 : start(first), "the source must begin with <mjml>");
        }
        root = first;
        Element body = null;
        for (Element child : root.children()) {
            body = child.normalName().equals("mj-body") ? child : body;
        }
        if (body == null) {
            throw at(start(root), "there is no <mj-body>");
        }
        walk();
        int bodyStart = start(body);
        for (Span span : liquid.spans()) {
            if (outside(span)) {
                places.put(span, span.start() < bodyStart ? Place.BEFORE : Place.AFTER);
            }
        }
    }

    /** Iterative, because a malicious source may be nested deeply enough to overflow the stack. */
    private void walk() {
        Node node = root;
        int depth = 0;
        while (true) {
            if (node instanceof Element element) {
                element(element, depth);
            } else if (node instanceof TextNode text) {
                text(text);
            }
            if (node.childNodeSize() > 0) {
                depth++;
                node = node.childNode(0);
                continue;
            }
            while (node != root && node.nextSibling() == null) {
                node = node.parentNode() == null ? root : node.parentNode();
                depth--;
            }
            Node next = node == root ? null : node.nextSibling();
            if (next == null) {
                return;
            }
            node = next;
        }
    }

    private void element(Element element, int depth) {
        String name = element.normalName();
        if (depth > MAX_DEPTH) {
            throw at(
                    start(element),
                    String.format(
                            Locale.ROOT,
                            "elements are nested more than %d levels deep",
                            MAX_DEPTH));
        }
        if (name.equals("mj-include")) {
            throw at(start(element), "mj-include is not supported; insert its content");
        }
        if (name.startsWith("mj")) {
            if (!FRAMES.contains(name) && !OTHERS.contains(name)) {
                throw at(start(element), "there is no element <%s>".formatted(name));
            }
            if (isOpen(element)) {
                throw at(start(element), "<%s> is not closed".formatted(name));
            }
        } else if (isFrame(element.parent())) {
            throw at(
                    start(element),
                    "<%s> is not allowed in <%s>; put it into an mj-text or mj-raw"
                            .formatted(name, parentName(element)));
        }
        attributes(element);
        if (name.equals("mj-style") && element.attr("inline").equals("inline")) {
            int start = element.sourceRange().endPos();
            int end = element.endSourceRange().startPos();
            inline.addAll(liquid.within(start, end));
            inlineStyles.add(liquid.source().substring(start, end));
        }
    }

    private boolean isOpen(Element element) {
        return element.endSourceRange().isImplicit()
                && !liquid.source().substring(0, element.sourceRange().endPos()).endsWith("/>");
    }

    private void attributes(Element element) {
        if (!element.normalName().startsWith("mj")) {
            return;
        }
        known.checkNames(
                element.normalName(),
                element.attributes().asList().stream().map(Attribute::getKey).toList());
        Range tag = element.sourceRange();
        for (Span span : liquid.within(tag.startPos(), tag.endPos())) {
            String name = attribute(element, span);
            if (name == null) {
                throw at(
                        span.start(),
                        "in the tag of <%s> Liquid is only allowed in quoted attribute values"
                                .formatted(element.normalName()));
            }
            if (COMPUTED.matcher(name).matches()) {
                throw at(
                        span.start(),
                        "%s must be a number and not Liquid, because MJML computes with it"
                                .formatted(name));
            }
            places.put(span, Place.ATTRIBUTE);
        }
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

    private void text(TextNode text) {
        if (!isFrame(text.parent())) {
            return;
        }
        int start = text.sourceRange().startPos();
        if (!text.isBlank()) {
            String words = text.getWholeText();
            throw at(
                    start + words.length() - words.stripLeading().length(),
                    "<%s> shows no text; put it into an mj-text".formatted(parentName(text)));
        }
        for (Span span : liquid.within(start, text.sourceRange().endPos())) {
            places.put(span, Place.BETWEEN);
        }
    }

    private boolean outside(Span span) {
        if (!span.isWithin(root.sourceRange().startPos(), root.endSourceRange().endPos())) {
            return true;
        }
        return root.textNodes().stream()
                .anyMatch(
                        text ->
                                span.isWithin(
                                        text.sourceRange().startPos(),
                                        text.sourceRange().endPos()));
    }

    private static boolean isFrame(@Nullable Node node) {
        return node != null && FRAMES.contains(node.normalName());
    }

    private static String parentName(Node node) {
        Node parent = node.parent();
        return parent == null ? "mjml" : parent.normalName().toLowerCase(Locale.ROOT);
    }

    private static int start(Element element) {
        return element.sourceRange().startPos();
    }

    private RuntimeException at(int offset, String problem) {
        return TemplateProblem.at("mjml", liquid.source(), offset, problem);
    }

    Place place(Span span) {
        return places.getOrDefault(span, Place.INSIDE);
    }

    /** The unknown attributes as a comment. */
    String note() {
        return known.note();
    }

    String language() {
        return root.attr("lang");
    }

    /** The styles to be inlined, Liquid included. */
    List<String> inlineStyles() {
        return inlineStyles;
    }

    boolean isInInlineStyle(Span span) {
        return inline.contains(span);
    }
}
