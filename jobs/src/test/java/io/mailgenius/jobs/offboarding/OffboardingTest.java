package io.mailgenius.jobs.offboarding;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.mailgenius.engine.FaultInjection;
import io.mailgenius.engine.FaultInjection.Side;
import io.mailgenius.engine.TestNode;
import io.mailgenius.engine.settings.Role;
import io.mailgenius.jobs.contacts.ContactDraft;
import io.mailgenius.jobs.contacts.Contacts;
import io.mailgenius.jobs.imports.Imports;
import io.mailgenius.jobs.imports.columns.ImportOptions;
import io.mailgenius.jobs.imports.storage.Arrival;
import io.mailgenius.jobs.workspaces.LeavingRequests;
import io.mailgenius.jobs.workspaces.Refusal;
import io.mailgenius.jobs.workspaces.WorkspaceSettings;
import io.mailgenius.schema.ActorScope;
import io.mailgenius.schema.ActorScope.Actor;
import io.mailgenius.schema.ActorScope.Kind;
import io.mailgenius.schema.ImportStatus;
import io.mailgenius.schema.TestDatabase;
import io.mailgenius.schema.WorkspaceScope;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * A workspace leaves with all that it has, whichever tables there are and whatever dies meanwhile.
 */
class OffboardingTest {

    @TempDir static Path folder;

    private static TestDatabase database;
    private static JdbcClient owner;
    private static TestNode node;

    @ComponentScan({
        "io.mailgenius.jobs.secrets",
        "io.mailgenius.jobs.workspaces",
        "io.mailgenius.jobs.contacts",
        "io.mailgenius.jobs.imports",
        "io.mailgenius.jobs.offboarding"
    })
    static class Product {}

    @BeforeAll
    static void start() throws Exception {
        database = TestDatabase.create();
        owner = JdbcClient.create(database.owner());
        withoutChecks();
        node = node(List.of());
    }

    private static TestNode node(List<BeanPostProcessor> changes) {
        return TestNode.start(
                database,
                TestNode.settings(database, Set.of(Role.MANAGER, Role.WORKER)),
                changes,
                Map.of("mailgenius.data-dir", folder.toString()),
                Product.class);
    }

    @AfterAll
    static void stop() {
        node.close();
        database.close();
    }

    private static <R> R in(long workspace, Supplier<R> work) {
        return WorkspaceScope.call(
                workspace,
                () ->
                        ActorScope.call(
                                new Actor(Kind.PERSON, 7L, "ada@example.com", null, null),
                                work::get));
    }

    /** Rows that a test makes up need not make sense. */
    private static void withoutChecks() {
        owner.sql(
                        """
                        SELECT CASE WHEN c.contypid <> 0
                                    THEN format('ALTER DOMAIN %s DROP CONSTRAINT %I', c.contypid::regtype, c.conname)
                                    ELSE format('ALTER TABLE %s DROP CONSTRAINT %I', c.conrelid::regclass, c.conname) END
                          FROM pg_constraint c
                         WHERE c.connamespace = 'public'::regnamespace AND c.contype = 'c'
                           AND c.conparentid = 0 AND c.coninhcount = 0
                           AND c.conname <> 'workspace_suspended_while_deleted'
                        """)
                .query(String.class)
                .list()
                .forEach(drop -> owner.sql(drop).update());
        owner.sql("SELECT ensure_send_partition(1)").query((_, _) -> 1).single();
    }

    private static List<String> tables() {
        return owner.sql(
                        """
                        SELECT c.relname FROM pg_class c
                         WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
                           AND NOT c.relispartition
                           AND EXISTS (SELECT FROM pg_attribute a
                                        WHERE a.attrelid = c.oid AND a.attname = 'workspace_id')
                         ORDER BY c.relname
                        """)
                .query(String.class)
                .list();
    }

    /** A row in each table but the engine's, whose rows are jobs. */
    private static void fill(long workspace) throws Exception {
        try (Connection connection = database.ownerSessions().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("SET app.engine = 'on'");
            statement.execute("SET session_replication_role = replica");
            for (String table : tables()) {
                if (!Set.of("launch", "chunk").contains(table)) {
                    statement.execute(insert(table, workspace));
                }
            }
        }
    }

