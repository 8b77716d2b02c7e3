package io.mailgenius.jobs.contacts;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** A CSV file of contacts that spreadsheets can open and an import can read. */
final class ExportFile {

    private final CSVPrinter printer;
    private final List<String> attributes;

    ExportFile(OutputStream out, List<String> attributes) throws IOException {
        this.attributes = attributes;
        this.printer =
                new CSVPrinter(
                        new BufferedWriter(
                                new OutputStreamWriter(
                                        new GZIPOutputStream(out, 1 << 16),
                                        StandardCharsets.UTF_8)),
                        CSVFormat.RFC4180);
        List<String> header = new ArrayList<>(ExportText.FIELDS);
        header.add(ExportText.STATUS);
        header.addAll(ExportText.TIMES);
        for (String name : attributes) {
            header.add(ExportText.ATTRIBUTE + name);
        }
        printer.printRecord(header);
    }

    void row(ContactView contact) throws IOException {
        List<@Nullable Object> row = new ArrayList<>();
        row.add(field(contact.email()));
        row.add(field(contact.firstName()));
        row.add(field(contact.lastName()));
        row.add(field(contact.phone()));
        row.add(field(contact.city()));
        row.add(field(contact.country()));
        row.add(field(contact.locale()));
        row.add(field(contact.timeZone()));
        row.add(contact.status());
        row.add(contact.createdAt());
        row.add(contact.updatedAt());
        for (String name : attributes) {
            row.add(value(contact.attributes().get(name)));
        }
        printer.printRecord(row);
    }

    private static @Nullable String field(@Nullable String text) {
        return text == null ? null : ExportText.field(text);
    }

    private static @Nullable Object value(@Nullable Object value) {
        return switch (value) {
            case null -> null;
            case String text -> ExportText.attribute(text);
            case BigDecimal number -> number.toPlainString();
            case Number number -> number;
            case Boolean truth -> truth;
            case Object nested -> JsonMapper.shared().writeValueAsString(nested);
        };
    }

    /** Omitted after a failure: an incomplete file must not look complete. */
    void end() throws IOException {
        printer.close(true);
    }
}
