package io.mailgenius.jobs.imports.columns;

import io.mailgenius.jobs.contacts.ExportText;
import io.mailgenius.jobs.contacts.NormalizedText;
import io.mailgenius.jobs.contacts.addresses.EmailAddress;
import io.mailgenius.jobs.imports.columns.FieldNames.Meaning;
import io.mailgenius.jobs.imports.columns.ImportOptions.Rule;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Decides once what each column of a file becomes: by the options, else by its name, else, for the
 * address, by its cells. The preview and the workers of an import use the same decision.
 *
 * @param targets for each column a contact field, {@code attributes.<name>} or {@code ignore}
 * @param warnings in words
 */
public record ColumnMapping(List<String> targets, List<String> warnings) {

    private static final String ATTRIBUTE = "attributes.";
    private static final String IGNORE = "ignore";

    /**
     * @param names as {@link ColumnName} cleans them, none of them twice
     * @param rows the first ones of the file
     */
    public static ColumnMapping of(
            List<String> names, List<List<String>> rows, ImportOptions options) {
        Decision decision = new Decision(names, rows);
        decision.takeOptions(options);
        decision.takeNames();
        decision.takeAddresses();
        decision.takeAttributes();
        return new ColumnMapping(
                Arrays.stream(decision.targets).map(Objects::requireNonNull).toList(),
                decision.warnings);
    }

    private static final class Decision {

        final List<String> names;
        final List<List<String>> rows;
        final @Nullable String[] targets;
        final Set<String> taken = new HashSet<>();
        final List<String> warnings = new ArrayList<>();

        Decision(List<String> names, List<List<String>> rows) {
            this.names = names;
            this.rows = rows;
            this.targets = new @Nullable String[names.size()];
        }

        void takeOptions(ImportOptions options) {
            Map<String, String> mapping = ColumnName.keyed(options.mappingOrNone());
            Map<String, Rule> rules = ColumnName.keyed(options.rulesOrNone());
            boolean rejects = Header.isOfRejects(names);
            boolean exported = ExportText.isExport(names);
            for (int n = 0; n < names.size(); n++) {
                String name = names.get(n);
                String target = mapping.get(name);
                if (rules.get(name) == Rule.IGNORE || rejects && isOfRejects(n, target)) {
                    target = IGNORE;
                }
                if (exported && target == null) {
                    target = ofExport(name);
                }
                if (target != null) {
                    targets[n] = NormalizedText.of(target);
                    taken.add(targets[n]);
                }
            }
        }

        private static @Nullable String ofExport(String name) {
            return ExportText.isTime(name)
                    ? IGNORE
                    : name.equals(Header.STATUS) || name.startsWith(ATTRIBUTE) ? name : null;
        }

        private boolean isOfRejects(int column, @Nullable String target) {
            return column < Header.OF_REJECTS.size()
                    && (target == null || names.lastIndexOf(names.get(column)) > column);
        }

        void takeNames() {
            Set<String> keys = names.stream().map(ColumnName::key).collect(Collectors.toSet());
            List<Optional<Meaning>> meanings =
                    names.stream().map(name -> FieldNames.meaning(name, keys)).toList();
            for (ContactField field : ContactField.values()) {
                List<Integer> columns = new ArrayList<>();
                for (boolean main : new boolean[] {true, false}) {
                    Meaning wanted = new Meaning(field, main);
                    for (int n = 0; n < targets.length; n++) {
                        if (targets[n] == null && meanings.get(n).equals(Optional.of(wanted))) {
                            columns.add(n);
                        }
                    }
                }
                takeOne(field, columns);
            }
        }

        /** Of several columns the first that has values, those with a main name before others. */
        private void takeOne(ContactField field, List<Integer> columns) {
            if (columns.isEmpty()) {
                return;
            }
            if (taken.contains(field.json())) {
                warn(field, "the mapping", columns);
                return;
            }
            int chosen =
                    columns.stream()
                            .filter(n -> fits(field, n))
                            .findFirst()
                            .orElse(columns.getFirst());
            targets[chosen] = field.json();
            taken.add(field.json());
            List<Integer> others = columns.stream().filter(n -> n != chosen).sorted().toList();
            if (!others.isEmpty()) {
                warn(field, quoted(chosen), others);
            }
        }

