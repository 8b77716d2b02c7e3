package io.mailgenius.jobs.imports;

import io.mailgenius.jobs.imports.columns.Column;
import io.mailgenius.jobs.imports.columns.ConsentRule;
import io.mailgenius.jobs.imports.columns.Header;
import io.mailgenius.jobs.imports.columns.Header.Named;
import io.mailgenius.jobs.imports.rows.ConsentReader;
import io.mailgenius.schema.ContactStatus;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** The statuses in the first rows of a file, and the cells that are not recognised. */
final class ConsentSample {

    private final List<Named> columns;
    private final List<List<String>> rows;

    ConsentSample(Header header, List<List<String>> rows) {
        this.columns = header.columns();
        this.rows = rows;
    }

    /** The number of rows per status; rows without a status are not counted. */
    Map<ContactStatus, Integer> statuses() {
        Map<ContactStatus, Integer> statuses = new EnumMap<>(ContactStatus.class);
        for (List<String> row : rows) {
            ContactStatus least = ContactStatus.SUBSCRIBED;
            for (int n = 0; n < Math.min(columns.size(), row.size()); n++) {
                Optional<ContactStatus> said = read(columns.get(n), row.get(n));
                if (said.isPresent() && said.get().compareTo(least) > 0) {
                    least = said.get();
                }
            }
            if (least != ContactStatus.SUBSCRIBED) {
                statuses.merge(least, 1, Integer::sum);
            }
        }
        return statuses;
    }

    private static Optional<ContactStatus> read(Named column, String cell) {
        return cell.isBlank() || !column.asksForConsent()
                ? Optional.empty()
                : ConsentReader.read(column, cell.strip());
    }

    List<String> warnings() {
        List<String> warnings = new ArrayList<>();
        Map<ContactStatus, Integer> statuses = statuses();
        if (!statuses.isEmpty()) {
            warnings.add(
                    "Of the first %,d rows some say that no mail is wanted: %s."
                            .formatted(
                                    rows.size(),
                                    statuses.entrySet().stream()
                                            .map(e -> "%,d %s".formatted(e.getValue(), e.getKey()))
                                            .collect(Collectors.joining(", "))));
        }
        for (int n = 0; n < columns.size(); n++) {
            Named column = columns.get(n);
            if (column.becomes() instanceof Column.Attribute(String name)) {
                notUnderstood(column, n)
                        .ifPresent(
                                cell ->
                                        warnings.add(
                                                "Column \"%s\" seems to be about consent, but \"%s\" is not understood: it becomes the attribute %s. Map it to status, to an attribute or to ignore."
                                                        .formatted(column.name(), cell, name)));
            }
        }
        return warnings;
    }

    private Optional<String> notUnderstood(Named column, int n) {
        ConsentRule rule = column.consent();
        if (rule == null && !(column.isAsNamed() && ConsentRule.looksLikeOne(column.name()))) {
            return Optional.empty();
        }
        return rows.stream()
                .filter(row -> row.size() > n)
                .map(row -> row.get(n).strip())
                .filter(cell -> !cell.isEmpty())
                .filter(cell -> rule == null || rule.read(cell).isEmpty())
                .findFirst();
    }
}
