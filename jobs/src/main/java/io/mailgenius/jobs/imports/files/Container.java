package io.mailgenius.jobs.imports.files;

import io.mailgenius.jobs.imports.columns.ImportOptions;
import io.mailgenius.jobs.workspaces.Refusal;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;

/** The container of a file, detected by its first bytes and never by its name. */
public enum Container {
    NONE,
    GZIP,
    ZIP,
    XLSX;

    /** A list of contacts is smaller. */
    static final long MAX_UNPACKED = 20L << 30;

    private static final int BUFFER = 1 << 16;

    /**
     * @throws Refusal.Invalid if it is a kind of file that has no rows
     */
    public static Container of(Path file, byte[] head) throws IOException {
        if (begins(head, 0x1F, 0x8B)) {
            return GZIP;
        }
        if (begins(head, 'P', 'K', 3, 4) || begins(head, 'P', 'K', 5, 6)) {
            return FileKinds.ofZip(file);
        }
        if (begins(head, 0xD0, 0xCF, 0x11, 0xE0)) {
            throw FileKinds.ofCompound(file);
        }
        if (begins(head, '%', 'P', 'D', 'F')) {
            throw new Refusal.Invalid(
                    "import-is-no-table",
                    "The file is a PDF: import the table that it was made of, as .xlsx or CSV.");
        }
        FileKinds.refuseMarkup(head);
        return NONE;
    }

    static boolean begins(byte[] head, int... bytes) {
        for (int n = 0; n < bytes.length; n++) {
            if (n >= head.length || (head[n] & 0xFF) != bytes[n]) {
                return false;
            }
        }
        return true;
    }

    /** Processes the text in the container. */
    public interface Work<R> {
        R on(InputStream text) throws IOException;
    }

    /**
     * @param report collects what a spreadsheet contains besides its text
     */
    public <R> R text(Path file, ImportOptions options, SheetReport report, Work<R> work)
            throws IOException {
        return switch (this) {
            case NONE -> {
                try (InputStream in = Files.newInputStream(file)) {
                    yield work.on(in);
                }
            }
            case GZIP -> {
                try (InputStream in = Files.newInputStream(file);
                        InputStream text = new Bounded(new GZIPInputStream(in, BUFFER), "gzip")) {
                    yield work.on(text);
                } catch (ZipException e) {
                    throw damaged("gzip", e, 0);
                }
            }
            case ZIP -> {
                try (ZipFile zip = ZipDirectory.open(file);
                        InputStream text = new Bounded(zip.getInputStream(only(zip)), "zip")) {
                    yield work.on(text);
                }
            }
            case XLSX -> Workbook.text(file, options.sheet(), report, work);
        };
    }

    private static ZipEntry only(ZipFile zip) {
        List<? extends ZipEntry> files =
                zip.stream()
                        .filter(entry -> !entry.isDirectory())
                        .filter(Container::isText)
                        .toList();
        if (files.size() != 1) {
            throw new Refusal.Invalid(
                    "import-zip-of-several",
                    files.isEmpty()
                            ? "There is no .csv, .tsv or .txt file in the zip."
                            : String.format(
                                    Locale.ROOT,
                                    "The zip has %d files (%s): import one at a time.",
                                    files.size(),
                                    String.join(
                                            ", ",
                                            files.stream()
                                                    .limit(5)
                                                    .map(ZipEntry::getName)
                                                    .toList())));
        }
        return files.getFirst();
    }

    private static boolean isText(ZipEntry entry) {
        String name = entry.getName().toLowerCase(Locale.ROOT);
        boolean hidden =
                name.startsWith("__macosx/") || name.contains("/.") || name.startsWith(".");
        return !hidden && name.matches(".*\\.(csv|tsv|txt|tab)");
    }

    static Refusal damaged(String kind, Exception why, long read) {
        return new Refusal.Invalid(
                "import-file-damaged",
                String.format(
                        Locale.ROOT,
                        "The %s file is damaged after %,d bytes of its content (%s): pack it again.",
                        kind,
                        read,
                        why.getMessage() == null ? "it ends too early" : why.getMessage()));
    }

    /** Reports where a damaged file breaks off, and stops at the limit of unpacked bytes. */
    private static final class Bounded extends FilterInputStream {

        private final String kind;
        private long read;

        Bounded(InputStream in, String kind) {
            super(in);
            this.kind = kind;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            int count;
            try {
                count = in.read(bytes, offset, length);
            } catch (ZipException | java.io.EOFException e) {
                throw damaged(kind, e, read);
            }
            read += Math.max(0, count);
            if (read > MAX_UNPACKED) {
                throw new Refusal.Invalid(
                        "import-too-large",
                        String.format(
                                Locale.ROOT,
                                "The %s file unpacks to more than %d GB: split it.",
                                kind,
                                MAX_UNPACKED >> 30));
            }
            return count;
        }
    }
}
