package io.mailgenius.jobs.imports.columns;

import java.util.Optional;
import java.util.Set;

/** The contact's own fields. {@link FieldNames} has their names in files. */
public enum ContactField {
    EMAIL("email", "email"),
    FIRST_NAME("firstName", "first_name"),
    LAST_NAME("lastName", "last_name"),
    PHONE("phone", "phone"),
    CITY("city", "city"),
    COUNTRY("country", "country"),
    LOCALE("locale", "locale"),
    TIME_ZONE("timeZone", "time_zone");

    private final String json;
    private final String column;

    ContactField(String json, String column) {
        this.json = json;
        this.column = column;
    }

    /** The name in mappings and in the API. */
    public String json() {
        return json;
    }

    /** The column of table contact. */
    public String column() {
        return column;
    }

    /** The field of a column, by its name alone. */
    public static Optional<ContactField> byHeader(String header) {
        return FieldNames.meaning(header, Set.of()).map(FieldNames.Meaning::field);
    }

    public static Optional<ContactField> byJson(String name) {
        for (ContactField field : values()) {
            if (field.json.equals(name)) {
                return Optional.of(field);
            }
        }
        return Optional.empty();
    }
}
