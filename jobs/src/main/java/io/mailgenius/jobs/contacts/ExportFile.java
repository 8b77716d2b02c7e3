package io.mailgenius.jobs.contacts;

import static io.mailgenius.jobs.contacts.SpreadsheetText.harmless;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** A file of contacts that a spreadsheet opens and an import understands. */
final class ExportFile implements AutoCloseable {

    private static final List<String> FIELDS =
            List.of(
                    "email",
                    "firstName",
                    "lastName",
                    "phone",
                    "city",
                    "country",
                    "locale",
                    "timeZone");

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
        List<String> header = new ArrayList<>(FIELDS);
        header.add("status");
        header.add("createdAt");
        header.add("updatedAt");
        for (String name : attributes) {
            header.add(harmless("attributes." + name));
        }
        printer.printRecord(header);
    }

    void row(ContactView contact) throws IOException {
        List<@Nullable Object> row = new ArrayList<>();
        row.add(harmless(contact.email()));
        row.add(harmless(contact.firstName()));
        row.add(harmless(contact.lastName()));
        row.add(harmless(contact.phone()));
        row.add(harmless(contact.city()));
        row.add(harmless(contact.country()));
        row.add(harmless(contact.locale()));
        row.add(harmless(contact.timeZone()));
        row.add(contact.status());
        row.add(contact.createdAt());
        row.add(contact.updatedAt());
        for (String name : attributes) {
            row.add(value(contact.attributes().get(name)));
        }
        printer.printRecord(row);
    }

    private static @Nullable Object value(@Nullable Object value) {
        return switch (value) {
            case null -> null;
            case String text -> harmless(text);
            case Number number -> number;
            case Boolean truth -> truth;
            case Object nested -> JsonMapper.shared().writeValueAsString(nested);
        };
    }

    @Override
    public void close() throws IOException {
        printer.close(true);
    }
}
