package io.mailgenius.jobs.imports;

import io.mailgenius.engine.ledger.ChunkCounts;
import io.mailgenius.engine.partitioning.OwnStep.StopCheck;
import io.mailgenius.engine.tenancy.WorkspaceTransactionManager;
import io.mailgenius.jobs.LaunchFixture;
import io.mailgenius.jobs.contacts.Contacts;
import io.mailgenius.jobs.contacts.Exports;
import io.mailgenius.jobs.contacts.Lists;
import io.mailgenius.jobs.contacts.Suppressions;
import io.mailgenius.jobs.contacts.erased.ErasedAddresses;
import io.mailgenius.jobs.imports.ImportRows.Piece;
import io.mailgenius.jobs.imports.columns.ImportOptions;
import io.mailgenius.jobs.imports.merge.Undo;
import io.mailgenius.jobs.imports.rows.CopyBuffer;
import io.mailgenius.jobs.imports.rows.Rejects;
import io.mailgenius.jobs.imports.rows.Slice;
import io.mailgenius.jobs.imports.rows.SliceReader;
import io.mailgenius.jobs.imports.storage.Arrival;
import io.mailgenius.jobs.imports.storage.FileStorage;
import io.mailgenius.jobs.imports.storage.FileStorage.Kept;
import io.mailgenius.jobs.imports.storage.FolderStorage;
import io.mailgenius.jobs.secrets.SecretEncryption;
import io.mailgenius.jobs.workspaces.Refusal;
import io.mailgenius.jobs.workspaces.WorkspaceLimits;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.springframework.batch.infrastructure.item.ExecutionContext;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Imports files by the manager's and the worker's own code, without an engine in between: so the
 * order in which slices are merged can be chosen, and a file takes milliseconds.
 */
public final class ImportFixture implements AutoCloseable {

    /** As the job cuts, unless a test wants more slices of a small file. */
    static final int ONE_SLICE = 1 << 20;

    public final LaunchFixture doors =
            new LaunchFixture(Lists.class, Contacts.class, Exports.class, Suppressions.class);
    final Path folder = folder();
    final FileStorage files = new FolderStorage(folder);

    private final DataSource dataSource = doors.database.dataSource();
    private final TransactionTemplate transaction =
            new TransactionTemplate(new WorkspaceTransactionManager(dataSource));
    private final JdbcClient jdbc = JdbcClient.create(dataSource);
    private final ImportStore imports = new ImportStore(jdbc, JsonMapper.shared());
    private final Rejects rejects = new Rejects(jdbc);
    private final ImportRows rows =
            new ImportRows(
                    imports,
                    rejects,
                    files,
                    new ErasedAddresses(jdbc, doors.provider(SecretEncryption.class)),
                    new WorkspaceLimits(jdbc),
                    dataSource,
                    transaction);

