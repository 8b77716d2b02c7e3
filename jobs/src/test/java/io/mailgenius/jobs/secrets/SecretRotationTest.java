package io.mailgenius.jobs.secrets;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mailgenius.schema.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;

class SecretRotationTest {

    private static TestDatabase database;
    private static JdbcClient owner;
    private static long workspace;

    @TempDir Path folder;
    private SecretEncryption encryption;
    private SecretRotation rotation;

    @BeforeAll
    static void open() {
        database = TestDatabase.create();
        owner = JdbcClient.create(database.owner());
        workspace = database.workspace("sealed");
        owner.sql("CREATE TABLE of_nobody (seed sealed_secret)").update();
        owner.sql(
                        "CREATE TABLE of_workspaces (workspace_id bigint, one sealed_secret, two sealed_secret)")
                .update();
    }

    @AfterAll
    static void close() {
        database.close();
    }

    @BeforeEach
    void empty() {
        owner.sql("TRUNCATE of_nobody, of_workspaces").update();
        encryption = new SecretEncryption(folder.resolve("keys").resolve("master-keys.json"));
        rotation = new SecretRotation(database.owner(), encryption);
    }

    private Path file() {
        return folder.resolve("keys").resolve("master-keys.json");
    }

    private byte[] sealed(String text) {
        return encryption.encrypt(text.getBytes(UTF_8), "test");
    }

    private static String opened(SecretEncryption by, byte[] sealed) {
        return new String(by.decrypt(sealed, "test"), UTF_8);
    }

    @Test
    void only_the_same_purpose_and_the_same_keys_decrypt() throws IOException {
        byte[] sealed = sealed("re_123");

        assertThat(opened(new SecretEncryption(file()), sealed)).isEqualTo("re_123");
        assertThat(new String(sealed, UTF_8)).doesNotContain("re_123");
        assertThat(sealed("re_123")).isNotEqualTo(sealed);
        assertThatThrownBy(() -> encryption.decrypt(sealed, "another"))
                .isInstanceOf(SecretUnreadable.class);
        byte[] changed = sealed.clone();
        changed[changed.length - 1]++;
        assertThatThrownBy(() -> encryption.decrypt(changed, "test"))
                .isInstanceOf(SecretUnreadable.class);
        assertThatThrownBy(
                        () ->
                                new SecretEncryption(folder.resolve("others.json"))
                                        .decrypt(sealed, "test"))
                .isInstanceOf(SecretUnreadable.class)
                .hasMessageContaining("MAILGENIUS_MASTER_KEYS_FILE");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file())))
                .isEqualTo("rw-------");
        try (var files = Files.list(file().getParent())) {
            assertThat(files).containsExactly(file());
        }
    }

    @Test
    void a_new_key_reaches_every_stored_secret_and_nothing_becomes_unreadable() {
        owner.sql("INSERT INTO of_nobody VALUES (?)").param(sealed("seed")).update();
        owner.sql("INSERT INTO of_workspaces SELECT ?, unnest(?::bytea[]), NULL")
                .params(
                        workspace,
                        IntStream.range(0, 1_200)
                                .mapToObj(i -> sealed("one " + i))
                                .toArray(byte[][]::new))
                .update();
        owner.sql("UPDATE of_workspaces SET two = ? WHERE ctid = '(0,7)'")
                .param(sealed("two"))
                .update();
        SecretEncryption anotherNode = new SecretEncryption(file());
        byte[] before = sealed("kept elsewhere");
        assertThat(opened(anotherNode, before)).isEqualTo("kept elsewhere");

        SecretRotation.Rotation done = rotation.rotate();

        assertThat(done.added()).isNotNull();
        assertThat(done.renewed()).isEqualTo(1_202);
        assertThat(done.unreadable()).isZero();
        assertThat(List.copyOf(rotation.status().keys().values())).containsExactly(0L, 1_202L);
        assertThat(
                        owner.sql("SELECT one FROM of_workspaces")
                                .query((row, _) -> opened(anotherNode, row.getBytes(1)))
                                .list())
                .hasSize(1_200)
                .contains("one 0", "one 1199");
        assertThat(opened(encryption, before)).isEqualTo("kept elsewhere");
    }

    @Test
    void a_rotation_that_was_interrupted_is_completed_before_the_next_key() {
        owner.sql("INSERT INTO of_nobody VALUES (?)").param(sealed("seed")).update();
        encryption.masterKeys().add();

        SecretRotation.Rotation completed = rotation.rotate();

        assertThat(completed.added()).isNull();
        assertThat(completed.renewed()).isEqualTo(1);
        assertThat(rotation.status().keys()).hasSize(2);
        assertThat(rotation.rotate().added()).isNotNull();
        assertThat(rotation.status().keys()).hasSize(3);
    }

    @Test
    void lost_keys_are_reported_and_their_secrets_stay_as_they_are() throws IOException {
        byte[] lost = sealed("seed");
        owner.sql("INSERT INTO of_nobody VALUES (?)").param(lost).update();
        assertThat(rotation.withoutKeys()).isZero();
        Files.delete(file());

        assertThat(rotation.withoutKeys()).isEqualTo(1);
        SecretRotation.Rotation done = rotation.rotate();

        assertThat(done.unreadable()).isEqualTo(1);
        assertThat(done.renewed()).isZero();
        assertThat(rotation.status().unreadable()).isEqualTo(1);
        assertThat(
                        owner.sql("SELECT seed FROM of_nobody")
                                .query((row, _) -> row.getBytes(1))
                                .single())
                .isEqualTo(lost);
    }
}
