package io.mailgenius.api.imports;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mailgenius.api.node.Node;
import io.mailgenius.api.node.NodeSettings;
import io.mailgenius.engine.TestRedis;
import io.mailgenius.schema.TestDatabase;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;
import java.util.Random;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Imports and what goes with them, over HTTP and through the whole engine. */
class ImportsApiTest {

    private static final String KEY = "key-of-those-who-import-files";
    private static final String BOUNDARY = "boundary-of-an-upload";
    private static final String PEOPLE =
            "email,nome,plan\nada@example.com,Ada,pro\nbob@example.com,Bob,free\nnobody,Eve,free\n";

    @TempDir static Path folder;

    private static TestDatabase database;
    private static Node node;
    private final HttpClient http = HttpClient.newHttpClient();

    @BeforeAll
    static void start() {
        database = TestDatabase.create();
        node =
                Node.start(
                        NodeSettings.from(
                                Map.of(
                                        "MAILGENIUS_DATABASE_URL", database.url(),
                                        "MAILGENIUS_DATABASE_USERNAME", database.username(),
                                        "MAILGENIUS_DATABASE_PASSWORD", database.password(),
                                        "MAILGENIUS_REDIS_URL", TestRedis.uri().toString(),
                                        "MAILGENIUS_PORT", "0",
                                        "MAILGENIUS_BOOTSTRAP_API_KEY", KEY,
                                        "MAILGENIUS_DATA_DIR", folder.toString())));
    }

    @AfterAll
    static void stop() {
        node.close();
        database.close();
    }

    @BeforeEach
    void empty() {
        database.empty("contact", "list_member", "suppression", "import", "import_reject");
    }

    @Test
    void a_preview_says_what_a_file_is_and_keeps_nothing() throws Exception {
        byte[] file =
                "e-mail;sobrenome;vip;nascimento;score\nada@example.com;Lima;sim;31/12/1999;1,5\ninfo@example.com;São;não;01/02/2000;2,5\nx;;;;\n"
                        .getBytes(StandardCharsets.ISO_8859_1);

        JsonNode told = json(multipart("/api/v1/imports/preview", file, null, 200));

        assertThat(told.path("format").path("encoding").asString()).isEqualTo("windows-1252");
        assertThat(told.path("format").path("delimiter").asString()).isEqualTo(";");
        assertThat(told.path("format").path("header").asBoolean()).isTrue();
        assertThat(told.path("columns").valueStream().map(c -> c.path("mapping").asString()))
                .containsExactly(
                        "email",
                        "lastName",
                        "attributes.vip",
                        "attributes.nascimento",
                        "attributes.score");
        assertThat(told.path("columns").valueStream().map(c -> c.path("type").asString()))
                .containsExactly("text", "text", "boolean", "date", "number");
        assertThat(told.path("rows").path(1).path(1).asString()).isEqualTo("São");
        assertThat(told.path("warnings").valueStream().map(JsonNode::asString))
                .anyMatch(w -> w.contains("Line 4 would be rejected: e-mail: no @"))
                .anyMatch(w -> w.contains("of a role"))
                .anyMatch(w -> w.contains("nascimento"));
        assertThat(count("import")).isZero();
        assertThat(count("contact")).isZero();
    }

    /** Larger than what is prepared within the request. */
    private static byte[] large(String header, String row, Charset charset) {
        StringBuilder text = new StringBuilder(header);
        for (int n = 0; n < 60_000; n++) {
            text.append(row.replace("#", Integer.toString(n)));
        }
        return text.toString().getBytes(charset);
    }

    @Test
    void a_large_file_is_taken_at_once_and_prepared_by_its_job() throws Exception {
        byte[] file =
                large("e-mail;nome\n", "p#@example.com;João\n", Charset.forName("windows-1252"));

        JsonNode started = json(multipart("/api/v1/imports", file, null, 202));
        JsonNode ended = ended(started);
        JsonNode again = ended(json(multipart("/api/v1/imports", file, null, 202)));

        assertThat(started.path("status").asString()).isEqualTo("PENDING");
        assertThat(started.path("step").asString()).isEqualTo("PREPARING");
        assertThat(started.path("bytes").asLong()).isEqualTo(file.length);
        assertThat(started.path("sha256").isNull()).isTrue();
        assertThat(ended.path("step").isNull()).isTrue();
        assertThat(ended.path("problem").isNull()).isTrue();
        assertThat(ended.path("format").path("encoding").asString()).isEqualTo("windows-1252");
        assertThat(ended.path("sha256").asString())
                .isEqualTo(
                        HexFormat.of()
                                .formatHex(MessageDigest.getInstance("SHA-256").digest(file)));
        assertThat(ended.path("rows").path("created").asLong()).isEqualTo(60_000);
        assertThat(again.path("sameFileAs").asLong()).isEqualTo(ended.path("id").asLong());
    }

