package io.mailgenius.jobs.imports;

import io.mailgenius.jobs.contacts.addresses.EmailAddress;
import io.mailgenius.jobs.imports.ImportPreview.PreviewColumn;
import io.mailgenius.jobs.imports.columns.Column;
import io.mailgenius.jobs.imports.columns.ColumnName;
import io.mailgenius.jobs.imports.columns.ContactField;
import io.mailgenius.jobs.imports.columns.Header;
import io.mailgenius.jobs.imports.columns.Header.Named;
import io.mailgenius.jobs.imports.columns.ImportOptions;
import io.mailgenius.jobs.imports.rows.CopyBuffer;
import io.mailgenius.jobs.imports.rows.FirstRows;
import io.mailgenius.jobs.imports.rows.Rejects.Reject;
import io.mailgenius.jobs.imports.rows.RowReader;
import io.mailgenius.jobs.imports.rows.Staging;
import io.mailgenius.jobs.imports.rows.StoredKinds;
import io.mailgenius.jobs.imports.values.WrittenDate;
import io.mailgenius.jobs.imports.values.WrittenNumber;
import io.mailgenius.jobs.workspaces.Refusal;
import io.mailgenius.schema.ContactStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The first rows of a file, read as an import would read them. */
public final class FileSample {

    private static final int SHOWN = 10;
    private static final int WARNED = 5;
    private static final Set<String> TRUTHS =
            Set.of("true", "false", "yes", "no", "sim", "não", "nao", "verdadeiro", "falso");

    private final Header header;
    private final FirstRows first;
    private final List<String> warnings = new ArrayList<>();
    private final Map<String, String> types;
    private @Nullable StoredKinds kinds;
    private List<Reject> rejects = List.of();
    private long read;

    private FileSample(Header header, FirstRows first, ImportOptions options) {
        this.header = header;
        this.types = ColumnName.keyed(options.typesOrNone());
        this.first = first;
        this.read = first.rows().size();
    }

    public static FileSample of(FileNormalizer.Taken file, ImportOptions options) {
        FileSample sample = new FileSample(file.header(), file.rows(), options);
        sample.warn(file, options);
        return sample;
    }

    private void warn(FileNormalizer.Taken file, ImportOptions options) {
        warnings.addAll(file.warnings());
        try {
            header.require(options);
        } catch (Refusal.Invalid refusal) {
            warnings.add("The import would be refused: " + refusal.getMessage());
        }
        if (header.hasAddress()) {
            refused(file);
            warnAddresses();
            warnings.addAll(new ConsentSample(header, first.cells()).warnings());
            for (int n = 0; n < header.columns().size(); n++) {
                warnTypes(header.columns().get(n), n);
            }
        }
    }

    private void refused(FileNormalizer.Taken file) {
        byte[] bytes = file.rows().bytes();
        CopyBuffer staged = new CopyBuffer(bytes.length);
        RowReader reader =
                new RowReader(header, file.opening().dialect(), new Staging(header, staged));
        reader.read(bytes, file.opening().dataLine());
        kinds = StoredKinds.of(staged);
        read = reader.read();
        rejects = reader.rejects();
        for (Reject reject : rejects.subList(0, Math.min(WARNED, rejects.size()))) {
            warnings.add(
                    "Line %d would be rejected: %s%s."
                            .formatted(
                                    reject.line(),
                                    reject.column() == null ? "" : reject.column() + ": ",
                                    reject.reason()));
        }
        if (rejects.size() > WARNED) {
            warnings.add(
                    "%,d of the first %,d rows would be rejected."
                            .formatted(rejects.size(), reader.read()));
        }
    }

    private void warnAddresses() {
        List<EmailAddress> addresses = new ArrayList<>();
        for (String value : values(header.email())) {
            if (EmailAddress.parse(value) instanceof EmailAddress address) {
                addresses.add(address);
            }
        }
        warn(addresses.size() - addresses.stream().distinct().count(), "are there twice");
        warn(
                addresses.stream().filter(EmailAddress::isRole).count(),
                "are of a role, such as info@");
        warn(
                addresses.stream().filter(EmailAddress::isDisposable).count(),
                "are of a service for throwaway addresses");
    }

