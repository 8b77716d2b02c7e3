package io.mailgenius.jobs.imports;

import io.mailgenius.engine.launching.Launch;
import io.mailgenius.engine.launching.LaunchRequest;
import io.mailgenius.engine.launching.Launches;
import io.mailgenius.engine.tenancy.AutocommitRead;
import io.mailgenius.jobs.contacts.Lists;
import io.mailgenius.jobs.imports.ImportStore.Stored;
import io.mailgenius.jobs.imports.columns.ImportOptions;
import io.mailgenius.jobs.imports.rows.Rejects;
import io.mailgenius.jobs.imports.storage.Arrival;
import io.mailgenius.jobs.imports.storage.FileStorage;
import io.mailgenius.jobs.imports.storage.FileStorage.Kept;
import io.mailgenius.jobs.workspaces.Page;
import io.mailgenius.jobs.workspaces.Refusal;
import io.mailgenius.jobs.workspaces.Usage;
import io.mailgenius.schema.ImportStatus;
import io.mailgenius.schema.LaunchState;
import io.mailgenius.schema.Priority;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.TransactionTemplate;

/** Imports files of contacts. */
@Component
public class Imports {

    static final String JOB = "import";

    /** Up to this number of bytes, preparing a file costs less than a step of a job. */
    static final long PREPARED_AT_ONCE = 512 * 1024;

    private final ImportStore imports;
    private final ImportViews views;
    private final Rejects rejects;
    private final FileStorage files;
    private final Lists lists;
    private final Launches launches;
    private final Usage usage;
    private final TransactionTemplate transaction;

    Imports(
            ImportStore imports,
            ImportViews views,
            Rejects rejects,
            FileStorage files,
            Lists lists,
            Launches launches,
            Usage usage,
            TransactionTemplate transaction) {
        this.imports = imports;
        this.views = views;
        this.rejects = rejects;
        this.files = files;
        this.lists = lists;
        this.launches = launches;
        this.usage = usage;
        this.transaction = transaction;
    }

    /**
     * Stores the file and launches the job that imports it. A small file is prepared at once, which
     * takes milliseconds; of a large one only the beginning is checked.
     *
     * @throws Refusal.Invalid if no row of the file could become a contact, as far as is known now;
     *     nothing is kept then
     * @throws Refusal.NotFound if a list to join does not exist; nothing is kept then
     * @throws Refusal.Conflict {@code storage-limit-reached}; nothing is kept then
     * @throws UncheckedIOException if the upload breaks off or the disk is full
     */
    public ImportView start(String fileName, Arrival arrival, ImportOptions options) {
        if (options.resubscribe() != null && options.resubscribe().reason().isBlank()) {
            throw new Refusal.Invalid(
                    "resubscribe-needs-a-reason",
                    "Say in resubscribe.reason why these people may be mailed again.");
        }
        Kept file = receive(arrival);
        // Files to delete if this fails.
        Set<String> keys = new HashSet<>(Set.of(file.key()));
        try {
            FileNormalizer normalizer = new FileNormalizer(files);
            FileNormalizer.Taken taken = null;
            if (file.bytes() <= PREPARED_AT_ONCE) {
                taken = normalizer.take(file, options);
                keys.add(taken.text().key());
            } else {
                normalizer.check(file, options);
            }
            long id = launch(fileName, file, taken, options);
            keys.clear();
            if (taken != null && !taken.text().key().equals(file.key())) {
                files.delete(file.key());
            }
            // A call on this object does not pass the proxy, so find alone would have no
            // transaction and no workspace.
            return Objects.requireNonNull(transaction.execute(_ -> find(id)));
        } finally {
            keys.forEach(files::delete);
        }
    }

    private Kept receive(Arrival arrival) {
        try {
            return files.receive(arrival);
        } catch (IOException e) {
            throw new UncheckedIOException("The upload did not arrive whole", e);
        }
    }