    private static String insert(String table, long workspace) {
        return owner.sql(
                        """
                        SELECT format('INSERT INTO %I (%s) VALUES (%s) ON CONFLICT DO NOTHING', :table::text, string_agg(quote_ident(a.attname), ', '),
                               string_agg(CASE
                                   WHEN a.attname = 'workspace_id' THEN :workspace::text
                                   WHEN a.attname = 'status' THEN '''DONE'''
                                   WHEN t.typcategory = 'A' THEN '''{}'''
                                   WHEN t.typname IN ('json', 'jsonb') THEN '''{}'''
                                   WHEN t.typname = 'bytea' THEN 'sha256(gen_random_uuid()::text::bytea)'
                                   WHEN t.typname = 'uuid' THEN 'gen_random_uuid()'
                                   WHEN t.typcategory = 'N' THEN '1'
                                   WHEN t.typcategory = 'B' THEN 'false'
                                   WHEN t.typcategory = 'D' THEN 'now()'
                                   ELSE '''secret-of-' || :workspace::text || '-'' || gen_random_uuid()' END, ', '))
                          FROM pg_attribute a JOIN pg_type d ON d.oid = a.atttypid
                          JOIN pg_type t ON t.oid = coalesce(nullif(d.typbasetype, 0), d.oid)
                         WHERE a.attrelid = :table::regclass AND a.attnum > 0 AND NOT a.attisdropped
                           AND a.attnotnull AND NOT a.atthasdef AND a.attidentity = ''
                        """)
                .param("table", table)
                .param("workspace", Long.toString(workspace))
                .query(String.class)
                .single();
    }

    private static Map<String, Long> rows(long workspace) {
        Map<String, Long> found = new TreeMap<>();
        for (String table : tables()) {
            long rows =
                    owner.sql("SELECT count(*) FROM " + table + " WHERE workspace_id = ?")
                            .param(workspace)
                            .query(Long.class)
                            .single();
            if (rows > 0) {
                found.put(table, rows);
            }
        }
        return found;
    }

    private static long upload(long workspace) {
        return in(
                workspace,
                () ->
                        node.get(Imports.class)
                                .start(
                                        "people.csv",
                                        Arrival.of(
                                                new ByteArrayInputStream(
                                                        ("email\nfile-of-%d@example.com\n"
                                                                        .formatted(workspace))
                                                                .getBytes(UTF_8))),
                                        ImportOptions.DEFAULT)
                                .id());
    }

    private static void imported(long workspace) {
        long id = upload(workspace);
        await().atMost(Duration.ofSeconds(60))
                .until(
                        () ->
                                in(workspace, () -> node.get(Imports.class).find(id)).status()
                                        == ImportStatus.COMPLETED);
    }

