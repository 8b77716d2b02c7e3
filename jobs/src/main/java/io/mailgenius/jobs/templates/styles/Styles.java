package io.mailgenius.jobs.templates.styles;

import com.helger.css.decl.CSSDeclaration;
import com.helger.css.decl.CSSSelector;
import com.helger.css.decl.CSSStyleRule;
import com.helger.css.decl.CascadingStyleSheet;
import com.helger.css.decl.ICSSTopLevelRule;
import io.mailgenius.jobs.templates.liquid.LiquidSpans;
import io.mailgenius.jobs.templates.liquid.LiquidSpans.Span;
import io.mailgenius.jobs.templates.liquid.TemplateProblem;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jsoup.nodes.Comment;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.jsoup.nodes.Node;
import org.jsoup.nodes.TextNode;
import org.jsoup.parser.Parser;

/**
 * Moves the rules of {@code <style>} elements into {@code style} attributes, because many mail
 * clients only support those. The page is parsed to match selectors and then edited at the start
 * tags, so that everything else, Liquid above all, stays as it is.
 *
 * <p>Rules that would change their meaning stay in the sheet with !important, so that they still
 * override those that moved.
 */
public final class Styles {

    /** An attribute of a style element that must not be inlined. */
    public static final String STAYS = "data-embed";

    private static final Pattern SHEET = Pattern.compile("<style\\b", Pattern.CASE_INSENSITIVE);
    private static final Pattern CLOSE = Pattern.compile("</style[^>]*>", Pattern.CASE_INSENSITIVE);
    private static final Pattern BLOCK =
            Pattern.compile("if|unless|for|case|capture|tablerow|ifchanged");
    private static final Pattern RAW = Pattern.compile("\\|\\s*raw\\b");

    /** A page over this limit stays as it is. Real mails are far below. */
    private static final long MAX_COMPARISONS = 5_000_000;

    private static final int MAX_DECLARATIONS = 200_000;

    private final LiquidSpans liquid;
    private final String blanked;
    private final StyleTags tags;
    private final Document page;
    private final Document commented;
    private final String word;
    private final Map<Integer, InlineStyle> moved = new HashMap<>();
    private final Set<String> movedProperties = new HashSet<>();
    private int order;
    private int declarations;

    private Styles(String html) {
        this.liquid = LiquidSpans.of(html);
        this.word = liquid.unusedWord();
        this.blanked = liquid.blanked();
        this.page = Parser.htmlParser().setTrackPosition(true).parseInput(blanked, "");
        this.tags = new StyleTags(liquid, blanked, page);
        this.commented = commented(page);
    }

    /**
     * The content of conditional comments. Rules that match it stay, because some mail clients show
     * it.
     */
    private static Document commented(Document page) {
        StringBuilder html = new StringBuilder();
        page.forEachNode(
                node -> {
                    String data = node instanceof Comment comment ? comment.getData() : "";
                    int start = data.indexOf("]>");
                    if (data.startsWith("[if") && start > 0) {
                        html.append(data, start + 2, data.length()).append('\n');
                    }
                });
        return Parser.xmlParser().parseInput(html.toString(), "");
    }

    /** Returns the page unchanged if it has no style sheet or a sheet that cannot be inlined. */
    public static String inlined(String html) {
        return SHEET.matcher(html).find() ? new Styles(html).inlined() : html;
    }

    /**
     * @param tag the start tag in the source
     */
    private record Sheet(
            String tag,
            int start,
            int end,
            CascadingStyleSheet rules,
            List<CSSStyleRule> staying) {}

    private String inlined() {
        List<Sheet> sheets = new ArrayList<>();
        for (Element element : page.select("style")) {
            if (element.hasAttr(STAYS) || element.hasAttr("media") || isForOutlook(element)) {
                continue;
            }
            int start = element.sourceRange().endPos();
            // Behind the last bracket none ends, and each that begins there would look for its end.
            int last = Math.max(start, blanked.lastIndexOf('>') + 1);
            Matcher close = CLOSE.matcher(blanked).region(start, last);
            if (!close.find()) {
                return liquid.source();
            }
            int end = close.start();
            boolean depends =
                    isInBlock(start) || liquid.within(start, end).stream().anyMatch(Span::isTag);
            CascadingStyleSheet rules = depends ? null : Css.read(hidden(start, end));
            if (rules == null) {
                return liquid.source();
            }
            int open = element.sourceRange().startPos();
            sheets.add(
                    new Sheet(
                            liquid.source().substring(open, start),
                            open,
                            close.end(),
                            rules,
                            new ArrayList<>()));
        }
        if (comparisons(sheets) > MAX_COMPARISONS) {
            return liquid.source();
        }
        sheets.forEach(this::move);
        String html = declarations > MAX_DECLARATIONS ? liquid.source() : edited(sheets);
        return html.length() > TemplateProblem.MAX_SOURCE ? liquid.source() : html;
    }

