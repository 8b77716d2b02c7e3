package io.mailgenius.schema.embedded;

import com.sun.management.OperatingSystemMXBean;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.lang.management.ManagementFactory;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;

/**
 * A PostgreSQL server with its data in a folder, so that a first start needs nothing but a JDK. The
 * data survives restarts.
 */
public final class EmbeddedDatabase implements AutoCloseable {

    /** The login that owns everything. */
    public static final String SUPERUSER = "postgres";

    private static final Duration STARTUP = Duration.ofSeconds(60);

    private final EmbeddedPostgres postgres;
    private final String password;

    private EmbeddedDatabase(EmbeddedPostgres postgres, String password) {
        this.postgres = postgres;
        this.password = password;
    }

    /**
     * Starts the server on a free port with production durability.
     *
     * @throws UncheckedIOException if the folder is not writable or the server does not start
     */
    public static EmbeddedDatabase start(Path folder) {
        return start(folder, true);
    }

    /**
     * @param durable false disables fsync, for tests
     */
    public static EmbeddedDatabase start(Path folder, boolean durable) {
        try {
            Files.createDirectories(folder);
            Path data = data(folder);
            // A node that was killed leaves its server running. Two servers must not run on the
            // same files, so the old one is stopped first, by a fast shutdown.
            new Postmaster(data).stop("INT");
            LocalPassword password = LocalPassword.of(folder);
            EmbeddedPostgres postgres =
                    EmbeddedPostgres.builder()
                            .setDataDirectory(data)
                            .setCleanDataDirectory(false)
                            .setOverrideWorkingDirectory(PrivateFolder.ofBinaries(folder).toFile())
                            // Options of initdb, which creates the data folder at the first start.
                            .setLocaleConfig("auth", LocalPassword.METHOD)
                            .setLocaleConfig("pwfile", password.file().toString())
                            .setConnectConfig("password", password.value())
                            .setPort(freePort())
                            .setPGStartupWait(STARTUP)
                            .setErrorRedirector(Redirect.DISCARD)
                            .setOutputRedirector(Redirect.appendTo(log(folder).toFile()))
                            // The library starts the server with -F and asynchronous commits; the
                            // last value wins.
                            .setServerConfig("fsync", durable ? "on" : "off")
                            .setServerConfig("synchronous_commit", durable ? "on" : "off")
                            .setServerConfig("max_connections", "200")
                            .setServerConfig("shared_buffers", sharedBuffers() + "MB")
                            .setServerConfig("max_wal_size", "4GB")
                            .setServerConfig("wal_compression", "on")
                            .setServerConfig("random_page_cost", "1.1")
                            .start();
            password.require(data, postgres.getPort());
            return new EmbeddedDatabase(postgres, password.value());
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "The embedded PostgreSQL did not start in " + folder.toAbsolutePath(), e);
        }
    }

    /**
     * In megabytes: a sixteenth of the memory, because nodes, Redis and the page cache need the
     * rest. The server allocates pages as it uses them.
     */
    private static long sharedBuffers() {
        long machine =
                ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class)
                                .getTotalMemorySize()
                        >> 20;
        return Math.clamp(machine / 16, 128, 2048);
    }

    private static Path data(Path folder) {
        return folder.resolve("postgresql");
    }

    private static Path log(Path folder) {
        return folder.resolve("postgresql.log");
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    public String jdbcUrl() {
        return "jdbc:postgresql://localhost:" + postgres.getPort() + "/postgres";
    }

    public String username() {
        return SUPERUSER;
    }

    /**
     * The password of the superuser of the server in a folder, which may be running.
     *
     * @throws UncheckedIOException if the folder cannot be read
     */
    public static String superuserPassword(Path folder) {
        try {
            return LocalPassword.of(folder).value();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The server listens on loopback only, and every local user needs this password. */
    public String password() {
        return password;
    }

    /**
     * Creates a login without any rights, or gives it another password.
     *
     * @return the password of the login
     * @throws UncheckedIOException if the server refuses
     */
    public String newPassword(String login) {
        String made = LocalPassword.random();
        try (Connection connection = DriverManager.getConnection(jdbcUrl(), username(), password)) {
            LocalPassword.give(connection, login, made);
            return made;
        } catch (SQLException e) {
            throw new UncheckedIOException(new IOException(e));
        }
    }

    @Override
    public void close() {
        try {
            postgres.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
