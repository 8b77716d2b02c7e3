package io.mailgenius.engine.database;

import java.io.FilterInputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** A socket that knows for how long a read or a write on it has made no progress. */
final class WatchedSocket extends Socket {

    private static final ScopedValue<AtomicReference<@Nullable WatchedSocket>> READ =
            ScopedValue.newInstance();

    /** No value of {@link System#nanoTime} that is ever met. */
    private static final long NOT_BLOCKED = Long.MIN_VALUE;

    private volatile long readingSince = NOT_BLOCKED;
    private volatile long writingSince = NOT_BLOCKED;

    /** A statement with a response. */
    interface Statement {
        void execute() throws SQLException;
    }

    /**
     * Returns the socket on which this thread reads the response of a statement, because the driver
     * does not reveal the socket of a connection; null if it is none of these.
     */
    static @Nullable WatchedSocket of(Statement statement) throws SQLException {
        AtomicReference<@Nullable WatchedSocket> used = new AtomicReference<>();
        ScopedValue.where(READ, used)
                .<@Nullable Void, SQLException>call(
                        () -> {
                            statement.execute();
                            return null;
                        });
        return used.get();
    }

    /**
     * Identifies the operation that blocks now.
     *
     * @return its begin by {@link System#nanoTime}; null if none has blocked for that long
     */
    @Nullable Long blockedFor(Duration limit) {
        Long writing = writingFor(limit);
        return writing == null ? exceeding(readingSince, limit) : writing;
    }

    /** As {@link #blockedFor}, of writes alone. */
    @Nullable Long writingFor(Duration limit) {
        return exceeding(writingSince, limit);
    }

    private static @Nullable Long exceeding(long since, Duration limit) {
        return since == NOT_BLOCKED || System.nanoTime() - since < limit.toNanos() ? null : since;
    }

    @Override
    public InputStream getInputStream() throws IOException {
        return new Input(super.getInputStream());
    }

    @Override
    public OutputStream getOutputStream() throws IOException {
        return new Output(super.getOutputStream());
    }

    private final class Input extends FilterInputStream {

        Input(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
        }

        @Override
        public int read(byte[] bytes, int from, int length) throws IOException {
            if (READ.isBound()) {
                READ.get().set(WatchedSocket.this);
            }
            readingSince = System.nanoTime();
            try {
                return in.read(bytes, from, length);
            } finally {
                readingSince = NOT_BLOCKED;
            }
        }
    }

    private final class Output extends FilterOutputStream {

        Output(OutputStream out) {
            super(out);
        }

        @Override
        public void write(int one) throws IOException {
            write(new byte[] {(byte) one}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int from, int length) throws IOException {
            writingSince = System.nanoTime();
            try {
                out.write(bytes, from, length);
            } finally {
                writingSince = NOT_BLOCKED;
            }
        }
    }
}
