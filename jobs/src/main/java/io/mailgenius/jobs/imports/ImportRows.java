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
        Read read = read(chunk.payload(Piece.class));
        return chunk.complete(() -> write(read));
    }

    /** A slice that was read and checked, and is not yet written. */
    record Read(
            Piece piece, ImportOptions options, byte[] bytes, Staging staging, RowReader reader) {}

    Read read(Piece piece) throws IOException {
        Slice slice = piece.slice();
        ImportStore.Stored stored =
                transaction.execute(status -> imports.find(piece.importId()).orElseThrow());
        Header header = Header.of(stored.layout().header(), stored.options());
        byte[] bytes = bytes(stored.storageKey(), slice);
        Staging staging = new Staging(header, bytes.length + bytes.length / 2);
        RowReader reader = new RowReader(header, stored.layout().dialect(), staging);
        if (slice.fault() != null) {
            reader.fault(bytes, slice.line(), slice.fault());
        } else {
            reader.read(bytes, slice.line());
        }
        return new Read(piece, stored.options(), bytes, staging, reader);
    }

    /** In the transaction that marks the chunk done. */
    Counts write(Read read) {
        long importId = read.piece().importId();
        long line = read.piece().slice().line();
        RowReader reader = read.reader();
        Merged merged = merge(read.staging(), importId, read.options());
        reader.rejectAfterwards(
                read.bytes(), line, merged.missing(), "no contact has this address");
        reader.rejectAfterwards(read.bytes(), line, merged.large(), Staging.TOO_MANY);
        rejects.insert(importId, reader.rejects());
        Map<String, Long> counts = new HashMap<>(merged.counts().values());
        counts.put(ImportCounts.READ, reader.read());
        counts.put(ImportCounts.REJECTED, (long) reader.rejects().size());
        return new Counts(counts);
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
