package io.mailgenius.jobs.imports;

import io.mailgenius.engine.ledger.Counts;
import io.mailgenius.engine.worker.Assignment;
import io.mailgenius.engine.worker.ChunkWork;
import io.mailgenius.engine.worker.Done;
import io.mailgenius.jobs.imports.Merge.Merged;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import javax.sql.DataSource;
import org.springframework.jdbc.datasource.DataSourceUtils;
import org.springframework.jdbc.support.SQLStateSQLExceptionTranslator;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/** The worker's half of an import: one slice of the file becomes contacts and rejects. */
@Component
class ImportRows implements ChunkWork {

    private final ImportStore imports;
    private final Rejects rejects;
    private final FileStorage files;
    private final DataSource dataSource;
    private final TransactionTemplate transaction;
    private final CopyBuffers buffers = new CopyBuffers();

    ImportRows(
            ImportStore imports,
            Rejects rejects,
            FileStorage files,
            DataSource dataSource,
            TransactionTemplate transaction) {
        this.imports = imports;
        this.rejects = rejects;
        this.files = files;
        this.dataSource = dataSource;
        this.transaction = transaction;
    }

    @Override
    public String step() {
        return ImportSlices.NAME;
    }

    /** A slice of one import. */
    record Piece(long importId, Slice slice) {}

    @Override
    public Done work(Assignment chunk) throws IOException {
        try (Read read = read(chunk.payload(Piece.class))) {
            return chunk.complete(() -> write(read));
        }
    }

    /** A slice that was read and checked, and is not yet written. */
    final class Read implements AutoCloseable {

        private final Piece piece;
        private final ImportStore.Stored stored;
        private final CopyBuffer copy;
        private final Staging staging;
        private final RowReader reader;

        private Read(Piece piece, ImportStore.Stored stored, Header header, CopyBuffer copy) {
            this.piece = piece;
            this.stored = stored;
            this.copy = copy;
            this.staging = new Staging(header, copy);
            this.reader = new RowReader(header, stored.layout().dialect(), staging);
        }

        private void rows(byte[] bytes) {
            Slice slice = piece.slice();
            if (slice.fault() != null) {
                reader.fault(bytes, slice.line(), slice.fault());
            } else {
                reader.read(bytes, slice.line());
            }
        }

        @Override
        public void close() {
            buffers.giveBack(copy);
        }
    }

    Read read(Piece piece) throws IOException {
        ImportStore.Stored stored =
                transaction.execute(status -> imports.find(piece.importId()).orElseThrow());
        Header header = Header.of(stored.layout().header(), stored.options());
        byte[] bytes = bytes(stored.storageKey(), piece.slice());
        CopyBuffer copy = buffers.lend(bytes.length + bytes.length / 2);
        Read read = new Read(piece, stored, header, copy);
        try {
            read.rows(bytes);
            return read;
        } catch (RuntimeException e) {
            read.close();
            throw e;
        }
    }

    /** In the transaction that marks the chunk done. */
    Counts write(Read read) {
        long importId = read.piece.importId();
        RowReader reader = read.reader;
        Merged merged = merge(read.staging, importId, read.stored.options());
        rejectAfterwards(read, merged.missing(), "no contact has this address");
        rejectAfterwards(read, merged.large(), Staging.TOO_MANY);
        rejects.insert(importId, reader.rejects());
        Map<String, Long> counts = new HashMap<>(merged.counts().values());
        counts.put(ImportCounts.READ, reader.read());
        counts.put(ImportCounts.REJECTED, (long) reader.rejects().size());
        return new Counts(counts);
    }

    /** Few slices have such rows, so their bytes are read again instead of held until then. */
    private void rejectAfterwards(Read read, Set<Long> lines, String reason) {
        if (lines.isEmpty()) {
            return;
        }
        Slice slice = read.piece.slice();
        try {
            byte[] bytes = bytes(read.stored.storageKey(), slice);
            read.reader.rejectAfterwards(bytes, slice.line(), lines, reason);
        } catch (IOException e) {
            throw new UncheckedIOException("The imported file cannot be read", e);
        }
    }

    private byte[] bytes(String key, Slice slice) throws IOException {
        try (InputStream in = files.open(key, slice.from())) {
            return in.readNBytes(slice.bytes());
        }
    }

    private Merged merge(Staging staging, long importId, ImportOptions options) {
        Connection connection = DataSourceUtils.getConnection(dataSource);
        try {
            return new Merge(connection, staging, importId, options).run();
        } catch (SQLException e) {
            throw new SQLStateSQLExceptionTranslator().translate("merge", null, e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            DataSourceUtils.releaseConnection(connection, dataSource);
        }
    }
}
