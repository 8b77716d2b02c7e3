package io.mailgenius.jobs.offboarding;

import io.mailgenius.engine.launching.LaunchRequest;
import io.mailgenius.engine.launching.Launches;
import io.mailgenius.jobs.offboarding.ExportStore.Leaving;
import io.mailgenius.jobs.workspaces.LeavingRequests;
import io.mailgenius.jobs.workspaces.Page;
import io.mailgenius.jobs.workspaces.Refusal;
import io.mailgenius.jobs.workspaces.Workspaces;
import io.mailgenius.schema.ImportStatus;
import io.mailgenius.schema.Priority;
import io.mailgenius.schema.WorkspaceScope;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.Objects;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/** Exports and deletes workspaces. */
@Component
public class Offboarding {

    private final LeavingRequests requests;
    private final ExportStore exports;
    private final WorkspaceTables tables;
    private final ExportFolder folder;
    private final Launches launches;
    private final Workspaces workspaces;
    private final TransactionTemplate transaction;
    private final Clock clock;

    Offboarding(
            LeavingRequests requests,
            ExportStore exports,
            WorkspaceTables tables,
            ExportFolder folder,
            Launches launches,
            Workspaces workspaces,
            TransactionTemplate transaction,
            Clock clock) {
        this.requests = requests;
        this.exports = exports;
        this.tables = tables;
        this.folder = folder;
        this.launches = launches;
        this.workspaces = workspaces;
        this.transaction = transaction;
        this.clock = clock;
    }

    /** Launches the export of the current workspace. */
    public WorkspaceExport export() {
        return Objects.requireNonNull(
                transaction.execute(
                        _ -> {
                            long id = requests.export();
                            launchExports();
                            return exports.find(id).orElseThrow();
                        }));
    }

    public WorkspaceExport find(long id) {
        return Objects.requireNonNull(transaction.execute(_ -> exports.find(id)))
                .filter(it -> it.expiresAt() == null || it.expiresAt().isAfter(clock.instant()))
                .orElseThrow(() -> new Refusal.NotFound("export", id));
    }

    /** The newest first. */
    public Page<WorkspaceExport> page(long after, int limit) {
        return Page.of(
                Objects.requireNonNull(
                        transaction.execute(_ -> exports.page(after, Page.rows(limit)))),
                limit,
                WorkspaceExport::id);
    }

    /**
     * The archive, a ZIP.
     *
     * @throws Refusal.NotFound also if it has expired
     * @throws Refusal.Conflict if it is not complete yet
     */
    public Path archive(long id) {
        if (find(id).status() != ImportStatus.COMPLETED) {
            throw new Refusal.Conflict(
                    "export-not-complete", "The archive is not complete yet: wait for COMPLETED.");
        }
        Path archive = folder.file(id, ExportJob.ARCHIVE);
        if (!Files.isRegularFile(archive)) {
            throw new Refusal.NotFound("export", id);
        }
        return archive;
    }

    /**
     * Suspends the current workspace for good, stops its jobs, and launches the job that deletes
     * all that it has.
     *
     * @param name of the workspace, letter by letter
     * @throws Refusal.Invalid if it is another name; nothing is changed then
     */
    public void delete(String name) {
        transaction.executeWithoutResult(
                _ -> {
                    requests.delete(name);
                    launchDeletion();
                });
    }

    private void launchExports() {
        for (long id : exports.unlaunched()) {
            exports.launched(
                    id,
                    launches.launch(
                                    new LaunchRequest(
                                            ExportJob.NAME,
                                            Long.toString(id),
                                            Map.of("exportId", Long.toString(id)),
                                            Priority.NORMAL))
                            .id());
        }
    }

    private void launchDeletion() {
        if (!exports.deletionUnlaunched()) {
            return;
        }
        String workspace = Long.toString(WorkspaceScope.required());
        long launch =
                launches.launch(
                                new LaunchRequest(
                                        DeletionJob.NAME,
                                        workspace,
                                        Map.of("leaving", workspace),
                                        Priority.NORMAL))
                        .id();
        exports.deletionLaunched(launch);
        tables.othersAlive(launch).forEach(launches::stop);
    }

    /** Launches what was asked for without a node, and removes workspaces whose job is done. */
    void proceed() {
        for (Leaving leaving : exports.leaving()) {
            WorkspaceScope.run(leaving.workspaceId(), () -> proceed(leaving));
        }
    }

    private void proceed(Leaving leaving) {
        if (!leaving.deletion() || leaving.launchId() == null) {
            transaction.executeWithoutResult(
                    _ -> {
                        launchExports();
                        launchDeletion();
                    });
            return;
        }
        folder.deleteAll();
        transaction.executeWithoutResult(_ -> exports.remove(leaving.workspaceId()));
    }

    void deleteExpired() {
        for (long workspace : workspaces.ids()) {
            WorkspaceScope.run(workspace, this::deleteExpiredOfWorkspace);
        }
    }

    /** The files go first: whoever comes after a crash deletes them again. */
    private void deleteExpiredOfWorkspace() {
        for (long id :
                Objects.requireNonNull(
                        transaction.execute(_ -> exports.expired(clock.instant())))) {
            folder.delete(id);
            transaction.executeWithoutResult(_ -> exports.delete(id));
        }
    }
}
