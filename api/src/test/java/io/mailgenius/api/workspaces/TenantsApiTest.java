package io.mailgenius.api.workspaces;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mailgenius.api.TestApi;
import io.mailgenius.jobs.delivery.tokens.UnsubscribeTokens;
import io.mailgenius.jobs.workspaces.WorkspaceLimit;
import io.mailgenius.jobs.workspaces.WorkspaceLimits;
import io.mailgenius.schema.WorkspaceScope;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Limits, use, approval, sites and leaving of a workspace, over HTTP. */
class TenantsApiTest {

    private static final String SITE = "https://shop.example.com";

    private final TestApi api = TestApi.program();
    private String key;
    private long workspace;

    @BeforeEach
    void workspace() throws Exception {
        String name = "tenant-" + UUID.randomUUID();
        key = TestApi.keyOfAnotherWorkspace(name);
        workspace =
                TestApi.owner()
                        .sql("SELECT id FROM workspace WHERE name = :name")
                        .param("name", name)
                        .query(Long.class)
                        .single();
    }

    private HttpResponse<String> ask(String method, String path, String body, String... headers)
            throws Exception {
        String[] all = new String[headers.length + 4];
        System.arraycopy(headers, 0, all, 4, headers.length);
        all[0] = "Authorization";
        all[1] = "Bearer " + key;
        all[2] = "Content-Type";
        all[3] = "application/json";
        return api.send(
                HttpRequest.newBuilder(TestApi.url(path))
                        .method(
                                method,
                                body == null
                                        ? BodyPublishers.noBody()
                                        : BodyPublishers.ofString(body)),
                all);
    }

    private JsonNode sent(String method, String path, String body, int status) throws Exception {
        HttpResponse<String> answer = ask(method, path, body);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        return answer.body().isEmpty() ? null : JsonMapper.shared().readTree(answer.body());
    }

    private void limit(WorkspaceLimit limit) {
        WorkspaceScope.run(workspace, () -> TestApi.bean(WorkspaceLimits.class).change(limit));
    }

    private String problem(String method, String path, String body, int status) throws Exception {
        return sent(method, path, body, status).get("problem").asString();
    }

    @Test
    void usage_shows_limits_and_what_was_used_day_by_day() throws Exception {
        sent("POST", "/api/v1/contacts", "{\"email\":\"a@example.com\"}", 201);
        limit(new WorkspaceLimit(2L, 100L, null, 1_000L));

        JsonNode usage = sent("GET", "/api/v1/usage", null, 200);

        assertThat(usage.get("limits").get("contacts").asLong()).isEqualTo(2);
        assertThat(usage.get("limits").get("mailsPerMonth").asLong()).isEqualTo(100);
        assertThat(usage.get("held").get("contacts").asLong()).isEqualTo(1);
        JsonNode days = usage.get("days");
        assertThat(days).hasSize(30);
        JsonNode today = days.get(29);
        assertThat(today.get("day").asString()).isEqualTo(LocalDate.now(ZoneOffset.UTC).toString());
        assertThat(today.get("contacts").asLong()).isEqualTo(1);
        assertThat(today.get("requests").asLong()).isGreaterThanOrEqualTo(2);
        assertThat(days.get(0).get("contacts").isNull()).isTrue();
        assertThat(
                        sent("GET", "/api/v1/usage?from=2026-01-01&until=2026-01-31", null, 200)
                                .get("days"))
                .hasSize(31);
        assertThat(problem("GET", "/api/v1/usage?from=2026-02-01&until=2026-01-31", null, 422))
                .isEqualTo("days-invalid");

        sent("POST", "/api/v1/contacts", "{\"email\":\"b@example.com\"}", 201);
        assertThat(problem("POST", "/api/v1/contacts", "{\"email\":\"c@example.com\"}", 409))
                .isEqualTo("contact-limit-reached");
    }

