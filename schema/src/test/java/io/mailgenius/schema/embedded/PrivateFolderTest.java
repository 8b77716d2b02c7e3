package io.mailgenius.schema.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PrivateFolderTest {

    @TempDir Path temporary;

    @Test
    void a_folder_is_made_for_this_user_alone_and_found_again() throws IOException {
        Path folder = temporary.resolve("cache/binaries");
        assertThat(PrivateFolder.made(folder)).isEqualTo(folder);
        assertThat(permissions(folder)).isEqualTo("rwx------");
        assertThat(PrivateFolder.made(folder)).isEqualTo(folder);
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void a_folder_that_somebody_could_have_prepared_is_refused() throws IOException {
        Path open = Files.createDirectory(temporary.resolve("open"));
        Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxrwxrwx"));
        assertThatThrownBy(() -> PrivateFolder.made(open)).isInstanceOf(IOException.class);

        Path link = temporary.resolve("link");
        Files.createSymbolicLink(link, Files.createDirectory(temporary.resolve("elsewhere")));
        assertThatThrownBy(() -> PrivateFolder.made(link)).isInstanceOf(IOException.class);

        Path another = Files.createDirectory(temporary.resolve("another"));
        Files.setPosixFilePermissions(another, PosixFilePermissions.fromString("rwx------"));
        if (System.getProperty("user.name").equals("root")) {
            Files.setOwner(
                    another,
                    another.getFileSystem()
                            .getUserPrincipalLookupService()
                            .lookupPrincipalByName("nobody"));
            assertThatThrownBy(() -> PrivateFolder.made(another)).isInstanceOf(IOException.class);
        }
    }

    @Test
    void binaries_and_passwords_are_out_of_reach_of_other_users() throws Exception {
        EmbeddedDatabase.start(temporary, false).close();
        Path binaries = PrivateFolder.ofBinaries(temporary);
        assertThat(binaries).as("where a server was started from").isNotEmptyDirectory();
        assertThat(permissions(binaries.getParent())).isEqualTo("rwx------");
        assertThat(binaries.startsWith(System.getProperty("java.io.tmpdir") + "/mailgenius"))
                .isFalse();
        LocalPassword password = LocalPassword.of(temporary);
        assertThat(permissions(password.file())).isEqualTo("rw-------");
        assertThat(LocalPassword.of(temporary)).isEqualTo(password);
    }

    /** Data folders of earlier versions trust every local user. */
    @Test
    void a_server_that_trusted_local_users_asks_for_a_password_after_its_next_start()
            throws Exception {
        Path rules = temporary.resolve("postgresql/pg_hba.conf");
        try (EmbeddedDatabase database = EmbeddedDatabase.start(temporary, false)) {
            assertThat(Files.readString(rules)).contains("scram-sha-256");
            try (Connection connection =
                            DriverManager.getConnection(
                                    database.jdbcUrl(), database.username(), database.password());
                    Statement statement = connection.createStatement()) {
                statement.execute("ALTER ROLE postgres PASSWORD NULL");
            }
        }
        Files.writeString(rules, "local all all trust\nhost all all all trust\n");
        Files.delete(temporary.resolve("postgresql.password"));

        try (EmbeddedDatabase database = EmbeddedDatabase.start(temporary, false)) {
            assertThat(Files.readString(rules)).doesNotContain("trust");
            try (Connection connection =
                    DriverManager.getConnection(
                            database.jdbcUrl(), database.username(), database.password())) {
                assertThat(connection.isValid(1)).isTrue();
            }
            while (letsInWith(database, "a guess")) {
                Thread.onSpinWait();
            }
        }
    }

    /** The server reloads its rules a moment later. */
    private static boolean letsInWith(EmbeddedDatabase database, String password) {
        try (Connection connection =
                DriverManager.getConnection(database.jdbcUrl(), database.username(), password)) {
            return connection.isValid(1);
        } catch (SQLException refused) {
            return false;
        }
    }

    private static String permissions(Path file) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
    }
}
