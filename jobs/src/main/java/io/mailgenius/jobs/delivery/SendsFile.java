package io.mailgenius.jobs.delivery;

import static io.mailgenius.jobs.contacts.SpreadsheetText.harmless;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.nio.charset.StandardCharsets;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;

/** A campaign's recipients as a file for spreadsheets. */
final class SendsFile {

    private final CSVPrinter printer;

    SendsFile(OutputStream out) throws IOException {
        printer =
                new CSVPrinter(
                        new BufferedWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8)),
                        CSVFormat.RFC4180);
        printer.printRecord(
                "contactId",
                "email",
                "status",
                "reason",
                "providerId",
                "recordedAt",
                "deliveredAt",
                "openedAt",
                "clickedAt",
                "bouncedAt",
                "complainedAt");
    }

    /** The reason may contain text of the provider, which may contain text of the mail's author. */
    void row(SendView send) throws IOException {
        printer.printRecord(
                send.contactId(),
                harmless(send.email()),
                send.status(),
                harmless(send.reason()),
                harmless(send.providerId()),
                send.recordedAt(),
                send.deliveredAt(),
                send.openedAt(),
                send.clickedAt(),
                send.bouncedAt(),
                send.complainedAt());
    }

    /** Omitted after a failure: an incomplete file must not look complete. */
    void end() throws IOException {
        printer.close(true);
    }
}
