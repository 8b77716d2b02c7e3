package io.mailgenius.jobs.rules;

import io.mailgenius.jobs.rules.Field.Attribute;
import io.mailgenius.jobs.rules.Field.Column;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Compiles a {@link Rule} to SQL. Attributes may have any JSON type, so a condition converts them
 * to the type that it needs, or to NULL. Every cast is guarded by a pattern, so that it cannot
 * fail.
 */
public final class RuleCompiler {

    private static final String NUMBER = "^[-+]?[0-9]+([.][0-9]+)?([eE][-+]?[0-9]{1,3})?$";

    /** A valid calendar date with an optional time and an optional offset. */
    private static final String DATE =
            "^([0-9]{4}-((0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01])"
                    + "|(0[469]|11)-(0[1-9]|[12][0-9]|30)"
                    + "|02-(0[1-9]|1[0-9]|2[0-8]))"
                    + "|([0-9]{2}(0[48]|[2468][048]|[13579][26])|([02468][048]|[13579][26])00)-02-29)"
                    + "([T ]([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9]([.][0-9]{1,9})?)?"
                    + "(Z|[-+](0[0-9]|1[0-4]):?[0-5][0-9])?)?$";

    private static final String OFFSET = "(Z|[-+][0-9]{2}:?[0-9]{2})$";

    private final Map<String, Object> params = new LinkedHashMap<>();

    public RuleCompiler() {}

    /** The parameters of the SQL compiled so far. */
    public Map<String, Object> params() {
        return Map.copyOf(params);
    }

    public static CompiledRule compile(Rule rule) {
        RuleCompiler compiler = new RuleCompiler();
        return new CompiledRule("(" + compiler.sql(rule) + ")", Map.copyOf(compiler.params));
    }

