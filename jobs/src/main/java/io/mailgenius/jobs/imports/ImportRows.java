package io.mailgenius.jobs.imports;

import io.mailgenius.engine.ledger.Counts;
import io.mailgenius.engine.worker.Assignment;
import io.mailgenius.engine.worker.ChunkWork;
import io.mailgenius.engine.worker.Done;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
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
        Piece piece = chunk.payload(Piece.class);
        Slice slice = piece.slice();
        ImportStore.Stored stored =
                transaction.execute(status -> imports.find(piece.importId()).orElseThrow());
        Header header = Header.of(stored.layout().header(), stored.options().mappingOrNone());
        String text = text(files.existing(stored.storageKey()), slice);
        Staging staging = new Staging(header, text.length() + text.length() / 2);
        RowReader reader = new RowReader(header, stored.layout().dialect(), staging);
        if (slice.torn()) {
            reader.torn(text, slice.line());
        } else {
            reader.read(text, slice.line());
        }
        return chunk.complete(
                () -> {
                    Counts merged = merge(staging, chunk.workspaceId(), piece, stored.options());
                    rejects.insert(piece.importId(), reader.rejects());
                    Map<String, Long> counts = new HashMap<>(merged.values());
                    counts.put(ImportCounts.READ, reader.read());
                    counts.put(ImportCounts.REJECTED, (long) reader.rejects().size());
                    return new Counts(counts);
                });
    }

    private static String text(Path file, Slice slice) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(Math.toIntExact(slice.to() - slice.from()));
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            while (bytes.hasRemaining()
                    && channel.read(bytes, slice.from() + bytes.position()) >= 0) {
                // Until the slice is whole.
            }
        }
        // Bytes that are not UTF-8 become U+FFFD, which the reader rejects with the row.
        return new String(bytes.array(), 0, bytes.position(), StandardCharsets.UTF_8);
    }

    private Counts merge(Staging staging, long workspaceId, Piece piece, ImportOptions options) {
        Connection connection = DataSourceUtils.getConnection(dataSource);
        try {
            return staging.merge(connection, workspaceId, piece.importId(), options.listId());
        } catch (SQLException e) {
            throw new SQLStateSQLExceptionTranslator().translate("merge", null, e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            DataSourceUtils.releaseConnection(connection, dataSource);
        }
    }
}
