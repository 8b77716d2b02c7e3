package io.mailgenius.jobs.imports;

import io.mailgenius.engine.launching.Launch;
import io.mailgenius.engine.launching.LaunchRequest;
import io.mailgenius.engine.launching.Launches;
import io.mailgenius.engine.ledger.Ledger;
import io.mailgenius.engine.ledger.Tally;
import io.mailgenius.jobs.contacts.Lists;
import io.mailgenius.jobs.workspaces.Page;
import io.mailgenius.jobs.workspaces.Refusal;
import io.mailgenius.schema.Priority;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.util.Map;
import java.util.Objects;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.TransactionTemplate;

/** Files that become contacts. */
@Component
public class Imports {

    static final String JOB = "import";

    private final ImportStore imports;
    private final Rejects rejects;
    private final FileStorage files;
    private final Lists lists;
    private final Launches launches;
    private final Ledger ledger;
    private final TransactionTemplate transaction;

    Imports(
            ImportStore imports,
            Rejects rejects,
            FileStorage files,
            Lists lists,
            Launches launches,
            Ledger ledger,
            TransactionTemplate transaction) {
        this.imports = imports;
        this.rejects = rejects;
        this.files = files;
        this.lists = lists;
        this.launches = launches;
        this.ledger = ledger;
        this.transaction = transaction;
    }

    /**
     * Stores the file, reads its header, and launches the job that reads its rows.
     *
     * @throws Refusal.Invalid if no row of such a file could become a contact; nothing is kept then
     * @throws Refusal.NotFound if the list to join is not there; nothing is kept then
     * @throws UncheckedIOException if the upload breaks off or the disk is full
     */
    public ImportView start(String fileName, InputStream content, ImportOptions options) {
        FileStorage.Stored file;
        try {
            file = files.store(content);
        } catch (IOException e) {
            throw new UncheckedIOException("The upload did not arrive whole", e);
        }
        boolean kept = false;
        try {
            Opening opening = Opening.of(file.path(), options.mappingOrNone());
            long id =
                    Objects.requireNonNull(
                            transaction.execute(
                                    status -> launch(fileName, file, options, opening)));
            kept = true;
            // Not by itself: called from inside, find would have no transaction, and so no
            // workspace.
            return Objects.requireNonNull(transaction.execute(_ -> find(id)));
        } catch (IOException e) {
            throw new UncheckedIOException("The upload cannot be read", e);
        } finally {
            if (!kept) {
                files.delete(file.key());
            }
        }
    }

    /** The import and its launch commit together. */
    private long launch(
            String fileName, FileStorage.Stored file, ImportOptions options, Opening opening) {
        if (options.listId() != null) {
            lists.find(options.listId());
        }
        long id = imports.insert(fileName, file, options, opening);
        Launch launch =
                launches.launch(
                        new LaunchRequest(
                                JOB,
                                Long.toString(id),
                                Map.of("importId", Long.toString(id)),
                                Priority.NORMAL));
        imports.launched(id, launch.id());
        return id;
    }

    /**
     * @throws Refusal.NotFound if it is not this workspace's
     */
    @Transactional(readOnly = true)
    public ImportView find(long id) {
        return view(imports.find(id).orElseThrow(() -> new Refusal.NotFound("import", id)));
    }

    /**
     * The newest first.
     *
     * @param after the id after which to read on; 0 at the start
     */
    @Transactional(readOnly = true)
    public Page<ImportView> page(long after, int limit) {
        return Page.of(
                imports.page(after, Page.rows(limit)).stream().map(this::view).toList(),
                limit,
                ImportView::id);
    }

    private ImportView view(ImportStore.Stored stored) {
        boolean live =
                switch (stored.status()) {
                    case PENDING, RUNNING -> true;
                    case COMPLETED, FAILED, STOPPED -> false;
                };
        Tally tally =
                stored.jobInstanceId() == null
                        ? Tally.EMPTY
                        : ledger.tally(stored.jobInstanceId(), ImportSlices.NAME);
        long bytes = Math.max(1, stored.bytes() - stored.dataFrom());
        return new ImportView(
                stored.id(),
                stored.fileName(),
                stored.bytes(),
                stored.status(),
                stored.jobExecutionId(),
                live ? ImportCounts.rows(tally.counts()) : stored.rows(),
                Math.min(1.0, (double) tally.itemsDone() / bytes),
                stored.error(),
                stored.createdAt(),
                stored.finishedAt());
    }

    /** Writes the refused rows as CSV: line, column, reason, row. */
    @Transactional(readOnly = true)
    public void writeRejects(long id, Writer out) {
        find(id);
        rejects.write(id, out);
    }
}
