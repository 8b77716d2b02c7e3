package io.mailgenius.jobs.imports;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;
import org.springframework.batch.infrastructure.item.ExecutionContext;
import org.springframework.batch.infrastructure.item.ItemStreamReader;

/**
 * Cuts a file into slices at true record boundaries: a line break inside quotes is none. One pass
 * over the bytes, since whether a quote opens or closes is only known from the start. A record
 * whose quote is not closed within {@link #MAX_RECORD} is torn: its first line is a slice of its
 * own, and reading goes on behind it as if the quote were not there.
 */
final class SliceReader implements ItemStreamReader<Slice> {

    static final int MAX_RECORD = 1 << 20;

    private static final String AT = "import.at";
    private static final String LINE = "import.line";
    private static final long WINDOW = 64L << 20;

    private final Path file;
    private final long firstByte;
    private final long firstLine;
    private final int target;
    private final byte delimiter;

    private @Nullable FileChannel channel;
    private long size;
    private long at;
    private long line;
    private @Nullable MappedByteBuffer window;
    private long windowFrom;

    SliceReader(Path file, long firstByte, long firstLine, int target, Dialect dialect) {
        this.file = file;
        this.firstByte = firstByte;
        this.firstLine = firstLine;
        this.target = target;
        this.delimiter = (byte) dialect.delimiter();
    }

    @Override
    public void open(ExecutionContext context) {
        try {
            FileChannel opened = FileChannel.open(file, StandardOpenOption.READ);
            channel = opened;
            size = opened.size();
        } catch (IOException e) {
            throw new UncheckedIOException("The imported file cannot be read", e);
        }
        at = context.getLong(AT, firstByte);
        line = context.getLong(LINE, firstLine);
    }

    @Override
    public @Nullable Slice read() {
        if (at >= size) {
            return null;
        }
        long from = at;
        long lines = line;
        long recordFrom = at;
        long recordLine = line;
        boolean quoted = false;
        boolean valueBegins = true;
        for (long n = at; n < size; n++) {
            byte b = at(n);
            if (quoted) {
                if (b == '"') {
                    if (n + 1 < size && at(n + 1) == '"') {
                        n++;
                    } else {
                        quoted = false;
                    }
                } else if (endsLine(b, n)) {
                    lines++;
                }
                if (n - recordFrom > MAX_RECORD) {
                    return beforeTorn(from, recordFrom, recordLine);
                }
                continue;
            }
            if (b == '"' && valueBegins) {
                quoted = true;
                valueBegins = false;
            } else if (endsLine(b, n)) {
                lines++;
                valueBegins = true;
                recordFrom = n + 1;
                recordLine = lines;
                if (recordFrom - from >= target) {
                    return upTo(from, recordFrom, lines);
                }
            } else {
                valueBegins = b == delimiter;
            }
        }
        return quoted ? beforeTorn(from, recordFrom, recordLine) : upTo(from, size, lines);
    }

    /** Those lines that the parser of rows sees: a carriage return alone ends one too. */
    private boolean endsLine(byte b, long offset) {
        return b == '\n' || b == '\r' && (offset + 1 >= size || at(offset + 1) != '\n');
    }

    private Slice upTo(long from, long to, long nextLine) {
        Slice slice = new Slice(from, to, line, false);
        at = to;
        line = nextLine;
        return slice;
    }

    /** What stands before the torn record first; the next call begins with it. */
    private Slice beforeTorn(long from, long recordFrom, long recordLine) {
        if (recordFrom > from) {
            return upTo(from, recordFrom, recordLine);
        }
        long end = recordFrom;
        while (end < size && !endsLine(at(end), end)) {
            end++;
        }
        end = Math.min(size, end + 1);
        Slice torn = new Slice(recordFrom, end, recordLine, true);
        at = end;
        line = recordLine + 1;
        return torn;
    }

    private byte at(long offset) {
        MappedByteBuffer mapped = window;
        if (mapped == null || offset < windowFrom || offset >= windowFrom + mapped.limit()) {
            mapped = map(offset);
        }
        return mapped.get((int) (offset - windowFrom));
    }

    private MappedByteBuffer map(long offset) {
        try {
            if (channel == null) {
                throw new IllegalStateException("The reader is not open");
            }
            MappedByteBuffer mapped =
                    channel.map(MapMode.READ_ONLY, offset, Math.min(WINDOW, size - offset));
            window = mapped;
            windowFrom = offset;
            return mapped;
        } catch (IOException e) {
            throw new UncheckedIOException("The imported file cannot be read", e);
        }
    }

    @Override
    public void update(ExecutionContext context) {
        context.putLong(AT, at);
        context.putLong(LINE, line);
    }

    @Override
    public void close() {
        try {
            if (channel != null) {
                channel.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        window = null;
    }
}
