package io.mailgenius.jobs.imports;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The contact's own fields, and the header names by which people call them. */
enum ContactField {
    EMAIL("email", "email"),
    FIRST_NAME("firstName", "first_name"),
    LAST_NAME("lastName", "last_name"),
    PHONE("phone", "phone"),
    CITY("city", "city"),
    COUNTRY("country", "country"),
    LOCALE("locale", "locale"),
    TIME_ZONE("timeZone", "time_zone");

    private static final Map<String, ContactField> KNOWN_AS =
            Map.ofEntries(
                    Map.entry("email", EMAIL),
                    Map.entry("emailaddress", EMAIL),
                    Map.entry("mail", EMAIL),
                    Map.entry("firstname", FIRST_NAME),
                    Map.entry("givenname", FIRST_NAME),
                    Map.entry("nome", FIRST_NAME),
                    Map.entry("lastname", LAST_NAME),
                    Map.entry("surname", LAST_NAME),
                    Map.entry("familyname", LAST_NAME),
                    Map.entry("sobrenome", LAST_NAME),
                    Map.entry("phone", PHONE),
                    Map.entry("phonenumber", PHONE),
                    Map.entry("telefone", PHONE),
                    Map.entry("celular", PHONE),
                    Map.entry("city", CITY),
                    Map.entry("cidade", CITY),
                    Map.entry("country", COUNTRY),
                    Map.entry("pais", COUNTRY),
                    Map.entry("país", COUNTRY),
                    Map.entry("locale", LOCALE),
                    Map.entry("language", LOCALE),
                    Map.entry("idioma", LOCALE),
                    Map.entry("timezone", TIME_ZONE),
                    Map.entry("fusohorario", TIME_ZONE));

    private final String json;
    private final String column;

    ContactField(String json, String column) {
        this.json = json;
        this.column = column;
    }

    /** The name in mappings and in the API. */
    String json() {
        return json;
    }

    /** The column of table contact. */
    String column() {
        return column;
    }

    static Optional<ContactField> byHeader(String header) {
        String name = header.strip().toLowerCase(Locale.ROOT).replaceAll("[\\s_.-]+", "");
        return Optional.ofNullable(KNOWN_AS.get(name));
    }

    static Optional<ContactField> byJson(String name) {
        for (ContactField field : values()) {
            if (field.json.equals(name)) {
                return Optional.of(field);
            }
        }
        return Optional.empty();
    }
}
