package io.mailgenius.jobs.rules;

import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The field of a contact that a condition tests. */
public sealed interface Field {

    /** A custom attribute, of any JSON type. */
    record Attribute(String name) implements Field {}

    /**
     * The engagement score in a form that only changes when a contact engages, see {@link
     * EngagementScore}. Contacts that never opened or clicked have none.
     */
    enum LogScore implements Field {
        LOG_SCORE
    }

    /**
     * A figure of the contact's activities with this name: their number, the sum of their values,
     * or the time of the last one. Number and sum are 0 without any.
     *
     * @param currency of the values; others are not added
     * @param since only activities from this time on
     * @param where a rule about their properties, {@link Property}
     */
    record Activities(
            String name,
            ActivityMeasure measure,
            Optional<String> currency,
            Optional<Instant> since,
            Optional<Rule> where)
            implements Field {}

    /** A property of an activity, of any JSON type. */
    record Property(String name) implements Field {}

    /** A column of table contact. */
    enum Column implements Field {
        EMAIL("email", "email", FieldType.TEXT),
        FIRST_NAME("firstName", "first_name", FieldType.TEXT),
        LAST_NAME("lastName", "last_name", FieldType.TEXT),
        PHONE("phone", "phone", FieldType.TEXT),
        CITY("city", "city", FieldType.TEXT),
        COUNTRY("country", "country", FieldType.TEXT),
        LOCALE("locale", "locale", FieldType.TEXT),
        TIME_ZONE("timeZone", "time_zone", FieldType.TEXT),
        STATUS("status", "status", FieldType.STATUS),
        CREATED_AT("createdAt", "created_at", FieldType.DATE),
        UPDATED_AT("updatedAt", "updated_at", FieldType.DATE);

        static final Map<String, Column> BY_NAME =
                Arrays.stream(values()).collect(Collectors.toMap(c -> c.word, Function.identity()));

        final String word;
        final String sql;
        final FieldType type;

        Column(String word, String column, FieldType type) {
            this.word = word;
            this.sql = "c." + column;
            this.type = type;
        }
    }
}
