package io.mailgenius.jobs.imports;

import io.mailgenius.jobs.workspaces.Refusal;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * What the beginning of a file tells: its dialect, its header, and where the rows begin.
 *
 * @param dataFrom offset of the first byte after the header
 * @param dataLine number of the first line after the header
 */
record Opening(Dialect dialect, Header header, long dataFrom, long dataLine) {

    private static final int MAX_HEADER = 256 * 1024;
    private static final byte[] BOM = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};

    /**
     * @throws Refusal.Invalid if the file has no rows, or none that could become contacts
     */
    static Opening of(Path file, Map<String, String> mapping) throws IOException {
        byte[] head = head(file);
        int start = startsWithBom(head) ? BOM.length : 0;
        if (head.length == start) {
            throw new Refusal.Invalid(
                    "import-is-empty", "The file is empty: it needs a header line and rows.");
        }
        int end = endOfRecord(head, start);
        String record = text(head, start, end);
        if (record.indexOf('\0') >= 0) {
            throw new Refusal.Invalid(
                    "import-header-unreadable",
                    "The first line contains a NUL character: save the file as CSV in UTF-8.");
        }
        Dialect dialect = Dialect.of(record);
        Header header = Header.read(record, dialect, mapping);
        if (end >= Files.size(file)) {
            throw new Refusal.Invalid(
                    "import-has-no-rows", "The file has a header and no rows after it.");
        }
        return new Opening(dialect, header, end, 1 + lineBreaks(head, start, end));
    }

    private static byte[] head(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return in.readNBytes(MAX_HEADER);
        }
    }

    private static boolean startsWithBom(byte[] head) {
        return head.length >= BOM.length
                && head[0] == BOM[0]
                && head[1] == BOM[1]
                && head[2] == BOM[2];
    }

    private static int endOfRecord(byte[] head, int start) {
        boolean quoted = false;
        boolean valueBegins = true;
        for (int n = start; n < head.length; n++) {
            if (head[n] == '"' && (quoted || valueBegins)) {
                // A doubled one closes and opens again.
                quoted = !quoted;
                valueBegins = !quoted;
            } else if (!quoted && endsLine(head, n)) {
                return n + 1;
            } else if (!quoted) {
                valueBegins = Dialect.mayDelimit((char) head[n]);
            }
        }
        if (head.length == MAX_HEADER || quoted) {
            throw new Refusal.Invalid(
                    "import-header-unreadable",
                    quoted
                            ? "A quote in the first line is never closed."
                            : "The first line is longer than 256 KiB: this is not a CSV file.");
        }
        return head.length;
    }

    /** As {@link SliceReader} has it: a carriage return alone ends a line too. */
    private static boolean endsLine(byte[] head, int n) {
        return head[n] == '\n' || head[n] == '\r' && (n + 1 >= head.length || head[n + 1] != '\n');
    }

    private static String text(byte[] head, int start, int end) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(head, start, end - start))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new Refusal.Invalid(
                    "import-is-not-utf-8",
                    "The first line is not UTF-8 text: save the file as CSV in UTF-8.");
        }
    }

    private static int lineBreaks(byte[] head, int start, int end) {
        int breaks = 0;
        for (int n = start; n < end; n++) {
            if (endsLine(head, n)) {
                breaks++;
            }
        }
        return breaks;
    }
}
