package io.mailgenius.jobs.segments;

import io.mailgenius.jobs.segments.Field.Attribute;
import io.mailgenius.jobs.segments.Field.Column;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Writes a {@link Rule} as SQL. An attribute may hold anything, so each condition reads it as the
 * type that it needs, and as NULL where that is not possible: a cast stands behind a pattern that
 * lets nothing through that could make it fail.
 */
final class RuleCompiler {

    private static final String NUMBER = "^[-+]?[0-9]+([.][0-9]+)?([eE][-+]?[0-9]{1,3})?$";

    /** A day that the calendar has, and perhaps a time of day, and perhaps an offset. */
    private static final String DATE =
            "^([0-9]{4}-((0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01])"
                    + "|(0[469]|11)-(0[1-9]|[12][0-9]|30)"
                    + "|02-(0[1-9]|1[0-9]|2[0-8]))"
                    + "|([0-9]{2}(0[48]|[2468][048]|[13579][26])|([02468][048]|[13579][26])00)-02-29)"
                    + "([T ]([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9]([.][0-9]{1,9})?)?"
                    + "(Z|[-+](0[0-9]|1[0-4]):?[0-5][0-9])?)?$";

    private static final String OFFSET = "(Z|[-+][0-9]{2}:?[0-9]{2})$";

    private final Map<String, Object> params = new LinkedHashMap<>();

    private RuleCompiler() {}

    static CompiledRule compile(Rule rule) {
        RuleCompiler compiler = new RuleCompiler();
        return new CompiledRule("(" + compiler.sql(rule) + ")", Map.copyOf(compiler.params));
    }

    private String sql(Rule rule) {
        return switch (rule) {
            case Rule.All(var rules) -> joined(rules, " AND ");
            case Rule.Any(var rules) -> joined(rules, " OR ");
            // Not NOT: what is NULL does not hold, so its opposite does.
            case Rule.None(var rules) -> "(" + joined(rules, " OR ") + " IS NOT TRUE)";
            case Rule.Exists(var field) -> exists(field);
            case Rule.TextIs(var field, var texts, var ignoreCase) ->
                    textIs(text(field), texts, ignoreCase);
            case Rule.TextHas(var field, var part, var text, var ignoreCase) ->
                    textHas(cased(text(field), ignoreCase), part, cased(param(text), ignoreCase));
            case Rule.NumberIs(var field, var numbers) ->
                    number(field)
                            + " = ANY (CAST("
                            + param(numbers.stream().map(Object::toString).toArray(String[]::new))
                            + " AS numeric[]))";
            case Rule.NumberCompares(var field, var comparison, var number) ->
                    number(field) + " " + comparison.sql + " " + param(number);
            case Rule.BooleanIs(var field, var truth) ->
                    "lower(" + text(field) + ") = '" + truth + "'";
            case Rule.DateFrom(var field, var from) -> date(field) + " >= " + param(from);
            case Rule.DateBefore(var field, var before) -> date(field) + " < " + param(before);
            case Rule.OnList(var listId) -> onList(listId);
            case Rule.Engaged engaged -> engaged(engaged);
        };
    }

    private String joined(List<Rule> rules, String by) {
        return rules.stream().map(this::sql).collect(Collectors.joining(by, "(", ")"));
    }

    private String exists(Field field) {
        return switch (field) {
            case Column column when column.type == FieldType.DATE -> column.sql + " IS NOT NULL";
            case Column column -> column.sql + " <> ''";
            case Attribute attribute -> raw(attribute) + " <> ''";
        };
    }

    private String textIs(String text, List<String> texts, boolean ignoreCase) {
        if (texts.size() == 1) {
            return cased(text, ignoreCase) + " = " + cased(param(texts.getFirst()), ignoreCase);
        }
        String array = "CAST(" + param(texts.toArray(String[]::new)) + " AS text[])";
        return ignoreCase
                ? "lower(" + text + ") IN (SELECT lower(v) FROM unnest(" + array + ") v)"
                : text + " = ANY (" + array + ")";
    }

    /** No LIKE, and so nothing to escape. */
    private static String textHas(String text, Rule.Part part, String wanted) {
        return switch (part) {
            case START -> "starts_with(" + text + ", " + wanted + ")";
            case MIDDLE -> "strpos(" + text + ", " + wanted + ") > 0";
            case END -> "right(" + text + ", length(" + wanted + ")) = " + wanted;
        };
    }

    private static String cased(String sql, boolean ignoreCase) {
        return ignoreCase ? "lower(" + sql + ")" : sql;
    }

    private String text(Field field) {
        return switch (field) {
            case Column column -> column.sql;
            case Attribute attribute ->
                    "CASE WHEN jsonb_typeof(c.attributes -> "
                            + name(attribute)
                            + ") IN ('string', 'number', 'boolean') THEN "
                            + raw(attribute)
                            + " END";
        };
    }

    private String number(Field field) {
        String raw = raw(field);
        return "CASE WHEN length(%1$s) <= 300 AND %1$s ~ '%2$s' THEN CAST(%1$s AS numeric) END"
                .formatted(raw, NUMBER);
    }

    private String date(Field field) {
        if (field instanceof Column column) {
            return column.sql;
        }
        // Without an offset it is UTC, whatever zone the session is in.
        return """
        CASE WHEN %1$s ~ '%2$s' AND left(%1$s, 4) <> '0000'
             THEN CAST(%1$s || CASE WHEN %1$s ~ '%3$s' THEN '' ELSE ' UTC' END AS timestamptz) END"""
                .formatted(raw(field), DATE, OFFSET);
    }

    private String raw(Field field) {
        return switch (field) {
            case Column column -> column.sql;
            case Attribute attribute -> "(c.attributes ->> " + name(attribute) + ")";
        };
    }

    private String onList(long listId) {
        return """
        EXISTS (SELECT FROM list_member m
                 WHERE m.workspace_id = c.workspace_id AND m.list_id = %s AND m.contact_id = c.id
                   AND m.contact_id > :after AND m.contact_id <= :through)"""
                .formatted(param(listId));
    }

    private String engaged(Rule.Engaged engaged) {
        String at = engaged.engagement().sql;
        String campaigns =
                engaged.campaigns().isEmpty()
                        ? ""
                        : " AND e.campaign_id = ANY (" + param(longs(engaged.campaigns())) + ")";
        String when =
                engaged.since()
                        .map(since -> at + " >= " + param(since))
                        .orElse(at + " IS NOT NULL");
        return """
        EXISTS (SELECT FROM engagement e
                 WHERE e.workspace_id = c.workspace_id AND e.contact_id = c.id%s AND %s
                   AND e.contact_id > :after AND e.contact_id <= :through)"""
                .formatted(campaigns, when);
    }

    private static Long[] longs(List<Long> values) {
        return values.toArray(Long[]::new);
    }

    private String name(Attribute attribute) {
        return "CAST(" + param(attribute.name()) + " AS text)";
    }

    private String param(Instant instant) {
        return param((Object) instant.atOffset(ZoneOffset.UTC));
    }

    private String param(Object value) {
        String name = "rule" + params.size();
        params.put(name, value);
        return ":" + name;
    }
}