    private void warn(long count, String what) {
        if (count > 0) {
            warnings.add(
                    "%,d addresses of the first %,d rows %s."
                            .formatted(count, first.rows().size(), what));
        }
    }

    /** Values that look like numbers or dates but stay texts. */
    private void warnTypes(Named column, int n) {
        String stored = stored(column);
        if (types.containsKey(column.name()) || stored == null) {
            return;
        }
        List<String> values = values(n);
        String type = type(values);
        if (type.equals("date")
                && values.stream().anyMatch(value -> !value.matches("\\d{4}-\\d\\d-\\d\\d.*"))) {
            warnings.add(
                    "The dates of \"%s\" stay texts unless its type is date, or date:<pattern>."
                            .formatted(column.name()));
        } else if (!type.equals("date") && !type.equals(stored)) {
            warnings.add(
                    "Of the values of \"%s\", %s, unless its type is %s."
                            .formatted(
                                    column.name(),
                                    stored.equals("mixed") ? "some stay texts" : "all stay texts",
                                    type));
        }
    }

    private @Nullable String stored(Named column) {
        return switch (column.becomes()) {
            case Column.Field _ -> "text";
            case Column.Attribute(String name) -> kinds == null ? null : kinds.of(name);
            case Column.Status _, Column.Ignored _ -> null;
        };
    }

    private List<String> values(int column) {
        return first.cells().stream()
                .map(row -> row.get(column))
                .filter(value -> !value.isEmpty())
                .toList();
    }

    private static String type(List<String> values) {
        if (values.isEmpty()) {
            return "text";
        }
        if (values.stream().allMatch(v -> TRUTHS.contains(v.toLowerCase(Locale.ROOT)))) {
            return "boolean";
        }
        if (values.stream().allMatch(FileSample::isNumber)) {
            return "number";
        }
        return values.stream().noneMatch(v -> WrittenDate.of(v) instanceof WrittenDate.NoDate)
                ? "date"
                : "text";
    }

    /** Postcodes and phone numbers are not numbers. */
    private static boolean isNumber(String value) {
        String digits = value.startsWith("-") ? value.substring(1) : value;
        return !(WrittenNumber.of(value) instanceof WrittenNumber.NoNumber)
                && !value.startsWith("+")
                && !digits.matches("0\\d.*")
                && digits.length() <= 15;
    }

    public List<PreviewColumn> columns() {
        List<PreviewColumn> columns = new ArrayList<>();
        for (int n = 0; n < header.columns().size(); n++) {
            Named column = header.columns().get(n);
            List<String> values = values(n);
            String told = types.get(column.name());
            columns.add(
                    new PreviewColumn(
                            column.name(),
                            mapping(column),
                            told == null ? type(values) : told.replaceFirst(":.*", ""),
                            values.size(),
                            stored(column)));
        }
        return columns;
    }

    private static String mapping(Named column) {
        return switch (column.becomes()) {
            case Column.Field(ContactField field) -> field.json();
            case Column.Attribute(String name) -> "attributes." + name;
            case Column.Status _ -> Header.STATUS;
            case Column.Ignored _ -> "ignore";
        };
    }

    public Map<ContactStatus, Integer> statuses() {
        return new ConsentSample(header, first.cells()).statuses();
    }

    FirstRows first() {
        return first;
    }

    /** The rows that an import would reject. */
    List<Reject> rejects() {
        return rejects;
    }

    List<List<String>> shown() {
        List<List<String>> rows = first.rows();
        return rows.subList(0, Math.min(SHOWN, rows.size()));
    }

    int size() {
        return Math.toIntExact(read);
    }

    public List<String> warnings() {
        return warnings;
    }
}
