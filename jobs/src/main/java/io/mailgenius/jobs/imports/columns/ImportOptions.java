package io.mailgenius.jobs.imports.columns;

import io.mailgenius.jobs.contacts.NormalizedText;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * How a file is read, and what its rows may change. An option that is missing is detected from the
 * file, or has its default. Columns have their names of the file; without a header they are {@code
 * column1}, {@code column2} and so on.
 *
 * @param mapping what a column means: a contact field such as {@code firstName}, {@code status},
 *     {@code attributes.plan}, or {@code ignore}; any other column is mapped by its name
 * @param types what an attribute's column holds: {@code text}, {@code number}, {@code boolean},
 *     {@code date}; {@code number:} or {@code date:} and a locale such as {@code pt-BR}, or {@code
 *     date:} and a pattern such as {@code MM/dd/yyyy}
 * @param rules how a column changes the contact's value; {@code OVERWRITE} by default
 * @param mode which contacts may be created or changed; {@code CREATE_OR_UPDATE} by default
 * @param defaults for contacts that have none
 * @param listId a list that all contacts of the file join
 * @param listIds more such lists
 * @param resubscribe resubscribes contacts that do not want mail; null does not
 * @param addresses how addresses of roles and disposable addresses are handled; taken by default
 * @param dryRun whether to compute the figures without changing anything
 * @param encoding such as {@code windows-1252}
 * @param delimiter one of {@code , ; |} or a tab
 * @param header whether the first record names the columns
 * @param sheet the name of a spreadsheet's sheet; by default the first visible one with a column of
 *     addresses
 */
public record ImportOptions(
        @Nullable Map<String, String> mapping,
        @Nullable Map<String, String> types,
        @Nullable Map<String, Rule> rules,
        @Nullable Mode mode,
        @Nullable Defaults defaults,
        @Nullable Long listId,
        @Nullable List<Long> listIds,
        @Nullable Resubscribe resubscribe,
        @Nullable Addresses addresses,
        @Nullable Boolean dryRun,
        @Nullable String encoding,
        @Nullable String delimiter,
        @Nullable Boolean header,
        @Nullable String sheet) {

    /** Names are normalized as those of the file are, so that they can be compared. */
    public ImportOptions {
        mapping = composed(mapping, NormalizedText::of);
        types = composed(types, UnaryOperator.identity());
        rules = composed(rules, UnaryOperator.identity());
    }

    private static <V> @Nullable Map<String, V> composed(
            @Nullable Map<String, V> named, UnaryOperator<V> value) {
        if (named == null) {
            return null;
        }
        Map<String, V> composed = new LinkedHashMap<>();
        named.forEach((name, of) -> composed.put(NormalizedText.of(name), value.apply(of)));
        return composed;
    }

    public static final ImportOptions DEFAULT =
            new ImportOptions(
                    null, null, null, null, null, null, null, null, null, null, null, null, null,
                    null);

    /** Which contacts an import may create or change. */
    public enum Mode {
        CREATE_OR_UPDATE,
        /** Existing contacts are not changed; their rows count as unchanged. */
        CREATE,
        /** Rows of addresses that no contact has are rejected. */
        UPDATE
    }

    /** How a column changes the contact's value. An empty cell changes nothing. */
    public enum Rule {
        OVERWRITE,
        /** Sets the value only if the contact has none. */
        FILL,
        IGNORE
    }

    /** For contacts that have none, neither in their row nor before. */
    public record Defaults(
            @Nullable String country, @Nullable String locale, @Nullable String timeZone) {}

    /**
     * @param reason why these contacts may be mailed again; recorded with each of them
     */
    public record Resubscribe(String reason) {}

    /** How a row with an address of some kind is handled. */
    public enum Handling {
        TAKE,
        /** Taken, and the contact's attribute {@code address_kind} says which kind it is. */
        FLAG,
        REJECT
    }

    /**
     * @param role such as {@code info@}
     * @param disposable of a service for disposable addresses
     */
    public record Addresses(@Nullable Handling role, @Nullable Handling disposable) {

        static final Addresses TAKEN = new Addresses(null, null);

        public Handling roleOrTaken() {
            return role == null ? Handling.TAKE : role;
        }

        public Handling disposableOrTaken() {
            return disposable == null ? Handling.TAKE : disposable;
        }

        public boolean flags() {
            return role == Handling.FLAG || disposable == Handling.FLAG;
        }
    }

    Addresses addressesOrTaken() {
        return addresses == null ? Addresses.TAKEN : addresses;
    }

    public Map<String, String> mappingOrNone() {
        return mapping == null ? Map.of() : mapping;
    }

    public Map<String, String> typesOrNone() {
        return types == null ? Map.of() : types;
    }

    public Map<String, Rule> rulesOrNone() {
        return rules == null ? Map.of() : rules;
    }

    public Mode modeOrUsual() {
        return mode == null ? Mode.CREATE_OR_UPDATE : mode;
    }

    public boolean isDryRun() {
        return Boolean.TRUE.equals(dryRun);
    }

    public List<Long> lists() {
        TreeSet<Long> all = new TreeSet<>(listIds == null ? List.of() : listIds);
        if (listId != null) {
            all.add(listId);
        }
        return new ArrayList<>(all);
    }
}
