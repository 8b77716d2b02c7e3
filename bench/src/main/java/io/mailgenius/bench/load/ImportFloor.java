package io.mailgenius.bench.load;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.sql.DataSource;
import org.postgresql.PGConnection;

/**
 * The floor of an import: two sessions that COPY half of the file each into a staging table and
 * merge it by one statement into a copy of table contact with all indexes. There are no checks,
 * rejects or ledger; the columns are those of the sample file.
 */
public final class ImportFloor implements AutoCloseable {

    private final DataSource owner;
    private final Path file;

    /**
     * @param owner the login that owns the tables
     */
    public ImportFloor(DataSource owner, Path file) {
        this.owner = owner;
        this.file = file;
        execute("DROP TABLE IF EXISTS bench_contact");
        execute("CREATE TABLE bench_contact (LIKE contact INCLUDING ALL)");
    }

    /** The first call merges new rows, each later one the same rows again. */
    public Duration run() throws IOException, InterruptedException, ExecutionException {
        long header = Files.newBufferedReader(file).readLine().length() + 1L;
        long size = Files.size(file);
        long middle = boundaryAfter(size / 2);
        long begin = System.nanoTime();
        try (ExecutorService sessions = Executors.newFixedThreadPool(2)) {
            List<Future<?>> halves = new ArrayList<>();
            halves.add(sessions.submit(() -> load(header, middle)));
            halves.add(sessions.submit(() -> load(middle, size)));
            for (Future<?> half : halves) {
                half.get();
            }
        }
        return Duration.ofNanos(System.nanoTime() - begin);
    }

    /** The first line break outside of quotes after the offset. */
    private long boundaryAfter(long offset) throws IOException {
        boolean quoted = false;
        long at = 0;
        byte[] buffer = new byte[1 << 16];
        try (InputStream in = Files.newInputStream(file)) {
            for (int count = in.read(buffer); count > 0; count = in.read(buffer)) {
                for (int n = 0; n < count; n++, at++) {
                    if (buffer[n] == '"') {
                        quoted = !quoted;
                    } else if (buffer[n] == '\n' && !quoted && at >= offset) {
                        return at + 1;
                    }
                }
            }
        }
        return at;
    }

    private void load(long from, long to) {
        try (Connection connection = owner.getConnection();
                FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            connection.setAutoCommit(false);
            try (var statement = connection.createStatement()) {
                statement.execute(
                        """
                        CREATE TEMP TABLE floor_row (email text, first_name text, last_name text, city text,
                                                     country text, plan text, signup_date text, score text)
                        ON COMMIT DROP
                        """);
                channel.position(from);
                connection
                        .unwrap(PGConnection.class)
                        .getCopyAPI()
                        .copyIn(
                                "COPY floor_row FROM STDIN (FORMAT csv)",
                                new Part(Channels.newInputStream(channel), to - from));
                statement.execute(
                        """
                        INSERT INTO bench_contact AS c (workspace_id, email, first_name, last_name, city, country,
                                                        attributes)
                        SELECT DISTINCT ON (lower(email)) 1, lower(email), first_name, last_name, city, country,
                               jsonb_build_object('plan', plan, 'signup_date', signup_date, 'score', score)
                          FROM floor_row WHERE email <> '' ORDER BY lower(email)
                        ON CONFLICT (workspace_id, email) DO UPDATE
                           SET first_name = excluded.first_name, last_name = excluded.last_name,
                               city = excluded.city, country = excluded.country,
                               attributes = c.attributes || excluded.attributes, updated_at = now()
                        """);
            }
            connection.commit();
        } catch (SQLException e) {
            throw new IllegalStateException("The floor of the import failed", e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A stream that ends after a number of bytes. */
    private static final class Part extends InputStream {

        private final InputStream in;
        private long left;

        Part(InputStream in, long length) {
            this.in = in;
            this.left = length;
        }

        @Override
        public int read() throws IOException {
            return left-- > 0 ? in.read() : -1;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            if (left <= 0) {
                return -1;
            }
            int count = in.read(bytes, offset, (int) Math.min(length, left));
            left -= Math.max(0, count);
            return count;
        }
    }

    private void execute(String sql) {
        try (Connection connection = owner.getConnection();
                var statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    @Override
    public void close() {
        execute("DROP TABLE bench_contact");
    }
}
