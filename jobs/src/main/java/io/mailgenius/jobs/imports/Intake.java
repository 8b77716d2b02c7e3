package io.mailgenius.jobs.imports;

import io.mailgenius.jobs.imports.FileStorage.Stored;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Takes a file as people have it and leaves delimited text in UTF-8, which is all that the job
 * reads: what is packed, a spreadsheet or in another encoding is rewritten once, from stream to
 * stream. Plain text in UTF-8 stays the file that it was.
 */
final class Intake {

    private final FileStorage files;

    Intake(FileStorage files) {
        this.files = files;
    }

    /**
     * @param original what was sent: its bytes and their checksum; its key may be gone
     * @param text what the job reads
     * @param styles of the columns, by their numbers
     */
    record Taken(
            Stored original,
            Stored text,
            FileFormat format,
            Opening opening,
            Header header,
            Map<Integer, ColumnStyle> styles) {}

    /**
     * @throws io.mailgenius.jobs.workspaces.Refusal.Invalid if no row of it could become a contact;
     *     nothing is kept then
     * @throws UncheckedIOException if the upload breaks off or the disk is full
     */
    Taken take(InputStream content, ImportOptions options) {
        Stored original;
        Survey survey = new Survey(content);
        try {
            original = files.store(survey);
        } catch (IOException e) {
            throw new UncheckedIOException("The upload did not arrive whole", e);
        }
        @Nullable String kept = original.key();
        try {
            SheetReport report = new SheetReport();
            Text text = text(original, survey, options, report);
            if (!text.stored().key().equals(original.key())) {
                files.delete(original.key());
                kept = text.stored().key();
            }
            Head head = head(text.stored());
            Opening opening = Opening.of(head.bytes(), head.whole(), text.linePerRecord(), options);
            Header header = Header.read(opening.names(), options);
            FileFormat format = format(text.packing(), text.charset(), opening, report);
            ColumnSurvey columns = ColumnSurvey.of(header, opening, head);
            if (columns.wantsAll()) {
                try (InputStream rows = files.open(text.stored().key(), opening.dataFrom())) {
                    columns.all(rows);
                }
            }
            Taken taken =
                    new Taken(original, text.stored(), format, opening, header, columns.styles());
            kept = null;
            return taken;
        } catch (IOException e) {
            throw new UncheckedIOException("The upload cannot be read", e);
        } finally {
            // A crash before this leaves a file that no import names.
            if (kept != null) {
                files.delete(kept);
            }
        }
    }

    private record Text(Stored stored, Packing packing, Charset charset) {

        boolean linePerRecord() {
            return packing == Packing.XLSX;
        }
    }

    private Text text(Stored original, Survey seen, ImportOptions options, SheetReport report)
            throws IOException {
        byte[] head = beginning(original.key());
        Packing packing = files.local(original.key(), file -> Packing.of(file, head));
        Stored text = original;
        Survey survey = seen;
        if (packing != Packing.NONE) {
            Unpacked unpacked =
                    files.local(
                            original.key(),
                            file -> packing.text(file, options, report, this::unpacked));
            survey = unpacked.survey();
            text = unpacked.stored();
        }
        byte[] textHead = packing == Packing.NONE ? head : beginning(text.key());
        Charset charset =
                packing == Packing.XLSX
                        ? StandardCharsets.UTF_8
                        : Encoding.of(textHead, survey, options.encoding());
        if (charset.equals(StandardCharsets.UTF_8)) {
            return new Text(text, packing, charset);
        }
        try (InputStream in = Encoding.toUtf8(files.open(text.key(), 0), charset)) {
            return new Text(files.store(in), packing, charset);
        } finally {
            if (!text.key().equals(original.key())) {
                files.delete(text.key());
            }
        }
    }

    private record Unpacked(Stored stored, Survey survey) {}

    private Unpacked unpacked(InputStream text) throws IOException {
        Survey survey = new Survey(text);
        return new Unpacked(files.store(survey), survey);
    }

    private byte[] beginning(String key) throws IOException {
        try (InputStream in = files.open(key, 0)) {
            return in.readNBytes(64);
        }
    }

    /**
     * @param whole whether that is all of the text
     */
    record Head(byte[] bytes, boolean whole) {}

    private Head head(Stored text) throws IOException {
        try (InputStream in = files.open(text.key(), 0)) {
            return new Head(in.readNBytes(Opening.HEAD), text.bytes() <= Opening.HEAD);
        }
    }

    private static FileFormat format(
            Packing packing, Charset charset, Opening opening, SheetReport report) {
        return new FileFormat(
                packing == Packing.NONE ? null : packing.name().toLowerCase(Locale.ROOT),
                charset.name().toLowerCase(Locale.ROOT),
                Character.toString(opening.dialect().delimiter()),
                opening.header(),
                report.sheet(),
                report.warnings());
    }

    /** What {@link #look} sees of a file. */
    record Looked(
            Head head, FileFormat format, Opening opening, Header header, SheetReport report) {}

    /**
     * Looks at the beginning of a file that lies on this machine, and keeps nothing.
     *
     * @throws io.mailgenius.jobs.workspaces.Refusal.Invalid as {@link #take}, but for the columns
     */
    static Looked look(Path file, ImportOptions options) throws IOException {
        byte[] beginning;
        try (InputStream in = Files.newInputStream(file)) {
            beginning = in.readNBytes(64);
        }
        Packing packing = Packing.of(file, beginning);
        SheetReport report = new SheetReport();
        byte[] bytes = packing.text(file, options, report, in -> in.readNBytes(Opening.HEAD + 1));
        boolean whole = bytes.length <= Opening.HEAD;
        Charset charset =
                packing == Packing.XLSX
                        ? StandardCharsets.UTF_8
                        : Encoding.of(bytes, Survey.of(bytes), options.encoding());
        if (!charset.equals(StandardCharsets.UTF_8)) {
            try (InputStream in = Encoding.toUtf8(new ByteArrayInputStream(bytes), charset)) {
                bytes = in.readAllBytes();
            }
        }
        Opening opening = Opening.of(bytes, whole, packing == Packing.XLSX, options);
        Header header = Header.of(opening.names(), options);
        Head head = new Head(bytes, whole);
        ColumnSurvey columns = ColumnSurvey.of(header, opening, head);
        if (columns.wantsAll()) {
            packing.text(
                    file,
                    options,
                    new SheetReport(),
                    in -> all(in, charset, opening.dataFrom(), columns));
        }
        return new Looked(
                head,
                format(packing, charset, opening, report),
                opening,
                header.styled(columns.styles()),
                report);
    }

    private static ColumnSurvey all(
            InputStream in, Charset charset, int dataFrom, ColumnSurvey columns)
            throws IOException {
        InputStream text =
                charset.equals(StandardCharsets.UTF_8) ? in : Encoding.toUtf8(in, charset);
        text.skipNBytes(dataFrom);
        columns.all(text);
        return columns;
    }
}
