package io.mailgenius.jobs.imports.columns;

import io.mailgenius.jobs.contacts.NormalizedText;
import jakarta.validation.constraints.Pattern;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * How a file is to be read, and what its rows may do. What is missing is found out from the file,
 * or has the usual answer. Columns are named as they stand in the file; one without a header has
 * {@code column1}, {@code column2} and so on.
 *
 * @param mapping what a column means: a contact field such as {@code firstName}, {@code status},
 *     {@code attributes.plan}, or {@code ignore}; a column that is not named here is understood by
 *     its header
 * @param types what an attribute's column holds: {@code text}, {@code number}, {@code boolean},
 *     {@code date}; {@code number:} or {@code date:} and a locale such as {@code pt-BR}, or {@code
 *     date:} and a pattern such as {@code MM/dd/yyyy}
 * @param rules what a column does to what the contact has; {@code OVERWRITE} unless told
 * @param mode {@code CREATE_OR_UPDATE} unless told
 * @param defaults for contacts that have none
 * @param listId a list that all contacts of the file join
 * @param listIds more such lists
 * @param resubscribe makes even those mailable who do not want to be; null does not
 * @param addresses what becomes of addresses of a role and of throwaway ones; taken unless told
 * @param dryRun whether to find out the figures and change nothing
 * @param encoding such as {@code windows-1252}
 * @param delimiter one of {@code , ; |} or a tab
 * @param header whether the first record names the columns
 * @param sheet the name of a spreadsheet's sheet; its first one unless told
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
        @Pattern(regexp = "[,;|\t]") @Nullable String delimiter,
        @Nullable Boolean header,
        @Nullable String sheet) {

    /** Names are compared with those of the file in the form that it is read in. */
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

    /** What may become of a row's contact. */
    public enum Mode {
        CREATE_OR_UPDATE,
        /** Contacts that are there stay as they are; their rows count as unchanged. */
        CREATE,
        /** Rows of addresses that no contact has are rejected. */
        UPDATE
    }

    /** What a column does to what the contact has. An empty cell never does anything. */
    public enum Rule {
        OVERWRITE,
        /** Only where the contact has nothing. */
        FILL,
        IGNORE
    }

    /** For contacts that have none, neither in their row nor before. */
    public record Defaults(
            @Nullable String country, @Nullable String locale, @Nullable String timeZone) {}

    /**
     * @param reason why these people may be mailed again; kept with each of them
     */
    public record Resubscribe(String reason) {}

    /** What becomes of a row with an address of some kind. */
    public enum Handling {
        TAKE,
        /** Taken, and the contact's attribute {@code address_kind} says which kind it is. */
        FLAG,
        REJECT
    }

    /**
     * @param role such as {@code info@}
     * @param disposable of a service for throwaway addresses
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
