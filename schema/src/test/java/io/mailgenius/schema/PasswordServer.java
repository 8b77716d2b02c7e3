package io.mailgenius.schema;

import io.mailgenius.schema.embedded.EmbeddedDatabase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.UUID;

/**
 * An embedded server that requires a password, unlike the one of the product, which trusts local
 * connections.
 */
record PasswordServer(String password) {

    /** The SQL state of a login with a wrong password, or without one. */
    private static final String REFUSED = "28P01";

    /**
     * @param majorVersion the required major version, because other binaries on the class path
     *     would invalidate the test
     * @throws IllegalStateException if the server has another version
     */
    static PasswordServer of(EmbeddedDatabase database, String majorVersion) {
        String password = UUID.randomUUID().toString();
        try (Connection connection =
                        DriverManager.getConnection(
                                database.jdbcUrl(), database.username(), database.password());
                var statement = connection.createStatement()) {
            int version = connection.getMetaData().getDatabaseMajorVersion();
            if (version != Integer.parseInt(majorVersion)) {
                throw new IllegalStateException(
                        "mailgenius.test.postgres is %s, and the embedded server is %s"
                                .formatted(majorVersion, version));
            }
            statement.execute(
                    "ALTER ROLE %s PASSWORD '%s'".formatted(database.username(), password));
            var file = statement.executeQuery("SHOW hba_file");
            file.next();
            Files.writeString(Path.of(file.getString(1)), "host all all all scram-sha-256\n");
            statement.execute("SELECT pg_reload_conf()");
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        awaitRefusal(database);
        return new PasswordServer(password);
    }

    /** The server reloads its configuration asynchronously. */
    private static void awaitRefusal(EmbeddedDatabase database) {
        while (trusts(database)) {
            Thread.onSpinWait();
        }
    }

    private static boolean trusts(EmbeddedDatabase database) {
        try (Connection connection =
                DriverManager.getConnection(
                        database.jdbcUrl(), database.username(), "not the password")) {
            return connection.isValid(1);
        } catch (SQLException e) {
            if (REFUSED.equals(e.getSQLState())) {
                return false;
            }
            throw new IllegalStateException(e);
        }
    }
}
