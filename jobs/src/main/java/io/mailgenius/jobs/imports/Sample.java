package io.mailgenius.jobs.imports;

import io.mailgenius.jobs.contacts.EmailAddress;
import io.mailgenius.jobs.imports.Header.Named;
import io.mailgenius.jobs.imports.ImportPreview.PreviewColumn;
import io.mailgenius.jobs.imports.Rejects.Reject;
import io.mailgenius.schema.ContactStatus;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The first rows of a file, read as an import would read them. */
final class Sample {

    private static final int MOST = 1_000;
    private static final int SHOWN = 10;
    private static final int WARNED = 5;
    private static final Set<String> TRUTHS =
            Set.of("true", "false", "yes", "no", "sim", "não", "nao", "verdadeiro", "falso");

    private final Header header;
    private final List<List<String>> rows = new ArrayList<>();
    private final List<String> warnings = new ArrayList<>();
    private final byte[] bytes;

    private Sample(Header header, byte[] bytes) {
        this.header = header;
        this.bytes = bytes;
    }

    static Sample of(Intake.Looked looked) {
        byte[] head = looked.head().bytes();
        Opening opening = looked.opening();
        RecordScanner scanner = new RecordScanner(opening.dialect());
        int at = opening.dataFrom();
        List<List<String>> found = new ArrayList<>();
        boolean more = true;
        while (more && found.size() < MOST) {
            switch (scanner.next(head, at, head.length, looked.head().whole())) {
                case RECORD -> {
                    if (!scanner.isEmpty()) {
                        found.add(Dialect.values(scanner, head));
                    }
                }
                case TORN, TOO_LONG -> {}
                case MORE, NOTHING -> more = false;
            }
            at = more ? scanner.end() : at;
        }
        Sample sample =
                new Sample(looked.header(), Arrays.copyOfRange(head, opening.dataFrom(), at));
        sample.rows.addAll(found);
        sample.warn(looked);
        return sample;
    }

    private void warn(Intake.Looked looked) {
        warnings.addAll(looked.report().warnings());
        boolean addressed =
                header.columns().stream()
                        .anyMatch(c -> c.becomes().equals(new Column.Field(ContactField.EMAIL)));
        if (!addressed) {
            warnings.add(
                    "No column is an e-mail address by its name: map one to email"
                            + likely().map(name -> ", probably \"" + name + "\".").orElse("."));
            return;
        }
        if (!looked.opening().header()) {
            warnings.add("The first line has an address and so names no columns.");
        }
        refused(looked);
        warnAddresses();
        warnings.addAll(new ConsentSample(header, rows).warnings());
        for (Named column : header.columns()) {
            warnDates(column);
        }
    }

    /** The column that has most addresses. */
    private Optional<String> likely() {
        int best = -1;
        long most = 0;
        for (int n = 0; n < header.columns().size(); n++) {
            long addresses =
                    values(n).stream()
                            .filter(value -> EmailAddress.parse(value) instanceof EmailAddress)
                            .count();
            if (addresses > most) {
                most = addresses;
                best = n;
            }
        }
        return best < 0 ? Optional.empty() : Optional.of(header.columns().get(best).name());
    }

    private void refused(Intake.Looked looked) {
        RowReader reader =
                new RowReader(
                        header,
                        looked.opening().dialect(),
                        new Staging(header, new CopyBuffer(bytes.length)));
        reader.read(bytes, looked.opening().dataLine());
        List<Reject> rejects = reader.rejects();
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
                    "%,d addresses of the first %,d rows %s.".formatted(count, rows.size(), what));
        }
    }

    private void warnDates(Named column) {
        int n = header.columns().indexOf(column);
        if (type(values(n)).equals("date")
                && column.type() instanceof CellType.Guessed
                && values(n).stream().anyMatch(value -> !value.matches("\\d{4}-\\d\\d-\\d\\d.*"))) {
            warnings.add(
                    "The dates of \"%s\" stay texts unless its type is date, or date:<pattern>."
                            .formatted(column.name()));
        }
    }

    private List<String> values(int column) {
        return rows.stream()
                .filter(row -> row.size() > column)
                .map(row -> row.get(column).strip())
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
        if (values.stream().allMatch(Sample::isNumber)) {
            return "number";
        }
        return values.stream().noneMatch(v -> WrittenDate.of(v) instanceof WrittenDate.NoDate)
                ? "date"
                : "text";
    }

    /** A postcode and a phone number are none. */
    private static boolean isNumber(String value) {
        String digits = value.startsWith("-") ? value.substring(1) : value;
        return !(WrittenNumber.of(value) instanceof WrittenNumber.NoNumber)
                && !value.startsWith("+")
                && !digits.matches("0\\d.*")
                && digits.length() <= 15;
    }

    List<PreviewColumn> columns() {
        List<PreviewColumn> columns = new ArrayList<>();
        for (int n = 0; n < header.columns().size(); n++) {
            Named column = header.columns().get(n);
            List<String> values = values(n);
            columns.add(
                    new PreviewColumn(column.name(), mapping(column), type(values), values.size()));
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

    Map<ContactStatus, Integer> statuses() {
        return new ConsentSample(header, rows).statuses();
    }

    List<List<String>> shown() {
        return rows.subList(0, Math.min(SHOWN, rows.size()));
    }

    int size() {
        return rows.size();
    }

    List<String> warnings() {
        return warnings;
    }
}
