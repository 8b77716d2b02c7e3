package io.mailgenius.jobs.activities;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.mailgenius.jobs.contacts.NormalizedText;
import io.mailgenius.jobs.contacts.addresses.EmailAddress;
import io.mailgenius.jobs.workspaces.Refusal;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** Checks reports, and brings them into the form in which they are stored. */
final class ActivityCheck {

    static final int MAX_ID = 200;
    static final int MAX_NAME = 100;
    static final int MAX_PROPERTIES = 100;
    private static final int MAX_BYTES = 16 * 1024;
    private static final int MAX_DIGITS = 12;
    private static final int MAX_DECIMALS = 6;
    private static final Duration OLDEST = Duration.ofDays(3_650);
    private static final Duration AHEAD = Duration.ofDays(1);
    private static final Pattern CURRENCY = Pattern.compile("[A-Z]{3}");

    private ActivityCheck() {}

    /**
     * @throws Refusal.Invalid naming the part that is wrong
     */
    static Activity of(ActivityDraft draft, Instant now) {
        String id = word("id", draft.id(), MAX_ID);
        String name = word("name", draft.name(), MAX_NAME);
        String external =
                draft.externalId() == null ? null : word("externalId", draft.externalId(), MAX_ID);
        String email = draft.email() == null ? null : EmailAddress.required(draft.email()).value();
        if (email == null && external == null) {
            throw new Refusal.Invalid(
                    "event-without-contact", "Name the contact by email or externalId.");
        }
        BigDecimal value = draft.value();
        if ((value == null) != (draft.currency() == null)) {
            throw new Refusal.Invalid(
                    "event-value-invalid",
                    "value and currency go together: give both, or neither.");
        }
        return new Activity(
                id,
                name,
                email,
                external,
                time(draft.occurredAt(), now),
                properties(draft.properties()),
                value == null ? null : amount(value),
                draft.currency() == null ? null : currency(draft.currency()),
                Boolean.TRUE.equals(draft.createContact()));
    }

    private static String word(String name, String value, int most) {
        String word = NormalizedText.of(value.strip());
        if (word.isEmpty() || word.length() > most) {
            throw new Refusal.Invalid(
                    "event-%s-invalid".formatted(name.equals("externalId") ? "contact" : name),
                    "%s is a text of 1 to %d characters.".formatted(name, most));
        }
        return word;
    }

    private static Instant time(@Nullable Instant given, Instant now) {
        if (given == null) {
            return now.truncatedTo(ChronoUnit.MICROS);
        }
        if (given.isBefore(now.minus(OLDEST)) || given.isAfter(now.plus(AHEAD))) {
            throw new Refusal.Invalid(
                    "event-time-invalid",
                    "occurredAt is a time of the last ten years, and at most a day ahead.");
        }
        return given.truncatedTo(ChronoUnit.MICROS);
    }

    private static String properties(@Nullable Map<String, Object> given) {
        if (given == null || given.isEmpty()) {
            return "{}";
        }
        String json = JsonMapper.shared().writeValueAsString(given);
        if (given.size() > MAX_PROPERTIES || json.getBytes(UTF_8).length > MAX_BYTES) {
            throw new Refusal.Invalid(
                    "event-properties-too-large",
                    "An event has at most %d properties, and 16 KB of them."
                            .formatted(MAX_PROPERTIES));
        }
        return json;
    }

    /** The exponent is looked at first: writing out all digits of 1e999999999 takes gigabytes. */
    private static BigDecimal amount(BigDecimal value) {
        if ((long) value.precision() - value.scale() > MAX_DIGITS || value.scale() > MAX_DECIMALS) {
            throw new Refusal.Invalid(
                    "event-value-invalid",
                    "value has at most %d digits before the point and %d behind it."
                            .formatted(MAX_DIGITS, MAX_DECIMALS));
        }
        return value;
    }

    private static String currency(String given) {
        if (!CURRENCY.matcher(given).matches()) {
            throw new Refusal.Invalid(
                    "event-value-invalid",
                    "currency is the code of a currency in three capital letters, such as EUR.");
        }
        return given;
    }
}
