package io.mailgenius.jobs.imports.columns;

import io.mailgenius.jobs.contacts.ExportText;
import io.mailgenius.jobs.contacts.NormalizedText;
import io.mailgenius.jobs.imports.columns.ImportOptions.Addresses;
import io.mailgenius.jobs.imports.columns.ImportOptions.Defaults;
import io.mailgenius.jobs.imports.columns.ImportOptions.Rule;
import io.mailgenius.jobs.imports.rows.RowReader;
import io.mailgenius.jobs.imports.values.CellType;
import io.mailgenius.jobs.imports.values.DayOrder;
import io.mailgenius.jobs.imports.values.DecimalMark;
import io.mailgenius.jobs.workspaces.Refusal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The columns of a file, what each becomes, and how role and disposable addresses are handled.
 *
 * @param exported whether the file is our own export, whose cells are read as they were written
 */
public record Header(
        List<Named> columns, List<Default> defaults, Addresses addresses, boolean exported) {

    /** What a file of rejects begins its rows with; passed over when it is imported again. */
    public static final List<String> OF_REJECTS = List.of("line", "column", "reason");

    public static final int MAX_COLUMNS = 500;
    private static final String ATTRIBUTE = "attributes.";
    public static final String STATUS = "status";

    /**
     * @param name as it stands in the file
     * @param fill whether its rule is FILL
     * @param consent how it states the contact's status; null if it does not
     */
    public record Named(
            String name,
            Column becomes,
            CellType type,
            boolean fill,
            @Nullable ConsentRule consent) {

        /**
         * Whether it is an attribute only because neither an option nor its name says otherwise.
         */
        public boolean isAsNamed() {
            return becomes instanceof Column.Attribute(String attribute) && attribute.equals(name);
        }

        public boolean asksForConsent() {
            return consent != null && !(becomes instanceof Column.Ignored);
        }

        Named styled(ColumnStyle style) {
            return new Named(
                    name,
                    style.status() && consent != null && becomes instanceof Column.Attribute
                            ? new Column.Status()
                            : becomes,
                    switch (type) {
                        case CellType.Guessed _ ->
                                new CellType.Guessed(style.decimal() == DecimalMark.POINT);
                        case CellType.Number(DecimalMark mark) when mark == null ->
                                new CellType.Number(style.decimal());
                        case CellType.Date(DayOrder order) when order == null ->
                                new CellType.Date(style.order());
                        case CellType as -> as;
                    },
                    fill,
                    consent);
        }
    }

    /** The default of a field. */
    public record Default(ContactField field, String value) {}

    /**
     * @throws Refusal.Invalid if there are more than are read
     */
    public static void requireFewColumns(int columns) {
        if (columns > MAX_COLUMNS) {
            throw new Refusal.Invalid(
                    "import-has-too-many-columns",
                    "The file has more than %d columns, which are the limit."
                            .formatted(MAX_COLUMNS));
        }
    }

    static boolean isOfRejects(List<String> names) {
        return names.size() > OF_REJECTS.size()
                && names.subList(0, OF_REJECTS.size()).equals(OF_REJECTS);
    }

    /**
     * @throws Refusal.Invalid if nobody could make contacts of these columns, or the options are
     *     for others
     */
    public void require(ImportOptions options) {
        List<String> names = names();
        named(names, options.mappingOrNone(), "import-mapping-names-no-column", "mapping");
        named(names, options.typesOrNone(), "import-types-name-no-column", "types");
        named(names, options.rulesOrNone(), "import-rules-name-no-column", "rules");
        check();
    }

    private static void named(
            List<String> names, Map<String, ?> option, String problem, String word) {
        for (String column : option.keySet()) {
            if (!names.contains(column) && !names.contains(ColumnName.of(column))) {
                throw new Refusal.Invalid(
                        problem,
                        "The option %s names a column \"%s\", but the file has: %s."
                                .formatted(word, column, String.join(", ", names)));
            }
        }
    }

    /**
     * By the names of the columns alone, without a look at the rows.
     *
     * @throws Refusal.Invalid if nobody could make contacts of these columns
     */
    public static Header read(List<String> names, ImportOptions options) {
        List<String> targets = ColumnMapping.of(names, List.of(), options).targets();
        Header header = of(names, targets, options);
        header.require(options);
        return header;
    }

    /**
     * @param targets what {@link ColumnMapping} has decided
     */
    public static Header of(List<String> names, List<String> targets, ImportOptions options) {
        Map<String, String> mapping = ColumnName.keyed(options.mappingOrNone());
        Map<String, String> types = ColumnName.keyed(options.typesOrNone());
        Map<String, Rule> rules = ColumnName.keyed(options.rulesOrNone());
        boolean exported = ExportText.isExport(names);
        List<Named> columns = new ArrayList<>(names.size());
        for (int n = 0; n < names.size(); n++) {
            String name = names.get(n);
            String type = types.get(name);
            Column becomes = column(name, targets.get(n));
            ConsentRule consent = mapping.containsKey(name) ? null : consent(name, becomes);
            if (becomes instanceof Column.Status && consent == null) {
                consent = ConsentRule.byHeader(name).orElse(ConsentRule.STATUS);
            }
            columns.add(
                    new Named(
                            name,
                            becomes,
                            type != null
                                    ? CellType.of(name, type)
                                    : exported
                                            ? new CellType.Exported()
                                            : new CellType.Guessed(false),
                            rules.get(name) == Rule.FILL,
                            consent));
        }
        return new Header(
                columns, defaults(options.defaults()), options.addressesOrTaken(), exported);
    }

    private static @Nullable ConsentRule consent(String name, Column becomes) {
        return becomes instanceof Column.Attribute(String attribute) && attribute.equals(name)
                ? ConsentRule.byHeader(name).orElse(null)
                : null;
    }

    /**
     * @param styles how the cells are written, by the number of the column
     */
    public Header styled(Map<Integer, ColumnStyle> styles) {
        List<Named> styled = new ArrayList<>(columns.size());
        for (int n = 0; n < columns.size(); n++) {
            styled.add(columns.get(n).styled(styles.getOrDefault(n, ColumnStyle.UNKNOWN)));
        }
        return new Header(styled, defaults, addresses, exported);
    }

    /** Whether a row can state a status. */
    public boolean asksForConsent() {
        return columns.stream().anyMatch(Named::asksForConsent);
    }

    private static Column column(String name, String target) {
        if (target.equals("ignore")) {
            return new Column.Ignored();
        }
        if (target.equals(STATUS)) {
            return new Column.Status();
        }
        if (target.startsWith(ATTRIBUTE) && target.length() > ATTRIBUTE.length()) {
            return new Column.Attribute(target.substring(ATTRIBUTE.length()));
        }
        return ContactField.byJson(target)
                .<Column>map(Column.Field::new)
                .orElseThrow(
                        () ->
                                new Refusal.Invalid(
                                        "import-mapping-unknown-field",
                                        "Column \"%s\" is mapped to \"%s\", which is neither a contact field, status, attributes.<name>, nor ignore."
                                                .formatted(name, target)));
    }

    private static List<Default> defaults(@Nullable Defaults given) {
        List<Default> defaults = new ArrayList<>();
        if (given != null) {
            add(defaults, ContactField.COUNTRY, given.country());
            add(defaults, ContactField.LOCALE, given.locale());
            add(defaults, ContactField.TIME_ZONE, given.timeZone());
        }
        return defaults;
    }

    private static void add(List<Default> defaults, ContactField field, @Nullable String value) {
        if (value == null || value.isBlank()) {
            return;
        }
        if (value.length() > RowReader.MAX_FIELD || value.indexOf('\0') >= 0) {
            throw new Refusal.Invalid(
                    "import-default-invalid",
                    "The default %s is no text of at most %d characters."
                            .formatted(field.json(), RowReader.MAX_FIELD));
        }
        defaults.add(new Default(field, NormalizedText.of(value.strip())));
    }

    private void check() {
        Set<Object> targets = new HashSet<>();
        for (Named column : columns) {
            if (!(column.becomes() instanceof Column.Ignored)
                    && !(column.becomes() instanceof Column.Status)
                    && !targets.add(column.becomes())) {
                throw new Refusal.Invalid(
                        "import-column-twice",
                        "Two columns of the file are mapped to the same, the second is \"%s\": rename or ignore one of them."
                                .formatted(column.name()));
            }
            if (column.becomes() instanceof Column.Field
                    && !(column.type() instanceof CellType.Guessed)
                    && !(column.type() instanceof CellType.Exported)) {
                throw new Refusal.Invalid(
                        "import-type-of-field",
                        "Column \"%s\" is a contact field, which is a text: types are for attributes."
                                .formatted(column.name()));
            }
        }
        if (!targets.contains(new Column.Field(ContactField.EMAIL))) {
            throw new Refusal.Invalid(
                    "import-has-no-email-column",
                    "No column of the file is an e-mail address; it has: %s. Name the columns in the first line, or map one to email."
                            .formatted(String.join(", ", names())));
        }
    }

    List<String> names() {
        return columns.stream().map(Named::name).toList();
    }

    public boolean hasAddress() {
        return columns.stream()
                .anyMatch(c -> c.becomes().equals(new Column.Field(ContactField.EMAIL)));
    }

    /** Which column has the address. */
    public int email() {
        for (int n = 0; n < columns.size(); n++) {
            if (columns.get(n).becomes() instanceof Column.Field(ContactField field)
                    && field == ContactField.EMAIL) {
                return n;
            }
        }
        throw new IllegalStateException("A header without an address is refused");
    }
}
