package io.mailgenius.api.audit;

import static io.mailgenius.jobs.contacts.SpreadsheetText.harmless;

import io.mailgenius.jobs.audit.AuditEntry;
import io.mailgenius.jobs.audit.AuditFilter;
import io.mailgenius.jobs.audit.AuditTrail;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Writes entries of the audit trail as files. */
@Component
class AuditFile {

    private final AuditTrail trail;
    private final JsonMapper json;

    AuditFile(AuditTrail trail, JsonMapper json) {
        this.trail = trail;
        this.json = json;
    }

    /** A JSON object per line. */
    void writeLines(AuditFilter filter, OutputStream out) throws IOException {
        Writer lines = new BufferedWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8));
        trail.each(
                filter,
                entry -> {
                    try {
                        lines.write(json.writeValueAsString(entry));
                        lines.write('\n');
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                });
        lines.flush();
    }

    /** For spreadsheets. */
    void writeCsv(AuditFilter filter, OutputStream out) throws IOException {
        CSVPrinter printer =
                new CSVPrinter(
                        new BufferedWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8)),
                        CSVFormat.RFC4180);
        printer.printRecord(
                "position",
                "at",
                "actorKind",
                "actor",
                "address",
                "requestId",
                "action",
                "noun",
                "target",
                "before",
                "after",
                "hash");
        trail.each(filter, entry -> row(entry, printer));
        printer.flush();
    }

    private static void row(AuditEntry entry, CSVPrinter printer) {
        try {
            printer.printRecord(
                    entry.position(),
                    entry.at(),
                    text(entry.actor(), "kind"),
                    text(entry.actor(), "name"),
                    text(entry.actor(), "address"),
                    text(entry.actor(), "requestId"),
                    entry.action(),
                    harmless(entry.noun()),
                    harmless(entry.target()),
                    entry.before(),
                    entry.after(),
                    entry.hash());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static @Nullable String text(JsonNode actor, String field) {
        JsonNode value = actor.get(field);
        return value == null || value.isNull() ? null : harmless(value.asString());
    }
}
