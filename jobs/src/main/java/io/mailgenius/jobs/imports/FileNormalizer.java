package io.mailgenius.jobs.imports;

import io.mailgenius.jobs.imports.columns.ColumnMapping;
import io.mailgenius.jobs.imports.columns.ColumnStyle;
import io.mailgenius.jobs.imports.columns.Header;
import io.mailgenius.jobs.imports.columns.ImportOptions;
import io.mailgenius.jobs.imports.files.Container;
import io.mailgenius.jobs.imports.files.Encoding;
import io.mailgenius.jobs.imports.files.EncodingDetector;
import io.mailgenius.jobs.imports.files.FileFormat;
import io.mailgenius.jobs.imports.files.SheetReport;
import io.mailgenius.jobs.imports.files.WesternEncoding;
import io.mailgenius.jobs.imports.rows.FileHead;
import io.mailgenius.jobs.imports.rows.FirstRows;
import io.mailgenius.jobs.imports.storage.FileStorage;
import io.mailgenius.jobs.imports.storage.FileStorage.Stored;
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
public final class FileNormalizer {

    private final FileStorage files;

    public FileNormalizer(FileStorage files) {
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
    public record Taken(
            Stored original,
            Stored text,
            FileFormat format,
            FileHead opening,
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
    public Taken look(InputStream content, ImportOptions options) {
        return take(content, options, false);
    }

    private Taken take(InputStream content, ImportOptions options, boolean columnsMustDo) {
        Stored original;
        EncodingDetector encodingDetector = new EncodingDetector(content);
        try {
            original = files.store(encodingDetector);
        } catch (IOException e) {
            throw new UncheckedIOException("The upload did not arrive whole", e);
        }
        @Nullable String kept = original.key();
        try {
            SheetReport report = new SheetReport();
            Text text = text(original, encodingDetector, options, report);
            if (!text.stored().key().equals(original.key())) {
                files.delete(original.key());
                kept = text.stored().key();
            }
            Head head = head(text.stored());
            FileHead fileHead =
                    FileHead.of(head.bytes(), head.whole(), text.linePerRecord(), options);
            FirstRows rows = FirstRows.of(fileHead, head.bytes(), head.whole());
            ColumnMapping mapping = ColumnMapping.of(fileHead.names(), rows.cells(), options);
            Header header = Header.of(fileHead.names(), mapping.targets(), options);
            if (columnsMustDo) {
                header.require(options);
            }
            FileFormat format = format(text.packing(), text.charset(), fileHead, report);
            Map<Integer, ColumnStyle> styles = styles(header, fileHead, head, text.stored());
            Taken taken =
                    new Taken(
                            original,
                            text.stored(),
                            format,
                            fileHead,
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

    private Map<Integer, ColumnStyle> styles(
            Header header, FileHead fileHead, Head head, Stored text) throws IOException {
        ColumnSurvey columns = ColumnSurvey.of(header, fileHead, head);
        if (columns.wantsAll()) {
            try (InputStream rows = files.open(text.key(), fileHead.dataFrom())) {
                columns.all(rows);
            }
        }
        return columns.styles();
    }

    private record Text(Stored stored, Container packing, Charset charset) {

        boolean linePerRecord() {
            return packing == Container.XLSX;
        }
    }

    private Text text(
            Stored original, EncodingDetector seen, ImportOptions options, SheetReport report)
            throws IOException {
        byte[] head = beginning(original.key());
        Container container = files.local(original.key(), file -> Container.of(file, head));
        Stored text = original;
        EncodingDetector encodingDetector = seen;
        if (container != Container.NONE) {
            Unpacked unpacked =
                    files.local(
                            original.key(),
                            file -> container.text(file, options, report, this::unpacked));
            encodingDetector = unpacked.survey();
            text = unpacked.stored();
        }
        byte[] textHead = container == Container.NONE ? head : beginning(text.key());
        Charset charset =
                container == Container.XLSX
                        ? StandardCharsets.UTF_8
                        : charset(text, textHead, encodingDetector, options);
        if (charset.equals(StandardCharsets.UTF_8)) {
            return new Text(text, container, charset);
        }
        try (InputStream in = Encoding.toUtf8(files.open(text.key(), 0), charset)) {
            return new Text(files.store(in), container, charset);
        } finally {
            if (!text.key().equals(original.key())) {
                files.delete(text.key());
            }
        }
    }

    private Charset charset(
            Stored text, byte[] head, EncodingDetector encodingDetector, ImportOptions options)
            throws IOException {
        Charset charset = Encoding.of(head, encodingDetector, options.encoding());
        if (options.encoding() == null && charset.equals(WesternEncoding.USUAL)) {
            try (InputStream in = files.open(text.key(), 0)) {
                return WesternEncoding.of(in);
            }
        }
        return charset;
    }

    private record Unpacked(Stored stored, EncodingDetector survey) {}

    private Unpacked unpacked(InputStream text) throws IOException {
        EncodingDetector encodingDetector = new EncodingDetector(text);
        return new Unpacked(files.store(encodingDetector), encodingDetector);
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
            return new Head(in.readNBytes(FileHead.HEAD), text.bytes() <= FileHead.HEAD);
        }
    }

    private static FileFormat format(
            Container container, Charset charset, FileHead fileHead, SheetReport report) {
        return new FileFormat(
                container == Container.NONE ? null : container.name().toLowerCase(Locale.ROOT),
                charset.name().toLowerCase(Locale.ROOT),
                Character.toString(fileHead.dialect().delimiter()),
                fileHead.header(),
                report.sheet(),
                report.warnings());
    }
}
