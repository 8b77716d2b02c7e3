package io.mailgenius.jobs.imports;

import java.text.Normalizer;
import java.util.HashMap;
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

    /** English and Portuguese, without spaces, hyphens, points and accents. */
    private static final Map<String, ContactField> KNOWN_AS = new HashMap<>();

    static {
        know(EMAIL, "email", "emailaddress", "mail", "enderecodeemail", "correioeletronico");
        know(FIRST_NAME, "firstname", "givenname", "forename", "nome", "primeironome", "prenome");
        know(LAST_NAME, "lastname", "surname", "familyname", "sobrenome", "ultimonome", "apelido");
        know(PHONE, "phone", "phonenumber", "telephone", "mobile", "mobilephone", "cellphone");
        know(PHONE, "telefone", "celular", "telemovel", "fone", "whatsapp");
        know(CITY, "city", "town", "cidade", "municipio");
        know(COUNTRY, "country", "countrycode", "pais");
        know(LOCALE, "locale", "language", "lang", "idioma", "lingua");
        know(TIME_ZONE, "timezone", "tz", "fusohorario");
    }

    private static void know(ContactField field, String... names) {
        for (String name : names) {
            KNOWN_AS.put(name, field);
        }
    }

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
        String name =
                Normalizer.normalize(header, Normalizer.Form.NFD)
                        .toLowerCase(Locale.ROOT)
                        .replaceAll("[\\p{M}\\s_.-]+", "");
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