    @Test
    void files_take_their_place_from_the_announcement_on_and_give_it_back() throws Exception {
        limit(new WorkspaceLimit(null, null, null, 1_000L));
        HttpResponse<String> first = announce(700);
        assertThat(first.statusCode()).as(first.body()).isEqualTo(201);
        HttpResponse<String> second = announce(700);
        assertThat(second.statusCode()).isEqualTo(409);
        assertThat(second.body()).contains("storage-limit-reached", "stores 700");
        assertThat(sent("GET", "/api/v1/usage", null, 200).get("held").get("storageBytes").asLong())
                .isEqualTo(700);
        String path = first.headers().firstValue("Location").orElseThrow();
        assertThat(
                        ask(
                                        "DELETE",
                                        path.substring(path.indexOf("/api/")),
                                        null,
                                        "Tus-Resumable",
                                        "1.0.0")
                                .statusCode())
                .isEqualTo(204);
        assertThat(announce(700).statusCode()).isEqualTo(201);
    }

    private HttpResponse<String> announce(int bytes) throws Exception {
        return api.send(
                HttpRequest.newBuilder(TestApi.url("/api/v1/uploads"))
                        .POST(BodyPublishers.noBody()),
                "Authorization",
                "Bearer " + key,
                "Tus-Resumable",
                "1.0.0",
                "Upload-Length",
                Integer.toString(bytes));
    }

    @Test
    void a_plan_limits_the_requests_of_its_workspace_alone() throws Exception {
        limit(new WorkspaceLimit(null, null, 2, null));
        HttpResponse<String> first = ask("GET", "/api/v1/lists", null);
        assertThat(first.statusCode()).isEqualTo(200);
        assertThat(first.headers().firstValue("RateLimit-Policy").orElse(""))
                .isEqualTo("\"plan\";q=2;w=60");
        HttpResponse<String> last = first;
        for (int n = 0; n < 20 && last.statusCode() == 200; n++) {
            last = ask("GET", "/api/v1/lists", null);
        }
        assertThat(last.statusCode()).isEqualTo(429);
        assertThat(api.get("/api/v1/lists", "Authorization", "Bearer " + TestApi.KEY).statusCode())
                .isEqualTo(200);
    }

    @Test
    void a_large_campaign_is_approved_or_declined_by_the_key_of_another_person() throws Exception {
        sent("PATCH", "/api/v1/workspace", "{\"approvalAbove\":0}", 200);
        sent("POST", "/api/v1/contacts", "{\"email\":\"a@example.com\"}", 201);
        madeBy(1);
        String campaign =
                "/api/v1/campaigns/"
                        + sent(
                                        "POST",
                                        "/api/v1/campaigns",
                                        """
                                        {"name":"N","subject":"S","from":"a@example.com","audience":{"all":true},
                                         "html":"<p>Hi</p><a href=\\"{{ unsubscribe_url }}\\">Leave</a>"}""",
                                        201)
                                .get("id")
                                .asLong();
        JsonNode asked = sent("POST", campaign + "/send", null, 202);
        assertThat(asked.get("status").asString()).isEqualTo("DRAFT");
        assertThat(asked.get("approval").get("status").asString()).isEqualTo("PENDING");
        assertThat(problem("POST", campaign + "/approve", null, 409))
                .isEqualTo("approval-by-another");

        madeBy(2);
        JsonNode declined = sent("POST", campaign + "/decline", "{\"note\":\"Typo\"}", 200);
        assertThat(declined.get("approval").get("note").asString()).isEqualTo("Typo");
        sent("POST", campaign + "/send", null, 202);
        madeBy(1);
        JsonNode approved = sent("POST", campaign + "/approve", null, 202);
        assertThat(approved.get("status").asString()).isIn("SENDING", "SENT");
        assertThat(sent("GET", "/api/v1/audit?noun=campaign_approval", null, 200).get("items"))
                .hasSizeGreaterThanOrEqualTo(4);
    }

    /** The key counts as one of this person. */
    private void madeBy(long person) {
        TestApi.owner()
                .sql("UPDATE api_key SET creator_id = :person WHERE workspace_id = :w")
                .param("person", person)
                .param("w", workspace)
                .update();
    }

