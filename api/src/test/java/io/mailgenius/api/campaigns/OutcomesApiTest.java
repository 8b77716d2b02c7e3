package io.mailgenius.api.campaigns;

import static io.mailgenius.api.TestApi.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mailgenius.api.TestApi;
import java.io.ByteArrayInputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

/** What became of a campaign, recipient by recipient, asked over HTTP. */
@ExtendWith(TestApi.Ends.class)
class OutcomesApiTest {

    private static final TestApi API = TestApi.program();
    private static final int PEOPLE = 3;
    private static String campaign;

    @BeforeAll
    static void send() throws Exception {
        long list = json(post("/api/v1/lists", "{\"name\":\"outcomes\"}")).path("id").asLong();
        List<Long> ids = new ArrayList<>();
        for (int n = 1; n <= PEOPLE; n++) {
            ids.add(
                    json(post(
                                    "/api/v1/contacts",
                                    "{\"email\":\"outcome%d@example.com\"}".formatted(n)))
                            .path("id")
                            .asLong());
        }
        post("/api/v1/lists/" + list + "/add", "{\"contactIds\":" + ids + "}");
        String draft =
                """
                {"name":"Outcomes","subject":"Hello","from":"news@example.com","text":"Hello {{ unsubscribe_url }}",
                 "audience":{"listId":%d}}
                """
                        .formatted(list);
        campaign =
                "/api/v1/campaigns/" + json(post("/api/v1/campaigns", draft)).path("id").asLong();
        post(campaign + "/send", "{}");
        await().atMost(Duration.ofSeconds(60))
                .until(() -> json(get(campaign)).path("status").asString().equals("SENT"));
    }

    @Test
    void recipients_are_paged_and_say_what_became_of_the_mail() throws Exception {
        JsonNode first = json(get(campaign + "/recipients?status=SENT&limit=2"));
        assertThat(first.path("items")).hasSize(2);
        JsonNode one = first.path("items").get(0);
        assertThat(one.path("email").asString()).isEqualTo("outcome1@example.com");
        assertThat(one.path("status").asString()).isEqualTo("SENT");
        assertThat(one.path("providerId").asString()).isNotEmpty();
        JsonNode rest =
                json(get(campaign + "/recipients?limit=2&after=" + first.path("next").asString()));
        assertThat(rest.path("items")).hasSize(1);
        assertThat(rest.path("next").isNull()).isTrue();
        assertThat(json(get(campaign + "/recipients?status=FAILED")).path("items")).isEmpty();
    }

    @Test
    void a_word_that_is_no_status_and_a_campaign_that_is_not_there_are_refused() throws Exception {
        HttpResponse<String> word = get(campaign + "/recipients?status=LOST");
        assertThat(word.statusCode()).isEqualTo(400);
        assertThat(word.body()).contains("parameter-unreadable", "status");
        for (String path : List.of("/recipients", "/recipients.csv")) {
            HttpResponse<String> nowhere = get("/api/v1/campaigns/987654" + path);
            assertThat(nowhere.statusCode()).as(path).isEqualTo(404);
            assertThat(nowhere.body()).contains("campaign-not-found");
        }
    }

