package io.mailgenius.bench;

import io.mailgenius.api.node.Node;
import io.mailgenius.api.node.NodeSettings;
import io.mailgenius.api.samples.SampleContacts;
import io.mailgenius.jobs.imports.ImportView;
import io.mailgenius.jobs.imports.Imports;
import io.mailgenius.jobs.imports.columns.ImportOptions;
import io.mailgenius.jobs.imports.storage.Arrival;
import io.mailgenius.jobs.workspaces.Workspaces;
import io.mailgenius.schema.ImportStatus;
import io.mailgenius.schema.WorkspaceScope;
import io.mailgenius.schema.embedded.EmbeddedDatabase;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.Reader;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import java.util.function.BooleanSupplier;
import javax.sql.DataSource;
import org.postgresql.ds.PGSimpleDataSource;

/** A node with embedded stores, in a folder of its own that is emptied first. */
final class EmbeddedNode implements AutoCloseable {

    private static final long SEED = 7;
    private static final long POLL_MILLIS = 100;

    private final Path folder;
    private final Node node;
    private final long workspace;

    private EmbeddedNode(Path folder, Node node) {
        this.folder = folder;
        this.node = node;
        this.workspace = node.bean(Workspaces.class).ids().getFirst();
    }

    static EmbeddedNode start(Map<String, String> given, Map<String, String> more)
            throws IOException {
        Map<String, String> variables = new HashMap<>();
        for (String kept : new String[] {"MAILGENIUS_WORKER_CONCURRENCY", "MAILGENIUS_LEASE"}) {
            if (given.containsKey(kept)) {
                variables.put(kept, given.get(kept));
            }
        }
        Path folder = emptied(given);
        variables.put("MAILGENIUS_DATA_DIR", folder.toString());
        variables.put("MAILGENIUS_PORT", "0");
        variables.putAll(more);
        System.err.println("Starting a node, PostgreSQL and Redis in " + folder);
        Node node = Node.start(NodeSettings.from(variables));
        node.stopOnSignals();
        return new EmbeddedNode(folder, node);
    }

    /** The working folder of benchmarks, emptied. */
    static Path emptied(Map<String, String> given) throws IOException {
        Path folder = Path.of(given.getOrDefault("MAILGENIUS_DATA_DIR", "data/bench"));
        empty(folder);
        return folder;
    }

    private static void empty(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        Files.walkFileTree(
                folder,
                new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                            throws IOException {
                        Files.delete(file);
                        return FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult postVisitDirectory(Path visited, IOException problem)
                            throws IOException {
                        Files.delete(visited);
                        return FileVisitResult.CONTINUE;
                    }
                });
    }

    Node node() {
        return node;
    }

    /** A data source of the login that owns the tables, whose password lies beside the data. */
    DataSource owner() throws IOException {
        Properties stores = new Properties();
        try (Reader in = Files.newBufferedReader(folder.resolve("stores.env"))) {
            stores.load(in);
        }
        PGSimpleDataSource owner = new PGSimpleDataSource();
        owner.setUrl(stores.getProperty("MAILGENIUS_DATABASE_URL"));
        owner.setUser(EmbeddedDatabase.SUPERUSER);
        owner.setPassword(EmbeddedDatabase.superuserPassword(folder));
        return owner;
    }

    long workspace() {
        return workspace;
    }

    Path contacts(String name, long rows) throws IOException {
        Path file = folder.resolve(name);
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file), 1 << 16)) {
            new SampleContacts(rows, SEED).writeTo(out);
        }
        return file;
    }

    /** Imports the file and waits for the end of the job. */
    ImportView imported(Path file) throws IOException, InterruptedException {
        return imported(workspace, file);
    }

    ImportView imported(long workspace, Path file) throws IOException, InterruptedException {
        Imports imports = node.bean(Imports.class);
        long id;
        try (InputStream in = Files.newInputStream(file)) {
            id =
                    WorkspaceScope.call(
                            workspace,
                            () ->
                                    imports.start(
                                                    file.getFileName().toString(),
                                                    Arrival.of(in),
                                                    ImportOptions.DEFAULT)
                                            .id());
        }
        await(() -> WorkspaceScope.call(workspace, () -> imports.find(id)).finishedAt() != null);
        ImportView ended = WorkspaceScope.call(workspace, () -> imports.find(id));
        if (ended.status() != ImportStatus.COMPLETED) {
            throw new IOException("The import ended " + ended.status() + ": " + ended.error());
        }
        return ended;
    }

    static void await(BooleanSupplier condition) throws InterruptedException {
        while (!condition.getAsBoolean()) {
            Thread.sleep(POLL_MILLIS);
        }
    }

    @Override
    public void close() {
        node.close();
    }
}
