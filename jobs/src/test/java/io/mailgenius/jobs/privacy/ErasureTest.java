package io.mailgenius.jobs.privacy;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.mailgenius.engine.TestNode;
import io.mailgenius.engine.settings.Role;
import io.mailgenius.jobs.contacts.Consents;
import io.mailgenius.jobs.contacts.ContactDraft;
import io.mailgenius.jobs.contacts.Contacts;
import io.mailgenius.jobs.contacts.addresses.EmailAddress;
import io.mailgenius.jobs.imports.ImportView;
import io.mailgenius.jobs.imports.Imports;
import io.mailgenius.jobs.imports.columns.ImportOptions;
import io.mailgenius.jobs.imports.storage.Arrival;
import io.mailgenius.jobs.workspaces.Refusal;
import io.mailgenius.schema.ImportStatus;
import io.mailgenius.schema.TestDatabase;
import io.mailgenius.schema.WorkspaceScope;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
import org.springframework.context.annotation.ComponentScan;
import org.springframework.jdbc.core.simple.JdbcClient;

class ErasureTest {

    @TempDir static Path folder;

    private static TestDatabase database;
    private static JdbcClient owner;
    private static TestNode node;

    @ComponentScan({
        "io.mailgenius.jobs.secrets",
        "io.mailgenius.jobs.workspaces",
        "io.mailgenius.jobs.contacts",
        "io.mailgenius.jobs.imports",
        "io.mailgenius.jobs.privacy"
    })
    static class Product {}

    @BeforeAll
    static void start() {
        database = TestDatabase.create();
        owner = JdbcClient.create(database.owner());
        node =
                TestNode.start(
                        database,
                        TestNode.settings(database, Set.of(Role.MANAGER, Role.WORKER)),
                        List.of(),
                        Map.of("mailgenius.data-dir", folder.toString()),
                        Product.class);
    }

    @AfterAll
    static void stop() {
        node.close();
        database.close();
    }

    private static <R> R in(long workspace, Supplier<R> work) {
        return WorkspaceScope.call(workspace, work::get);
    }

    private static ImportView imported(long workspace, String csv) {
        long id =
                in(
                        workspace,
                        () ->
                                node.get(Imports.class)
                                        .start(
                                                "people.csv",
                                                Arrival.of(
                                                        new ByteArrayInputStream(
                                                                csv.getBytes(UTF_8))),
                                                ImportOptions.DEFAULT)
                                        .id());
        return await().atMost(Duration.ofSeconds(60))
                .until(
                        () -> in(workspace, () -> node.get(Imports.class).find(id)),
                        view -> view.status() == ImportStatus.COMPLETED);
    }

    private static ErasureView erased(long workspace, String... emails) {
        long id = in(workspace, () -> node.get(Erasures.class).erase(List.of(emails)).id());
        return await().atMost(Duration.ofSeconds(60))
                .until(
                        () -> in(workspace, () -> node.get(Erasures.class).find(id)),
                        view -> view.status() == ImportStatus.COMPLETED);
    }

    /** Something in every table that may know somebody. */
    private static long known(long workspace, String email) {
        imported(workspace, "email,first_name,note\n" + email + ",Ada,x\nbob@example.com,Bob,y\n");
        long contact =
                owner.sql("SELECT id FROM contact WHERE workspace_id = ? AND email = ?")
                        .params(workspace, email)
                        .query(Long.class)
                        .single();
        owner.sql("SELECT ensure_send_partition(1)").query().listOfRows();
        for (String statement :
                new String[] {
                    "INSERT INTO list (workspace_id, id, name) VALUES (:w, 1, 'News')",
                    "INSERT INTO list_member (workspace_id, list_id, contact_id) VALUES (:w, 1, :c)",
                    "INSERT INTO suppression (workspace_id, email, reason, source) VALUES (:w, :e, 'UNSUBSCRIBED', 'test')",
                    "INSERT INTO consent_change (workspace_id, contact_id, email, was, reason, import_id) VALUES (:w, :c, :e, 'SUBSCRIBED', 'test', 9)",
                    "INSERT INTO campaign (workspace_id, id, name, subject, sender, html, audience) VALUES (:w, 1, 'News', 'News', 'a@b.co', 'x', '{}')",
                    "INSERT INTO send (workspace_id, campaign_id, contact_id, status, reason, recorded_at) VALUES (:w, 1, :c, 'FAILED', :e || ' is no address', now())",
                    "INSERT INTO event (workspace_id, occurred_at, campaign_id, contact_id, type, message_id, detail) VALUES (:w, now(), 1, :c, 'CLICKED', 'm1', jsonb_build_object('ip', '192.0.2.7', 'userAgent', 'Reader', 'url', 'https://shop.example/?' || :e))",
                    "INSERT INTO event (workspace_id, occurred_at, type, message_id, detail) VALUES (:w, now(), 'SUPPRESSED', 'm2', jsonb_build_object('to', :e))",
                    "INSERT INTO engagement (workspace_id, campaign_id, contact_id, clicked_at) VALUES (:w, 1, :c, now())",
                    "INSERT INTO import (workspace_id, id, file_name, storage_key, bytes, sha256, options, columns) VALUES (:w, 9, 'x', 'x', 0, '', '{}', '{}')",
                    "INSERT INTO import_reject (workspace_id, import_id, line, reason, raw) VALUES (:w, 9, 1, 'no', upper(:e) || ',Ada')",
                    "INSERT INTO test_mail (workspace_id, campaign_id, email, sent_at) VALUES (:w, 1, :e, now())",
                    "INSERT INTO form (workspace_id, id, name, sender, subject, html, consent_text) VALUES (:w, 1, 'f', 'a@b.co', 's', 'h', 'c')",
                    "INSERT INTO form_request (workspace_id, form_id, email, consent_text, status, due_at, requested_at) VALUES (:w, 1, :e, 'c', 'MAILED', now(), now())",
                }) {
            owner.sql(statement)
                    .param("w", workspace)
                    .param("c", contact)
                    .param("e", email)
                    .update();
        }
        return contact;
    }

