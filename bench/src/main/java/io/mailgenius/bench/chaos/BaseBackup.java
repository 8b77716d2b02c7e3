package io.mailgenius.bench.chaos;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Locale;
import java.util.Set;
import java.util.UUID;

/**
 * Copies the data of a running server, as {@code pg_basebackup} does, which the embedded binaries
 * lack. A server that is started on the copy is a standby.
 */
final class BaseBackup {

    /** Directories that are created empty. */
    private static final Set<String> EMPTY =
            Set.of(
                    "pg_wal",
                    "pg_replslot",
                    "pg_dynshmem",
                    "pg_notify",
                    "pg_stat_tmp",
                    "pg_subtrans");

    private static final Set<String> ITS_OWN =
            Set.of("postmaster.pid", "postmaster.opts", "epg-lock");

    private final String jdbcUrl;
    private final String username;
    private final String password;
    private final Path data;

    /**
     * @param username a superuser
     * @param data the data directory of the server
     */
    BaseBackup(String jdbcUrl, String username, String password, Path data) {
        this.jdbcUrl = jdbcUrl;
        this.username = username;
        this.password = password;
        this.data = data;
    }

    void copyTo(Path copy) throws IOException, SQLException {
        String slot = "standby_" + UUID.randomUUID().toString().replace("-", "");
        String label;
        // A backup must start and stop in the same session.
        try (Connection connection = DriverManager.getConnection(jdbcUrl, username, password);
                Statement statement = connection.createStatement()) {
            // The replication slot retains WAL until the standby has read it.
            statement.execute(
                    "SELECT pg_create_physical_replication_slot('%s', true)".formatted(slot));
            statement.execute("SELECT pg_backup_start('standby', true)");
            copyFiles(copy);
            try (ResultSet end =
                    statement.executeQuery("SELECT labelfile FROM pg_backup_stop(false)")) {
                end.next();
                label = end.getString(1);
            }
        }
        Files.writeString(copy.resolve("backup_label"), label);
        Files.createFile(copy.resolve("standby.signal"));
        String server = jdbcUrl.replaceFirst("^.*//", "").replaceFirst("/.*", "");
        Files.writeString(
                copy.resolve("postgresql.auto.conf"),
                String.format(
                        Locale.ROOT,
                        """

                        primary_conninfo = 'host=%s port=%s user=%s password=%s application_name=standby'
                        primary_slot_name = '%s'
                        """,
                        server.substring(0, server.indexOf(':')),
                        server.substring(server.indexOf(':') + 1),
                        username,
                        password,
                        slot),
                UTF_8,
                StandardOpenOption.APPEND);
    }

    private void copyFiles(Path copy) throws IOException {
        // PostgreSQL requires a data directory that only its owner can read.
        Files.createDirectories(copy);
        Files.setPosixFilePermissions(copy, PosixFilePermissions.fromString("rwx------"));
        Files.walkFileTree(
                data,
                new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult preVisitDirectory(
                            Path folder, BasicFileAttributes attributes) throws IOException {
                        Path there = copy.resolve(data.relativize(folder));
                        Files.createDirectories(there);
                        if (!EMPTY.contains(data.relativize(folder).toString())) {
                            return FileVisitResult.CONTINUE;
                        }
                        if (folder.endsWith("pg_wal")) {
                            Files.createDirectories(there.resolve("archive_status"));
                        }
                        return FileVisitResult.SKIP_SUBTREE;
                    }

                    @Override
                    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                            throws IOException {
                        if (!ITS_OWN.contains(file.getFileName().toString())) {
                            copy(file, copy.resolve(data.relativize(file)));
                        }
                        return FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult visitFileFailed(Path file, IOException e)
                            throws IOException {
                        if (e instanceof NoSuchFileException) {
                            return FileVisitResult.CONTINUE;
                        }
                        throw e;
                    }
                });
    }

    /** Files of a table that is dropped meanwhile can disappear; the WAL contains the drop. */
    private static void copy(Path file, Path there) throws IOException {
        try {
            Files.copy(file, there);
        } catch (NoSuchFileException dropped) {
            // The drop in the WAL removes it on the standby too.
        }
    }
}
