package io.mailgenius.jobs.rules;

import io.mailgenius.jobs.rules.Rule.All;
import io.mailgenius.jobs.rules.Rule.Any;
import io.mailgenius.jobs.rules.Rule.BooleanIs;
import io.mailgenius.jobs.rules.Rule.Comparison;
import io.mailgenius.jobs.rules.Rule.DateBefore;
import io.mailgenius.jobs.rules.Rule.DateFrom;
import io.mailgenius.jobs.rules.Rule.Exists;
import io.mailgenius.jobs.rules.Rule.None;
import io.mailgenius.jobs.rules.Rule.NumberCompares;
import io.mailgenius.jobs.rules.Rule.NumberIs;
import io.mailgenius.jobs.rules.Rule.Part;
import io.mailgenius.jobs.rules.Rule.TextHas;
import io.mailgenius.jobs.rules.Rule.TextIs;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;

/**
 * A field of known type and the value that it is compared with.
 *
 * @param calendar evaluated only if the condition has days or dates
 */
record FieldComparison(
        Field field,
        FieldType type,
        boolean ignoreCase,
        Operand value,
        Supplier<CalendarDays> calendar) {

    Rule by(Operator operator) {
        return switch (operator) {
            case EXISTS -> new Exists(field);
            case NOT_EXISTS -> not(new Exists(field));
            case EQUALS -> isOneOf(List.of(value));
            case NOT_EQUALS -> not(isOneOf(List.of(value)));
            case IN -> isOneOf(value.several());
            case NOT_IN -> not(isOneOf(value.several()));
            case CONTAINS -> has(Part.MIDDLE);
            case NOT_CONTAINS -> not(has(Part.MIDDLE));
            case STARTS_WITH -> has(Part.START);
            case ENDS_WITH -> has(Part.END);
            case GREATER_THAN -> compares(Comparison.GREATER, value);
            case GREATER_OR_EQUAL -> compares(Comparison.GREATER_OR_EQUAL, value);
            case LESS_THAN -> compares(Comparison.LESS, value);
            case LESS_OR_EQUAL -> compares(Comparison.LESS_OR_EQUAL, value);
            case BETWEEN -> between();
            case BEFORE -> before(date(value).from());
            case AFTER -> from(date(value).before());
            case ON_OR_BEFORE -> before(date(value).before());
            case ON_OR_AFTER -> from(date(value).from());
            case WITHIN_DAYS -> dates(start(-value.days()), start(1));
            case WITHIN_NEXT_DAYS -> dates(start(0), start(value.days() + 1));
            case OLDER_THAN_DAYS -> before(start(-value.days()));
            case MEMBER_OF, NOT_MEMBER_OF -> throw notComparable();
        };
    }

    private static Rule not(Rule rule) {
        return new None(List.of(rule));
    }

    private Rule isOneOf(List<Operand> values) {
        return switch (type) {
            case TEXT -> new TextIs(field, values.stream().map(this::text).toList(), ignoreCase);
            case STATUS -> new TextIs(field, values.stream().map(Operand::status).toList(), false);
            case NUMBER -> new NumberIs(field, values.stream().map(Operand::number).toList());
            case BOOLEAN -> new BooleanIs(field, value.truth());
            case DATE -> new Any(values.stream().map(this::onDate).toList());
            case LIST, ENGAGEMENT, SCORE -> throw notComparable();
        };
    }

    /** Addresses are stored in lower case. */
    private String text(Operand value) {
        String text = value.text();
        return field == Field.Column.EMAIL ? text.toLowerCase(Locale.ROOT) : text;
    }

    private Rule onDate(Operand value) {
        Operand.Span span = date(value);
        return dates(span.from(), span.before());
    }

    private Rule has(Part part) {
        return new TextHas(field, part, text(value), ignoreCase);
    }

    private Rule compares(Comparison comparison, Operand value) {
        return new NumberCompares(field, comparison, value.number());
    }

    /** Both bounds are inclusive. */
    private Rule between() {
        if (!value.json().isArray() || value.json().size() != 2) {
            throw value.needs("an array of two values, the lower one first");
        }
        Operand low = value.several().getFirst();
        Operand high = value.several().getLast();
        boolean number = type == FieldType.NUMBER;
        if (number
                ? low.number().compareTo(high.number()) > 0
                : date(low).from().isAfter(date(high).from())) {
            throw value.needs("the lower value first");
        }
        return number
                ? new All(
                        List.of(
                                compares(Comparison.GREATER_OR_EQUAL, low),
                                compares(Comparison.LESS_OR_EQUAL, high)))
                : dates(date(low).from(), date(high).before());
    }

    private Rule dates(Instant from, Instant before) {
        return new All(List.of(from(from), before(before)));
    }

    private Rule from(Instant inclusive) {
        return new DateFrom(field, calendar.get().zone(), inclusive);
    }

    private Rule before(Instant exclusive) {
        return new DateBefore(field, calendar.get().zone(), exclusive);
    }

    private Operand.Span date(Operand operand) {
        return operand.date(calendar.get());
    }

    /** The start of the day that is {@code after} days after today. */
    private Instant start(int after) {
        return calendar.get().start(after);
    }

    private IllegalStateException notComparable() {
        return new IllegalStateException(type + " is not compared with a value");
    }
}