    @Test
    void scripts_of_named_sites_may_call_and_no_others_and_never_with_cookies() throws Exception {
        sent("PATCH", "/api/v1/workspace", "{\"allowedOrigins\":[\"" + SITE + "\"]}", 200);
        assertThat(problem("PATCH", "/api/v1/workspace", "{\"allowedOrigins\":[\"*\"]}", 422))
                .isEqualTo("origin-invalid");

        HttpResponse<String> allowed = preflight("/api/v1/contacts", SITE, "PATCH");
        assertThat(allowed.statusCode()).isEqualTo(200);
        assertThat(allowed.headers().firstValue("Access-Control-Allow-Origin")).contains(SITE);
        assertThat(allowed.headers().firstValue("Access-Control-Allow-Methods").orElse(""))
                .contains("PATCH");
        assertThat(allowed.headers().firstValue("Access-Control-Allow-Headers").orElse(""))
                .containsIgnoringCase("authorization");
        assertThat(allowed.headers().firstValue("Access-Control-Allow-Credentials")).isEmpty();
        HttpResponse<String> refused =
                preflight("/api/v1/contacts", "https://evil.example", "PATCH");
        assertThat(refused.statusCode()).isEqualTo(403);
        assertThat(refused.body()).contains("origin-not-allowed");
        assertThat(refused.headers().firstValue("Access-Control-Allow-Origin")).isEmpty();

        HttpResponse<String> call = ask("GET", "/api/v1/lists", null, "Origin", SITE);
        assertThat(call.statusCode()).isEqualTo(200);
        assertThat(call.headers().firstValue("Access-Control-Allow-Origin")).contains(SITE);
        assertThat(call.headers().firstValue("Access-Control-Expose-Headers").orElse(""))
                .contains("Location");
        HttpResponse<String> ofOther =
                api.get("/api/v1/lists", "Authorization", "Bearer " + TestApi.KEY, "Origin", SITE);
        assertThat(ofOther.statusCode()).isEqualTo(200);
        assertThat(ofOther.headers().firstValue("Access-Control-Allow-Origin"))
                .as("a workspace that does not name the site")
                .isEmpty();
    }

    @Test
    void a_form_is_submitted_from_named_sites_or_from_everywhere_if_none_is_named()
            throws Exception {
        String form =
                "/s/"
                        + sent(
                                        "POST",
                                        "/api/v1/forms",
                                        """
                                        {"name":"F","from":"a@example.com","subject":"Confirm","consentText":"Yes",
                                         "html":"<a href=\\"{{ confirm_url }}\\">Confirm</a>"}""",
                                        201)
                                .get("key")
                                .asString();
        assertThat(
                        preflight(form, "https://any.example", "POST")
                                .headers()
                                .firstValue("Access-Control-Allow-Origin"))
                .contains("*");
        sent("PATCH", "/api/v1/workspace", "{\"allowedOrigins\":[\"" + SITE + "\"]}", 200);
        await().atMost(Duration.ofSeconds(20))
                .until(
                        () -> preflight(form, "https://any.example", "POST").statusCode(),
                        status -> status == 403);
        HttpResponse<String> allowed = preflight(form, SITE, "POST");
        assertThat(allowed.headers().firstValue("Access-Control-Allow-Origin")).contains(SITE);
        assertThat(allowed.headers().firstValue("Access-Control-Allow-Credentials")).isEmpty();
        HttpResponse<String> submitted =
                api.post(
                        form,
                        "{\"email\":\"a@example.com\"}",
                        "Origin",
                        "https://any.example",
                        "Content-Type",
                        "application/json");
        assertThat(submitted.statusCode()).isEqualTo(403);
        assertThat(submitted.body()).contains("origin-not-allowed");
    }

    private HttpResponse<String> preflight(String path, String origin, String method)
            throws Exception {
        return api.send(
                HttpRequest.newBuilder(TestApi.url(path))
                        .method("OPTIONS", BodyPublishers.noBody()),
                "Origin",
                origin,
                "Access-Control-Request-Method",
                method,
                "Access-Control-Request-Headers",
                "authorization,content-type");
    }

