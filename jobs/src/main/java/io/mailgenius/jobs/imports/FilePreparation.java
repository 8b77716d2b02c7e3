package io.mailgenius.jobs.imports;

import io.mailgenius.engine.partitioning.OwnStep;
import io.mailgenius.jobs.imports.ImportStore.Stored;
import io.mailgenius.jobs.imports.storage.FileStorage;
import io.mailgenius.jobs.imports.storage.FileStorage.Kept;
import io.mailgenius.jobs.workspaces.Refusal;
import io.mailgenius.schema.WorkspaceScope;
import java.util.Objects;
import java.util.function.Supplier;
import org.springframework.batch.core.job.parameters.JobParameters;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * The first step of an import: converts the upload to delimited text in UTF-8 and decides about its
 * columns. It updates the row of the import once, in a single statement, so it can be interrupted
 * and repeated at any point, even while a node with an expired lease still works on it: the slower
 * one deletes its own text.
 */
@Component
class FilePreparation implements OwnStep {

    static final String NAME = "import.prepare";

    private final ImportStore imports;
    private final FileStorage files;
    private final TransactionTemplate transaction;

    FilePreparation(ImportStore imports, FileStorage files, TransactionTemplate transaction) {
        this.imports = imports;
        this.files = files;
        this.transaction = transaction;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public void run(JobParameters parameters, StopCheck stop) {
        prepare(ImportSlices.importId(parameters), stop);
    }

    /**
     * @throws Refusal.Invalid if no row of the file could become a contact; the file is deleted
     *     then, and the import has the reason
     */
    void prepare(long id, StopCheck stop) {
        Stored stored = inTransaction(() -> imports.find(id).orElseThrow());
        if (stored.problem() != null) {
            throw new Refusal.Invalid(stored.problem(), String.valueOf(stored.error()));
        }
        if (stored.isPrepared()) {
            return;
        }
        Kept original = new Kept(stored.storageKey(), stored.bytes());
        try {
            keep(id, original, new FileNormalizer(files, stop).take(original, stored.options()));
        } catch (Refusal.Invalid refusal) {
            if (durably(() -> imports.refused(id, refusal))) {
                files.delete(original.key());
            }
            throw refusal;
        } catch (RuntimeException failure) {
            // Another node may have finished and deleted the file.
            if (!inTransaction(() -> imports.find(id).orElseThrow()).isPrepared()) {
                throw failure;
            }
        }
    }

    private void keep(long id, Kept original, FileNormalizer.Taken taken) {
        String text = taken.text().key();
        boolean rewritten = !text.equals(original.key());
        boolean kept = false;
        boolean known = false;
        try {
            kept = durably(() -> imports.prepared(id, taken));
            known = true;
        } finally {
            // If the response to the commit was lost, both files may be needed.
            if (rewritten && known) {
                files.delete(kept ? original.key() : text);
            }
        }
    }

    /** A file must not be deleted before the commit that refers to its replacement is durable. */
    private boolean durably(Supplier<Boolean> change) {
        return WorkspaceScope.callWaitingForTheDisk(() -> inTransaction(change));
    }

    private <T> T inTransaction(Supplier<T> work) {
        return Objects.requireNonNull(transaction.execute(_ -> work.get()));
    }
}
