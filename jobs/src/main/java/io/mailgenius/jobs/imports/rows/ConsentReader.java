package io.mailgenius.jobs.imports.rows;

import io.mailgenius.jobs.imports.columns.Column;
import io.mailgenius.jobs.imports.columns.ConsentRule;
import io.mailgenius.jobs.imports.columns.ConsentWords;
import io.mailgenius.jobs.imports.columns.Header;
import io.mailgenius.jobs.imports.columns.Header.Named;
import io.mailgenius.schema.ContactStatus;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Reads the contact's status from the columns of a row that state one. */
public final class ConsentReader {

    private final List<Named> columns;
    private final int[] asked;
    private final Cell cell = new Cell();
    private @Nullable ContactStatus status;

    ConsentReader(Header header) {
        this.columns = header.columns();
        this.asked =
                IntStream.range(0, columns.size())
                        .filter(n -> columns.get(n).asksForConsent())
                        .toArray();
    }

    /**
     * Returns why the row is rejected, or null; then {@link #status} is the status that the row
     * states.
     */
    Staging.@Nullable Refused read(RecordScanner record, byte[] bytes) {
        status = null;
        for (int n : asked) {
            cell.read(record, bytes, n);
            if (cell.size() == 0) {
                continue;
            }
            Named column = columns.get(n);
            Optional<ContactStatus> read = read(column, cell.text());
            if (read.isEmpty() && column.becomes() instanceof Column.Status) {
                return new Staging.Refused(
                        column.name(),
                        "\"%s\" does not say whether mail is wanted; subscribed, unsubscribed, bounced, complained, pending, yes and no do. Map the column to an attribute if it is about something else"
                                .formatted(AttributeWriter.shown(cell)));
            }
            read.ifPresent(this::lower);
        }
        return null;
    }

    /** In a column that is also an attribute, only unambiguous consent words count. */
    public static Optional<ContactStatus> read(Named column, String text) {
        ConsentRule rule = column.consent();
        if (rule == null) {
            return Optional.empty();
        }
        return column.becomes() instanceof Column.Status
                ? rule.read(text)
                : ConsentWords.status(text).filter(_ -> ConsentWords.isAboutMail(text));
    }

    private void lower(ContactStatus said) {
        if (said != ContactStatus.SUBSCRIBED
                && (status == null || said.ordinal() > status.ordinal())) {
            status = said;
        }
    }

    /** The lowest status that the row states; null if it states none below {@code SUBSCRIBED}. */
    @Nullable ContactStatus status() {
        return status;
    }
}