        private boolean fits(ContactField field, int column) {
            return field == ContactField.EMAIL
                    ? addresses(column) > 0
                    : rows.stream().anyMatch(row -> !value(row, column).isEmpty());
        }

        private void warn(ContactField field, String from, List<Integer> others) {
            warnings.add(
                    "%s is taken from %s; attributes are made of %s, which would be the same: map or ignore them if that is wrong."
                            .formatted(
                                    field.json(),
                                    from,
                                    others.stream()
                                            .map(this::quoted)
                                            .collect(Collectors.joining(", "))));
        }

        /** Finds the column of addresses by its rows, where no column has a name for it. */
        void takeAddresses() {
            if (taken.contains(ContactField.EMAIL.json())) {
                return;
            }
            List<Integer> full = new ArrayList<>();
            for (int n = 0; n < targets.length; n++) {
                if (targets[n] == null && isFullOfAddresses(n)) {
                    full.add(n);
                }
            }
            if (full.size() == 1) {
                targets[full.getFirst()] = ContactField.EMAIL.json();
                taken.add(ContactField.EMAIL.json());
                warnings.add(
                        "No column is called e-mail; %s is full of addresses and is taken for it."
                                .formatted(quoted(full.getFirst())));
            } else if (full.size() > 1) {
                warnings.add(
                        "No column is called e-mail, and several have addresses: map %s to email."
                                .formatted(
                                        full.stream()
                                                .map(this::quoted)
                                                .collect(Collectors.joining(" or "))));
            }
        }

        /** At least half of the rows have an address there, and nearly no row has anything else. */
        private boolean isFullOfAddresses(int column) {
            long filled = rows.stream().filter(row -> !value(row, column).isEmpty()).count();
            long addresses = addresses(column);
            return addresses > 0 && 5 * addresses >= 4 * filled && 2 * addresses >= rows.size();
        }

        private long addresses(int column) {
            return rows.stream().filter(row -> isAddress(value(row, column))).count();
        }

        void takeAttributes() {
            List<String> twice = new ArrayList<>();
            for (int n = 0; n < targets.length; n++) {
                if (targets[n] != null) {
                    continue;
                }
                String name = attribute(names.get(n));
                if (name.isEmpty()) {
                    targets[n] = IGNORE;
                    continue;
                }
                String free = name;
                for (int m = 2; !taken.add(ATTRIBUTE + free); m++) {
                    free = name + " " + m;
                }
                if (!free.equals(name)) {
                    twice.add("\"%s\" becomes the attribute \"%s\"".formatted(names.get(n), free));
                }
                targets[n] = ATTRIBUTE + free;
            }
            if (!twice.isEmpty()) {
                warnings.add(
                        "Columns that would be the same attribute: %s."
                                .formatted(String.join(", ", twice)));
            }
        }

        private static String attribute(String name) {
            return name.startsWith(ATTRIBUTE) ? name.substring(ATTRIBUTE.length()).strip() : name;
        }

        private String quoted(int column) {
            String name = names.get(column);
            return name.isEmpty() ? "column %d".formatted(column + 1) : "\"%s\"".formatted(name);
        }
    }

    public static boolean isAddress(String value) {
        return value.length() <= 2 * EmailAddress.MAX_LENGTH
                && value.indexOf('@') >= 0
                && EmailAddress.parse(value) instanceof EmailAddress;
    }

    private static String value(List<String> row, int column) {
        return column < row.size() ? row.get(column) : "";
    }

    /**
     * The cleaned names of a header; a name that occurs twice gets a number. The first three names
     * of a file of rejects do not count, since the original file may have the same names.
     */
    public static List<String> names(List<String> header) {
        List<String> clean = header.stream().map(ColumnName::of).toList();
        Set<String> all = new HashSet<>(clean);
        Set<String> seen = new HashSet<>();
        int first = Header.isOfRejects(clean) ? Header.OF_REJECTS.size() : 0;
        List<String> names = new ArrayList<>(clean.subList(0, first));
        for (String name : clean.subList(first, clean.size())) {
            String free = name;
            for (int n = 2; !free.isEmpty() && !seen.add(free); n++) {
                String next = "%s %d".formatted(name, n);
                free = all.contains(next) ? free : next;
            }
            names.add(free);
        }
        return names;
    }
}
