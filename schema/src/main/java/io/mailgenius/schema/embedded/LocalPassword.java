package io.mailgenius.schema.embedded;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HexFormat;
import org.postgresql.PGConnection;

/**
 * The password of the superuser of an embedded server, in a file beside the data folder that only
 * the user of this process can read.
 */
record LocalPassword(Path file, String value) {

    /** How the server authenticates everybody, local users included. */
    static final String METHOD = "scram-sha-256";

    private static final String NAME = "postgresql.password";
    private static final int BYTES = 24;

    /** Reads the password of a folder, or makes one. */
    static LocalPassword of(Path folder) throws IOException {
        Path file = folder.toAbsolutePath().resolve(NAME);
        if (!Files.exists(file)) {
            PrivateFolder.write(file, random());
        }
        return new LocalPassword(file, Files.readString(file, US_ASCII).strip());
    }

    static String random() {
        byte[] random = new byte[BYTES];
        new SecureRandom().nextBytes(random);
        return HexFormat.of().formatHex(random);
    }

    /** The driver sends a verifier, so that the password is in no log of the server. */
    static void give(Connection superuser, String login, String password) throws SQLException {
        try (Statement statement = superuser.createStatement()) {
            statement.execute(
                    """
                    DO $$
                    BEGIN
                        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '%1$s') THEN
                            CREATE ROLE %1$s LOGIN NOINHERIT;
                        END IF;
                    END $$
                    """
                            .formatted(login));
        }
        superuser
                .unwrap(PGConnection.class)
                .alterUserPassword(login, password.toCharArray(), METHOD);
    }

    /**
     * Has a server that still trusts local users, because an earlier version made its data folder,
     * ask for the password.
     */
    void require(Path data, int port) throws IOException {
        Path rules = data.resolve("pg_hba.conf");
        if (Files.readAllLines(rules).stream().noneMatch(LocalPassword::trusts)) {
            return;
        }
        String url = "jdbc:postgresql://localhost:" + port + "/postgres";
        try (Connection connection =
                        DriverManager.getConnection(url, EmbeddedDatabase.SUPERUSER, value);
                Statement statement = connection.createStatement()) {
            give(connection, EmbeddedDatabase.SUPERUSER, value);
            Files.writeString(
                    rules,
                    """
                    local all         all %1$s
                    host  all         all localhost %1$s
                    local replication all %1$s
                    host  replication all localhost %1$s
                    """
                            .formatted(METHOD));
            statement.execute("SELECT pg_reload_conf()");
        } catch (SQLException e) {
            throw new IOException("The embedded PostgreSQL could not be given a password", e);
        }
    }

    private static boolean trusts(String rule) {
        return !rule.startsWith("#") && rule.stripTrailing().endsWith("trust");
    }
}
