package io.mailgenius.jobs.segments;

import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiPredicate;
import java.util.stream.StreamSupport;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The reference implementation of rules: evaluates the JSON against one contact as the
 * documentation says.
 */
record ReferenceRule(String firstName, Map<String, Object> columns, ObjectNode attributes) {

    boolean meets(JsonNode rule) {
        if (rule.has("all")) {
            return members(rule.path("all")).allMatch(this::meets);
        }
        if (rule.has("any")) {
            return members(rule.path("any")).anyMatch(this::meets);
        }
        if (rule.has("none")) {
            return members(rule.path("none")).noneMatch(this::meets);
        }
        String op = rule.path("op").stringValue();
        Optional<String> opposite =
                switch (op) {
                    case "notEquals" -> Optional.of("equals");
                    case "notIn" -> Optional.of("in");
                    case "notExists" -> Optional.of("exists");
                    case "notContains" -> Optional.of("contains");
                    default -> Optional.empty();
                };
        return opposite.map(positive -> !holds(rule, positive)).orElseGet(() -> holds(rule, op));
    }

    private static java.util.stream.Stream<JsonNode> members(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false);
    }

    private boolean holds(JsonNode rule, String op) {
        String field = rule.path("field").stringValue();
        Optional<String> raw = raw(field);
        JsonNode value = rule.path("value");
        if (op.equals("exists")) {
            return raw.filter(text -> !text.isEmpty()).isPresent();
        }
        String type = rule.path("type").asString(field.equals("createdAt") ? "date" : "text");
        return switch (type) {
            case "number" ->
                    scalar(field)
                            .flatMap(ReferenceRule::number)
                            .filter(n -> number(n, op, value))
                            .isPresent();
            case "date" ->
                    scalar(field)
                            .flatMap(ReferenceRule::date)
                            .filter(d -> date(d, op, value))
                            .isPresent();
            case "boolean" ->
                    scalar(field)
                            .filter(t -> t.toLowerCase(Locale.ROOT).equals(value.toString()))
                            .isPresent();
            default ->
                    scalar(field)
                            .filter(
                                    t ->
                                            text(
                                                    t,
                                                    op,
                                                    value,
                                                    rule.path("ignoreCase").asBoolean(false)))
                            .isPresent();
        };
    }

    private Optional<String> raw(String field) {
        return switch (field) {
            case "city" -> Optional.ofNullable((String) columns.get("city"));
            case "status" -> Optional.of((String) columns.get("status"));
            case "createdAt" -> Optional.of((String) columns.get("created_at"));
            default -> {
                JsonNode node = attributes.path(field.substring("attributes.".length()));
                yield node.isMissingNode() || node.isNull()
                        ? Optional.empty()
                        : Optional.of(node.isString() ? node.stringValue() : node.toString());
            }
        };
    }

    private Optional<String> scalar(String field) {
        return field.startsWith("attributes.")
                        && attributes.path(field.substring("attributes.".length())).isContainer()
                ? Optional.empty()
                : raw(field);
    }

    private static boolean text(String text, String op, JsonNode value, boolean ignoreCase) {
        BiPredicate<String, String> by =
                switch (op) {
                    case "equals", "in" -> String::equals;
                    case "contains" -> String::contains;
                    case "startsWith" -> String::startsWith;
                    case "endsWith" -> String::endsWith;
                    default -> throw new IllegalArgumentException(op);
                };
        return (value.isArray() ? members(value) : java.util.stream.Stream.of(value))
                .map(JsonNode::stringValue)
                .anyMatch(wanted -> by.test(cased(text, ignoreCase), cased(wanted, ignoreCase)));
    }

    private static String cased(String text, boolean ignoreCase) {
        return ignoreCase ? text.toLowerCase(Locale.ROOT) : text;
    }

    private static Optional<BigDecimal> number(String text) {
        try {
            return Optional.of(new BigDecimal(text));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    private static boolean number(BigDecimal number, String op, JsonNode value) {
        return switch (op) {
            case "equals" -> number.compareTo(value.decimalValue()) == 0;
            case "in" -> members(value).anyMatch(v -> number.compareTo(v.decimalValue()) == 0);
            case "greaterThan" -> number.compareTo(value.decimalValue()) > 0;
            case "greaterOrEqual" -> number.compareTo(value.decimalValue()) >= 0;
            case "lessThan" -> number.compareTo(value.decimalValue()) < 0;
            case "lessOrEqual" -> number.compareTo(value.decimalValue()) <= 0;
            case "between" ->
                    number.compareTo(value.path(0).decimalValue()) >= 0
                            && number.compareTo(value.path(1).decimalValue()) <= 0;
            default -> throw new IllegalArgumentException(op);
        };
    }

    private static Optional<Instant> date(String text) {
        try {
            String iso = text.replace(' ', 'T');
            if (iso.length() == 10) {
                return Optional.of(LocalDate.parse(iso).atStartOfDay().toInstant(ZoneOffset.UTC));
            }
            return Optional.of(
                    iso.matches(".*(Z|[-+]\\d\\d:\\d\\d)")
                            ? OffsetDateTime.parse(iso).toInstant()
                            : LocalDateTime.parse(iso).toInstant(ZoneOffset.UTC));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    private static boolean date(Instant at, String op, JsonNode value) {
        return switch (op) {
            case "equals" -> on(at, value);
            case "in" -> members(value).anyMatch(v -> on(at, v));
            case "before" -> at.isBefore(start(value));
            case "after" -> !at.isBefore(end(value));
            case "onOrBefore" -> at.isBefore(end(value));
            case "onOrAfter" -> !at.isBefore(start(value));
            case "between" -> !at.isBefore(start(value.path(0))) && at.isBefore(end(value.path(1)));
            case "withinDays" -> at.isBefore(day(1)) && !at.isBefore(day(-value.intValue()));
            case "withinNextDays" -> !at.isBefore(day(0)) && at.isBefore(day(value.intValue() + 1));
            case "olderThanDays" -> at.isBefore(day(-value.intValue()));
            default -> throw new IllegalArgumentException(op);
        };
    }

    private static boolean on(Instant at, JsonNode value) {
        return !at.isBefore(start(value)) && at.isBefore(end(value));
    }

    private static Instant start(JsonNode value) {
        return date(value.stringValue()).orElseThrow();
    }

    private static Instant end(JsonNode value) {
        return value.stringValue().length() == 10
                ? start(value).plus(1, ChronoUnit.DAYS)
                : start(value).plus(1, ChronoUnit.MICROS);
    }

    /** The start of the day that is {@code after} days after today. */
    private static Instant day(int after) {
        return Audience.NOW.truncatedTo(ChronoUnit.DAYS).plus(Duration.ofDays(after));
    }
}
