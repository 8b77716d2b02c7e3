package io.mailgenius.api.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mailgenius.api.TestApi;
import io.mailgenius.jobs.audit.AuditTrail;
import io.mailgenius.schema.WorkspaceScope;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class AuditApiTest {

    private final TestApi api = TestApi.program();
    private String key;

    @BeforeEach
    void workspace() throws Exception {
        key = TestApi.keyOfAnotherWorkspace("audit-" + UUID.randomUUID());
    }

    private JsonNode sent(String method, String path, String body, int status) throws Exception {
        HttpResponse<String> answer =
                api.send(
                        HttpRequest.newBuilder(TestApi.url(path))
                                .method(
                                        method,
                                        body == null
                                                ? BodyPublishers.noBody()
                                                : BodyPublishers.ofString(body)),
                        "Authorization",
                        "Bearer " + key,
                        "Content-Type",
                        "application/json");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        return answer.body().isEmpty() ? null : JsonMapper.shared().readTree(answer.body());
    }

    private JsonNode entries(String query) throws Exception {
        return sent("GET", "/api/v1/audit" + query, null, 200).get("items");
    }

    @Test
    void each_change_says_who_made_it_and_what_was_before_and_after() throws Exception {
        long topic = sent("POST", "/api/v1/topics", "{\"name\":\"News\"}", 201).get("id").asLong();
        sent("PATCH", "/api/v1/topics/" + topic, "{\"name\":\"Offers\"}", 200);
        sent("DELETE", "/api/v1/topics/" + topic, null, 204);

        JsonNode entries = entries("?noun=topic");

        assertThat(entries).hasSize(3);
        assertThat(entries.get(0).get("action").asString()).isEqualTo("DELETE");
        JsonNode update = entries.get(1);
        assertThat(update.get("action").asString()).isEqualTo("UPDATE");
        assertThat(update.get("target").asString()).isEqualTo(Long.toString(topic));
        assertThat(update.get("before").get("name").asString()).isEqualTo("News");
        assertThat(update.get("after").get("name").asString()).isEqualTo("Offers");
        assertThat(update.get("before").has("id")).isFalse();
        assertThat(update.get("actor").get("kind").asString()).isEqualTo("KEY");
        assertThat(update.get("actor").get("name").asString()).startsWith("key ");
        assertThat(update.get("actor").get("address").asString()).isEqualTo("127.0.0.1");
        assertThat(entries("?requestId=" + update.get("actor").get("requestId").asString()))
                .hasSize(1);
    }

    @Test
    void contacts_and_members_are_recorded_too_and_secrets_are_not() throws Exception {
        long list = sent("POST", "/api/v1/lists", "{\"name\":\"L\"}", 201).get("id").asLong();
        long contact =
                sent("POST", "/api/v1/contacts", "{\"email\":\"a@example.com\"}", 201)
                        .get("id")
                        .asLong();
        sent("PATCH", "/api/v1/contacts/" + contact, "{\"firstName\":\"Ana\"}", 200);
        sent("POST", "/api/v1/lists/" + list + "/add", "{\"contactIds\":[" + contact + "]}", 200);

        JsonNode changed = entries("?noun=contact&action=UPDATE");
        assertThat(changed).hasSize(1);
        assertThat(changed.get(0).get("after").get("first_name").asString()).isEqualTo("Ana");
        assertThat(entries("?noun=contact&action=CREATE")).hasSize(1);
        assertThat(entries("?noun=list_member&target=" + list)).hasSize(1);
        assertThat(entries("").toString()).doesNotContain("key_hash\":\"\\\\");
    }

    @Test
    void an_attempt_that_is_refused_is_recorded() throws Exception {
        sent("POST", "/api/v1/contacts", "{\"email\":\"twice@example.com\"}", 201);
        sent("POST", "/api/v1/contacts", "{\"email\":\"twice@example.com\"}", 409);

        JsonNode refused = entries("?action=REFUSED").get(0);

        assertThat(refused.get("noun").asString()).isEqualTo("contacts");
        assertThat(refused.get("after").get("status").asInt()).isEqualTo(409);
        assertThat(refused.get("after").get("method").asString()).isEqualTo("POST");
    }

    @Test
    void the_chain_is_whole_whoever_writes_at_the_same_time_and_shows_what_was_changed_in_it()
            throws Exception {
        try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
            List<Future<JsonNode>> all = new ArrayList<>();
            for (int n = 0; n < 40; n++) {
                String topic = "{\"name\":\"Topic " + n + "\"}";
                all.add(threads.submit(() -> sent("POST", "/api/v1/topics", topic, 201)));
            }
            for (Future<JsonNode> one : all) {
                one.get();
            }
        }
        JsonNode whole = sent("GET", "/api/v1/audit/verification", null, 200);
        assertThat(whole.get("entries").asLong()).isEqualTo(40);
        assertThat(whole.get("firstBroken").isNull()).isTrue();

        JdbcClient owner = TestApi.owner();
        owner.sql(
                        """
                        UPDATE audit_entry SET after = '{"name": "forged"}' WHERE position = 7
                           AND workspace_id = (SELECT max(workspace_id) FROM audit_entry)
                        """)
                .update();
        assertThat(sent("GET", "/api/v1/audit/verification", null, 200).get("firstBroken").asLong())
                .isEqualTo(7);
        owner.sql(
                        """
                        DELETE FROM audit_entry WHERE position >= 7
                           AND workspace_id = (SELECT max(workspace_id) FROM audit_entry)
                        """)
                .update();
        assertThat(sent("GET", "/api/v1/audit/verification", null, 200).get("firstBroken").asLong())
                .isEqualTo(40);
    }

    @Test
    void the_working_role_can_neither_change_nor_add_nor_remove_an_entry() {
        for (String forbidden :
                List.of(
                        "UPDATE audit_entry SET noun = 'x'",
                        "DELETE FROM audit_entry",
                        "TRUNCATE audit_entry",
                        "INSERT INTO audit_entry (workspace_id, actor, action, noun) VALUES (1, '{}', 'CREATE', 'x')",
                        "UPDATE audit_head SET position = 0",
                        "INSERT INTO audit_anchor VALUES (1, 1, sha256(''), now())")) {
            assertThatThrownBy(() -> TestApi.bean(JdbcClient.class).sql(forbidden).update())
                    .as(forbidden)
                    .hasStackTraceContaining("permission denied");
        }
    }

    @Test
    void another_workspace_sees_nothing_of_it() throws Exception {
        sent("POST", "/api/v1/topics", "{\"name\":\"Mine\"}", 201);
        key = TestApi.keyOfAnotherWorkspace("stranger-" + UUID.randomUUID());
        assertThat(entries("")).isEmpty();
    }

    @Test
    void a_trail_that_was_cut_is_verified_from_its_anchor_on_and_shows_a_forged_one()
            throws Exception {
        for (int n = 0; n < 6; n++) {
            sent("POST", "/api/v1/topics", "{\"name\":\"T" + n + "\"}", 201);
        }
        JdbcClient owner = TestApi.owner();
        long workspace =
                owner.sql("SELECT max(workspace_id) FROM audit_entry").query(Long.class).single();
        // As old as they may be, under hashes that fit.
        owner.sql(
                        """
                        DO $$ DECLARE e audit_entry; previous bytea := sha256(''::bytea); BEGIN
                            FOR e IN SELECT * FROM audit_entry WHERE workspace_id = %1$d ORDER BY position LOOP
                                e.at := CASE WHEN e.position <= 4 THEN now() - interval '100 days' ELSE e.at END;
                                e.previous_hash := previous;
                                previous := audit_hash(previous, e);
                                UPDATE audit_entry SET at = e.at, previous_hash = e.previous_hash, hash = previous
                                 WHERE workspace_id = %1$d AND id = e.id;
                            END LOOP;
                            UPDATE audit_head SET hash = previous WHERE workspace_id = %1$d;
                        END $$
                        """
                                .formatted(workspace))
                .update();
        assertThat(cut(workspace)).as("kept for ever").isZero();
        sent("PATCH", "/api/v1/workspace", "{\"auditDays\":90}", 200);

        assertThat(cut(workspace)).isEqualTo(4);
        assertThat(cut(workspace)).isZero();

        JsonNode left = entries("");
        assertThat(left).hasSize(4);
        assertThat(left.get(0).get("noun").asString()).isEqualTo("audit_entry");
        assertThat(left.get(0).get("after").get("entries").asInt()).isEqualTo(4);
        JsonNode whole = sent("GET", "/api/v1/audit/verification", null, 200);
        assertThat(whole.get("entries").asLong()).isEqualTo(4);
        assertThat(whole.get("firstBroken").isNull()).isTrue();

        // Somebody removes one more entry, and forges the anchor.
        owner.sql(
                        """
                        UPDATE audit_anchor a SET position = e.position, hash = e.hash FROM audit_entry e
                         WHERE a.workspace_id = :w AND e.workspace_id = :w AND e.position = 5
                        """)
                .param("w", workspace)
                .update();
        owner.sql("DELETE FROM audit_entry WHERE workspace_id = :w AND position = 5")
                .param("w", workspace)
                .update();
        assertThat(sent("GET", "/api/v1/audit/verification", null, 200).get("firstBroken").asLong())
                .isEqualTo(6);
    }

    private static long cut(long workspace) {
        return WorkspaceScope.call(workspace, () -> TestApi.bean(AuditTrail.class).cut());
    }

    @Test
    void entries_are_searched_and_written_to_files_refused_attempts_included() throws Exception {
        sent("POST", "/api/v1/topics", "{\"name\":\"=1+1\"}", 201);
        sent("POST", "/api/v1/topics", "{\"name\":\"=1+1\"}", 409);
        String name = entries("").get(0).get("actor").get("name").asString();

        HttpResponse<String> all = file("/api/v1/audit/entries.jsonl");
        assertThat(all.body().lines())
                .hasSize(2)
                .allMatch(line -> line.startsWith("{\"position\":"));
        assertThat(all.body()).contains("REFUSED", "\"status\":409");
        HttpResponse<String> csv =
                file("/api/v1/audit/entries.csv?action=REFUSED&actor=" + name.replace(" ", "%20"));
        assertThat(csv.headers().firstValue("Content-Type").orElse("")).startsWith("text/csv");
        assertThat(csv.body().lines().toList()).hasSize(2);
        assertThat(csv.body()).startsWith("position,at,actorKind").contains("topics");
        assertThat(file("/api/v1/audit/entries.csv?from=2100-01-01T00:00:00Z").body().lines())
                .hasSize(1);
    }

    private HttpResponse<String> file(String path) throws Exception {
        return api.get(path, "Authorization", "Bearer " + key);
    }
}