    @Test
    void settings_are_checked_before_any_is_changed() throws Exception {
        JsonNode changed =
                sent(
                        "PATCH",
                        "/api/v1/workspace",
                        "{\"language\":\"PT-br\",\"auditDays\":400,\"timeZone\":\"Europe/Berlin\"}",
                        200);
        assertThat(changed.get("language").asString()).isEqualTo("pt-BR");
        assertThat(changed.get("auditDays").asInt()).isEqualTo(400);
        assertThat(problem("PATCH", "/api/v1/workspace", "{\"language\":\"x y\"}", 422))
                .isEqualTo("language-invalid");
        assertThat(
                        problem(
                                "PATCH",
                                "/api/v1/workspace",
                                "{\"auditDays\":30,\"language\":\"de\"}",
                                422))
                .isEqualTo("audit-days-invalid");
        JsonNode now = sent("PATCH", "/api/v1/workspace", "{\"auditDays\":-1}", 200);
        assertThat(now.get("auditDays").isNull()).isTrue();
        assertThat(now.get("language").asString()).isEqualTo("pt-BR");
    }

    @Test
    void a_workspace_is_deleted_by_its_exact_name_and_its_archive_is_fetched_before()
            throws Exception {
        long id = sent("POST", "/api/v1/workspace/exports", null, 202).get("id").asLong();
        String export = "/api/v1/workspace/exports/" + id;
        await().atMost(Duration.ofSeconds(60))
                .until(
                        () -> sent("GET", export, null, 200).get("status").asString(),
                        "COMPLETED"::equals);
        HttpResponse<String> archive = ask("GET", export + "/archive.zip", null);
        assertThat(archive.statusCode()).isEqualTo(200);
        assertThat(archive.body()).startsWith("PK").contains("api_key.jsonl");
        assertThat(sent("GET", "/api/v1/workspace/exports", null, 200).get("items")).hasSize(1);

        assertThat(problem("POST", "/api/v1/workspace/deletion", "{\"name\":\"other\"}", 422))
                .isEqualTo("workspace-name-differs");
        String name = sent("GET", "/api/v1/workspace", null, 200).get("name").asString();
        sent("POST", "/api/v1/workspace/deletion", "{\"name\":\"" + name + "\"}", 202);
        await().atMost(Duration.ofSeconds(60))
                .until(() -> ask("GET", "/api/v1/lists", null).statusCode(), it -> it == 401);
    }

    @Test
    void the_pages_of_a_campaign_show_its_brand_under_a_policy_for_exactly_its_style()
            throws Exception {
        String logo = "data:image/png;base64,iVBORw0KGgo=";
        String brand =
                "{\"name\":\"Acme <Shop>\",\"from\":\"shop@example.com\",\"color\":\"#123456\",\"logo\":\"%s\"}";
        JsonNode made = sent("POST", "/api/v1/brands", brand.formatted(logo), 201);
        assertThat(
                        problem(
                                "POST",
                                "/api/v1/brands",
                                brand.formatted("data:image/svg+xml;base64,PHN2Zz4="),
                                422))
                .isEqualTo("logo-invalid");
        assertThat(sent("GET", "/api/v1/brands", null, 200).get("items")).hasSize(1);
        long campaign =
                sent(
                                "POST",
                                "/api/v1/campaigns",
                                """
                                {"name":"N","subject":"S","audience":{"all":true},"brandId":%d,"html":"<p>Hi</p>"}"""
                                        .formatted(made.get("id").asLong()),
                                201)
                        .get("id")
                        .asLong();
        assertThat(sent("GET", "/api/v1/campaigns/" + campaign, null, 200).get("from").asString())
                .isEqualTo("shop@example.com");
        String token =
                TestApi.bean(UnsubscribeTokens.class)
                        .at(null)
                        .sign(new UnsubscribeTokens.Recipient(workspace, campaign, 1));

        HttpResponse<String> page = api.get("/u/" + token, "Accept", "text/html");

        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.body()).contains("Acme &lt;Shop&gt;", logo, "background-color:#123456");
        String style = page.body().replaceAll("(?s).*<style>(.*?)</style>.*", "$1");
        assertThat(page.headers().firstValue("Content-Security-Policy").orElse(""))
                .contains(
                        "style-src 'self' 'sha256-"
                                + Base64.getEncoder()
                                        .encodeToString(
                                                MessageDigest.getInstance("SHA-256")
                                                        .digest(style.getBytes(UTF_8)))
                                + "'")
                .doesNotContain("unsafe-inline");
        assertThat(problem("DELETE", "/api/v1/brands/" + made.get("id").asLong(), null, 409))
                .isEqualTo("brand-is-used");
    }
}
