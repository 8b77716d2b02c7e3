package io.mailgenius.api.activities;

import static io.mailgenius.api.TestApi.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mailgenius.api.TestApi;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

/** Events in, mails out and endpoints, as a program of another system uses them. */
@ExtendWith(TestApi.Ends.class)
class OtherSystemsTest {

    private final TestApi api = TestApi.program();
    private String key;

    OtherSystemsTest() throws Exception {
        key = TestApi.keyOfAnotherWorkspace("other-systems");
    }

    private HttpResponse<String> call(String method, String path, String body, String... headers)
            throws Exception {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(TestApi.url("/api/v1/" + path))
                        .method(
                                method,
                                body.isEmpty()
                                        ? BodyPublishers.noBody()
                                        : BodyPublishers.ofString(body))
                        .header("Authorization", "Bearer " + key)
                        .header("Content-Type", "application/json");
        return api.send(request, headers);
    }

    private JsonNode ok(int status, HttpResponse<String> answer) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        return json(answer);
    }

    private String problem(int status, HttpResponse<String> answer) {
        return ok(status, answer).path("problem").asString();
    }

    @Test
    void what_a_contact_did_elsewhere_is_on_its_timeline() throws Exception {
        String contact =
                ok(
                                201,
                                call(
                                        "POST",
                                        "contacts",
                                        "{\"email\":\"a@else.example\",\"externalId\":\"c-1\"}"))
                        .path("id")
                        .asString();
        assertThat(
                        problem(
                                409,
                                call(
                                        "POST",
                                        "contacts",
                                        "{\"email\":\"b@else.example\",\"externalId\":\"c-1\"}")))
                .isEqualTo("external-id-taken");
        assertThat(
                        ok(200, call("GET", "contacts?externalId=c-1", ""))
                                .path("items")
                                .path(0)
                                .path("id")
                                .asString())
                .isEqualTo(contact);

        String event =
                """
                {"id":"o-1","name":"order_placed","externalId":"c-1","value":12.5,"currency":"EUR","properties":{"items":3}}""";
        assertThat(ok(200, call("POST", "events", event)).path("outcome").asString())
                .isEqualTo("STORED");
        JsonNode results =
                ok(
                                200,
                                call(
                                        "POST",
                                        "events/batch",
                                        "{\"events\":["
                                                + event
                                                + ",{\"id\":\"o-2\",\"name\":\"n\",\"email\":\"nobody@else.example\"}]}"))
                        .path("results");
        assertThat(
                        List.of(
                                results.path(0).path("outcome").asString(),
                                results.path(1).path("problem").asString()))
                .containsExactly("DUPLICATE", "contact-unknown");
        assertThat(
                        problem(
                                422,
                                call(
                                        "POST",
                                        "events",
                                        "{\"id\":\"o-3\",\"name\":\"n\",\"email\":\"nobody@else.example\"}")))
                .isEqualTo("contact-unknown");
        JsonNode newest =
                ok(200, call("GET", "contacts/" + contact + "/history", "")).path("items").path(0);
        assertThat(newest.path("kind").asString() + " " + newest.path("what").asString())
                .isEqualTo("ACTIVITY order_placed");
        assertThat(
                        ok(
                                        200,
                                        call(
                                                "POST",
                                                "segments/preview",
                                                "{\"rule\":{\"field\":\"activity\",\"name\":\"order_placed\",\"measure\":\"sum\",\"currency\":\"EUR\",\"op\":\"greaterThan\",\"value\":12}}"))
                                .path("count")
                                .asInt())
                .isEqualTo(1);
    }

    private static String mail(String to, String more) {
        return """
        {"from":"Shop <shop@sender.example>","to":"%s","subject":"Order {{ number }}",
         "text":"Hello {{ contact.email }}","variables":{"number":7}%s}"""
                .formatted(to, more);
    }

    private long batches(String id) {
        return TestApi.owner()
                .sql("SELECT count(*) FROM sandbox_batch WHERE idempotency_key LIKE 'mail-%-' || ?")
                .param(id)
                .query(Long.class)
                .single();
    }

    private void awaitStatus(String id, String... statuses) {
        await().atMost(Duration.ofSeconds(60))
                .untilAsserted(
                        () ->
                                assertThat(
                                                ok(200, call("GET", "mails/" + id, ""))
                                                        .path("status")
                                                        .asString())
                                        .isIn((Object[]) statuses));
    }

    @Test
    void a_mail_is_sent_once_and_says_what_became_of_it() throws Exception {
        String body =
                mail(
                        "a@mail.example",
                        ",\"headers\":{\"X-Order\":\"7\"},\"tags\":{\"kind\":\"order\"},\"replyTo\":\"help@sender.example\",\"attachments\":[{\"name\":\"a.txt\",\"content\":\"YQ==\"}]");
        JsonNode first = ok(202, call("POST", "mails", body, "Idempotency-Key", "k-1"));
        String id = first.path("id").asString();
        assertThat(first.path("subject").asString()).isEqualTo("Order 7");
        assertThat(
                        ok(202, call("POST", "mails", body, "Idempotency-Key", "k-1"))
                                .path("id")
                                .asString())
                .isEqualTo(id);
        assertThat(
                        problem(
                                409,
                                call(
                                        "POST",
                                        "mails",
                                        mail("b@mail.example", ""),
                                        "Idempotency-Key",
                                        "k-1")))
                .isEqualTo("idempotency-key-reused");
        awaitStatus(id, "SENT", "DELIVERED");
        assertThat(batches(id)).isEqualTo(1);
        // A node that ended before it stored the answer: another one repeats the same request.
        TestApi.owner()
                .sql(
                        """
                        UPDATE mail SET status = 'QUEUED', sent_at = NULL, provider_id = NULL, owner = gen_random_uuid(),
                                        leased_until = now() - interval '1 second'
                         WHERE id = ?
                        """)
                .param(Long.parseLong(id))
                .update();
        TestApi.owner()
                .sql(
                        "INSERT INTO mail_attachment SELECT workspace_id, id, 0, 'a.txt', NULL, 'a' FROM mail WHERE id = ?")
                .param(Long.parseLong(id))
                .update();
        awaitStatus(id, "SENT", "DELIVERED");
        assertThat(batches(id)).as("recognised by its key").isEqualTo(1);
        assertThat(ok(200, call("GET", "mails/" + id, "")).path("providerId").asString())
                .isNotEmpty();
    }

    @Test
    void an_unsubscription_does_not_keep_a_mail_back_but_a_bounce_does() throws Exception {
        for (String reason : List.of("UNSUBSCRIBED", "BOUNCED", "COMPLAINED", "MANUAL")) {
            String email = reason.toLowerCase(java.util.Locale.ROOT) + "@mail.example";
            ok(
                    201,
                    call(
                            "POST",
                            "suppressions",
                            "{\"email\":\"%s\",\"reason\":\"%s\"}".formatted(email, reason)));
            assertThat(ok(202, call("POST", "mails", mail(email, ""))).path("status").asString())
                    .as(reason)
                    .isEqualTo(reason.equals("UNSUBSCRIBED") ? "QUEUED" : "SUPPRESSED");
        }
    }

    @Test
    void a_scheduled_mail_waits_and_can_be_cancelled() throws Exception {
        String later = Instant.now().plus(Duration.ofDays(1)).toString();
        String id =
                ok(
                                202,
                                call(
                                        "POST",
                                        "mails",
                                        mail(
                                                "a@mail.example",
                                                ",\"scheduledAt\":\"" + later + "\"")))
                        .path("id")
                        .asString();
        assertThat(ok(200, call("POST", "mails/" + id + "/cancel", "")).path("status").asString())
                .isEqualTo("CANCELLED");
        assertThat(batches(id)).isZero();
    }

    @Test
    void mails_beyond_the_plan_are_refused_and_nothing_of_them_is_stored() throws Exception {
        String first =
                ok(202, call("POST", "mails", mail("plan@mail.example", ""))).path("id").asString();
        long workspace =
                TestApi.owner()
                        .sql("SELECT workspace_id FROM mail WHERE id = CAST(? AS bigint)")
                        .param(first)
                        .query(Long.class)
                        .single();
        TestApi.owner()
                .sql(
                        """
                        INSERT INTO workspace_limit (workspace_id, mails)
                        SELECT workspace_id, sum(mails) + 1 FROM metered_use WHERE workspace_id = ? GROUP BY 1
                        """)
                .param(workspace)
                .update();
        try {
            String two =
                    "{\"mails\":[%s,%s]}"
                            .formatted(mail("b@plan.example", ""), mail("c@plan.example", ""));
            assertThat(problem(409, call("POST", "mails/batch", two)))
                    .isEqualTo("mail-limit-reached");
            assertThat(
                            TestApi.owner()
                                    .sql(
                                            "SELECT count(*) FROM mail WHERE email LIKE '%@plan.example'")
                                    .query(Long.class)
                                    .single())
                    .isZero();
            ok(202, call("POST", "mails", mail("d@mail.example", "")));
            assertThat(problem(409, call("POST", "mails", mail("e@mail.example", ""))))
                    .isEqualTo("mail-limit-reached");
        } finally {
            TestApi.owner()
                    .sql("DELETE FROM workspace_limit WHERE workspace_id = ?")
                    .param(workspace)
                    .update();
        }
    }

    @Test
    void a_mail_that_is_due_while_its_workspace_is_suspended_goes_out_afterwards()
            throws Exception {
        String id =
                ok(202, call("POST", "mails", mail("held@mail.example", scheduled())))
                        .path("id")
                        .asString();
        suspend(id, "'OPERATOR'");
        // Of the same second, so whoever handed it over has passed the one before.
        OtherSystemsTest other = new OtherSystemsTest();
        other.key = TestApi.keyOfAnotherWorkspace("other-systems-at-work");
        String later =
                other.ok(202, other.call("POST", "mails", mail("due@mail.example", scheduled())))
                        .path("id")
                        .asString();
        other.awaitStatus(later, "SENT", "DELIVERED");
        assertThat(batches(id)).isZero();
        suspend(id, "NULL");
        awaitStatus(id, "SENT", "DELIVERED");
        assertThat(batches(id)).isEqualTo(1);
    }

    private static String scheduled() {
        return ",\"scheduledAt\":\"" + Instant.now().plusSeconds(2) + "\"";
    }

    private static void suspend(String mail, String by) {
        TestApi.owner()
                .sql(
                        """
                        UPDATE workspace SET suspended_by = %s, suspended_at = CASE WHEN %s IS NULL THEN NULL ELSE now() END
                         WHERE id = (SELECT workspace_id FROM mail WHERE id = CAST(? AS bigint))
                        """
                                .formatted(by, by))
                .param(mail)
                .update();
    }

    @Test
    void a_mail_that_is_not_right_is_refused_with_the_reason() throws Exception {
        for (String more :
                List.of(
                        ",\"headers\":{\"Bcc\":\"x@y.example\"}",
                        ",\"headers\":{\"X-A\":\"a\\r\\nBcc: x@y.example\"}",
                        ",\"headers\":{\"X-A\\r\\nBcc\":\"x@y.example\"}",
                        ",\"tags\":{\"mail_id\":\"1\"}",
                        ",\"replyTo\":\"nonsense\"",
                        ",\"templateId\":1",
                        ",\"contactId\":1",
                        ",\"attachments\":[{\"name\":\"../a\",\"content\":\"YQ==\"}]",
                        ",\"attachments\":[{\"name\":\"a\",\"content\":\"!\"}]",
                        ",\"scheduledAt\":\"2099-01-01T00:00:00Z\"")) {
            assertThat(call("POST", "mails", mail("a@mail.example", more)).statusCode())
                    .as(more)
                    .isEqualTo(422);
        }
        JsonNode refused =
                ok(
                        422,
                        call(
                                "POST",
                                "mails/batch",
                                "{\"mails\":[%s,%s]}"
                                        .formatted(
                                                mail("ok@batch.example", ""),
                                                mail("nonsense", ""))));
        assertThat(refused.path("detail").asString()).startsWith("mails[1]: ");
        assertThat(ok(200, call("GET", "mails?to=ok@batch.example", "")).path("items")).isEmpty();
    }

    @Test
    void endpoints_have_secrets_that_are_shown_once_and_no_private_addresses() throws Exception {
        assertThat(problem(422, call("POST", "endpoints", "{\"url\":\"https://127.0.0.1/hook\"}")))
                .isEqualTo("endpoint-url-invalid");
        HttpResponse<String> created =
                call(
                        "POST",
                        "endpoints",
                        "{\"url\":\"https://example.com/hook\",\"events\":[\"mail.*\"]}");
        JsonNode endpoint = ok(201, created);
        assertThat(endpoint.path("secret").asString()).startsWith("whsec_");
        String path = "endpoints/" + endpoint.path("endpoint").path("id").asString();
        assertThat(call("GET", path, "").body()).doesNotContain("whsec_");
        assertThat(ok(201, call("POST", path + "/secrets", "{}")).path("secret").asString())
                .isNotEqualTo(endpoint.path("secret").asString());
        assertThat(
                        ok(200, call("PATCH", path, "{\"status\":\"DISABLED\"}"))
                                .path("status")
                                .asString())
                .isEqualTo("DISABLED");
        assertThat(problem(409, call("POST", path + "/test", ""))).isEqualTo("endpoint-disabled");
        ok(202, call("POST", path + "/replay", "{\"failed\":true}"));
        ok(200, call("GET", path + "/deliveries?status=FAILED", ""));
        assertThat(call("DELETE", path, "").statusCode()).isEqualTo(204);
        assertThat(call("GET", path, "").statusCode()).isEqualTo(404);
    }
}
