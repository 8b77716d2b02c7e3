package io.mailgenius.api.node;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mailgenius.jobs.secrets.SecretEncryption;
import io.mailgenius.schema.TestDatabase;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The commands of docs/operating.md, against a database with secrets in it. */
class SecretsCommandTest {

    @TempDir Path folder;

    @Test
    void a_rotation_leaves_every_secret_under_the_newest_key_and_lost_keys_are_refused()
            throws Exception {
        try (TestDatabase database = TestDatabase.create()) {
            NodeSettings settings =
                    NodeSettings.from(
                            Map.of(
                                    "MAILGENIUS_DATABASE_URL", database.url(),
                                    "MAILGENIUS_DATABASE_USERNAME", database.username(),
                                    "MAILGENIUS_DATABASE_PASSWORD", database.password(),
                                    "MAILGENIUS_SHARED_DIR", folder.toString()));
            SecretEncryption encryption = new SecretEncryption(settings.masterKeysFile());
            JdbcClient owner = JdbcClient.create(database.owner());
            owner.sql("CREATE TABLE of_nobody (seed sealed_secret)").update();
            owner.sql("INSERT INTO of_nobody VALUES (?)")
                    .param(encryption.encrypt("seed".getBytes(UTF_8), "test"))
                    .update();

            Told rotated = run(settings, "rotate");

            assertThat(rotated.code()).isZero();
            assertThat(rotated.out())
                    .contains("Added master key ", "brought under the newest key: 1");
            assertThat(run(settings, "status").out())
                    .containsPattern("(?s)the newest last:\\s+[0-9a-f]+: 0\\s+[0-9a-f]+: 1\\s");
            assertThat(
                            encryption.decrypt(
                                    owner.sql("SELECT seed FROM of_nobody")
                                            .query((row, _) -> row.getBytes(1))
                                            .single(),
                                    "test"))
                    .asString(UTF_8)
                    .isEqualTo("seed");
            assertThat(run(settings, "remove").code()).isEqualTo(2);
            assertThat(run(settings, "rotate", "tokens").code()).isZero();
            assertThat(run(settings, "status").out()).contains("tracking: 2", "unsubscribe: 2");

            assertThat(run(settings, "rotate", "signing").out()).contains("Added a key");
            assertThat(run(settings, "rotate", "signing").code()).isZero();
            assertThat(run(settings, "status").out()).contains("tokens of API clients: 2");
            assertThat(run(settings, "revoke", "signing").out()).contains("Replaced the keys");
            assertThat(run(settings, "status").out()).contains("tokens of API clients: 1");

            Files.delete(settings.masterKeysFile());

            assertThat(run(settings, "status").code()).isEqualTo(1);
            assertThatThrownBy(() -> run(settings, "rotate"))
                    .isInstanceOf(SettingRefused.class)
                    .hasMessageContaining("restore the file");
            assertThat(settings.masterKeysFile()).doesNotExist();
        }
    }

    private record Told(int code, String out) {}

    private static Told run(NodeSettings settings, String... words) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        int code = SecretsCommand.run(List.of(words), settings, new PrintStream(out, true, UTF_8));
        return new Told(code, out.toString(UTF_8));
    }
}