    private static Path folder() {
        try {
            return Files.createTempDirectory("mailgenius-imports");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** An import that has ended. */
    public record Outcome(long id, ImportView.Rows rows, String rejects) {}

    public Outcome importText(String file, ImportOptions options) {
        return importBytes(file.getBytes(StandardCharsets.UTF_8), options);
    }

    Outcome importBytes(byte[] file, ImportOptions options) {
        return importBytes(file, options, ONE_SLICE, slices -> {});
    }

    /**
     * @param target bytes of a slice
     * @param order puts the slices into the order in which workers come to them
     */
    public Outcome importBytes(
            byte[] file, ImportOptions options, int target, Consumer<List<Slice>> order) {
        return doors.in(
                () -> {
                    long id = received(file, options);
                    preparation().prepare(id, StopCheck.NEVER);
                    ImportStore.Stored prepared =
                            inTransaction(() -> imports.find(id).orElseThrow());
                    List<Slice> slices = slices(prepared, target);
                    order.accept(slices);
                    Map<String, Long> sums = new HashMap<>();
                    for (Slice slice : slices) {
                        work(new Piece(id, slice))
                                .values()
                                .forEach((name, count) -> sums.merge(name, count, Long::sum));
                    }
                    return new Outcome(
                            id, ImportView.Rows.of(new ChunkCounts(sums)), rejects(prepared));
                });
    }

    /** An import whose file is stored, and nothing more. */
    long received(byte[] file, ImportOptions options) {
        return doors.in(
                () -> {
                    try {
                        Kept kept = files.receive(Arrival.of(new ByteArrayInputStream(file)));
                        return inTransaction(() -> imports.insert("file", kept, options));
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                });
    }

    FilePreparation preparation() {
        return new FilePreparation(imports, files, transaction);
    }

    ImportStore.Stored row(long id) {
        return doors.in(() -> inTransaction(() -> imports.find(id).orElseThrow()));
    }

    /** What the request says of a file by its start; null where it says nothing. */
    Refusal.Invalid check(byte[] file, ImportOptions options) {
        try {
            Kept kept = files.receive(Arrival.of(new ByteArrayInputStream(file)));
            try {
                new FileNormalizer(files).check(kept, options);
                return null;
            } catch (Refusal.Invalid refusal) {
                return refusal;
            } finally {
                files.delete(kept.key());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What an import of the file would do, as it is told before. */
    public FileSample preview(byte[] file, ImportOptions options) {
        return doors.in(
                () -> {
                    FileNormalizer.Taken looked =
                            new FileNormalizer(files).look(new ByteArrayInputStream(file), options);
                    files.delete(looked.text().key());
                    return FileSample.of(looked, options);
                });
    }

    public static Consumer<List<Slice>> shuffled(long seed) {
        return slices -> Collections.shuffle(slices, new Random(seed));
    }

    private List<Slice> slices(ImportStore.Stored prepared, int target) {
        SliceReader reader =
                new SliceReader(
                        files,
                        prepared.storageKey(),
                        prepared.dataFrom(),
                        prepared.layout().dataLine(),
                        target,
                        prepared.layout().dialect());
        reader.open(new ExecutionContext());
        List<Slice> slices = new ArrayList<>();
        for (Slice slice = reader.read(); slice != null; slice = reader.read()) {
            slices.add(slice);
        }
        reader.close();
        return slices;
    }

    /** A slice that was held back. */
    public void work(long importId, Slice slice) {
        doors.in(() -> work(new Piece(importId, slice)));
    }

    private ChunkCounts work(Piece piece) {
        try {
            ImportRows.Read read = rows.read(piece, new CopyBuffer(0));
            return inTransaction(() -> rows.write(read));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String rejects(ImportStore.Stored prepared) {
        StringWriter out = new StringWriter();
        inTransaction(
                () -> {
                    TextLayout layout = prepared.layout();
                    rejects.write(prepared.id(), layout.dialect(), layout.header(), out);
                    return prepared.id();
                });
        return out.toString();
    }

    public Map<String, Long> undo(long importId) {
        return doors.in(
                () ->
                        inTransaction(
                                        () ->
                                                new Undo(jdbc)
                                                        .takeBack(
                                                                new Undo.Range(
                                                                        importId,
                                                                        0,
                                                                        Long.MAX_VALUE,
                                                                        0)))
                                .values());
    }

    <T> T inTransaction(Supplier<T> work) {
        return Objects.requireNonNull(transaction.execute(_ -> work.get()));
    }

    /** Rows that an import has refused, by line. */
    List<Rejects.Reject> rejects(long importId) {
        return doors.owner()
                .sql(
                        """
                        SELECT line, column_name, reason, raw FROM import_reject WHERE import_id = :import ORDER BY line
                        """)
                .param("import", importId)
                .query(
                        (row, n) ->
                                new Rejects.Reject(
                                        row.getLong(1),
                                        row.getString(2),
                                        row.getString(3),
                                        row.getString(4)))
                .list();
    }

    List<String> addresses() {
        return doors.owner()
                .sql("SELECT email FROM contact ORDER BY email")
                .query(String.class)
                .list();
    }

    /** A column of a contact as text; null if it is null or there is no such contact. */
    public String contact(String email, String column) {
        return doors
                .owner()
                .sql("SELECT " + column + "::text FROM contact WHERE email = :email")
                .param("email", email)
                .query((row, n) -> Optional.ofNullable(row.getString(1)))
                .list()
                .stream()
                .flatMap(Optional::stream)
                .findFirst()
                .orElse(null);
    }

    public JsonNode attributes(String email) {
        return JsonMapper.shared().readTree(contact(email, "attributes"));
    }

    /** All that a contact is, but for its id and its times. */
    public List<String> everybody() {
        return doors.owner()
                .sql(
                        """
                        SELECT concat_ws('|', email, first_name, last_name, city, country, attributes, status) AS told
                          FROM contact ORDER BY email
                        """)
                .query(String.class)
                .list();
    }

    /** How many files are kept. */
    long stored() throws IOException {
        try (Stream<Path> all = Files.list(folder)) {
            return all.count();
        }
    }

    /** Nobody and nothing is there any more. */
    public void empty() {
        try (Stream<Path> all = Files.list(folder)) {
            for (Path file : all.toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        doors.database.empty(
                "contact",
                "send",
                "campaign",
                "list",
                "list_member",
                "suppression",
                "import",
                "import_reject",
                "import_trial",
                "consent_change");
    }

    @Override
    public void close() {
        doors.close();
    }
}
