package io.mailgenius.api.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mailgenius.jobs.workspaces.AccessChanges;
import io.mailgenius.jobs.workspaces.Workspaces;
import io.mailgenius.schema.TestDatabase;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;

class AccessCommandTest {

    private final TestDatabase database = TestDatabase.create();
    private final JdbcClient owner = JdbcClient.create(database.owner());

    @TempDir private Path folder;

    @AfterEach
    void close() {
        database.close();
    }

    private String run(String... words) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        int code =
                AccessCommand.run(
                        words[0],
                        List.of(words).subList(1, words.length),
                        NodeSettings.from(
                                Map.of(
                                        "MAILGENIUS_DATABASE_URL", database.url(),
                                        "MAILGENIUS_DATABASE_USERNAME", database.username(),
                                        "MAILGENIUS_DATABASE_PASSWORD", database.password(),
                                        "MAILGENIUS_PUBLIC_URL", "https://mail.example.com",
                                        "MAILGENIUS_DATA_DIR", folder.toString())),
                        new PrintStream(out, true, StandardCharsets.UTF_8));
        String printed = out.toString(StandardCharsets.UTF_8);
        assertThat(code).as(printed).isZero();
        return printed;
    }

    @Test
    void an_operator_makes_workspaces_keys_and_links_and_takes_them_away() {
        String created = run("workspace", "create", "Acme", "--owner=ada@example.com");
        assertThat(created).contains("Workspace 1", "https://mail.example.com/join/");
        assertThat(run("user", "invite", "--workspace=1", "--role=EDITOR", "--may-send"))
                .contains("https://mail.example.com/join/");
        run("workspace", "rename", "1", "Acme Ltd");
        run("workspace", "suspend", "1");
        assertThat(run("workspace", "list")).contains("1  Acme Ltd  suspended");
        run("workspace", "resume", "1");

        String secret =
                run(
                                "key",
                                "create",
                                "--workspace=1",
                                "--name=crm",
                                "--scopes=contacts:read",
                                "--days=9")
                        .lines()
                        .toList()
                        .get(1);
        Workspaces workspaces =
                new Workspaces(JdbcClient.create(database.dataSource()), new AccessChanges());
        assertThat(workspaces.bearer(secret).orElseThrow().may("contacts:read")).isTrue();
        String other = run("key", "rotate", "1", "--workspace=1").lines().toList().get(1);
        run("key", "revoke", "1", "--workspace=1");
        assertThat(run("key", "list", "--workspace=1"))
                .contains("crm  contacts:read", "revoked")
                .doesNotContain(secret, other);
        assertThat(
                        new Workspaces(
                                        JdbcClient.create(database.dataSource()),
                                        new AccessChanges())
                                .bearer(secret))
                .isEmpty();

        List<String> client =
                run(
                                "client",
                                "create",
                                "--workspace=1",
                                "--name=warehouse",
                                "--scopes=lists:read",
                                "--refresh-tokens")
                        .lines()
                        .toList();
        assertThat(client.get(1)).startsWith("mgc_");
        assertThat(client.get(2)).startsWith("mgs_");
        run("client", "revoke", "1", "--workspace=1");
        assertThat(run("client", "list", "--workspace=1"))
                .contains(client.get(1) + "  warehouse  lists:read", "revoked")
                .doesNotContain(client.get(2));

        owner.sql(
                        """
                        INSERT INTO person (email, name, password_hash, totp_secret, totp_confirmed_at)
                        VALUES ('ada@example.com', 'Ada', 'none', decode(repeat('00', 64), 'hex'), now());
                        """)
                .update();
        assertThat(run("user", "reset-password", "Ada@Example.com"))
                .contains("https://mail.example.com/reset/");
        run("user", "reset-second-factor", "ada@example.com");
        run("user", "disable", "ada@example.com");
        assertThat(
                        owner.sql(
                                        "SELECT status || coalesce(totp_confirmed_at::text, '-') FROM person")
                                .query(String.class)
                                .single())
                .isEqualTo("DISABLED-");
        assertThat(
                        owner.sql(
                                        """
                                        SELECT count(*) FROM audit_entry
                                         WHERE actor ->> 'kind' = 'OPERATOR' AND noun IN ('workspace', 'api_key')
                                        """)
                                .query(Long.class)
                                .single())
                .isGreaterThanOrEqualTo(6);
    }

    @Test
    void an_operator_limits_a_workspace_and_asks_for_its_archive_and_its_deletion() {
        long id =
                Long.parseLong(
                        run("workspace", "create", "Limited")
                                .lines()
                                .findFirst()
                                .orElseThrow()
                                .replaceAll("\\D", ""));
        String workspace = Long.toString(id);
        assertThat(run("workspace", "limits", workspace, "--contacts=500", "--mails=9000"))
                .contains(
                        "contacts            500",
                        "mails a month       9000",
                        "requests a minute   no limit");
        assertThat(run("workspace", "limits", workspace, "--mails=none", "--requests=60"))
                .contains(
                        "contacts            500",
                        "mails a month       no limit",
                        "requests a minute   60");
        assertThat(run("workspace", "limits", workspace)).contains("requests a minute   60");
        assertThatThrownBy(() -> run("workspace", "limits", workspace, "--contacts=-1"))
                .isInstanceOf(SettingRefused.class);
        assertThat(run("workspace", "export", workspace)).contains("Export ");
        assertThatThrownBy(() -> run("workspace", "delete", workspace))
                .hasMessageContaining("--name");
        assertThatThrownBy(() -> run("workspace", "delete", workspace, "--name=limited"))
                .isInstanceOf(SettingRefused.class)
                .hasMessageContaining("exactly");
        run("workspace", "delete", workspace, "--name=Limited");
        assertThatThrownBy(() -> run("workspace", "resume", workspace))
                .hasMessageContaining("being deleted");
        assertThat(run("workspace", "list")).contains("Limited  suspended");
        assertThat(run("workspace", "events")).isEmpty();
    }

    @Test
    void what_makes_no_command_says_what_is_missing() {
        assertThatThrownBy(() -> run("key", "create", "--name=a"))
                .isInstanceOf(SettingRefused.class)
                .hasMessageContaining("--workspace");
        assertThatThrownBy(() -> run("key", "list", "--workspace=77"))
                .isInstanceOf(SettingRefused.class)
                .hasMessageContaining("no workspace 77");
        assertThatThrownBy(() -> run("user", "disable", "nobody@example.com"))
                .isInstanceOf(SettingRefused.class)
                .hasMessageContaining("no person");
    }
}