    private static List<String> filesWith(String text) throws IOException {
        List<String> found = new ArrayList<>();
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path file : all.filter(Files::isRegularFile).toList()) {
                if (new String(Files.readAllBytes(file), UTF_8).contains(text)) {
                    found.add(file.toString());
                }
            }
        }
        return found;
    }

    @Test
    void a_deleted_workspace_leaves_no_row_in_any_table_and_no_file_though_a_node_dies_meanwhile()
            throws Exception {
        long gone = database.workspace("Gone");
        long stays = database.workspace("Stays");
        imported(gone);
        imported(stays);
        fill(gone);
        fill(stays);
        Set<String> before = rows(stays).keySet();
        assertThat(before).containsAll(tables());
        assertThat(filesWith("file-of-" + gone)).isNotEmpty();
        owner.sql(
                        "INSERT INTO person (id, email, name, password_hash) VALUES (900, 'o@x.de', 'O', 'x')")
                .update();
        owner.sql("UPDATE membership SET person_id = 900 WHERE workspace_id = :w")
                .param("w", gone)
                .update();

        assertThatThrownBy(() -> in(gone, () -> delete("gone")))
                .isInstanceOf(Refusal.Invalid.class)
                .hasMessageContaining("exactly");
        assertThat(in(gone, () -> node.get(WorkspaceSettings.class).find().suspended())).isFalse();

        node.close();
        FaultInjection death = FaultInjection.at(Side.AFTER, 9, "delete_workspace_rows");
        node = node(List.of(death));
        in(gone, () -> delete("Gone"));
        death.await();
        node.close();
        node = node(List.of());
        assertThatThrownBy(() -> in(gone, () -> node.get(WorkspaceSettings.class).resume(true)))
                .hasMessageContaining("being deleted");
        await().atMost(Duration.ofSeconds(90))
                .until(
                        () -> {
                            node.get(Offboarding.class).proceed();
                            return owner.sql("SELECT count(*) FROM workspace WHERE id = ?")
                                    .param(gone)
                                    .query(Long.class)
                                    .single();
                        },
                        n -> n == 0);

        assertThat(rows(gone)).isEmpty();
        assertThat(rows(stays).keySet()).isEqualTo(before);
        assertThat(filesWith("file-of-" + gone)).isEmpty();
        assertThat(filesWith("file-of-" + stays)).isNotEmpty();
        assertThat(
                        owner.sql("SELECT count(*) FROM person WHERE id = 900")
                                .query(Long.class)
                                .single())
                .as("who belonged to no other workspace")
                .isZero();
        assertThat(
                        owner.sql(
                                        """
                                        SELECT subject || ' ' || (detail ->> 'name') || ' ' || (actor ->> 'name')
                                          FROM installation_event WHERE action = 'WORKSPACE_DELETED'
                                        """)
                                .query(String.class)
                                .list())
                .containsExactly("workspace " + gone + " Gone ada@example.com");
        assertThat(
                        owner.sql(
                                        """
                                        SELECT count(*) FROM batch_job_instance i
                                         WHERE i.job_name = 'workspace-deletion'
                                        """)
                                .query(Long.class)
                                .single())
                .isZero();
    }

    private static long delete(String name) {
        node.get(Offboarding.class).delete(name);
        return 0;
    }

    @Test
    void the_working_role_deletes_rows_of_a_workspace_that_is_being_deleted_alone() {
        long workspace = database.workspace("Alive");
        in(workspace, () -> node.get(Contacts.class).create(ContactDraft.of("alive@example.com")));
        assertThatThrownBy(
                        () ->
                                in(
                                        workspace,
                                        () ->
                                                node.get(WorkspaceTables.class)
                                                        .delete("contact", 10)))
                .hasStackTraceContaining("is not being deleted");
        owner.sql(
                        "UPDATE workspace SET deleting_at = now(), suspended_by = 'OPERATOR' WHERE id = :w")
                .param("w", workspace)
                .update();
        assertThatThrownBy(
                        () ->
                                in(
                                        workspace,
                                        () -> node.get(WorkspaceTables.class).delete("person", 10)))
                .hasStackTraceContaining("has no table person");
        owner.sql("UPDATE workspace SET deleting_at = NULL WHERE id = :w")
                .param("w", workspace)
                .update();
    }

    @Test
    void an_archive_has_every_row_of_the_workspace_and_no_other_and_expires() throws Exception {
        long mine = database.workspace("Mine");
        long theirs = database.workspace("Theirs");
        imported(mine);
        fill(mine);
        fill(theirs);
        // Asked for on the command line, without a node.
        long id = in(mine, () -> node.get(LeavingRequests.class).export());
        node.get(Offboarding.class).proceed();
        WorkspaceExport done =
                await().atMost(Duration.ofSeconds(60))
                        .until(
                                () -> in(mine, () -> node.get(Offboarding.class).find(id)),
                                it -> it.status() == ImportStatus.COMPLETED);

        Map<String, String> files = new TreeMap<>();
        Path archive = in(mine, () -> node.get(Offboarding.class).archive(id));
        try (ZipInputStream zip = new ZipInputStream(Files.newInputStream(archive))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                files.put(entry.getName(), new String(zip.readAllBytes(), UTF_8));
            }
        }
        List<String> expected = new ArrayList<>(tables());
        expected.remove("chunk");
        assertThat(files.keySet())
                .containsExactlyInAnyOrderElementsOf(
                        expected.stream().map(it -> it + ".jsonl").toList());
        assertThat(files).allSatisfy((_, text) -> assertThat(text).startsWith("{"));
        assertThat(files.get("contact.jsonl")).contains("file-of-" + mine);
        assertThat(String.join("", files.values()))
                .contains("secret-of-" + mine)
                .doesNotContain("secret-of-" + theirs)
                .doesNotContain("key_hash", "token_hash", "\"api_secret\"");
        assertThat(done.tables()).isEqualTo(files.size());
        assertThat(done.bytes()).isEqualTo(Files.size(archive));
        assertThat(done.rows()).isGreaterThanOrEqualTo(files.size());
        try (Stream<Path> left = Files.list(archive.getParent())) {
            assertThat(left).containsExactly(archive);
        }
        assertThatThrownBy(() -> in(theirs, () -> node.get(Offboarding.class).archive(id)))
                .isInstanceOf(Refusal.NotFound.class);

        owner.sql(
                        "UPDATE workspace_export SET expires_at = now() WHERE id = :id AND workspace_id = :w")
                .param("id", id)
                .param("w", mine)
                .update();
        assertThatThrownBy(() -> in(mine, () -> node.get(Offboarding.class).archive(id)))
                .isInstanceOf(Refusal.NotFound.class);
        node.get(Offboarding.class).deleteExpired();
        assertThat(archive).doesNotExist();
        assertThat(filesWith("file-of-" + mine)).as("the upload").hasSize(1);
    }
}