    /** Inserts the import and its launch in one transaction. */
    private long launch(
            String fileName,
            Kept file,
            FileNormalizer.@Nullable Taken taken,
            ImportOptions options) {
        return Objects.requireNonNull(
                transaction.execute(
                        _ -> {
                            options.lists().forEach(lists::find);
                            usage.imported(file.bytes());
                            long id = imports.insert(fileName, file, options);
                            if (taken != null) {
                                imports.prepared(id, taken);
                            }
                            Launch launch = launches.launch(request(JOB, id));
                            imports.launched(id, launch.id());
                            return id;
                        }));
    }

    private static LaunchRequest request(String job, long id) {
        return new LaunchRequest(
                job, Long.toString(id), Map.of("importId", Long.toString(id)), Priority.NORMAL);
    }

    /**
     * Describes a file by the code that imports it. Nothing is changed or kept.
     *
     * @throws Refusal.Invalid if the file could not be imported with any options
     */
    public ImportPreview preview(String fileName, InputStream content, ImportOptions options) {
        FileNormalizer.Taken file = new FileNormalizer(files).look(content, options);
        try {
            FileSample sample = FileSample.of(file, options);
            byte[] sha256 = file.original().sha256();
            Long same = transaction.execute(_ -> imports.sameFile(sha256, 0).orElse(null));
            return new ImportPreview(
                    fileName,
                    file.original().bytes(),
                    HexFormat.of().formatHex(sha256),
                    same,
                    file.format(),
                    sample.columns(),
                    sample.shown(),
                    sample.size(),
                    sample.warnings(),
                    file.report().sheets(),
                    sample.statuses());
        } finally {
            files.delete(file.text().key());
        }
    }

    /**
     * @throws Refusal.NotFound if it is not in this workspace
     */
    @AutocommitRead
    public ImportView find(long id) {
        return views.view(stored(id));
    }

    private Stored stored(long id) {
        return imports.find(id).orElseThrow(() -> new Refusal.NotFound("import", id));
    }

    /**
     * Newest first.
     *
     * @param after the last id of the previous page; 0 for the first page
     */
    @AutocommitRead
    public Page<ImportView> page(long after, int limit) {
        return Page.of(
                imports.page(after, Page.rows(limit)).stream().map(views::view).toList(),
                limit,
                ImportView::id);
    }

    /**
     * Reverts the changes of an import, except for contacts that were changed since. A stopped or
     * failed import is abandoned. Calling it again continues an undo that failed.
     *
     * @throws Refusal.Conflict if the import is running, changed nothing, or was undone already
     */
    @Transactional
    public ImportView undo(long id) {
        Stored stored =
                imports.findForUpdate(id).orElseThrow(() -> new Refusal.NotFound("import", id));
        if (stored.options().isDryRun()) {
            throw new Refusal.Conflict("import-was-dry-run", "A dry run has changed nothing.");
        }
        switch (stored.status()) {
            case PENDING, RUNNING ->
                    throw new Refusal.Conflict(
                            "import-runs", "The import still runs: stop its job first.");
            case FAILED, STOPPED -> abandon(stored);
            case COMPLETED -> {}
        }
        if (stored.undo() == null) {
            imports.undoLaunched(id, launches.launch(request(UndoJob.NAME, id)).id());
        } else {
            undoAgain(stored.undo());
        }
        return views.view(stored(id));
    }

    private void abandon(Stored stored) {
        long launch = Objects.requireNonNull(stored.launchId());
        boolean over =
                launches.find(launch)
                        .filter(found -> found.state() != LaunchState.ABANDONED)
                        .isEmpty();
        if (!over) {
            launches.abandon(launch);
        }
    }

    private void undoAgain(ImportStore.Undone undo) {
        if (undo.status() == ImportStatus.COMPLETED) {
            throw new Refusal.Conflict("import-is-undone", "The import is taken back already.");
        }
        if (undo.status() == ImportStatus.PENDING || undo.status() == ImportStatus.RUNNING) {
            throw new Refusal.Conflict(
                    "import-is-being-undone", "The import is being taken back: wait for it.");
        }
        launches.restart(Objects.requireNonNull(undo.launchId()));
    }

    /** Writes the rejected rows as a file that can be imported: line, column, reason, row. */
    @AutocommitRead
    public void writeRejects(long id, Writer out) {
        Stored stored = stored(id);
        rejects.write(id, stored.layout().dialect(), stored.layout().header(), out);
    }
}