    @Test
    void the_file_is_packed_for_whoever_takes_gzip_and_plain_for_others() throws Exception {
        HttpResponse<byte[]> plain = file("identity");
        assertThat(plain.headers().firstValue("Content-Encoding")).isEmpty();
        HttpResponse<byte[]> packed = file("br, gzip");
        assertThat(packed.headers().firstValue("Content-Encoding")).hasValue("gzip");
        assertThat(packed.headers().firstValue("Content-Type").orElseThrow())
                .startsWith("text/csv");
        try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(packed.body()))) {
            assertThat(in.readAllBytes()).isEqualTo(plain.body());
        }
        assertThat(new String(plain.body(), StandardCharsets.UTF_8).lines())
                .hasSize(1 + PEOPLE)
                .anyMatch(line -> line.contains(",outcome3@example.com,SENT,"));
    }

    @Test
    void a_decision_about_a_mail_without_an_outcome_names_the_key_that_was_shown()
            throws Exception {
        String lost = lost();
        JsonNode waiting = json(get(lost + "/recipients?status=UNKNOWN")).path("items").get(0);
        assertThat(waiting.path("unknown").path("beingSentAgain").asBoolean()).isFalse();
        assertThat(waiting.path("unknown").path("cameBack")).isEmpty();

        JsonNode decision =
                json(
                        post(
                                lost + "/unknown/sent",
                                "{\"contactIds\":[987654],\"reason\":\"seen in their log\"}"));
        assertThat(decision.path("decidedBy").asString()).matches("key [0-9]+");
        assertThat(decision.path("contacts").asLong()).isEqualTo(1);
        assertThat(json(get(lost + "/unknown/decisions")).path("items").get(0)).isEqualTo(decision);
        JsonNode counts = json(get(lost)).path("counts");
        assertThat(counts.path("sent").asLong()).isEqualTo(1);
        assertThat(counts.path("unknown").asLong()).isZero();
    }

    @Test
    void a_decision_that_does_not_hold_is_told_what_to_send() throws Exception {
        String lost = lost();
        refused(422, "decision-needs-a-reason", lost + "/unknown/sent", "{\"all\":true}");
        String unclear = "{\"all\":true,\"contactIds\":[1],\"reason\":\"x\"}";
        refused(422, "decision-contacts", lost + "/unknown/sent", unclear);
        refused(422, "decision-contacts", lost + "/unknown/again", "{\"reason\":\"x\"}");
        String all = "{\"all\":true,\"reason\":\"x\"}";
        refused(409, "campaign-state", lost + "/unknown/again", all);
        refused(409, "nothing-unknown", campaign + "/unknown/again", all);
        refused(404, "campaign-not-found", "/api/v1/campaigns/987654/unknown/sent", all);
    }

    @Test
    void a_follow_up_is_a_draft_of_its_own() throws Exception {
        HttpResponse<String> created =
                post(campaign + "/follow-up", "{\"to\":\"NOT_OPENED\",\"subject\":\"Again\"}");
        assertThat(created.statusCode()).isEqualTo(201);
        JsonNode draft = json(created);
        assertThat(draft.path("status").asString()).isEqualTo("DRAFT");
        assertThat(draft.path("name").asString()).isEqualTo("Outcomes (not opened)");
        assertThat(draft.path("subject").asString()).isEqualTo("Again");
        JsonNode followUp = draft.path("audience").path("followUp");
        assertThat(campaign).endsWith("/" + followUp.path("campaignId").asLong());
        assertThat(followUp.path("to").asString()).isEqualTo("NOT_OPENED");
        String again = "/api/v1/campaigns/" + draft.path("id").asLong() + "/follow-up";
        refused(409, "followed-campaign-not-ended", again, "{\"to\":\"FAILED\"}");
        assertThat(API.postJson(campaign + "/follow-up", "{\"to\":\"OPENED\"}").statusCode())
                .isEqualTo(400);
    }

    /** A draft with one mail of which nobody knows whether it went out. */
    private static String lost() throws Exception {
        String draft =
                """
                {"name":"Lost","subject":"Hello","from":"news@example.com","text":"Hello {{ unsubscribe_url }}",
                 "audience":{"all":true}}
                """;
        long id = json(post("/api/v1/campaigns", draft)).path("id").asLong();
        TestApi.owner()
                .sql(
                        """
                        INSERT INTO send (workspace_id, campaign_id, contact_id, status, reason, recorded_at)
                        SELECT workspace_id, id, 987654, 'UNKNOWN', 'perhaps sent', now()
                          FROM campaign WHERE id = ?
                        """)
                .param(id)
                .update();
        TestApi.owner()
                .sql(
                        """
                        UPDATE campaign SET counts = counts || '{"recipients": 1, "unknown": 1}' WHERE id = ?
                        """)
                .param(id)
                .update();
        return "/api/v1/campaigns/" + id;
    }

    private static void refused(int status, String problem, String path, String body)
            throws Exception {
        HttpResponse<String> response = API.postJson(path, body);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        assertThat(json(response).path("problem").asString()).isEqualTo(problem);
    }

    private static HttpResponse<byte[]> file(String encodings) throws Exception {
        try (HttpClient http = HttpClient.newHttpClient()) {
            return http.send(
                    HttpRequest.newBuilder(TestApi.url(campaign + "/recipients.csv"))
                            .header("Authorization", "Bearer " + TestApi.KEY)
                            .header("Accept-Encoding", encodings)
                            .build(),
                    BodyHandlers.ofByteArray());
        }
    }

    private static HttpResponse<String> get(String path) throws Exception {
        return API.get(path, "Authorization", "Bearer " + TestApi.KEY);
    }

    private static HttpResponse<String> post(String path, String body) throws Exception {
        HttpResponse<String> response = API.postJson(path, body);
        assertThat(response.statusCode()).as(response.body()).isBetween(200, 299);
        return response;
    }
}
