package io.mailgenius.jobs.imports.merge;

import io.mailgenius.schema.PlannerControl;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A statement with named slots such as {@code ${import}}. Slots are filled in one pass: a value
 * that looks like a slot, such as the name of an attribute, stays as it is.
 *
 * <p>Each outcome is a slot of its name, and {@code ${fence}} is {@link PlannerControl#FENCE}.
 */
final class SqlTemplate {

    /** With the line break behind it, which is left out with an empty list of lines. */
    private static final Pattern SLOT = Pattern.compile("\\$\\{(\\w+)}(\\n *)?");

    private final String text;
    private final Set<String> slots = new HashSet<>();
    private final Map<String, String> values = new HashMap<>();
    private final Map<String, List<String>> lines = new HashMap<>();

    SqlTemplate(String text) {
        this.text = text;
        SLOT.matcher(text).results().forEach(slot -> slots.add(slot.group(1)));
        for (RowOutcome outcome : RowOutcome.values()) {
            values.put(outcome.name(), literal(outcome.code()));
        }
        values.put("fence", PlannerControl.FENCE);
    }

    SqlTemplate with(String slot, long value) {
        return with(slot, Long.toString(value));
    }

    SqlTemplate with(String slot, String value) {
        values.put(known(slot), value);
        return this;
    }

    /** One value per line, each at the column of the slot. */
    SqlTemplate withLines(String slot, List<String> items) {
        lines.put(known(slot), items);
        return this;
    }

    private String known(String slot) {
        if (!slots.contains(slot)) {
            throw new IllegalArgumentException("The statement has no slot ${" + slot + "}");
        }
        return slot;
    }

    String sql() {
        return SLOT.matcher(text).replaceAll(slot -> Matcher.quoteReplacement(value(slot)));
    }

    private String value(MatchResult slot) {
        String name = slot.group(1);
        String lineBreak = slot.group(2) == null ? "" : slot.group(2);
        List<String> list = lines.get(name);
        if (list != null) {
            int column = slot.start() - text.lastIndexOf('\n', slot.start()) - 1;
            return list.isEmpty() ? "" : String.join("\n" + " ".repeat(column), list) + lineBreak;
        }
        String value = values.get(name);
        if (value == null) {
            throw new IllegalStateException("Nothing fills the slot ${" + name + "}");
        }
        return value + lineBreak;
    }

    static String literal(String text) {
        return "'" + text.replace("'", "''") + "'";
    }
}
