package io.mailgenius.api.jobs;

import static io.mailgenius.api.TestApi.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mailgenius.api.TestApi;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

/** Jobs and nodes as an operator's program sees them and acts on them. */
@ExtendWith(TestApi.Ends.class)
class JobOperationsTest {

    private static final Duration SOON = Duration.ofSeconds(30);

    private final TestApi api = TestApi.program();
    private static String key;

    @BeforeAll
    static void makeKey() throws Exception {
        key = TestApi.keyOfAnotherWorkspace("job-operations");
    }

    private JsonNode get(String path) throws Exception {
        HttpResponse<String> answer = api.get("/api/v1" + path, "Authorization", "Bearer " + key);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return json(answer);
    }

    private HttpResponse<String> post(String path, String body) throws Exception {
        return api.post(
                "/api/v1" + path,
                body,
                "Authorization",
                "Bearer " + key,
                "Content-Type",
                "application/json");
    }

    private static String problem(HttpResponse<String> answer) {
        return answer.statusCode() + " " + json(answer).path("problem").asString();
    }

    private static List<String> texts(JsonNode list) {
        List<String> texts = new ArrayList<>();
        list.forEach(it -> texts.add(it.asString()));
        return texts;
    }

    @Test
    void a_job_is_found_and_looked_into() throws Exception {
        assertThat(post("/contacts", "{\"email\":\"bananas@example.com\"}").statusCode())
                .isEqualTo(201);
        HttpResponse<String> made =
                post(
                        "/segments",
                        "{\"name\":\"bananas\",\"rule\":{\"field\":\"email\",\"op\":\"exists\"}}");
        assertThat(made.statusCode()).as(made.body()).isEqualTo(202);
        String found = "/jobs?state=COMPLETED,FAILED&job=segment&maxSeconds=600&q=segment";
        await().atMost(SOON).until(() -> get(found).path("total").asLong() == 1);
        JsonNode listed = get(found);
        assertThat(listed.path("next").isNull()).isTrue();
        assertThat(listed.path("totalCapped").asBoolean()).isFalse();
        JsonNode job = listed.path("items").path(0);
        assertThat(job.path("chunks").asLong()).isPositive().isEqualTo(job.path("done").asLong());
        assertThat(get("/jobs?until=2020-01-01T00:00:00Z").path("items")).isEmpty();
        assertThat(get("/jobs?node=nobody").path("items")).isEmpty();
        assertThat(get("/jobs?minSeconds=9223372036854775807").path("items")).isEmpty();
        assertThat(texts(get("/jobs/words?q=segm"))).anyMatch(it -> it.startsWith("segm"));

        String path = "/jobs/" + job.path("executionId").asLong();
        assertThat(get(path + "/timeline").findValuesAsString("step")).contains("segment.members");
        assertThat(get(path + "/tiles?tiles=1").path(0).path("attempts").asInt()).isPositive();
        assertThat(get(path + "/rates").path("points")).isNotEmpty();
        assertThat(get(path + "/failures")).isEmpty();
        assertThat(get(path + "/in-hand")).isEmpty();
        JsonNode chunk = get(path + "/chunks?state=DONE&limit=1").path("items").path(0);
        JsonNode detail = get(path + "/chunks/" + chunk.path("id").asLong());
        assertThat(detail.path("payload").asString()).startsWith("{");
        assertThat(detail.path("node").asString()).startsWith("node-");
        assertThat(detail.path("attempts").isArray()).isTrue();
        assertThat(get(path + "/chunks?attempts=99").path("items")).isEmpty();
        assertThat(
                        problem(
                                api.get(
                                        "/api/v1" + path + "/chunks/1",
                                        "Authorization",
                                        "Bearer " + TestApi.KEY)))
                .as("another workspace")
                .isEqualTo("404 job-not-found");
        await().atMost(SOON)
                .until(() -> get("/queues").findValuesAsString("step").contains("segment.members"));

        // A completed job permits none of these, and nothing of it is in its history.
        for (String action : List.of("stop", "restart", "abandon", "retry")) {
            assertThat(problem(post(path + "/" + action, "{\"reason\":\"why not\"}")))
                    .as(action)
                    .isEqualTo("409 job-state");
        }
        assertThat(problem(post(path + "/chunks/" + chunk.path("id").asLong() + "/retry", "")))
                .isEqualTo("409 job-state");
        assertThat(get(path + "/history")).isEmpty();
    }

    @Test
    void many_jobs_are_counted_unless_it_is_said_that_they_change() throws Exception {
        TestApi.owner()
                .sql(
                        """
                        INSERT INTO launch (workspace_id, job_name, job_key, state, requested_at, started_at, ended_at)
                        SELECT workspace_id, 'operated', 'operated ' || n, 'FAILED', now(), now(), now()
                          FROM api_key, generate_series(1, 3) n
                         WHERE key_hash = sha256('key-of-job-operations'::bytea)
                        """)
                .update();
        String filter = "\"action\":\"ABANDON\",\"filter\":{\"job\":\"operated\"}";
        JsonNode counted = json(post("/jobs/bulk", "{" + filter + "}"));
        assertThat(counted.path("dryRun").asBoolean()).isTrue();
        assertThat(counted.path("affected").asLong()).isEqualTo(3);
        assertThat(get("/jobs?job=operated&state=FAILED").path("total").asLong()).isEqualTo(3);
        JsonNode done = json(post("/jobs/bulk", "{" + filter + ",\"dryRun\":false}"));
        assertThat(done.path("done").asLong()).isEqualTo(3);
        assertThat(get("/jobs?job=operated&state=ABANDONED&limit=2").path("next").asString())
                .isNotEmpty();
        assertThat(post("/jobs/bulk", "{\"action\":\"DELETE\",\"filter\":{}}").statusCode())
                .isIn(400, 422);
    }

    @Test
    void nodes_are_operated_by_one_workspace() throws Exception {
        String node = get("/nodes").path("items").path(0).path("id").asString();
        JsonNode shown = get("/nodes/" + node);
        assertThat(shown.path("intake").asString()).isEqualTo("TAKING");
        assertThat(shown.path("ordered").asString()).isEqualTo("TAKE");
        for (String order : List.of("pause", "drain", "resume", "thread-dumps")) {
            assertThat(problem(post("/nodes/" + node + "/" + order, "")))
                    .as(order)
                    .isEqualTo("409 nodes-are-shared");
            assertThat(problem(api.postJson("/api/v1/nodes/nobody/" + order, "")))
                    .as(order)
                    .isEqualTo("404 node-not-found");
        }
        assertThat(
                        json(api.postJson("/api/v1/nodes/" + node + "/resume", ""))
                                .path("id")
                                .asString())
                .isEqualTo(node);
        HttpResponse<String> asked = api.postJson("/api/v1/nodes/" + node + "/thread-dumps", "");
        assertThat(asked.statusCode()).isEqualTo(202);
        String dump = asked.headers().firstValue("Location").orElseThrow();
        await().atMost(SOON)
                .until(
                        () ->
                                json(api.get(dump, "Authorization", "Bearer " + TestApi.KEY))
                                        .path("text")
                                        .asString("")
                                        .contains("\"heartbeat\""));
    }
}
