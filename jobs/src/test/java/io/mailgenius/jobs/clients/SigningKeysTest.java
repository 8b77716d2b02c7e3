package io.mailgenius.jobs.clients;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.mailgenius.jobs.clients.SigningKeys.SigningKey;
import io.mailgenius.jobs.secrets.SecretEncryption;
import io.mailgenius.jobs.secrets.SecretRotation;
import io.mailgenius.schema.TestDatabase;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Two nodes with the same database, whose time is set. */
class SigningKeysTest {

    @TempDir Path folder;

    private final TestDatabase database = TestDatabase.create();
    private final JdbcClient owner = JdbcClient.create(database.owner());
    private Instant now = Instant.now();
    private SecretEncryption encryption;
    private SigningKeys one;
    private SigningKeys other;

    @BeforeEach
    void open() {
        encryption = new SecretEncryption(folder.resolve("master-keys.json"));
        one = node();
        other = node();
    }

    @AfterEach
    void close() {
        database.close();
    }

    private SigningKeys node() {
        return new SigningKeys(JdbcClient.create(database.dataSource()), encryption, () -> now);
    }

    private static List<String> kids(SigningKeys keys) {
        return keys.all().stream().map(SigningKey::kid).toList();
    }

    @Test
    void the_first_key_is_made_once_and_stored_sealed() {
        String first = one.current().kid();

        assertThat(kids(other)).containsExactly(first);
        byte[] stored =
                owner.sql("SELECT private_key FROM signing_key")
                        .query((row, _) -> row.getBytes(1))
                        .single();
        assertThat(new String(stored, ISO_8859_1))
                .doesNotContain(
                        new String(
                                one.current().privateKey().getPrivateExponent().toByteArray(),
                                ISO_8859_1));
        new SecretRotation(database.owner(), encryption).rotate();
        assertThat(kids(node())).as("under the next master key").containsExactly(first);
    }

    @Test
    void a_new_key_is_known_to_every_node_before_it_signs_and_the_old_one_stays_for_its_tokens() {
        String first = one.current().kid();
        assertThat(other.current().kid()).isEqualTo(first);

        SigningKeys.rotate(database.owner(), encryption);
        now = now.plus(SigningKeys.MEMORY);

        assertThat(one.current().kid()).as("before the lead is over").isEqualTo(first);
        assertThat(kids(one)).hasSize(2).startsWith(first);
        assertThat(kids(other)).isEqualTo(kids(one));

        now =
                owner.sql("SELECT max(active_from) FROM signing_key")
                        .query((row, _) -> row.getTimestamp(1).toInstant())
                        .single();
        String second = one.current().kid();
        assertThat(second).isNotEqualTo(first);
        assertThat(other.current().kid()).isEqualTo(second);
        assertThat(kids(other)).contains(first);
    }

    @Test
    void a_key_is_removed_by_the_rotation_after_the_last_of_its_tokens_has_expired() {
        String first = one.current().kid();
        SigningKeys.rotate(database.owner(), encryption);
        owner.sql("UPDATE signing_key SET active_from = active_from - interval '2 days'").update();
        SigningKeys.rotate(database.owner(), encryption);
        now = now.plus(SigningKeys.MEMORY);

        assertThat(kids(one)).hasSize(2).doesNotContain(first);
    }

    @Test
    void keys_that_are_revoked_verify_nothing_on_any_node() {
        String first = one.current().kid();
        assertThat(kids(other)).containsExactly(first);

        SigningKeys.revoke(database.owner(), encryption);
        now = now.plus(SigningKeys.MEMORY);

        assertThat(kids(one)).hasSize(1).doesNotContain(first);
        assertThat(kids(other)).isEqualTo(kids(one));
    }

    @Test
    void a_node_goes_on_with_the_keys_it_knows_while_the_database_is_away() {
        String first = one.current().kid();
        owner.sql("ALTER TABLE signing_key RENAME TO gone").update();
        now = now.plus(Duration.ofHours(1));

        assertThat(one.current().kid()).isEqualTo(first);
    }
}