    @Test
    void what_its_start_shows_is_refused_at_once_whatever_the_size() throws Exception {
        byte[] nobody = large("name,city\n", "p#,Ulm and some more text\n", StandardCharsets.UTF_8);
        byte[] people = large("email,city\n", "p#@example.com,Ulm\n", StandardCharsets.UTF_8);

        assertThat(problem(multipart("/api/v1/imports", nobody, null, 422)))
                .isEqualTo("import-has-no-email-column");
        String options = "{\"mapping\": {\"Plan\": \"attributes.plan\"}}";
        assertThat(problem(multipart("/api/v1/imports", people, options, 422)))
                .isEqualTo("import-mapping-names-no-column");
        assertThat(count("import")).isZero();
    }

    @Test
    void what_only_the_whole_file_shows_makes_the_import_fail_with_the_same_problem()
            throws Exception {
        byte[] noise = new byte[700_000];
        new Random(7).nextBytes(noise);
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
            for (int n = 0; n < 60_000; n++) {
                byte[] row = ("p" + n + "@example.com," + hex(noise, n) + "\n").getBytes();
                gzip.write(n == 0 ? "email,note\n".getBytes(StandardCharsets.UTF_8) : row);
            }
        }
        byte[] torn = Arrays.copyOf(packed.toByteArray(), packed.size() - 100_000);
        assertThat(torn.length).isGreaterThan(600_000);

        JsonNode preview = json(multipart("/api/v1/imports/preview", torn, null, 422));
        JsonNode started = json(multipart("/api/v1/imports", torn, null, 202));
        String path = "/api/v1/imports/" + started.path("id").asLong();
        JsonNode failed =
                await().atMost(Duration.ofSeconds(60))
                        .until(
                                () -> json(get(path)),
                                view -> !view.path("status").asString().matches("PENDING|RUNNING"));

        assertThat(failed.path("status").asString()).isEqualTo("FAILED");
        assertThat(failed.path("problem").asString()).isEqualTo("import-file-damaged");
        assertThat(failed.path("problem")).isEqualTo(preview.path("problem"));
        assertThat(failed.path("error")).isEqualTo(preview.path("detail"));
        assertThat(count("contact")).isZero();

