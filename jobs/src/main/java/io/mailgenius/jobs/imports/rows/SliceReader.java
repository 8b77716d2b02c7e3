package io.mailgenius.jobs.imports.rows;

import io.mailgenius.jobs.imports.rows.RecordScanner.Found;
import io.mailgenius.jobs.imports.storage.FileStorage;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.springframework.batch.infrastructure.item.ExecutionContext;
import org.springframework.batch.infrastructure.item.ItemStreamReader;

/**
 * Splits a file into slices at record boundaries; a line break inside quotes is not one. It reads
 * the bytes from the start in one pass, because whether a quote opens or closes a value depends on
 * all bytes before it. A record that is too long for a row is a slice of its own, so it is never
 * held in memory.
 */
public final class SliceReader implements ItemStreamReader<Slice> {

    static final String TOO_LONG =
            String.format(
                    Locale.ROOT,
                    "the record is longer than %d KiB",
                    RecordScanner.MAX_RECORD >> 10);

    private static final String AT = "import.at";
    private static final String LINE = "import.line";
    private static final int BUFFER = 1 << 18;

    private final FileStorage files;
    private final String key;
    private final long firstByte;
    private final long firstLine;
    private final int target;
    private final boolean linePerRecord;
    private final RecordScanner scanner;

    private @Nullable InputStream in;
    private byte[] buffer = new byte[BUFFER];
    private int start;
    private int limit;
    private boolean last;

    /** Offset in the file of the buffer's start. */
    private long at;

    private long line;
    private @Nullable Slice waiting;

    public SliceReader(
            FileStorage files,
            String key,
            long firstByte,
            long firstLine,
            int target,
            Dialect dialect) {
        this.files = files;
        this.key = key;
        this.firstByte = firstByte;
        this.firstLine = firstLine;
        this.target = target;
        this.linePerRecord = dialect.linePerRecord();
        this.scanner = new RecordScanner(dialect);
    }

    @Override
    public void open(ExecutionContext context) {
        at = context.getLong(AT, firstByte);
        line = context.getLong(LINE, firstLine);
        start = 0;
        limit = 0;
        last = false;
        try {
            in = files.open(key, at);
        } catch (IOException e) {
            throw new UncheckedIOException("The imported file cannot be read", e);
        }
    }

    @Override
    public @Nullable Slice read() {
        if (waiting != null) {
            Slice slice = waiting;
            waiting = null;
            return slice;
        }
        long from = at;
        long fromLine = line;
        while (true) {
            Found found = scanner.next(buffer, start, limit, last);
            switch (found) {
                case MORE -> fill();
                case NOTHING -> {
                    return slice(from, fromLine);
                }
                case RECORD, TORN -> {
                    advance();
                    if (at - from >= target) {
                        return slice(from, fromLine);
                    }
                }
                case TOO_LONG -> {
                    Slice before = slice(from, fromLine);
                    Slice fault = skipped();
                    if (before == null) {
                        return fault;
                    }
                    waiting = fault;
                    return before;
                }
            }
        }
    }

    private @Nullable Slice slice(long from, long fromLine) {
        return at == from ? null : new Slice(from, at, fromLine, null);
    }

    private void advance() {
        at += scanner.end() - start;
        line += scanner.lines();
        start = scanner.end();
    }

    /** Skips to the end of the line, which may lie far behind the buffer. */
    private Slice skipped() {
        long from = at;
        long fromLine = line;
        boolean ended = scanner.lines() > 0;
        advance();
        while (!ended) {
            if (start >= limit && !refill()) {
                break;
            }
            byte b = buffer[start];
            start++;
            at++;
            if (b == '\n' || b == '\r') {
                if (b == '\r' && (start < limit || refill()) && buffer[start] == '\n') {
                    start++;
                    at++;
                }
                ended = true;
                line++;
            }
        }
        if (linePerRecord) {
            line = fromLine + 1;
        }
        return new Slice(from, at, fromLine, TOO_LONG);
    }

    private boolean refill() {
        while (start >= limit && !last) {
            fill();
        }
        return start < limit;
    }

    /**
     * Keeps the bytes that are not yet in a slice. The buffer grows only for a record that does not
     * fit.
     */
    private void fill() {
        if (start > 0) {
            System.arraycopy(buffer, start, buffer, 0, limit - start);
            limit -= start;
            start = 0;
        }
        if (limit == buffer.length) {
            buffer = Arrays.copyOf(buffer, 2 * buffer.length);
        }
        try {
            if (in == null) {
                throw new IllegalStateException("The reader is not open");
            }
            int count = in.readNBytes(buffer, limit, buffer.length - limit);
            last = count < buffer.length - limit;
            limit += count;
        } catch (IOException e) {
            throw new UncheckedIOException("The imported file cannot be read", e);
        }
    }

    /** Slices that are not returned yet count as unread: a restart begins with them. */
    @Override
    public void update(ExecutionContext context) {
        context.putLong(AT, waiting == null ? at : waiting.from());
        context.putLong(LINE, waiting == null ? line : waiting.line());
    }

    @Override
    public void close() {
        try {
            if (in != null) {
                in.close();
                in = null;
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        waiting = null;
    }
}
