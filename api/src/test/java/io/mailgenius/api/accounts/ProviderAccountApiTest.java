package io.mailgenius.api.accounts;

import static org.assertj.core.api.Assertions.assertThat;

import com.standardwebhooks.Webhook;
import io.mailgenius.api.TestApi;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class ProviderAccountApiTest {

    private static final String PATH = "/api/v1/provider-account";
    private static final String SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

    private final TestApi api = TestApi.program();

    private HttpResponse<String> call(String method, String path, String body, String key)
            throws Exception {
        return api.send(
                HttpRequest.newBuilder(TestApi.url(path))
                        .method(method, BodyPublishers.ofString(body)),
                "Authorization",
                "Bearer " + key,
                "Content-Type",
                "application/json");
    }

    private int event(String path, String secret, String body) throws Exception {
        return event("svix", path, secret, body);
    }

    private int event(String prefix, String path, String secret, String body) throws Exception {
        Instant now = Instant.now();
        String id = "msg_" + now.toEpochMilli();
        return api.post(
                        path,
                        body,
                        prefix + "-id",
                        id,
                        prefix + "-timestamp",
                        Long.toString(now.getEpochSecond()),
                        prefix + "-signature",
                        new Webhook(secret).sign(id, now.getEpochSecond(), body))
                .statusCode();
    }

    @Test
    void an_account_is_stored_checked_used_for_its_webhooks_and_removed_without_showing_a_secret()
            throws Exception {
        String key = TestApi.keyOfAnotherWorkspace("with-an-account");
        assertThat(TestApi.json(call("GET", PATH, "", key)).path("own").asBoolean()).isFalse();
        assertThat(call("PUT", PATH, "{\"rate\": 7}", key).statusCode()).isEqualTo(422);

        HttpResponse<String> stored =
                call(
                        "PUT",
                        PATH,
                        "{\"apiKey\": \"re_secret_1234\", \"rate\": 7, \"webhookSecret\": \"%s\"}"
                                .formatted(SECRET),
                        key);
        assertThat(stored.statusCode()).as(stored.body()).isEqualTo(200);
        HttpResponse<String> found = call("GET", PATH, "", key);
        assertThat(found.body()).doesNotContain("re_secret", SECRET).contains("1234");
        JsonNode account = TestApi.json(found).path("account");
        assertThat(account.path("rate").asInt()).isEqualTo(7);
        assertThat(call("POST", PATH + "/check", "", key).statusCode()).isEqualTo(200);

        String webhook = account.path("webhookPath").asString();
        String ofNobody = "{\"type\": \"contact.created\", \"data\": {}}";
        assertThat(event(webhook, SECRET, ofNobody)).isEqualTo(204);
        assertThat(event("webhook", webhook, SECRET, ofNobody)).isEqualTo(204);
        assertThat(event(webhook, "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD", ofNobody))
                .isEqualTo(401);
        assertThat(event("/webhooks/resend", SECRET, ofNobody)).isEqualTo(401);
        assertThat(event(webhook.replaceFirst("/[0-9]+-", "/1-"), SECRET, ofNobody)).isEqualTo(404);
        assertThat(event("/webhooks/resend/x", SECRET, ofNobody)).isEqualTo(404);

        assertThat(call("DELETE", PATH, "", key).statusCode()).isEqualTo(204);
        assertThat(call("DELETE", PATH, "", key).statusCode()).isEqualTo(404);
        assertThat(TestApi.json(call("GET", PATH, "", key)).path("own").asBoolean()).isFalse();
    }
}
