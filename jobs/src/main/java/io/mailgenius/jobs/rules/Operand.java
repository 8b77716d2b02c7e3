package io.mailgenius.jobs.rules;

import io.mailgenius.jobs.contacts.NormalizedText;
import io.mailgenius.jobs.workspaces.Refusal;
import io.mailgenius.schema.ContactStatus;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import tools.jackson.databind.JsonNode;

/**
 * A value of a condition. Each accessor converts it to a type or rejects it with the value that was
 * found.
 */
record Operand(JsonNode json, String name, RulePosition at) {

    static final int MAX_VALUES = 1_000;
    static final int MAX_DAYS = 36_500;
    private static final int MAX_TEXT = 1_000;
    private static final int MAX_DIGITS = 300;
    private static final Pattern DATE = Pattern.compile("\\d{4}-\\d\\d-\\d\\d");

    /**
     * The time span of a date: a calendar day, or one microsecond, the resolution of PostgreSQL.
     */
    record Span(Instant from, Instant before) {}

    /** In normal form C, as contacts are stored. */
    String text() {
        return NormalizedText.of(exactText());
    }

    String exactText() {
        if (!json.isString()) {
            throw needs("a text in quotes");
        }
        String text = json.stringValue();
        if (text.isEmpty()) {
            throw needs("a text that is not empty; to ask for a missing value use notExists");
        }
        if (text.length() > MAX_TEXT) {
            throw needs("a text of at most " + MAX_TEXT + " characters");
        }
        return storable(text, name, at);
    }

    /** Rejects characters that neither text nor jsonb of PostgreSQL can store. */
    static String storable(String text, String name, RulePosition at) {
        if (text.indexOf('\0') >= 0 || !StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
            throw at.refuse(
                    "unfit-segment-value",
                    name + " contains a NUL or half of a surrogate pair, which cannot be stored.");
        }
        return text;
    }

    String status() {
        List<String> words = Arrays.stream(ContactStatus.values()).map(Enum::name).toList();
        if (!json.isString()) {
            throw needs("a status in quotes");
        }
        if (!words.contains(json.stringValue())) {
            throw at.refuse(
                    "unfit-segment-value",
                    "there is no status "
                            + found(json)
                            + "."
                            + Suggestion.instead(json.stringValue(), words));
        }
        return json.stringValue();
    }

    BigDecimal number() {
        // Jackson parses 1e999 as an infinite double unless the mapper uses BigDecimal.
        if (!json.isNumber() || json.isDouble() && !Double.isFinite(json.doubleValue())) {
            throw needs("a number without quotes");
        }
        BigDecimal number = json.decimalValue();
        if (number.precision() > MAX_DIGITS || Math.abs((long) number.scale()) > MAX_DIGITS) {
            throw needs("a number of at most " + MAX_DIGITS + " digits");
        }
        return number;
    }

    boolean truth() {
        if (!json.isBoolean()) {
            throw needs("true or false without quotes");
        }
        return json.booleanValue();
    }

    Span date(CalendarDays days) {
        if (!json.isString()) {
            throw needs("a date in quotes, such as \"2026-01-31\" or \"2026-01-31T09:30:00Z\"");
        }
        String text = json.stringValue();
        try {
            if (DATE.matcher(text).matches()) {
                LocalDate day = LocalDate.parse(text);
                return span(days.start(day), days.start(day.plusDays(1)));
            }
            Instant instant = OffsetDateTime.parse(text).toInstant().truncatedTo(ChronoUnit.MICROS);
            return span(instant, instant.plus(1, ChronoUnit.MICROS));
        } catch (DateTimeParseException e) {
            throw at.refuse(
                    "invalid-segment-date",
                    name
                            + " "
                            + found(json)
                            + " is not a date. Needed: a day (2026-01-31) or an instant with its"
                            + " offset (2026-01-31T09:30:00Z, 2026-01-31T09:30:00+02:00).");
        }
    }

    private Span span(Instant from, Instant before) {
        int year = from.atOffset(ZoneOffset.UTC).getYear();
        if (year < 1 || year > 9998) {
            throw at.refuse(
                    "invalid-segment-date",
                    name + " " + found(json) + " is outside of the years 1 to 9998.");
        }
        return new Span(from, before);
    }

    int days() {
        if (!json.isIntegralNumber() || !json.canConvertToInt() || json.intValue() < 1) {
            throw needs("a whole number of days from 1 to " + MAX_DAYS);
        }
        if (json.intValue() > MAX_DAYS) {
            throw needs("at most " + MAX_DAYS + " days");
        }
        return json.intValue();
    }

    long id(String noun) {
        if (!json.isIntegralNumber() || !json.canConvertToLong() || json.longValue() < 1) {
            throw needs("the id of a " + noun + ", a number without quotes");
        }
        return json.longValue();
    }

    /** The elements of an array with one to {@value #MAX_VALUES} values. */
    List<Operand> several() {
        if (!json.isArray() || json.isEmpty()) {
            throw needs("an array of at least one value");
        }
        if (json.size() > MAX_VALUES) {
            throw needs("an array of at most " + MAX_VALUES + " values");
        }
        return IntStream.range(0, json.size())
                .mapToObj(i -> new Operand(json.path(i), name + "[" + i + "]", at))
                .toList();
    }

    Refusal.Invalid needs(String what) {
        return at.refuse(
                "unfit-segment-value", name + " needs " + what + "; found " + found(json) + ".");
    }

    /** The value that was found, shortened for a message. */
    static String found(JsonNode json) {
        if (json.isMissingNode()) {
            return "nothing";
        }
        return Suggestion.shortened(json.toString());
    }
}
