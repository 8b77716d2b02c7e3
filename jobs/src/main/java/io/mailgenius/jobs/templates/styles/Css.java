package io.mailgenius.jobs.templates.styles;

import com.helger.css.decl.CSSDeclaration;
import com.helger.css.decl.CSSMediaRule;
import com.helger.css.decl.CSSSelector;
import com.helger.css.decl.CSSSelectorAttribute;
import com.helger.css.decl.CSSSelectorSimpleMember;
import com.helger.css.decl.CSSStyleRule;
import com.helger.css.decl.CascadingStyleSheet;
import com.helger.css.decl.ECSSSelectorCombinator;
import com.helger.css.decl.ICSSSelectorMember;
import com.helger.css.decl.ICSSTopLevelRule;
import com.helger.css.reader.CSSReader;
import com.helger.css.reader.CSSReaderSettings;
import com.helger.css.reader.errorhandler.DoNothingCSSInterpretErrorHandler;
import com.helger.css.reader.errorhandler.DoNothingCSSParseErrorHandler;
import com.helger.css.writer.CSSWriter;
import com.helger.css.writer.CSSWriterSettings;
import java.util.List;
import java.util.Set;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.jsoup.select.Selector.SelectorParseException;
import org.jspecify.annotations.Nullable;

/** Parses and writes style sheets with ph-css. */
final class Css {

    private static final Set<String> UNSEEN =
            Set.of("html", "head", "title", "meta", "link", "style", "script", "base");

    private static final int MAX_DEPTH = 50;

    private static final CSSWriterSettings SHORT = new CSSWriterSettings(true);

    private Css() {}

    /**
     * Null if any rule is invalid, because inlining only some of the rules would change the layout.
     */
    static @Nullable CascadingStyleSheet read(String css) {
        if (isDeep(css)) {
            return null;
        }
        return CSSReader.readFromStringReader(
                css,
                new CSSReaderSettings()
                        .setBrowserCompliantMode(false)
                        .setKeepDeprecatedProperties(true)
                        .setCustomErrorHandler(new DoNothingCSSParseErrorHandler())
                        .setCustomExceptionHandler(_ -> {})
                        .setInterpretErrorHandler(new DoNothingCSSInterpretErrorHandler()));
    }

    /** ph-css parses recursively, so deep nesting would overflow the stack. */
    private static boolean isDeep(String css) {
        int depth = 0;
        for (int i = 0; i < css.length() && depth <= MAX_DEPTH; i++) {
            switch (css.charAt(i)) {
                case '{', '(', '[' -> depth++;
                case '}', ')', ']' -> depth--;
                default -> {}
            }
        }
        return depth > MAX_DEPTH;
    }

    /**
     * Selectors with states or sibling positions stay: a loop has one row in the source and many in
     * the mail.
     */
    static boolean canMove(CSSSelector selector) {
        return selector.getAllMembers().stream()
                .allMatch(
                        member ->
                                member instanceof CSSSelectorAttribute
                                        || member == ECSSSelectorCombinator.BLANK
                                        || member == ECSSSelectorCombinator.GREATER
                                        || member instanceof CSSSelectorSimpleMember simple
                                                && !simple.isPseudo());
    }

    static List<Element> select(Document page, CSSSelector selector) {
        try {
            return page.select(selector.getAsCSSString(SHORT, 0)).stream()
                    .filter(element -> !UNSEEN.contains(element.normalName()))
                    .toList();
        } catch (SelectorParseException | IllegalArgumentException unreadable) {
            return List.of();
        }
    }

    /**
     * Whether an element may match the class, id or attribute of the selector's subject, regardless
     * of its ancestors.
     */
    static boolean mayMatch(Document elements, CSSSelector selector) {
        CSSSelector subject = new CSSSelector();
        boolean byName = false;
        for (ICSSSelectorMember member : selector.getAllMembers()) {
            if (member instanceof ECSSSelectorCombinator) {
                subject = new CSSSelector();
                byName = false;
            } else {
                subject.addMember(member);
                byName |=
                        member instanceof CSSSelectorAttribute
                                || member instanceof CSSSelectorSimpleMember simple
                                        && (simple.isClass() || simple.isHash());
            }
        }
        return byName && !select(elements, subject).isEmpty();
    }

    static int specificity(CSSSelector selector) {
        int sum = 0;
        for (ICSSSelectorMember member : selector.getAllMembers()) {
            if (member instanceof CSSSelectorAttribute) {
                sum += 1_000;
            } else if (member instanceof CSSSelectorSimpleMember simple) {
                if (simple.isHash()) {
                    sum += 1_000_000;
                } else if (simple.isClass()) {
                    sum += 1_000;
                } else if (!simple.getValue().equals("*")) {
                    sum += 1;
                }
            }
        }
        return sum;
    }

    static String write(CSSDeclaration declaration) {
        return declaration.getProperty()
                + ":"
                + declaration.getExpression().getAsCSSString(SHORT, 0);
    }

    /** The remaining sheet: at-rules, and the rules that stay. */
    static String write(
            CascadingStyleSheet sheet, List<CSSStyleRule> staying, Set<String> movedProperties) {
        CascadingStyleSheet rest = new CascadingStyleSheet();
        sheet.getAllImportRules().forEach(rest::addImportRule);
        sheet.getAllNamespaceRules().forEach(rest::addNamespaceRule);
        for (CSSStyleRule rule : staying) {
            rest.addRule(withImportant(rule, movedProperties));
        }
        for (ICSSTopLevelRule rule : sheet.getAllRules()) {
            if (rule instanceof CSSMediaRule media) {
                for (ICSSTopLevelRule inner : List.copyOf(media.getAllRules())) {
                    if (inner instanceof CSSStyleRule style) {
                        media.removeRule(inner);
                        media.addRule(withImportant(style, movedProperties));
                    }
                }
            }
            if (!(rule instanceof CSSStyleRule)) {
                rest.addRule(rule);
            }
        }
        return new CSSWriter(new CSSWriterSettings(false).setIndent(" "))
                .setWriteHeaderText(false)
                .getCSSAsString(rest)
                .replaceAll("\n{2,}", "\n")
                .strip();
    }

    /**
     * Adds !important, so that a remaining rule still overrides declarations that moved to an
     * attribute.
     */
    private static CSSStyleRule withImportant(CSSStyleRule rule, Set<String> movedProperties) {
        CSSStyleRule winning = new CSSStyleRule();
        rule.getAllSelectors().forEach(winning::addSelector);
        for (CSSDeclaration declaration : rule.getAllDeclarations()) {
            String property = declaration.getProperty();
            boolean meets =
                    movedProperties.stream()
                            .anyMatch(
                                    moved ->
                                            moved.equals(property)
                                                    || moved.startsWith(property + "-")
                                                    || property.startsWith(moved + "-"));
            winning.addDeclaration(
                    new CSSDeclaration(
                            property,
                            declaration.getExpression(),
                            meets || declaration.isImportant()));
        }
        return winning;
    }
}