        // Restarted, it says the same again.
        String job = "/api/v1/jobs/" + failed.path("jobExecutionId").asLong();
        send("POST", job + "/restart", "", 202);
        JsonNode twice =
                await().atMost(Duration.ofSeconds(60))
                        .until(
                                () -> json(get(path)),
                                view ->
                                        view.path("status").asString().equals("FAILED")
                                                && !view.path("jobExecutionId")
                                                        .equals(failed.path("jobExecutionId")));
        assertThat(twice.path("problem")).isEqualTo(failed.path("problem"));
        assertThat(twice.path("error")).isEqualTo(failed.path("error"));
    }

    private static String hex(byte[] noise, int n) {
        return HexFormat.of().formatHex(noise, n * 11, n * 11 + 11);
    }

    private static String problem(HttpResponse<String> response) {
        return json(response).path("problem").asString();
    }

    @Test
    void a_dry_run_tells_the_figures_of_the_import_and_changes_nothing() throws Exception {
        JsonNode tried = imported(PEOPLE, "{\"dryRun\": true}");
        assertThat(count("contact")).isZero();
        assertThat(count("import_trial")).isZero();

        JsonNode done = imported(PEOPLE, null);

        assertThat(tried.path("rows")).isEqualTo(done.path("rows"));
        assertThat(done.path("rows").path("created").asLong()).isEqualTo(2);
        assertThat(done.path("rows").path("rejected").asLong()).isEqualTo(1);
        assertThat(count("contact")).isEqualTo(2);
    }

    @Test
    void the_same_file_twice_is_noticed_and_said() throws Exception {
        JsonNode first = imported(PEOPLE, null);

        JsonNode second = imported(PEOPLE, null);

        assertThat(first.path("sameFileAs").isNull()).isTrue();
        assertThat(second.path("sameFileAs").asLong()).isEqualTo(first.path("id").asLong());
        assertThat(second.path("rows").path("unchanged").asLong()).isEqualTo(2);
    }

    @Test
    void what_was_rejected_can_be_mended_and_imported_again() throws Exception {
        JsonNode first = imported(PEOPLE, null);
        String rejects = get("/api/v1/imports/" + first.path("id") + "/rejects.csv").body();

        JsonNode second = imported(rejects.replace("nobody", "eve@example.com"), null);

        assertThat(second.path("rows").path("created").asLong()).isEqualTo(1);
        assertThat(
                        owner().sql("SELECT attributes::text FROM contact WHERE first_name = 'Eve'")
                                .query(String.class)
                                .single())
                .isEqualTo("{\"plan\": \"free\"}");
    }

    @Test
    void an_undo_says_what_it_did_and_cannot_be_done_twice() throws Exception {
        JsonNode done = imported(PEOPLE, null);
        String path = "/api/v1/imports/" + done.path("id").asLong();
        long ada = id("ada@example.com");
        send("PATCH", "/api/v1/contacts/" + ada, "{\"city\": \"London\"}", 200);

        send("POST", path + "/undo", "", 202);
        JsonNode undone =
                await().atMost(Duration.ofSeconds(60))
                        .until(
                                () -> json(get(path)).path("undo"),
                                undo -> !undo.path("status").asString().matches("PENDING|RUNNING"));

        assertThat(undone.path("status").asString()).isEqualTo("COMPLETED");
        assertThat(undone.path("deleted").asLong()).isEqualTo(1);
        assertThat(undone.path("left").path("changed").asLong()).isEqualTo(1);
        assertThat(count("contact")).isEqualTo(1);
        assertThat(json(send("POST", path + "/undo", "", 409)).path("problem").asString())
                .isEqualTo("import-is-undone");
    }

    @Test
    void whoever_listens_hears_how_it_goes_and_that_it_has_ended() throws Exception {
        StringBuilder file = new StringBuilder("email,city\n");
        for (int n = 0; n < 40_000; n++) {
            file.append("person").append(n).append("@example.com,Ulm\n");
        }
        JsonNode started =
                json(
                        multipart(
                                "/api/v1/imports",
                                file.toString().getBytes(StandardCharsets.UTF_8),
                                null,
                                202));

        HttpResponse<String> events =
                get("/api/v1/imports/" + started.path("id").asLong() + "/events");

        assertThat(events.headers().firstValue("Content-Type").orElse(""))
                .startsWith("text/event-stream");
        String[] told = events.body().strip().split("\n\n");
        assertThat(told[0]).startsWith("event: ");
        assertThat(told[told.length - 1]).startsWith("event: ended\ndata: ");
        JsonNode last = JsonMapper.shared().readTree(told[told.length - 1].split("\ndata: ", 2)[1]);
        assertThat(last.path("status").asString()).isEqualTo("COMPLETED");
        assertThat(last.path("rows").path("created").asLong()).isEqualTo(40_000);
        assertThat(get("/api/v1/imports/987654/events").statusCode()).isEqualTo(404);
    }

    @Test
    void contacts_leave_as_a_file_that_runs_nothing_and_comes_back() throws Exception {
        imported(
                "email,nome,phone,note\nada@example.com,=1+1,+55 13 1,@SUM(A1)\nbob@example.com,Bob,-2+3,-5\n",
                null);

        String file = export("/api/v1/contacts/export.csv.gz");

        assertThat(file)
                .contains("email,firstName,lastName,phone")
                .contains("ada@example.com,'=1+1,,+55 13 1,")
                .contains(",'@SUM(A1)")
                .contains("bob@example.com,Bob,,'-2+3,")
                .endsWith(",-5\r\n");
        assertThat(export("/api/v1/contacts/export.csv.gz?search=BOB"))
                .contains("bob@")
                .doesNotContain("ada@");
        JsonNode back =
                imported(
                        file,
                        "{\"rules\": {\"status\": \"IGNORE\", \"createdAt\": \"IGNORE\", \"updatedAt\": \"IGNORE\"}}");
        assertThat(back.path("rows").path("rejected").asLong()).isZero();
        HttpResponse<String> missing = get("/api/v1/contacts/export.csv.gz?listId=987654");
        assertThat(missing.statusCode()).isEqualTo(404);
    }

    private String export(String path) throws Exception {
        HttpResponse<byte[]> packed =
                http.send(request(path).GET().build(), BodyHandlers.ofByteArray());
        assertThat(packed.statusCode()).isEqualTo(200);
        try (var in = new GZIPInputStream(new ByteArrayInputStream(packed.body()))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void a_contact_has_a_history() throws Exception {
        send(
                "POST",
                "/api/v1/suppressions",
                "{\"email\": \"ada@example.com\", \"reason\": \"COMPLAINED\"}",
                201);
        imported(PEOPLE, null);
        JsonNode second = imported(PEOPLE, "{\"resubscribe\": {\"reason\": \"asked by phone\"}}");
        String path = "/api/v1/contacts/" + id("ada@example.com") + "/history";

        JsonNode all = json(get(path));

        assertThat(all.path("items").valueStream().map(i -> i.path("kind").asString()))
                .containsExactlyInAnyOrder("CONSENT", "IMPORT", "CREATED");
        JsonNode consent =
                all.path("items")
                        .valueStream()
                        .filter(i -> i.path("kind").asString().equals("CONSENT"))
                        .findFirst()
                        .orElseThrow();
        assertThat(consent.path("what").asString()).isEqualTo("COMPLAINED");
        assertThat(consent.path("reason").asString()).isEqualTo("asked by phone");
        assertThat(consent.path("importId").asLong()).isEqualTo(second.path("id").asLong());

        JsonNode first = json(get(path + "?limit=2"));
        JsonNode rest = json(get(path + "?limit=2&after=" + first.path("next").asString()));
        assertThat(first.path("items").size()).isEqualTo(2);
        assertThat(rest.path("items").path(0).path("kind").asString()).isEqualTo("CREATED");
        assertThat(rest.path("next").isNull()).isTrue();
    }

    @Test
    void many_contacts_come_and_go_at_once() throws Exception {
        imported("email\nada@example.com\n", null);

        JsonNode added =
                json(
                        send(
                                "POST",
                                "/api/v1/contacts/add",
                                "{\"contacts\": [{\"email\": \"ADA@example.com\"}, {\"email\": \"new@example.com\"}]}",
                                200));
        assertThat(added.path("created").size()).isEqualTo(1);
        assertThat(added.path("existing").path(0).asString()).isEqualTo("ada@example.com");
        JsonNode refused =
                json(
                        send(
                                "POST",
                                "/api/v1/contacts/add",
                                "{\"contacts\": [{\"email\": \"other@example.com\"}, {\"email\": \"nobody\"}]}",
                                422));
        assertThat(refused.path("detail").asString()).startsWith("contacts[1]: ");
        assertThat(count("contact")).isEqualTo(2);

        JsonNode removed =
                json(
                        send(
                                "POST",
                                "/api/v1/contacts/remove",
                                "{\"emails\": [\"Ada@example.com\", \"gone@example.com\"]}",
                                200));
        assertThat(removed.path("deleted").asLong()).isEqualTo(1);
        assertThat(removed.path("unknown").path(0).asString()).isEqualTo("gone@example.com");
        assertThat(count("contact")).isEqualTo(1);
    }

    @Test
    void an_upload_in_pieces_is_taken_when_it_is_whole_and_not_before() throws Exception {
        byte[] file = PEOPLE.getBytes(StandardCharsets.UTF_8);
        HttpResponse<String> announced =
                http.send(
                        tus(request("/api/v1/uploads"))
                                .header("Upload-Length", Integer.toString(file.length))
                                .header(
                                        "Upload-Metadata",
                                        "filename "
                                                + Base64.getEncoder()
                                                        .encodeToString(
                                                                "people.csv"
                                                                        .getBytes(
                                                                                StandardCharsets
                                                                                        .UTF_8)))
                                .POST(BodyPublishers.noBody())
                                .build(),
                        BodyHandlers.ofString());
        assertThat(announced.statusCode()).as(announced.body()).isEqualTo(201);
        String location = announced.headers().firstValue("Location").orElseThrow();
        String id = location.substring(location.lastIndexOf('/') + 1);
        String start = "{\"upload\": \"" + id + "\"}";

        piece(id, 0, Arrays.copyOfRange(file, 0, 30), 204);
        assertThat(json(send("POST", "/api/v1/imports", start, 409)).path("problem").asString())
                .isEqualTo("upload-is-not-whole");
        piece(id, 20, Arrays.copyOfRange(file, 20, 40), 409);
        assertThat(offset(id)).isEqualTo(30);
        piece(id, 30, Arrays.copyOfRange(file, 30, file.length), 204);
        assertThat(offset(id)).isEqualTo(file.length);

        JsonNode preview = json(send("POST", "/api/v1/imports/preview", start, 200));
        assertThat(preview.path("columns").path(1).path("mapping").asString())
                .isEqualTo("firstName");
        JsonNode ended = ended(json(send("POST", "/api/v1/imports", start, 202)));
        assertThat(ended.path("fileName").asString()).isEqualTo("people.csv");
        assertThat(ended.path("bytes").asLong()).isEqualTo(file.length);
        assertThat(ended.path("rows").path("created").asLong()).isEqualTo(2);
        assertThat(json(send("POST", "/api/v1/imports", start, 404)).path("problem").asString())
                .isEqualTo("upload-not-found");
    }

    private void piece(String id, long from, byte[] bytes, int status) throws Exception {
        HttpResponse<String> answer =
                http.send(
                        tus(request("/api/v1/uploads/" + id))
                                .header("Upload-Offset", Long.toString(from))
                                .header("Content-Type", "application/offset+octet-stream")
                                .method("PATCH", BodyPublishers.ofByteArray(bytes))
                                .build(),
                        BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    }

    private long offset(String id) throws Exception {
        return http.send(
                        tus(request("/api/v1/uploads/" + id))
                                .method("HEAD", BodyPublishers.noBody())
                                .build(),
                        BodyHandlers.discarding())
                .headers()
                .firstValueAsLong("Upload-Offset")
                .orElseThrow();
    }

    private static HttpRequest.Builder tus(HttpRequest.Builder request) {
        return request.header("Tus-Resumable", "1.0.0");
    }

    @Test
    void the_client_that_people_use_goes_on_where_it_was_killed() throws Exception {
        TusClient client = TusClient.installed(folder);
        long rows = 100_000;
        Path file = client.file(rows);

        client.killedAfter(3 << 20, node.url() + "/api/v1/uploads", KEY);
        long began = client.goesOn(node.url() + "/api/v1/uploads", KEY);

        assertThat(began).isGreaterThanOrEqualTo(3 << 20);
        JsonNode ended =
                ended(
                        json(
                                send(
                                        "POST",
                                        "/api/v1/imports",
                                        "{\"upload\": \"" + client.upload() + "\"}",
                                        202)));
        assertThat(ended.path("sha256").asString()).isEqualTo(TusClient.sha256(file));
        assertThat(ended.path("rows").path("created").asLong()).isEqualTo(rows);
    }

    private JsonNode imported(String file, String options) throws Exception {
        return ended(
                json(
                        multipart(
                                "/api/v1/imports",
                                file.getBytes(StandardCharsets.UTF_8),
                                options,
                                202)));
    }

    private JsonNode ended(JsonNode started) throws Exception {
        String path = "/api/v1/imports/" + started.path("id").asLong();
        JsonNode ended =
                await().atMost(Duration.ofSeconds(120))
                        .until(
                                () -> json(get(path)),
                                view -> !view.path("status").asString().matches("PENDING|RUNNING"));
        assertThat(ended.path("status").asString()).as(ended.toString()).isEqualTo("COMPLETED");
        return ended;
    }

    private HttpResponse<String> multipart(String path, byte[] file, String options, int status)
            throws Exception {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        if (options != null) {
            part(body, "options\"", options.getBytes(StandardCharsets.UTF_8));
        }
        part(body, "file\"; filename=\"people.csv\"", file);
        body.writeBytes(("--" + BOUNDARY + "--\r\n").getBytes(StandardCharsets.US_ASCII));
        HttpResponse<String> response =
                http.send(
                        request(path)
                                .header("Content-Type", "multipart/form-data; boundary=" + BOUNDARY)
                                .POST(BodyPublishers.ofByteArray(body.toByteArray()))
                                .build(),
                        BodyHandlers.ofString());
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        return response;
    }

    private static void part(ByteArrayOutputStream body, String name, byte[] content) {
        body.writeBytes(
                ("--"
                                + BOUNDARY
                                + "\r\nContent-Disposition: form-data; name=\""
                                + name
                                + "\r\n\r\n")
                        .getBytes(StandardCharsets.US_ASCII));
        body.writeBytes(content);
        body.writeBytes("\r\n".getBytes(StandardCharsets.US_ASCII));
    }

    private HttpResponse<String> send(String method, String path, String body, int status)
            throws Exception {
        HttpResponse<String> response =
                http.send(
                        request(path)
                                .header("Content-Type", "application/json")
                                .method(method, BodyPublishers.ofString(body))
                                .build(),
                        BodyHandlers.ofString());
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        return response;
    }

    private HttpResponse<String> get(String path) throws Exception {
        return http.send(request(path).GET().build(), BodyHandlers.ofString());
    }

    private static HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(node.url() + path))
                .header("Authorization", "Bearer " + KEY);
    }

    private static JsonNode json(HttpResponse<String> response) {
        return JsonMapper.shared().readTree(response.body());
    }

    private static JdbcClient owner() {
        return JdbcClient.create(database.owner());
    }

    private static long count(String table) {
        return owner().sql("SELECT count(*) FROM " + table).query(Long.class).single();
    }

    private static long id(String email) {
        return owner().sql("SELECT id FROM contact WHERE email = :email")
                .param("email", email)
                .query(Long.class)
                .single();
    }
}
