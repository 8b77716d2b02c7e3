package io.mailgenius.api.problems;

import static io.mailgenius.api.TestApi.json;
import static org.assertj.core.api.Assertions.assertThat;

import io.mailgenius.api.TestApi;
import java.io.ByteArrayInputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

@ExtendWith(TestApi.Ends.class)
class ProblemsTest {

    private static final String CONTACTS = "/api/v1/contacts";
    private static final String AUTHORIZATION = "Bearer " + TestApi.KEY;

    private final TestApi api = TestApi.program();

    @Test
    void a_syntax_error_is_shown_by_line_and_column() throws Exception {
        JsonNode problem =
                problem(400, api.postJson(CONTACTS, "{\n  \"email\": \"a@example.com\n}"));

        assertThat(problem.path("problem").asString()).isEqualTo("json-unreadable");
        assertThat(problem.path("detail").asString()).contains("not JSON", "line 2, column");
    }

    @Test
    void a_property_that_is_not_known_is_named_together_with_those_that_are() throws Exception {
        JsonNode problem =
                problem(
                        400,
                        api.postJson(CONTACTS, "{\"email\":\"a@example.com\",\"nmae\":\"x\"}"));

        assertThat(problem.path("detail").asString()).contains("\"nmae\"", "firstName");
        assertThat(problem.path("errors").path(0).path("field").asString()).isEqualTo("nmae");
    }

    @Test
    void a_property_that_is_missing_or_null_is_named() throws Exception {
        for (String body : new String[] {"{\"emial\":\"a@example.com\"}", "{\"email\":null}"}) {
            JsonNode problem = problem(400, api.postJson(CONTACTS, body));

            assertThat(problem.path("detail").asString()).contains("\"email\" is missing");
            assertThat(problem.path("errors").path(0).path("field").asString()).isEqualTo("email");
        }
    }

    @Test
    void an_unknown_enum_constant_lists_the_known_ones() throws Exception {
        JsonNode problem =
                problem(
                        400,
                        api.postJson(
                                CONTACTS, "{\"email\":\"a@example.com\",\"status\":\"GONE\"}"));

        assertThat(problem.path("detail").asString()).contains("SUBSCRIBED, PENDING, UNSUBSCRIBED");
    }

    @Test
    void a_missing_body_is_reported() throws Exception {
        assertThat(problem(400, api.postJson(CONTACTS, "")).path("problem").asString())
                .isEqualTo("json-missing");
    }

    @Test
    void a_refusal_keeps_its_message() throws Exception {
        JsonNode problem = problem(422, api.postJson(CONTACTS, "{\"email\":\"nobody\"}"));

        assertThat(problem.path("type").asString())
                .isEqualTo("/problems/" + problem.path("problem").asString());
        assertThat(problem.path("instance").asString()).isEqualTo(CONTACTS);
    }

    @Test
    void an_unknown_path_is_404_for_every_accept_header() throws Exception {
        HttpResponse<String> response =
                api.get(
                        CONTACTS + "/987654321",
                        "Authorization",
                        AUTHORIZATION,
                        "Accept",
                        "text/csv");

        assertThat(problem(404, response).path("problem").asString())
                .isEqualTo("contact-not-found");
        problem(404, api.get("/api/v1/nothing", "Authorization", AUTHORIZATION));
    }

    @Test
    void an_invalid_number_names_its_parameter() throws Exception {
        JsonNode problem =
                problem(400, api.get(CONTACTS + "?limit=many", "Authorization", AUTHORIZATION));

        assertThat(problem.path("detail").asString()).isEqualTo("Make \"limit\" a number.");
    }

    @Test
    void the_wrong_method_lists_the_supported_ones() throws Exception {
        HttpResponse<String> response =
                api.send(
                        HttpRequest.newBuilder(TestApi.url(CONTACTS)).DELETE(),
                        "Authorization",
                        AUTHORIZATION);

        problem(405, response);
        assertThat(response.headers().firstValue("Allow").orElse("")).contains("GET", "POST");
    }

    @Test
    void the_wrong_media_type_names_the_supported_one() throws Exception {
        JsonNode problem =
                problem(
                        415,
                        api.post(
                                CONTACTS,
                                "email=a@example.com",
                                "Authorization",
                                AUTHORIZATION,
                                "Content-Type",
                                "application/x-www-form-urlencoded"));

        assertThat(problem.path("detail").asString()).startsWith("Send application/json");
    }

    @Test
    void an_endless_body_is_cut_off() throws Exception {
        byte[] body = new byte[BodyRule.API_BYTES + 2];
        java.util.Arrays.fill(body, (byte) ' ');
        HttpRequest.Builder request =
                HttpRequest.newBuilder(TestApi.url(CONTACTS))
                        .POST(BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body)));

        HttpResponse<String> response =
                api.send(
                        request,
                        "Authorization",
                        AUTHORIZATION,
                        "Content-Type",
                        "application/json");

        assertThat(problem(413, response).path("problem").asString()).isEqualTo("too-large");
    }

    @Test
    void a_request_that_the_web_server_rejects_is_a_problem_too() throws Exception {
        try (Socket socket = new Socket("localhost", TestApi.url("/").getPort())) {
            OutputStream out = socket.getOutputStream();
            out.write(
                    "GET /api/v1/contacts/%2f HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
                            .getBytes(StandardCharsets.US_ASCII));

            String answer =
                    new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

            assertThat(answer).startsWith("HTTP/1.1 400").contains("application/problem+json");
        }
    }

    @Test
    void a_server_error_shows_an_id_and_no_internals() {
        Problem problem = Translation.of(new IllegalStateException("jdbc:postgresql://secret"));

        assertThat(problem.status()).isEqualTo(500);
        assertThat(problem.toString()).doesNotContain("secret", "IllegalState");
    }

    private static JsonNode problem(int status, HttpResponse<String> response) {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        assertThat(response.headers().firstValue("Content-Type"))
                .contains("application/problem+json");
        JsonNode problem = json(response);
        assertThat(problem.path("status").asInt()).isEqualTo(status);
        assertThat(problem.path("title").asString()).isNotEmpty();
        assertThat(problem.path("detail").asString()).isNotEmpty();
        return problem;
    }
}