    /** Counts the ancestors and siblings that a long selector visits, too. */
    private long comparisons(List<Sheet> sheets) {
        long members =
                sheets.stream()
                        .flatMap(sheet -> sheet.rules().getAllStyleRules().stream())
                        .flatMap(rule -> rule.getAllSelectors().stream())
                        .mapToLong(CSSSelector::getMemberCount)
                        .sum();
        return members * (page.getAllElements().size() + commented.getAllElements().size());
    }

    /** Skips the content of conditional comments that Outlook ignores. */
    private static boolean isForOutlook(Element style) {
        Node before = style.previousSibling();
        while (before instanceof TextNode text && text.isBlank()) {
            before = before.previousSibling();
        }
        return before instanceof Comment comment && comment.getData().startsWith("[if");
    }

    private boolean isInBlock(int at) {
        int depth = 0;
        for (Span span : liquid.spans()) {
            if (span.start() < at) {
                depth += BLOCK.matcher(span.name()).matches() ? 1 : 0;
                depth -= span.name().startsWith("end") ? 1 : 0;
            }
        }
        return depth > 0;
    }

    /** The sheet with placeholders for {@code {{ … }}}. */
    private String hidden(int start, int end) {
        StringBuilder css = new StringBuilder();
        int at = start;
        for (Span span : liquid.within(start, end)) {
            css.append(liquid.source(), at, span.start());
            css.append(word).append(span.index()).append('z');
            at = span.end();
        }
        return css.append(liquid.source(), at, end).toString();
    }

    private String shown(String css) {
        return Pattern.compile(word + "(\\d+)z")
                .matcher(css)
                .replaceAll(
                        found ->
                                Matcher.quoteReplacement(
                                        liquid.text(
                                                liquid.spans()
                                                        .get(Integer.parseInt(found.group(1))))));
    }

    private void move(Sheet sheet) {
        boolean raw = liquid.spans().stream().anyMatch(this::isRaw);
        for (ICSSTopLevelRule rule : sheet.rules().getAllRules()) {
            if (!(rule instanceof CSSStyleRule style)) {
                continue;
            }
            CSSStyleRule rest = new CSSStyleRule();
            style.getAllDeclarations().forEach(rest::addDeclaration);
            for (CSSSelector selector : style.getAllSelectors()) {
                if (!moved(selector, style.getAllDeclarations()) || raw) {
                    rest.addSelector(selector);
                }
            }
            if (rest.hasSelectors()) {
                sheet.staying().add(rest);
            }
        }
    }

    /** HTML from a contact or a variable can be styled by a sheet only. */
    private boolean isRaw(Span span) {
        return !span.isTag() && RAW.matcher(liquid.text(span)).find();
    }

    private boolean moved(CSSSelector selector, List<CSSDeclaration> declarations) {
        order++;
        if (!Css.canMove(selector)) {
            return false;
        }
        List<Element> elements = Css.select(page, selector);
        if (elements.isEmpty() || !elements.stream().allMatch(tags::canHold)) {
            return false;
        }
        for (Element element : elements) {
            InlineStyle style =
                    moved.computeIfAbsent(element.sourceRange().startPos(), _ -> new InlineStyle());
            this.declarations += declarations.size();
            if (this.declarations > MAX_DECLARATIONS) {
                return false;
            }
            for (CSSDeclaration declaration : declarations) {
                style.add(declaration, Css.specificity(selector), order);
            }
        }
        declarations.forEach(declaration -> movedProperties.add(declaration.getProperty()));
        return !tags.hasOpenClasses()
                && (commented.childNodeSize() == 0 || !Css.mayMatch(commented, selector));
    }

    private String edited(List<Sheet> sheets) {
        TreeMap<Integer, StyleTags.Edit> edits = new TreeMap<>();
        moved.forEach(
                (start, style) ->
                        tags.edits(start, style)
                                .forEach(
                                        edit ->
                                                edits.put(
                                                        edit.start(),
                                                        edit.with(shown(edit.words())))));
        for (Sheet sheet : sheets) {
            String rest = shown(Css.write(sheet.rules(), sheet.staying(), movedProperties));
            edits.put(
                    sheet.start(),
                    new StyleTags.Edit(
                            sheet.start(),
                            sheet.end(),
                            rest.isEmpty() ? "" : sheet.tag() + rest + "</style>"));
        }
        StringBuilder html = new StringBuilder(liquid.source());
        edits.descendingMap()
                .values()
                .forEach(edit -> html.replace(edit.start(), edit.end(), edit.words()));
        return html.toString();
    }
}
