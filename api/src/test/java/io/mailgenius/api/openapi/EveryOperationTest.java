package io.mailgenius.api.openapi;

import static io.mailgenius.api.TestApi.json;
import static org.assertj.core.api.Assertions.assertThat;

import io.mailgenius.api.TestApi;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/**
 * Each operation of the document gets each kind of hostile value at each place that the document
 * names: whatever comes is never a 5xx, and what is refused is refused by a problem of RFC 9457.
 */
@ExtendWith(TestApi.Ends.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class EveryOperationTest {

    private static final Set<String> METHODS = Set.of("get", "put", "post", "patch", "delete");
    private static final String JSON = "application/json";
    private static final String MULTIPART = "multipart/form-data";

    /** In the place of a whole body. */
    private static final List<String> BODIES =
            List.of(
                    "",
                    "{",
                    "}",
                    "{\"a\"",
                    "{\"a\":}",
                    "{} {}",
                    "[",
                    "nul",
                    "NaN",
                    "'a'",
                    "\"\\ud800\"",
                    "{\"\\u0000\":1}",
                    "{\"\\udfff\":1}",
                    "{\"a\":1,\"a\":2}",
                    "{\"__proto__\":{}}",
                    "\uFEFF{}",
                    "[".repeat(10_000),
                    "[".repeat(10_000) + "]".repeat(10_000),
                    "{\"a\":".repeat(10_000) + "1" + "}".repeat(10_000));

    /** In the place of each value that a body can have. */
    private static final List<String> VALUES =
            List.of(
                    "null",
                    "true",
                    "{}",
                    "[]",
                    "[null]",
                    "{\"\\u0000\":null}",
                    "\"\"",
                    "\"a\\u0000b@example.com\"",
                    "\"\\ud800\"",
                    "\"" + "x".repeat(70_000) + "\"",
                    "-1",
                    "1.5",
                    "1e400",
                    "1e999999999",
                    "9223372036854775808",
                    "9".repeat(1_001),
                    "\"+999999999-12-31T23:59:59.999999999+18:00\"",
                    "[".repeat(10_000) + "]".repeat(10_000));

    /** In the place of an id, a cursor or any other parameter. */
    private static final List<String> WORDS =
            Stream.concat(
                            Stream.of("%00", "a%00b", "%ED%A0%80", "%ff", "%25", "%2f"),
                            Stream.of(
                                            "-1",
                                            "1.5",
                                            "1e400",
                                            "9223372036854775807",
                                            "9223372036854775808",
                                            "9".repeat(1_001),
                                            "x".repeat(5_000),
                                            "NaN",
                                            "\uD83D\uDE00",
                                            "1,2,,9223372036854775808",
                                            "+999999999-12-31T23:59:59Z",
                                            "AAAA")
                                    .map(EveryOperationTest::encoded))
                    .toList();

    private static final List<String> MEDIA_TYPES =
            List.of(
                    "text/plain",
                    "application/xml",
                    "application/x-www-form-urlencoded",
                    "multipart/form-data",
                    "multipart/form-data; boundary=x",
                    "application/json; charset=utf-7",
                    "application/json; charset=nothing",
                    "application/merge-patch+json",
                    "application/offset+octet-stream",
                    "a",
                    "*/*",
                    "application/*",
                    "application/*+json",
                    "multipart/*; boundary=x",
                    ";");

    record Operation(String method, String path, JsonNode description) {

        @Override
        public String toString() {
            return method.toUpperCase(Locale.ROOT) + " " + path;
        }

        List<JsonNode> parameters(String place) {
            List<JsonNode> found = new ArrayList<>();
            description
                    .path("parameters")
                    .forEach(
                            it -> {
                                if (it.path("in").asString().equals(place)) {
                                    found.add(it);
                                }
                            });
            return found;
        }

        JsonNode body(String mediaType) {
            return description.path("requestBody").path("content").path(mediaType).path("schema");
        }
    }

    private final TestApi api = TestApi.program();
    private final Map<String, String> ids = new HashMap<>();
    private JsonNode document;
    private SchemaSamples samples;
    private String key;

    Stream<Operation> operations() throws Exception {
        prepare();
        List<Operation> operations = new ArrayList<>();
        for (Map.Entry<String, JsonNode> path : document.path("paths").properties()) {
            for (Map.Entry<String, JsonNode> item : path.getValue().properties()) {
                if (METHODS.contains(item.getKey())) {
                    operations.add(new Operation(item.getKey(), path.getKey(), item.getValue()));
                }
            }
        }
        return operations.stream();
    }

    Stream<Operation> operationsWithBody() throws Exception {
        return operations()
                .filter(
                        it ->
                                it.description().has("requestBody")
                                        || it.method().equals("put")
                                        || it.method().equals("patch"));
    }

    private void prepare() throws Exception {
        if (document != null) {
            return;
        }
        document = json(api.get("/v3/api-docs", "Authorization", "Bearer " + TestApi.KEY));
        samples = new SchemaSamples(document);
        key = TestApi.keyOfAnotherWorkspace("every-operation");
        make("contacts", "{\"email\":\"every@example.com\"}");
        make("lists", "{\"name\":\"every\"}");
        make("topics", "{\"name\":\"every\"}");
        make("templates", "{\"name\":\"every\",\"subject\":\"s\",\"text\":\"t\"}");
        make("segments", "{\"name\":\"every\",\"rule\":{\"field\":\"email\",\"op\":\"exists\"}}");
        make(
                "campaigns",
                "{\"name\":\"n\",\"subject\":\"s\",\"from\":\"a@b.com\",\"text\":\"x\",\"audience\":{\"all\":true}}");
    }

    private void make(String noun, String body) throws Exception {
        HttpResponse<String> made = send("POST", "/api/v1/" + noun, JSON, body, List.of());
        assertThat(made.statusCode()).as(made.body()).isIn(201, 202);
        ids.put(noun, json(made).path("id").asString());
    }

    @Test
    void the_document_has_all_operations() throws Exception {
        assertThat(operations().count()).isGreaterThan(90);
        assertThat(operationsWithBody().count()).isGreaterThan(25);
    }

    @ParameterizedTest
    @MethodSource("operations")
    void a_parameter_of_a_path_may_be_anything(Operation operation) {
        List<String> wrong = new ArrayList<>();
        for (JsonNode parameter : operation.parameters("path")) {
            String name = "{" + parameter.path("name").asString() + "}";
            for (String word : WORDS) {
                check(
                        operation,
                        filled(operation.path().replace(name, word)),
                        operation.body(JSON).isMissingNode() ? "" : "{}",
                        wrong);
            }
        }
        assertThat(wrong).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("operations")
    void a_parameter_of_a_query_may_be_anything(Operation operation) {
        List<String> wrong = new ArrayList<>();
        List<String> names = new ArrayList<>();
        operation.parameters("query").forEach(it -> names.add(it.path("name").asString()));
        // Nothing is to be deleted, sent or stopped by what the query says alone.
        String path = operation.path().replaceAll("\\{\\w+}", "987654321");
        for (String name : names) {
            for (String word : WORDS) {
                check(operation, path + "?" + name + "=" + word, "", wrong);
            }
        }
        check(operation, path + "?nobody=1", "", wrong);
        check(operation, path + "?%00=1", "", wrong);
        assertThat(wrong).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("operations")
    void a_header_may_be_anything(Operation operation) {
        List<String> wrong = new ArrayList<>();
        String path = operation.path().replaceAll("\\{\\w+}", "987654321");
        List<String> names = new ArrayList<>(List.of("Accept", "Content-Type"));
        operation.parameters("header").forEach(it -> names.add(it.path("name").asString()));
        for (String name : names) {
            for (String word : List.of("", "-1", "9223372036854775808", "1e400", ",;=", "*/*")) {
                List<String> headers = new ArrayList<>(List.of(name, word));
                operation.parameters("header").stream()
                        .map(it -> it.path("name").asString())
                        .filter(it -> it.equals("Tus-Resumable") && !it.equals(name))
                        .forEach(it -> headers.addAll(List.of(it, "1.0.0")));
                check(operation, path, JSON, "", headers, wrong);
            }
        }
        assertThat(wrong).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("operationsWithBody")
    void a_body_may_be_anything(Operation operation) {
        List<String> wrong = new ArrayList<>();
        String path = filled(operation.path());
        BODIES.forEach(body -> check(operation, path, body, wrong));
        for (String type : MEDIA_TYPES) {
            for (String body : List.of("{}", "--x\r\n\r\n")) {
                check(operation, path, type, body, List.of(), wrong);
            }
        }
        assertThat(wrong).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("operationsWithBody")
    void a_value_in_a_body_may_be_anything(Operation operation) {
        List<String> wrong = new ArrayList<>();
        String path = filled(operation.path());
        if (!operation.body(JSON).isMissingNode()) {
            samples.each(operation.body(JSON), VALUES, body -> check(operation, path, body, wrong));
        }
        JsonNode parts = samples.resolved(operation.body(MULTIPART));
        if (parts.path("properties").has("options")) {
            samples.each(
                    parts.path("properties").path("options"),
                    VALUES,
                    options ->
                            check(
                                    operation,
                                    path,
                                    MULTIPART + "; boundary=x",
                                    multipart(options),
                                    List.of(),
                                    wrong));
        }
        assertThat(wrong).isEmpty();
    }

    private static String multipart(String options) {
        return "--x\r\nContent-Disposition: form-data; name=\"options\"\r\n"
                + "Content-Type: application/json\r\n\r\n"
                + options
                + "\r\n--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.csv\"\r\n"
                + "Content-Type: text/csv\r\n\r\nnothing\r\n--x--\r\n";
    }

    /** With ids of what is there, so that more is looked at than the id. */
    private String filled(String path) {
        String noun = path.replaceFirst("^/api/v1/", "").replaceFirst("/.*", "");
        return path.replaceAll("\\{\\w+}", ids.getOrDefault(noun, "987654321"));
    }

    private static String encoded(String word) {
        return URLEncoder.encode(word, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private static String shortened(String text) {
        return text.length() < 300 ? text : text.substring(0, 300) + "…";
    }

    private void check(Operation operation, String path, String body, List<String> wrong) {
        check(operation, path, JSON, body, List.of(), wrong);
    }

    private void check(
            Operation operation,
            String path,
            String mediaType,
            String body,
            List<String> headers,
            List<String> wrong) {
        HttpResponse<String> answer;
        try {
            answer = send(operation.method(), path, mediaType, body, headers);
        } catch (Exception e) {
            wrong.add(path + " " + shortened(body) + ": " + e);
            return;
        }
        int status = answer.statusCode();
        String type = answer.headers().firstValue("Content-Type").orElse("");
        boolean forPeople =
                operation.path().startsWith("/t/") || operation.path().startsWith("/o/");
        if (status >= 500
                || (status >= 400
                        && !forPeople
                        && (!type.startsWith("application/problem+json")
                                || json(answer).path("status").asInt() != status
                                || json(answer).path("problem").asString("").isEmpty()))) {
            wrong.add(
                    "%s %s %s %s %s: %d %s %s"
                            .formatted(
                                    operation,
                                    shortened(path),
                                    mediaType,
                                    headers,
                                    shortened(body),
                                    status,
                                    type,
                                    shortened(answer.body())));
        }
    }

    private HttpResponse<String> send(
            String method, String path, String mediaType, String body, List<String> headers)
            throws Exception {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(TestApi.url(path))
                        .method(
                                method.toUpperCase(Locale.ROOT),
                                body.isEmpty()
                                        ? BodyPublishers.noBody()
                                        : BodyPublishers.ofString(body));
        List<String> all = new ArrayList<>(List.of("Authorization", "Bearer " + key));
        if (!body.isEmpty()) {
            all.addAll(List.of("Content-Type", mediaType));
        }
        all.addAll(headers);
        return api.send(request, all.toArray(String[]::new));
    }
}
