package io.mailgenius.jobs.imports.values;

import io.mailgenius.jobs.workspaces.Refusal;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The type of an attribute's column. */
public sealed interface CellType {

    /**
     * A number or a boolean where the text is unambiguously one, otherwise a text.
     *
     * @param pointIsDecimal whether other cells of the column show it; then {@code 1.250} is a
     *     number
     */
    record Guessed(boolean pointIsDecimal) implements CellType {}

    /** As it stands. */
    record Text() implements CellType {}

    /**
     * @param mark the decimal mark, by the locale or the other cells of the column; null if neither
     *     decides
     */
    record Number(@Nullable DecimalMark mark) implements CellType {}

    /** Also in words. */
    record Truth() implements CellType {}

    /**
     * Stored as ISO 8601, whichever form the file has.
     *
     * @param order by the locale or the other cells of the column; null if neither decides
     */
    record Date(@Nullable DayOrder order) implements CellType {}

    /** Dates of one form only, stored as ISO 8601 as well. */
    record PatternedDate(DatePattern pattern) implements CellType {}

    /**
     * As written by an export of MailGenius: see {@link io.mailgenius.jobs.contacts.ExportText}.
     */
    record Exported() implements CellType {}

    Set<String> YES =
            Set.of(
                    "true",
                    "yes",
                    "y",
                    "1",
                    "on",
                    "x",
                    "\u2713",
                    "\u2714",
                    "\u2611",
                    "sim",
                    "s",
                    "verdadeiro",
                    "s\u00ED",
                    "si",
                    "verdadero",
                    "ja",
                    "j",
                    "wahr",
                    "oui",
                    "o",
                    "vrai");
    Set<String> NO =
            Set.of(
                    "false",
                    "no",
                    "n",
                    "0",
                    "off",
                    "\u2717",
                    "\u2718",
                    "\u2610",
                    "n\u00E3o",
                    "nao",
                    "falso",
                    "nein",
                    "falsch",
                    "non",
                    "faux");

    String NUMBER_OF = "number:";
    String DATE_OF = "date:";

    /**
     * @throws Refusal.Invalid if there is no such type
     */
    static CellType of(String column, String name) {
        return switch (name) {
            case "text" -> new Text();
            case "boolean" -> new Truth();
            case "number" -> new Number(null);
            case "date" -> new Date(null);
            case String other when other.startsWith(NUMBER_OF) ->
                    new Number(mark(column, other.substring(NUMBER_OF.length())));
            case String other when other.startsWith(DATE_OF) ->
                    date(column, other.substring(DATE_OF.length()));
            case String other ->
                    throw unknown(
                            "Column \"%s\" has the type \"%s\"; there are text, number, number:<locale>, boolean, date, date:<locale> and date:<pattern>."
                                    .formatted(column, other));
        };
    }

    private static DecimalMark mark(String column, String tag) {
        return locale(tag)
                .flatMap(DecimalMark::of)
                .orElseThrow(
                        () ->
                                unknown(
                                        "Column \"%s\" has numbers of the locale \"%s\", which does not say whether a comma or a point is the decimal mark: name one such as en-US or pt-BR."
                                                .formatted(column, tag)));
    }

    private static CellType date(String column, String detail) {
        Optional<Locale> locale = locale(detail);
        if (locale.isEmpty()) {
            return new PatternedDate(
                    DatePattern.of(detail)
                            .orElseThrow(
                                    () ->
                                            unknown(
                                                    "Column \"%s\" has dates of the pattern \"%s\", which is none: write it like MM/dd/yyyy or dd/MM/yyyy HH:mm, or name a locale such as en-US or pt-BR."
                                                            .formatted(column, detail))));
        }
        return new Date(
                locale.flatMap(DayOrder::of)
                        .orElseThrow(
                                () ->
                                        unknown(
                                                "Column \"%s\" has dates of the locale \"%s\", which writes the year first and does not say in which order day and month are: use a pattern such as date:dd/MM/yyyy."
                                                        .formatted(column, detail))));
    }

    /** Language, and country if any: a pattern such as {@code dd-MM} is none. */
    private static Optional<Locale> locale(String tag) {
        String[] parts = tag.split("[-_]", -1);
        boolean known =
                parts.length <= 2
                        && Map.of(0, Locale.getISOLanguages(), 1, Locale.getISOCountries())
                                .entrySet()
                                .stream()
                                .filter(names -> names.getKey() < parts.length)
                                .allMatch(
                                        names ->
                                                Arrays.stream(names.getValue())
                                                        .anyMatch(
                                                                parts[names.getKey()]
                                                                        ::equalsIgnoreCase));
        return known ? Optional.of(Locale.forLanguageTag(tag.replace('_', '-'))) : Optional.empty();
    }

    private static Refusal unknown(String message) {
        return new Refusal.Invalid("import-unknown-type", message);
    }

    /** The boolean, or null if the text is none. */
    static @Nullable Boolean truth(String text) {
        String word = text.toLowerCase(Locale.ROOT);
        return YES.contains(word) ? Boolean.TRUE : NO.contains(word) ? Boolean.FALSE : null;
    }
}
