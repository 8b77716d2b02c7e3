package io.mailgenius.jobs.imports;

import io.mailgenius.engine.partitioning.OwnStep.StopCheck;
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
import io.mailgenius.jobs.imports.storage.FileStorage.Kept;
import io.mailgenius.jobs.imports.storage.FileStorage.Stored;
import io.mailgenius.jobs.imports.storage.FolderStorage;
import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Converts an uploaded file to delimited text in UTF-8, the only format that the job reads.
 * Compressed files, spreadsheets and other encodings are rewritten once, as a stream; plain text in
 * UTF-8 stays as it is.
 */
public final class FileNormalizer {

    /** The bytes that a request examines: the head of the file in any encoding. */
    private static final int START = 4 * FileHead.HEAD;

    private final FileStorage files;
    private final StopCheck stop;

    public FileNormalizer(FileStorage files) {
        this(files, StopCheck.NEVER);
    }

    /**
     * @param stop checked for each buffer that is read
     */
    FileNormalizer(FileStorage files, StopCheck stop) {
        this.files = files;
        this.stop = stop;
    }

    /**
     * @param original the uploaded file with its size and checksum; the file itself may be deleted
     * @param text the text that the job reads
     * @param rows the first rows
     * @param mapping the target of each column, with warnings
     * @param styles of the columns, by number
     * @param report what a spreadsheet contains besides its rows
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

        /** Warnings for the user about how the file is read. */
        List<String> warnings() {
            List<String> warnings = new ArrayList<>(report.warnings());
            warnings.addAll(opening.warnings());
            warnings.addAll(mapping.warnings());
            return warnings;
        }
    }

    /**
     * Converts a stored file. The file is kept; the text is a second file unless the first one is
     * plain text in UTF-8.
     *
     * @throws io.mailgenius.jobs.workspaces.Refusal.Invalid if no row of it could become a contact;
     *     only the file is kept then
     * @throws UncheckedIOException if it cannot be read or the disk is full
     */
    Taken take(Kept kept, ImportOptions options) {
        try {
            MessageDigest digest = FolderStorage.sha256();
            EncodingDetector encodingDetector;
            try (InputStream in = new DigestInputStream(files.open(kept.key(), 0), digest)) {
                encodingDetector = new EncodingDetector(in);
                watched(encodingDetector).transferTo(OutputStream.nullOutputStream());
            }
            Stored original = new Stored(kept.key(), kept.bytes(), digest.digest());
            return take(original, encodingDetector, options, true);
        } catch (IOException e) {
            throw new UncheckedIOException("The upload cannot be read", e);
        }
    }

    /**
     * Converts a file for a preview. Columns that could not be imported are accepted, because the
     * options can still change them. The caller deletes the text; the file itself is deleted.
     *
     * @throws io.mailgenius.jobs.workspaces.Refusal.Invalid if the file could not be imported with
     *     any options; nothing is kept then
     * @throws UncheckedIOException if the upload breaks off or the disk is full
     */
    public Taken look(InputStream content, ImportOptions options) {
        Stored original;
        EncodingDetector encodingDetector = new EncodingDetector(content);
        try {
            original = files.store(encodingDetector);
        } catch (IOException e) {
            throw new UncheckedIOException("The upload did not arrive whole", e);
        }
        boolean plain = false;
        try {
            Taken taken = take(original, encodingDetector, options, false);
            plain = taken.text().key().equals(original.key());
            return taken;
        } catch (IOException e) {
            throw new UncheckedIOException("The upload cannot be read", e);
        } finally {
            // A crash before this line leaves a file to which no import refers.
            if (!plain) {
                files.delete(original.key());
            }
        }
    }

    private Taken take(
            Stored original,
            EncodingDetector encodingDetector,
            ImportOptions options,
            boolean columnsMustDo)
            throws IOException {
        SheetReport report = new SheetReport();
        Text text = text(original, encodingDetector, options, report);
        boolean done = false;
        try {
            Head head = head(text.stored());
            Shape shape = Shape.of(head, text.linePerRecord(), options);
            if (columnsMustDo) {
                shape.header().require(options);
            }
            FileFormat format = format(text.packing(), text.charset(), shape.opening(), report);
            Map<Integer, ColumnStyle> styles =
                    styles(shape.header(), shape.opening(), head, text.stored());
            Taken taken =
                    new Taken(
                            original,
                            text.stored(),
                            format,
                            shape.opening(),
                            shape.rows(),
                            shape.mapping(),
                            shape.header().styled(styles),
                            styles,
                            report);
            done = true;
            return taken;
        } finally {
            if (!done && !text.stored().key().equals(original.key())) {
                files.delete(text.stored().key());
            }
        }
    }

    /** What is known from the head of a text. */
    private record Shape(FileHead opening, FirstRows rows, ColumnMapping mapping, Header header) {

        static Shape of(Head head, boolean linePerRecord, ImportOptions options) {
            FileHead opening = FileHead.of(head.bytes(), head.whole(), linePerRecord, options);
            FirstRows rows = FirstRows.of(opening, head.bytes(), head.whole());
            ColumnMapping mapping = ColumnMapping.of(opening.names(), rows.cells(), options);
            return new Shape(
                    opening, rows, mapping, Header.of(opening.names(), mapping.targets(), options));
        }
    }

    /**
     * Refuses a stored file if its first bytes show that {@link #take} would refuse it. This takes
     * milliseconds for any size. If the rest of the file matters, and for spreadsheets, only the
     * file type is checked.
     *
     * @throws io.mailgenius.jobs.workspaces.Refusal.Invalid as {@link #take} would throw
     */
    void check(Kept kept, ImportOptions options) {
        try {
            byte[] first = beginning(kept.key());
            Container container = files.local(kept.key(), file -> Container.of(file, first));
            if (container == Container.XLSX) {
                return;
            }
            byte[] start =
                    files.local(
                            kept.key(),
                            file ->
                                    container.text(
                                            file,
                                            options,
                                            new SheetReport(),
                                            text -> text.readNBytes(START)));
            Charset charset = EncodingDetector.certain(start, options.encoding());
            if (charset != null) {
                Shape.of(start(start, charset), false, options).header().require(options);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("The upload cannot be read", e);
        }
    }

    private static Head start(byte[] start, Charset charset) throws IOException {
        InputStream text = new ByteArrayInputStream(start);
        if (!charset.equals(StandardCharsets.UTF_8)) {
            text = Encoding.toUtf8(text, charset);
        }
        byte[] head = text.readNBytes(FileHead.HEAD);
        return new Head(head, start.length < START && text.read() < 0);
    }

    private Map<Integer, ColumnStyle> styles(
            Header header, FileHead fileHead, Head head, Stored text) throws IOException {
        ColumnSurvey columns = ColumnSurvey.of(header, fileHead, head);
        if (columns.wantsAll()) {
            try (InputStream rows = files.open(text.key(), fileHead.dataFrom())) {
                columns.all(watched(rows));
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
        boolean handedOn = false;
        try {
            byte[] textHead = container == Container.NONE ? head : beginning(text.key());
            Charset charset =
                    container == Container.XLSX
                            ? StandardCharsets.UTF_8
                            : charset(text, textHead, encodingDetector, options);
            if (charset.equals(StandardCharsets.UTF_8)) {
                handedOn = true;
                return new Text(text, container, charset);
            }
            try (InputStream in = Encoding.toUtf8(files.open(text.key(), 0), charset)) {
                return new Text(files.store(watched(in)), container, charset);
            }
        } finally {
            if (!handedOn && !text.key().equals(original.key())) {
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
                return WesternEncoding.of(watched(in));
            }
        }
        return charset;
    }

    private record Unpacked(Stored stored, EncodingDetector survey) {}

    private Unpacked unpacked(InputStream text) throws IOException {
        EncodingDetector encodingDetector = new EncodingDetector(watched(text));
        return new Unpacked(files.store(encodingDetector), encodingDetector);
    }

    private InputStream watched(InputStream in) {
        return new FilterInputStream(in) {
            @Override
            public int read(byte[] bytes, int offset, int length) throws IOException {
                stop.check();
                return super.read(bytes, offset, length);
            }
        };
    }

    private byte[] beginning(String key) throws IOException {
        try (InputStream in = files.open(key, 0)) {
            return in.readNBytes(64);
        }
    }

    /**
     * @param whole whether the bytes are the whole text
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
