package io.mailgenius.api.access;

import static io.mailgenius.api.TestApi.json;
import static org.assertj.core.api.Assertions.assertThat;

import io.mailgenius.api.TestApi;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.Locale;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

@ExtendWith(TestApi.Ends.class)
class SecurityConfigurationTest {

    private static final Set<String> METHODS = Set.of("get", "post", "put", "patch", "delete");

    @Test
    void every_documented_path_of_the_api_asks_for_a_key() throws Exception {
        TestApi api = TestApi.program();
        JsonNode paths =
                json(api.get("/v3/api-docs", "Authorization", "Bearer " + TestApi.KEY))
                        .path("paths");
        int asked = 0;
        for (var path : paths.properties()) {
            if (!path.getKey().startsWith("/api/v1/")) {
                continue;
            }
            for (String method : path.getValue().propertyNames()) {
                if (!METHODS.contains(method)) {
                    continue;
                }
                HttpResponse<String> response =
                        api.send(
                                HttpRequest.newBuilder(
                                                TestApi.url(
                                                        path.getKey().replaceAll("\\{\\w+}", "1")))
                                        .method(
                                                method.toUpperCase(Locale.ROOT),
                                                BodyPublishers.noBody()));

                assertThat(response.statusCode()).as(method + " " + path.getKey()).isEqualTo(401);
                assertThat(response.headers().firstValue("Content-Type"))
                        .contains("application/problem+json");
                assertThat(response.headers().firstValue("WWW-Authenticate")).contains("Bearer");
                asked++;
            }
        }
        assertThat(asked).isGreaterThan(20);
    }

    @Test
    void a_key_that_nobody_has_opens_nothing() throws Exception {
        assertThat(
                        TestApi.program()
                                .get("/api/v1/contacts", "Authorization", "Bearer no-such-key")
                                .statusCode())
                .isEqualTo(401);
    }

    @Test
    void a_key_that_may_read_contacts_may_neither_write_them_nor_read_lists() throws Exception {
        TestApi api = TestApi.program();
        String key = "Bearer " + TestApi.keyWith("contacts:read");

        assertThat(api.get("/api/v1/contacts", "Authorization", key).statusCode()).isEqualTo(200);
        assertThat(api.get("/api/v1/lists", "Authorization", key).statusCode()).isEqualTo(403);
        HttpResponse<String> written =
                api.post(
                        "/api/v1/contacts",
                        "{\"email\":\"scoped@example.com\"}",
                        "Authorization",
                        key,
                        "Content-Type",
                        "application/json");
        assertThat(written.statusCode()).isEqualTo(403);
        assertThat(json(written).path("detail").asString()).contains("contacts:write");
    }

    @Test
    void a_session_of_the_console_does_not_open_the_api() throws Exception {
        TestApi browser = TestApi.browser();
        browser.signIn(TestApi.KEY);

        assertThat(browser.get("/nodes", "Accept", "text/html").statusCode()).isEqualTo(200);
        assertThat(browser.get("/api/v1/contacts").statusCode()).isEqualTo(401);
    }

    @Test
    void who_has_not_signed_in_is_sent_to_where_that_is_done() throws Exception {
        HttpResponse<String> response = TestApi.browser().get("/nodes", "Accept", "text/html");

        assertThat(response.statusCode()).isEqualTo(302);
        assertThat(response.headers().firstValue("Location").orElse("")).endsWith("/sign-in");
    }

    @Test
    void a_wrong_key_does_not_sign_in() throws Exception {
        TestApi browser = TestApi.browser();

        assertThat(browser.signIn("no-such-key").statusCode()).isEqualTo(401);
        assertThat(browser.get("/nodes", "Accept", "text/html").statusCode()).isEqualTo(302);
    }

    @Test
    void a_form_without_its_token_changes_nothing() throws Exception {
        TestApi browser = TestApi.browser();
        browser.signIn(TestApi.KEY);

        assertThat(browser.post("/sign-out", "", "Accept", "text/html").statusCode())
                .isEqualTo(403);
        assertThat(browser.get("/nodes", "Accept", "text/html").statusCode()).isEqualTo(200);
    }

    @Test
    void the_session_is_out_of_reach_of_scripts_and_of_other_sites() throws Exception {
        assertThat(TestApi.browser().signIn(TestApi.KEY).headers().allValues("Set-Cookie"))
                .anySatisfy(
                        it ->
                                assertThat(it)
                                        .startsWith("mailgenius=")
                                        .contains("HttpOnly", "SameSite=Lax"));
    }

    @Test
    void an_unsigned_event_is_refused_without_a_key_being_asked_for() throws Exception {
        HttpResponse<String> response = TestApi.program().post("/webhooks/resend", "{}");

        assertThat(response.statusCode()).isEqualTo(401);
        assertThat(json(response).path("problem").asString()).isEqualTo("webhook-signature-wrong");
    }

    @Test
    void an_event_is_posted_and_has_an_end() throws Exception {
        TestApi api = TestApi.program();

        HttpResponse<String> endless = api.post("/webhooks/resend", " ".repeat(1024 * 1024 + 1));
        HttpResponse<String> looked = api.get("/webhooks/resend");

        assertThat(endless.statusCode()).isEqualTo(413);
        assertThat(json(endless).path("problem").asString()).isEqualTo("webhook-too-large");
        assertThat(looked.statusCode()).isEqualTo(405);
        assertThat(looked.headers().firstValue("Allow")).contains("POST");
    }
}