    /** Tables with a row of the workspace that has the text. */
    private static Map<String, Long> having(long workspace, String text) {
        Map<String, Long> found = new TreeMap<>();
        for (String table :
                owner.sql(
                                """
                                SELECT c.relname FROM pg_class c
                                  JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'workspace_id'
                                 WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
                                   AND NOT c.relispartition
                                """)
                        .query(String.class)
                        .list()) {
            long rows =
                    owner.sql(
                                    "SELECT count(*) FROM %s t WHERE workspace_id = ? AND t::text ILIKE ?"
                                            .formatted(table))
                            .params(workspace, "%" + text + "%")
                            .query(Long.class)
                            .single();
            if (rows > 0) {
                found.put(table, rows);
            }
        }
        return found;
    }

    private static List<String> uploads() {
        try (Stream<Path> files = Files.walk(folder.resolve("uploads"))) {
            List<String> texts = new ArrayList<>();
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                texts.add(Files.readString(file));
            }
            return texts;
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void an_erased_person_is_nowhere_and_does_not_come_back_while_figures_stay() {
        long workspace = database.workspace("erased");
        String email = "ada@erased.example";
        long contact = known(workspace, email);
        assertThat(having(workspace, email)).hasSizeGreaterThanOrEqualTo(8);
        assertThat(uploads()).anyMatch(text -> text.contains(email));

        ErasureView done = erased(workspace, "Ada@Erased.example");

        assertThat(done.contacts()).isEqualTo(1);
        assertThat(done.records()).isGreaterThan(8);
        assertThat(done.files()).isEqualTo(1);
        assertThat(having(workspace, email)).isEmpty();
        assertThat(having(workspace, "192.0.2.7")).isEmpty();
        assertThat(uploads()).noneMatch(text -> text.contains(email));
        for (String table : new String[] {"send", "engagement"}) {
            assertThat(
                            owner.sql(
                                            "SELECT count(*) FROM %s WHERE workspace_id = ? AND contact_id = ?"
                                                    .formatted(table))
                                    .params(workspace, contact)
                                    .query(Long.class)
                                    .single())
                    .as(table)
                    .isEqualTo(1);
        }

        ImportView again =
                imported(workspace, "email,note\nbob@example.com,z\nADA@erased.example,back\n");
        assertThat(again.rows().rejected()).isEqualTo(1);
        assertThat(again.rows().updated()).isEqualTo(1);
        assertThat(
                        owner.sql(
                                        "SELECT reason || raw FROM import_reject WHERE import_id = ? AND line = 3")
                                .param(again.id())
                                .query(String.class)
                                .single())
                .isEqualTo("the address was erased");
        Contacts contacts = node.get(Contacts.class);
        assertThatThrownBy(() -> in(workspace, () -> contacts.create(ContactDraft.of(email))))
                .isInstanceOf(Refusal.Conflict.class)
                .hasMessageContaining("erased");
        assertThatThrownBy(
                        () ->
                                in(
                                        workspace,
                                        () ->
                                                contacts.addAll(
                                                        List.of(
                                                                ContactDraft.of("new@example.com"),
                                                                ContactDraft.of(email)))))
                .isInstanceOf(Refusal.Conflict.class);
        assertThat(
                        in(
                                workspace,
                                () ->
                                        node.get(Consents.class)
                                                .isErased(EmailAddress.required(email))))
                .isTrue();
        assertThat(having(workspace, email)).as("after all of that").isEmpty();

        long other = database.workspace("other");
        in(other, () -> contacts.create(ContactDraft.of(email)));
        assertThat(having(other, email)).containsKey("contact");
    }

    @Test
    void an_archive_has_a_file_for_each_kind_and_expires() throws Exception {
        long workspace = database.workspace("exported");
        String email = "eve@exported.example";
        known(workspace, email);

        ExportView export =
                in(workspace, () -> node.get(PersonExports.class).create("EVE@exported.example"));

        Map<String, String> files = new TreeMap<>();
        try (ZipInputStream zip =
                new ZipInputStream(
                        new ByteArrayInputStream(
                                in(
                                        workspace,
                                        () ->
                                                node.get(PersonExports.class)
                                                        .archive(export.id()))))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                files.put(entry.getName(), new String(zip.readAllBytes(), UTF_8));
            }
        }
        assertThat(files).hasSize(16);
        for (String full :
                List.of(
                        "contact",
                        "lists",
                        "consent-changes",
                        "suppressions",
                        "form-requests",
                        "sends",
                        "events",
                        "engagement",
                        "test-mails",
                        "rejected-rows")) {
            assertThat(files.get(full + ".json")).as(full).startsWith("[\n{");
        }
        assertThat(files.get("events.json")).contains("192.0.2.7");
        assertThat(
                        owner.sql(
                                        "SELECT encode(archive, 'escape') FROM privacy_export WHERE id = ?")
                                .param(export.id())
                                .query(String.class)
                                .single())
                .doesNotContain("PK", email);
        long other = database.workspace("elsewhere");
        assertThatThrownBy(
                        () -> in(other, () -> node.get(PersonExports.class).archive(export.id())))
                .isInstanceOf(Refusal.NotFound.class);

        owner.sql("UPDATE privacy_export SET expires_at = created_at").update();

        assertThatThrownBy(
                        () ->
                                in(
                                        workspace,
                                        () -> node.get(PersonExports.class).archive(export.id())))
                .isInstanceOf(Refusal.NotFound.class);
    }
}
