package io.mailgenius.jobs.imports;

import io.mailgenius.jobs.imports.FileStorage.Stored;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
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
     * @param rows the first ones
     * @param mapping what each column becomes, and what is to be said of that
     * @param styles of the columns, by their numbers
     * @param report what a spreadsheet has beside its rows
     */
    record Taken(
            Stored original,
            Stored text,
            FileFormat format,
            Opening opening,
            FirstRows rows,
            ColumnMapping mapping,
            Header header,
            Map<Integer, ColumnStyle> styles,
            SheetReport report) {

        /** What whoever sends the file should know of how it is read. */
        List<String> warnings() {
            List<String> warnings = new ArrayList<>(report.warnings());
            warnings.addAll(opening.warnings());
            warnings.addAll(mapping.warnings());
            return warnings;
        }
    }

    /**
     * @throws io.mailgenius.jobs.workspaces.Refusal.Invalid if no row of it could become a contact;
     *     nothing is kept then
     * @throws UncheckedIOException if the upload breaks off or the disk is full
     */
    Taken take(InputStream content, ImportOptions options) {
        return take(content, options, true);
    }

    /**
     * The same of a file that is only looked at: columns that could not be imported are no reason
     * to refuse it, since the options can still say what they are. The caller deletes the text.
     */
    Taken look(InputStream content, ImportOptions options) {
        return take(content, options, false);
    }

    private Taken take(InputStream content, ImportOptions options, boolean columnsMustDo) {
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
            FirstRows rows = FirstRows.of(opening, head.bytes(), head.whole());
            ColumnMapping mapping = ColumnMapping.of(opening.names(), rows.cells(), options);
            Header header = Header.of(opening.names(), mapping.targets(), options);
            if (columnsMustDo) {
                header.require(options);
            }
            FileFormat format = format(text.packing(), text.charset(), opening, report);
            Map<Integer, ColumnStyle> styles = styles(header, opening, head, text.stored());
            Taken taken =
                    new Taken(
                            original,
                            text.stored(),
                            format,
                            opening,
                            rows,
                            mapping,
                            header.styled(styles),
                            styles,
                            report);
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

    private Map<Integer, ColumnStyle> styles(Header header, Opening opening, Head head, Stored text)
            throws IOException {
        ColumnSurvey columns = ColumnSurvey.of(header, opening, head);
        if (columns.wantsAll()) {
            try (InputStream rows = files.open(text.key(), opening.dataFrom())) {
                columns.all(rows);
            }
        }
        return columns.styles();
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
                        : charset(text, textHead, survey, options);
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

    private Charset charset(Stored text, byte[] head, Survey survey, ImportOptions options)
            throws IOException {
        Charset charset = Encoding.of(head, survey, options.encoding());
        if (options.encoding() == null && charset.equals(WesternEncoding.USUAL)) {
            try (InputStream in = files.open(text.key(), 0)) {
                return WesternEncoding.of(in);
            }
        }
        return charset;
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
}
