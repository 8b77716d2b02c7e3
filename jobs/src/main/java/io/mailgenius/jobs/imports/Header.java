package io.mailgenius.jobs.imports;

import io.mailgenius.jobs.workspaces.Refusal;
import java.io.IOException;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;

/**
 * The first record of a file, understood.
 *
 * @param names as they stand in the file
 * @param columns what each becomes, in the same order
 */
record Header(List<String> names, List<Column> columns) {

    private static final int MAX_COLUMNS = 500;
    private static final String ATTRIBUTE = "attributes.";

    /**
     * @throws Refusal.Invalid if nobody could make contacts of such columns
     */
    static Header read(String firstRecord, Dialect dialect, Map<String, String> mapping) {
        List<String> names = names(firstRecord, dialect);
        if (names.size() > MAX_COLUMNS) {
            throw new Refusal.Invalid(
                    "import-has-too-many-columns",
                    "The file has %d columns; %d are the limit."
                            .formatted(names.size(), MAX_COLUMNS));
        }
        for (String mapped : mapping.keySet()) {
            if (!names.contains(mapped)) {
                throw new Refusal.Invalid(
                        "import-mapping-names-no-column",
                        "The mapping names a column \"%s\", but the file has: %s."
                                .formatted(mapped, String.join(", ", names)));
            }
        }
        return checked(of(names, mapping));
    }

    /** Of names that were checked when the file came in. */
    static Header of(List<String> names, Map<String, String> mapping) {
        return new Header(names, names.stream().map(name -> column(name, mapping)).toList());
    }

    private static List<String> names(String firstRecord, Dialect dialect) {
        try (CSVParser parser = dialect.format().parse(new StringReader(firstRecord))) {
            for (CSVRecord record : parser) {
                List<String> names = new ArrayList<>(record.size());
                record.forEach(name -> names.add(name.strip()));
                return names;
            }
            return List.of();
        } catch (IOException e) {
            throw new Refusal.Invalid(
                    "import-header-unreadable",
                    "The first line of the file is not a header: %s.".formatted(e.getMessage()));
        }
    }

    private static Column column(String name, Map<String, String> mapping) {
        String target = mapping.get(name);
        if (target == null) {
            return ContactField.byHeader(name)
                    .<Column>map(Column.Field::new)
                    .orElseGet(
                            () ->
                                    name.isEmpty()
                                            ? new Column.Ignored()
                                            : new Column.Attribute(attribute(name)));
        }
        if (target.equals("ignore")) {
            return new Column.Ignored();
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
                                        "Column \"%s\" is mapped to \"%s\", which is neither a contact field, attributes.<name>, nor ignore."
                                                .formatted(name, target)));
    }

    private static String attribute(String name) {
        return name.startsWith(ATTRIBUTE) ? name.substring(ATTRIBUTE.length()) : name;
    }

    private static Header checked(Header header) {
        Set<Object> targets = new HashSet<>();
        for (int n = 0; n < header.columns.size(); n++) {
            Column column = header.columns.get(n);
            if (!(column instanceof Column.Ignored) && !targets.add(column)) {
                throw new Refusal.Invalid(
                        "import-column-twice",
                        "Two columns of the file mean the same, the second is \"%s\": rename or ignore one of them."
                                .formatted(header.names.get(n)));
            }
        }
        if (!targets.contains(new Column.Field(ContactField.EMAIL))) {
            throw new Refusal.Invalid(
                    "import-has-no-email-column",
                    "No column of the file is an e-mail address; it has: %s. Name the columns in the first line, or map one to email."
                            .formatted(String.join(", ", header.names)));
        }
        return header;
    }
}
