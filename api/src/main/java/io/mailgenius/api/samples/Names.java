package io.mailgenius.api.samples;

import java.text.Normalizer;
import java.util.Arrays;
import java.util.Locale;

/** Names, places and malformed addresses of sample contacts. */
final class Names {

    /**
     * @param csv as written in the file, quoted if necessary
     * @param ascii as used in an address
     * @param loud the same in capitals
     */
    record Name(String csv, String ascii, String loud) {}

    record Place(String cityCsv, String country) {}

    static final Name[] FIRST =
            names(
                    "Anna",
                    "Ben",
                    "Chloé",
                    "David",
                    "Elif",
                    "François",
                    "Grażyna",
                    "Hugo",
                    "Inés",
                    "Jürgen",
                    "Karim",
                    "Lucía",
                    "Mårten",
                    "Nguyễn",
                    "Olivia",
                    "Pedro",
                    "Quinn",
                    "René",
                    "Søren",
                    "Thảo",
                    "Uğur",
                    "Věra",
                    "William",
                    "Xavier",
                    "Yoko",
                    "Zoë",
                    "Mary Jane",
                    "Dwayne \"DJ\"",
                    "Björk",
                    "Łucja",
                    "Siân",
                    "Noël");

    static final Name[] LAST =
            names(
                    "Müller",
                    "Smith",
                    "García",
                    "Dubois",
                    "Rossi",
                    "Novák",
                    "Jönsson",
                    "Kowalski",
                    "Yılmaz",
                    "O'Brien",
                    "Nakamura",
                    "Silva",
                    "Østergaard",
                    "Fernández",
                    "Lefèvre",
                    "Schäfer",
                    "Șerban",
                    "Tran",
                    "Van der Berg",
                    "Weiß",
                    "Ibáñez",
                    "Çelik",
                    "Åkesson",
                    "Brown, Jr.",
                    "Kaya",
                    "Moreau",
                    "Öztürk",
                    "Peña",
                    "Szabó",
                    "Álvarez",
                    "Zimmermann");

    static final Place[] PLACES = {
        place("Berlin", "DE"), place("Köln", "DE"), place("Frankfurt\nam Main", "DE"),
        place("Paris", "FR"), place("Orléans", "FR"), place("London", "GB"),
        place("New York", "US"), place("Washington, D.C.", "US"), place("Austin", "US"),
        place("São Paulo", "BR"), place("Madrid", "ES"), place("A Coruña", "ES"),
        place("Kraków", "PL"), place("Łódź", "PL"), place("Malmö", "SE"),
        place("København", "DK"), place("İstanbul", "TR"), place("Tokyo", "JP"),
        place("Zürich", "CH"), place("Wien", "AT"), place("Praha", "CZ"),
        place("Dublin", "IE"), place("Toronto", "CA"), place("Saint-Étienne", "FR"),
        place("The \"Dam\", Amsterdam", "NL")
    };

    static final String[] BAD_ADDRESSES = {
        "no-at-sign.example.com",
        "two@at@example.com",
        "@example.com",
        "nobody@",
        "with space@example.com",
        "\"\"",
        "dots..twice@example.com",
        "trailing.dot.@example.com"
    };

    private Names() {}

    private static Name[] names(String... names) {
        return Arrays.stream(names)
                .map(name -> new Name(csv(name), ascii(name), ascii(name).toUpperCase(Locale.ROOT)))
                .toArray(Name[]::new);
    }

    private static Place place(String city, String country) {
        return new Place(csv(city), country);
    }

    private static String csv(String value) {
        return value.matches("(?s).*[\",\n].*") ? '"' + value.replace("\"", "\"\"") + '"' : value;
    }

    private static String ascii(String name) {
        String spelled =
                name.toLowerCase(Locale.ROOT)
                        .replace("ß", "ss")
                        .replace("ø", "o")
                        .replace("ł", "l")
                        .replace("ı", "i");
        return Normalizer.normalize(spelled, Normalizer.Form.NFD).replaceAll("[^a-z]", "");
    }
}