    public String sql(Rule rule) {
        return switch (rule) {
            case Rule.All(var rules) -> joined(rules, " AND ");
            case Rule.Any(var rules) -> joined(rules, " OR ");
            // IS NOT TRUE and not NOT, because NULL counts as not true.
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
            case Rule.DateFrom(var field, var zone, var from) ->
                    date(field, zone) + " >= " + param(from);
            case Rule.DateBefore(var field, var zone, var before) ->
                    date(field, zone) + " < " + param(before);
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
            case Field.Property property -> raw(property) + " <> ''";
            case Field.Activities activities -> "EXISTS (SELECT " + activityRows(activities) + ")";
            case Field.LogScore _ -> number(field) + " IS NOT NULL";
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

    /** Avoids LIKE, so that nothing has to be escaped. */
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

    public String text(Field field) {
        return switch (field) {
            case Column column -> column.sql;
            case Attribute attribute -> scalar("c.attributes -> " + name(attribute), attribute);
            case Field.Property property ->
                    scalar("a.properties -> " + name(property.name()), property);
            case Field.LogScore _, Field.Activities _ ->
                    throw new IllegalArgumentException("A figure is not a text");
        };
    }

    private String scalar(String json, Field field) {
        return "CASE WHEN jsonb_typeof("
                + json
                + ") IN ('string', 'number', 'boolean') THEN "
                + raw(field)
                + " END";
    }

    public String number(Field field) {
        if (field instanceof Field.Activities activities) {
            return switch (activities.measure()) {
                case COUNT -> "(SELECT count(*) " + activityRows(activities) + ")";
                case SUM -> "(SELECT coalesce(sum(a.value), 0) " + activityRows(activities) + ")";
                case LAST -> throw new IllegalArgumentException("A time is not a number");
            };
        }
        if (field instanceof Field.LogScore) {
            return "(SELECT "
                    + EngagementScore.LOG_SCORE
                    + " FROM engagement e WHERE e.workspace_id = c.workspace_id AND e.contact_id = c.id)";
        }
        String raw = raw(field);
        return "CASE WHEN length(%1$s) <= 300 AND %1$s ~ '%2$s' THEN CAST(%1$s AS numeric) END"
                .formatted(raw, NUMBER);
    }

    /**
     * @param zone the time zone of values without an offset, regardless of the session's zone
     */
    public String date(Field field, ZoneId zone) {
        if (field instanceof Column column) {
            return column.sql;
        }
        if (field instanceof Field.Activities activities) {
            return "(SELECT max(a.occurred_at) " + activityRows(activities) + ")";
        }
        return """
        CASE WHEN %1$s ~ '%2$s' AND left(%1$s, 4) <> '0000'
             THEN CASE WHEN %1$s ~ '%3$s' THEN CAST(%1$s AS timestamptz)
                       ELSE CAST(%1$s AS timestamp) AT TIME ZONE CAST(%4$s AS text) END END"""
                .formatted(
                        raw(field),
                        DATE,
                        OFFSET,
                        param(zone.equals(ZoneOffset.UTC) ? "UTC" : zone.getId()));
    }

    private String raw(Field field) {
        return switch (field) {
            case Column column -> column.sql;
            case Attribute attribute -> "(c.attributes ->> " + name(attribute) + ")";
            case Field.Property property -> "(a.properties ->> " + name(property.name()) + ")";
            case Field.LogScore _, Field.Activities _ ->
                    throw new IllegalArgumentException("A figure is not a text");
        };
    }

    private String activityRows(Field.Activities activities) {
        StringBuilder rows =
                new StringBuilder(
                        "FROM activity a WHERE a.workspace_id = c.workspace_id AND a.contact_id = c.id"
                                + " AND a.name = "
                                + name(activities.name()));
        activities
                .since()
                .ifPresent(since -> rows.append(" AND a.occurred_at >= ").append(param(since)));
        activities
                .currency()
                .ifPresent(code -> rows.append(" AND a.currency = ").append(name(code)));
        activities.where().ifPresent(rule -> rows.append(" AND ").append(sql(rule)));
        return rows.toString();
    }

    private String onList(long listId) {
        return """
        EXISTS (SELECT FROM list_member m
                 WHERE m.workspace_id = c.workspace_id AND m.list_id = %s AND m.contact_id = c.id
                   AND m.contact_id > :after AND m.contact_id <= :through)"""
                .formatted(param(listId));
    }

    /**
     * Joins by way of the campaigns, because the primary key of send begins with them. An index by
     * contact would save a lookup per campaign but add an index entry to every mail that is sent.
     */
    private static final String SENDS =
            """
            (SELECT s.workspace_id, s.campaign_id, s.contact_id, s.status, s.recorded_at
               FROM campaign p JOIN send s ON s.workspace_id = p.workspace_id AND s.campaign_id = p.id)""";

    /**
     * The rows that prove an engagement: a table with the alias e, the column of the time, and a
     * condition.
     */
    public record EngagementRows(String table, String at, String where) {}

    public EngagementRows engagementRows(Engagement engagement, Optional<String> link) {
        return switch (engagement) {
            case MAILED -> new EngagementRows(SENDS, "e.recorded_at", " AND e.status = 'SENT'");
            case CLICKED -> link.map(this::clicks).orElseGet(() -> firstTimes(engagement));
            case DELIVERED, OPENED, BOUNCED, COMPLAINED, UNSUBSCRIBED -> firstTimes(engagement);
        };
    }

    private static EngagementRows firstTimes(Engagement engagement) {
        return new EngagementRows("engagement", "e." + engagement.word + "_at", "");
    }

    /** Compares the hash, which is indexed, and then the link itself. */
    private EngagementRows clicks(String link) {
        String wanted = "CAST(" + param(link) + " AS text)";
        return new EngagementRows(
                "event",
                "e.occurred_at",
                " AND e.type = 'CLICKED' AND e.link_hash = hashtextextended("
                        + wanted
                        + ", 0) AND coalesce(e.detail ->> 'url', e.detail ->> 'link') = "
                        + wanted);
    }

    private String engaged(Rule.Engaged engaged) {
        EngagementRows rows = engagementRows(engaged.engagement(), engaged.link());
        String campaigns =
                engaged.campaigns().isEmpty()
                        ? ""
                        : " AND e.campaign_id = ANY (" + param(longs(engaged.campaigns())) + ")";
        String when =
                engaged.since()
                        .map(since -> rows.at() + " >= " + param(since))
                        .orElse(rows.at() + " IS NOT NULL");
        return """
        EXISTS (SELECT FROM %s e
                 WHERE e.workspace_id = c.workspace_id AND e.contact_id = c.id%s%s AND %s
                   AND e.contact_id > :after AND e.contact_id <= :through)"""
                .formatted(rows.table(), rows.where(), campaigns, when);
    }

    private static Long[] longs(List<Long> values) {
        return values.toArray(Long[]::new);
    }

    private String name(Attribute attribute) {
        return name(attribute.name());
    }

    private String name(String word) {
        return "CAST(" + param(word) + " AS text)";
    }

    private String param(Instant instant) {
        return param((Object) instant.atOffset(ZoneOffset.UTC));
    }

    public String param(Object value) {
        String name = "rule" + params.size();
        params.put(name, value);
        return ":" + name;
    }
}
