package io.mailgenius.jobs.templates.styles;

import com.helger.css.decl.CSSDeclaration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The declarations that apply to one element, in the order of the cascade. */
final class InlineStyle {

    private record Rule(CSSDeclaration declaration, int specificity, int order) {}

    private final List<Rule> rules = new ArrayList<>();

    void add(CSSDeclaration declaration, int specificity, int order) {
        rules.add(new Rule(declaration, specificity, order));
    }

    /** Goes before the element's own declarations. */
    String normal() {
        return declarations(false);
    }

    /**
     * Goes after the element's own declarations, without !important, which would override the media
     * queries that stay in the sheet.
     */
    String important() {
        return declarations(true);
    }

    private String declarations(boolean important) {
        Map<String, List<Rule>> last = new LinkedHashMap<>();
        rules.stream()
                .filter(rule -> rule.declaration.isImportant() == important)
                .sorted(Comparator.comparingInt(Rule::specificity).thenComparingInt(Rule::order))
                .forEach(rule -> last(last, rule));
        StringBuilder css = new StringBuilder();
        for (List<Rule> same : last.values()) {
            for (Rule rule : same) {
                css.append(css.isEmpty() ? "" : ";").append(Css.write(rule.declaration));
            }
        }
        return css.toString();
    }

    /**
     * Keeps repeated declarations of one rule, because the second is a fallback for other mail
     * clients.
     */
    private static void last(Map<String, List<Rule>> last, Rule rule) {
        String property = rule.declaration.getProperty();
        List<Rule> before = last.remove(property);
        boolean same = before != null && before.getFirst().order == rule.order;
        List<Rule> now = same ? new ArrayList<>(before) : new ArrayList<>();
        now.add(rule);
        last.put(property, now);
    }
}
