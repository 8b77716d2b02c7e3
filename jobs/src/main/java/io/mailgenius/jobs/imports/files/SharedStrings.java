package io.mailgenius.jobs.imports.files;

import io.mailgenius.jobs.workspaces.Refusal;
import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The texts that the cells of a spreadsheet refer to by number. They are kept in files beside the
 * upload, mapped into memory and deleted by the system when they are closed, so that the heap does
 * not grow with them.
 */
final class SharedStrings implements Closeable {

    private static final ValueLayout.OfLong OFFSET =
            ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

    private final Arena arena = Arena.ofConfined();
    private final @Nullable FileChannel texts;
    private final @Nullable FileChannel ends;
    private final MemorySegment bytes;
    private final MemorySegment offsets;
    private final int size;

    private SharedStrings() {
        texts = null;
        ends = null;
        bytes = MemorySegment.NULL;
        offsets = MemorySegment.NULL;
        size = 0;
    }

    private SharedStrings(FileChannel texts, FileChannel ends, int size) throws IOException {
        this.texts = texts;
        this.ends = ends;
        this.bytes = texts.map(MapMode.READ_ONLY, 0, texts.size(), arena);
        this.offsets = ends.map(MapMode.READ_ONLY, 0, ends.size(), arena);
        this.size = size;
    }

    static SharedStrings none() {
        return new SharedStrings();
    }

    /**
     * @param folder where there is room for files
     */
    static SharedStrings read(XmlPart xml, Path folder) throws IOException {
        FileChannel texts = file(folder);
        FileChannel ends = null;
        try {
            ends = file(folder);
            return new SharedStrings(texts, ends, write(xml, texts, ends));
        } catch (IOException | RuntimeException e) {
            texts.close();
            if (ends != null) {
                ends.close();
            }
            throw e;
        }
    }

    /** On Unix the file has no name any more once it is open. */
    private static FileChannel file(Path folder) throws IOException {
        return FileChannel.open(
                Files.createTempFile(folder, "spreadsheet", ".part"),
                StandardOpenOption.READ,
                StandardOpenOption.WRITE,
                StandardOpenOption.DELETE_ON_CLOSE);
    }

    private static int write(XmlPart xml, FileChannel texts, FileChannel ends) throws IOException {
        OutputStream text = new BufferedOutputStream(Channels.newOutputStream(texts), 1 << 16);
        DataOutputStream end =
                new DataOutputStream(
                        new BufferedOutputStream(Channels.newOutputStream(ends), 1 << 16));
        long written = 0;
        int count = 0;
        while (xml.nextStart()) {
            if (xml.name().equals("si")) {
                byte[] one =
                        XmlText.unescaped(xml.text(XmlText.MAX)).getBytes(StandardCharsets.UTF_8);
                text.write(one);
                written += one.length;
                end.writeLong(written);
                count = Math.incrementExact(count);
            }
        }
        text.flush();
        end.flush();
        return count;
    }

    /**
     * @throws Refusal.Invalid if there is no text of that number
     */
    String get(int number) {
        if (number < 0 || number >= size) {
            throw new Refusal.Invalid(
                    "import-file-damaged",
                    String.format(
                            Locale.ROOT,
                            "The spreadsheet cannot be read: a cell has text number %,d, but there are %,d. Open it in a spreadsheet program and save it again as .xlsx.",
                            number,
                            size));
        }
        long from = number == 0 ? 0 : offsets.get(OFFSET, (number - 1L) * Long.BYTES);
        long to = offsets.get(OFFSET, number * (long) Long.BYTES);
        byte[] text = new byte[(int) (to - from)];
        MemorySegment.copy(bytes, ValueLayout.JAVA_BYTE, from, text, 0, text.length);
        return new String(text, StandardCharsets.UTF_8);
    }

    @Override
    public void close() throws IOException {
        arena.close();
        if (texts != null) {
            texts.close();
        }
        if (ends != null) {
            ends.close();
        }
    }
}
