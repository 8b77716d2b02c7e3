package io.mailgenius.jobs.imports.values;

import java.text.Normalizer;
import java.time.DayOfWeek;
import java.time.Month;
import java.time.format.TextStyle;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Names of months and days of the week, whole and short, in the languages of file headers. */
final class DateWords {

    private static final List<Locale> LANGUAGES =
            List.of(Locale.ENGLISH, Locale.of("pt"), Locale.of("es"), Locale.GERMAN, Locale.FRENCH);

    private static final Map<String, Integer> MONTHS = new HashMap<>();
    private static final Set<String> DAYS = new HashSet<>();

    static {
        for (Locale language : LANGUAGES) {
            for (TextStyle style :
                    List.of(
                            TextStyle.FULL,
                            TextStyle.SHORT,
                            TextStyle.FULL_STANDALONE,
                            TextStyle.SHORT_STANDALONE)) {
                for (Month month : Month.values()) {
                    MONTHS.put(key(month.getDisplayName(style, language)), month.getValue());
                }
                for (DayOfWeek day : DayOfWeek.values()) {
                    DAYS.add(key(day.getDisplayName(style, language)));
                }
            }
        }
        // Common spellings that CLDR does not have.
        MONTHS.put("sept", 9);
        MONTHS.put("maerz", 3);
        for (String day : List.of("segunda", "terca", "quarta", "quinta", "sexta")) {
            DAYS.add(day);
        }
    }

    private DateWords() {}

    /** 1 to 12, or 0 for what is no month. */
    static int month(String word) {
        return MONTHS.getOrDefault(key(word), 0);
    }

    static boolean isDay(String word) {
        return DAYS.contains(key(word));
    }

    private static String key(String word) {
        return Normalizer.normalize(word, Normalizer.Form.NFD)
                .toLowerCase(Locale.ROOT)
                .replaceAll("[\\p{M}.]", "");
    }
}
