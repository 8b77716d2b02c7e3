package io.mailgenius.jobs.imports;

import io.mailgenius.engine.ledger.ChunkCounts;
import io.mailgenius.engine.worker.Assignment;
import io.mailgenius.engine.worker.ChunkDone;
import io.mailgenius.engine.worker.ChunkWork;
import io.mailgenius.jobs.contacts.erased.ErasedAddresses;
import io.mailgenius.jobs.imports.columns.Header;
import io.mailgenius.jobs.imports.columns.ImportOptions;
import io.mailgenius.jobs.imports.merge.ImportCounts;
import io.mailgenius.jobs.imports.merge.Merge;
import io.mailgenius.jobs.imports.merge.Merge.Merged;
import io.mailgenius.jobs.imports.rows.CopyBuffer;
import io.mailgenius.jobs.imports.rows.CopyBuffers;
import io.mailgenius.jobs.imports.rows.Rejects;
import io.mailgenius.jobs.imports.rows.RowReader;
import io.mailgenius.jobs.imports.rows.Slice;
import io.mailgenius.jobs.imports.rows.Staging;
import io.mailgenius.jobs.imports.storage.FileStorage;
import io.mailgenius.jobs.workspaces.WorkspaceLimits;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import javax.sql.DataSource;
import org.springframework.jdbc.datasource.DataSourceUtils;
import org.springframework.jdbc.support.SQLStateSQLExceptionTranslator;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/** The worker's part of an import: merges one slice of the file into contacts and rejects. */
@Component
class ImportRows implements ChunkWork {

    private final ImportStore imports;
    private final Rejects rejects;
    private final FileStorage files;
    private final ErasedAddresses erased;
    private final WorkspaceLimits limits;
    private final DataSource dataSource;
    private final TransactionTemplate transaction;
    private final CopyBuffers buffers = new CopyBuffers();

    ImportRows(
            ImportStore imports,
            Rejects rejects,
            FileStorage files,
            ErasedAddresses erased,
            WorkspaceLimits limits,
            DataSource dataSource,
            TransactionTemplate transaction) {
        this.imports = imports;
        this.rejects = rejects;
        this.files = files;
        this.erased = erased;
        this.limits = limits;
        this.dataSource = dataSource;
        this.transaction = transaction;
    }

    @Override
    public String step() {
        return ImportSlices.NAME;
    }

    /** A slice of one import. */
    record Piece(long importId, Slice slice) {}

    /** A few statements merge a slice, and each may wait for locks of another slice. */
    @Override
    public Duration statementLimit() {
        return Duration.ofMinutes(2);
    }

    @Override
    public ChunkDone work(Assignment chunk) throws IOException {
        Piece piece = chunk.payload(Piece.class);
        int bytes = piece.slice().bytes();
        CopyBuffer copy = buffers.lend(bytes + bytes / 2);
        try {
            Read read = read(piece, copy);
            return chunk.complete(() -> write(read));
        } finally {
            buffers.giveBack(copy);
        }
    }

    /** A slice that was read and validated but not written. */
    record Read(Piece piece, ImportStore.Stored stored, Staging staging, RowReader reader) {}

    /**
     * @param copy must not be used for anything else until the rows are written
     */
    Read read(Piece piece, CopyBuffer copy) throws IOException {
        Slice slice = piece.slice();
        ImportStore.Stored stored =
                transaction.execute(status -> imports.find(piece.importId()).orElseThrow());
        Header header = stored.layout().header(stored.options());
        byte[] bytes = bytes(stored.storageKey(), slice);
        Staging staging = new Staging(header, copy);
        RowReader reader = new RowReader(header, stored.layout().dialect(), staging);
        if (slice.fault() != null) {
            reader.fault(bytes, slice.line(), slice.fault());
        } else {
            reader.read(bytes, slice.line());
        }
        return new Read(piece, stored, staging, reader);
    }

    /** Runs in the transaction that sets the chunk to DONE. */
    ChunkCounts write(Read read) {
        long importId = read.piece().importId();
        RowReader reader = read.reader();
        ImportOptions options = read.stored().options();
        boolean creates = !options.isDryRun() && options.modeOrUsual() != ImportOptions.Mode.UPDATE;
        OptionalLong room = creates ? limits.roomForContacts() : OptionalLong.empty();
        Merged merged = merge(read.staging(), importId, options, room);
        if (creates && room.isEmpty()) {
            // Others may have come near the limit meanwhile: the chunk is repeated then.
            limits.requireContacts(0);
        }
        if (!merged.beyond().isEmpty()) {
            rejectAfterwards(read, merged.beyond(), limits.contactsReason());
        }
        rejectAfterwards(read, merged.missing(), "no contact has this address");
        rejectAfterwards(read, merged.large(), Staging.TOO_MANY);
        rejects.insert(importId, reader.rejects());
        rejects.insert(importId, erasedRows(merged.erased()));
        Map<String, Long> counts = new HashMap<>(merged.counts().values());
        counts.put(ImportCounts.READ, reader.read());
        counts.put(ImportCounts.REJECTED, (long) reader.rejects().size() + merged.erased().size());
        return new ChunkCounts(counts);
    }

    /** Without the row itself, which has the address. */
    private static List<Rejects.Reject> erasedRows(Set<Long> lines) {
        return lines.stream()
                .map(line -> new Rejects.Reject(line, "email", "the address was erased", ""))
                .toList();
    }

    /** Few slices have such rows, so their bytes are read again instead of being kept in memory. */
    private void rejectAfterwards(Read read, Set<Long> lines, String reason) {
        if (lines.isEmpty()) {
            return;
        }
        Slice slice = read.piece().slice();
        try {
            byte[] bytes = bytes(read.stored().storageKey(), slice);
            read.reader().rejectAfterwards(bytes, slice.line(), lines, reason);
        } catch (IOException e) {
            throw new UncheckedIOException("The imported file cannot be read", e);
        }
    }

    private byte[] bytes(String key, Slice slice) throws IOException {
        try (InputStream in = files.open(key, slice.from())) {
            return in.readNBytes(slice.bytes());
        }
    }

    private Merged merge(Staging staging, long importId, ImportOptions options, OptionalLong room) {
        Connection connection = DataSourceUtils.getConnection(dataSource);
        try {
            return new Merge(connection, staging, importId, options, erased.keys())
                    .within(room)
                    .run();
        } catch (SQLException e) {
            throw new SQLStateSQLExceptionTranslator().translate("merge", null, e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            DataSourceUtils.releaseConnection(connection, dataSource);
        }
    }
}
