package io.mailgenius.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mailgenius.api.node.Node;
import io.mailgenius.api.node.NodeSettings;
import io.mailgenius.engine.TestRedis;
import io.mailgenius.schema.TestDatabase;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Whoever sends something wrong is told what to do about it, and nothing else happens. */
class BadInputTest {

    private static final String KEY = "key-of-those-who-send-wrong-things";
    private static final String BOUNDARY = "boundary-of-a-bad-upload";
    private static final String[] TABLES = {
        "contact", "import", "import_reject", "segment", "template", "campaign", "launch", "send"
    };

    @TempDir static Path folder;

    private static TestDatabase database;
    private static Node node;
    private final HttpClient http = HttpClient.newHttpClient();

    /** A node of its own: others count on what they find in the common one. */
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

    @Test
    void a_file_without_an_address_column_is_told_which_columns_it_has() throws Exception {
        assertThat(refusedFile("import-has-no-email-column", "name,town\nAda,London\n"))
                .contains("name, town", "map one to email");
    }

    @Test
    void an_empty_file_is_told_what_it_needs() throws Exception {
        assertThat(refusedFile("import-is-empty", "")).contains("a header line and rows");
        assertThat(refusedFile("import-is-empty", "\uFEFF")).contains("a header line and rows");
    }

    @Test
    void a_header_without_rows_is_refused() throws Exception {
        assertThat(refusedFile("import-has-no-rows", "email,city\n")).contains("no rows");
        assertThat(refusedFile("import-has-no-rows", "email,city")).contains("no rows");
    }

    @Test
    void a_header_cut_inside_quotes_is_refused() throws Exception {
        assertThat(refusedFile("import-header-unreadable", "email,\"city\na@example.com,x\n"))
                .contains("never closed");
    }

    @Test
    void a_quote_in_the_middle_of_a_header_swallows_no_rows() throws Exception {
        imported("email,size 5\"\nquote1@example.com,6\"\nquote2@example.com,7\n", 2, 0);
    }

    @Test
    void a_header_with_a_nul_is_refused() throws Exception {
        assertThat(refusedFile("import-header-unreadable", "email,ci\0ty\na@example.com,x\n"))
                .contains("NUL");
    }

    @Test
    void a_file_in_another_encoding_is_read_like_any_other() throws Exception {
        imported(
                "email,fusohorário\nlatin0@example.com,x\n".getBytes(StandardCharsets.ISO_8859_1),
                1,
                0);
        imported("email,city\nwide@example.com,x\n".getBytes(StandardCharsets.UTF_16LE), 1, 0);
    }

    @Test
    void a_file_that_is_none_is_told_what_to_send_instead() throws Exception {
        assertThat(refusedFile("import-is-no-table", "%PDF-1.7")).contains(".xlsx or CSV");
    }

    @Test
    void a_list_that_is_not_there_takes_no_import() throws Exception {
        byte[] file = "email\na@example.com\n".getBytes(StandardCharsets.UTF_8);

        refused(404, "list-not-found", upload(file, "{\"listId\": 987654}"));
    }

    @Test
    void options_of_an_import_may_be_null_but_of_no_other_type() throws Exception {
        byte[] file = "email\nnull-options@example.com\n".getBytes(StandardCharsets.UTF_8);

        for (String options :
                new String[] {"7", "[]", "{\"listIds\": [null]}", "{\"mapping\": 1}"}) {
            refused(400, "json-unreadable", upload(file, options));
        }
        imported(file, "null", 1, 0);
        imported(
                "email,city\nnull-rule@example.com,x\n".getBytes(StandardCharsets.UTF_8),
                "{\"rules\": {\"city\": null}, \"types\": {\"city\": null}}",
                1,
                0);
    }

    @Test
    void nothing_is_left_of_a_file_that_is_refused() throws Exception {
        Set<Path> before = files();

        refusedFile("import-has-no-email-column", "name\nAda\n");

        assertThat(files()).isEqualTo(before);
    }

    private static Set<Path> files() throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.collect(Collectors.toSet());
        }
    }

    @Test
    void a_file_cut_inside_quotes_loses_its_torn_row_only() throws Exception {
        String rejects =
                imported(
                        "email,city\n"
                                + "torn1@example.com,Ulm\n"
                                + "torn2@example.com,\"Köln am\n"
                                + "torn3@example.com,Bonn\n",
                        2,
                        1);

        assertThat(rejects)
                .contains(
                        "3,,a quote is opened and never closed,\"torn2@example.com,\"\"Köln am\"");
    }

    @Test
    void
            a_row_with_a_filled_cell_too_many_is_rejected_by_its_line_and_one_that_leaves_some_out_is_not()
                    throws Exception {
        String rejects =
                imported(
                        "email,city\n"
                                + "columns1@example.com,Ulm,Germany\n"
                                + "columns2@example.com\n"
                                + "columns3@example.com,Ulm,\n",
                        2,
                        1);

        assertThat(rejects).contains("2,,\"the row has 3 columns, the header 2\"");
    }

    @Test
    void a_row_with_a_nul_is_rejected_by_its_line_even_when_it_is_torn() throws Exception {
        String rejects =
                imported(
                        "email,city\n"
                                + "nul1@example.com,U\0lm\n"
                                + "nul2@example.com,Ulm\n"
                                + "nul3@example.com,\"U\0lm\n",
                        1,
                        2);

        assertThat(rejects)
                .contains("2,,a value contains a NUL character")
                .contains("4,,a quote is opened and never closed")
                .doesNotContain("\0");
    }

    @Test
    void a_row_in_another_encoding_is_rejected_by_its_line() throws Exception {
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        file.writeBytes("email,city\nlatin1@example.com,".getBytes(StandardCharsets.UTF_8));
        file.writeBytes("Köln\n".getBytes(StandardCharsets.ISO_8859_1));
        file.writeBytes("latin2@example.com,Köln\n".getBytes(StandardCharsets.UTF_8));

        assertThat(imported(file.toByteArray(), 1, 1)).contains("2,,the row is not UTF-8 text");
    }

    @Test
    void a_file_with_old_line_ends_is_read_like_any_other() throws Exception {
        assertThat(imported("email,city\rmac1@example.com,Ulm\rmac2,Ulm\r", 1, 1))
                .contains("3,email,");
    }

    @Test
    void a_wrong_key_opens_nothing() throws Exception {
        Map<String, Long> before = counts();
        HttpRequest.Builder request =
                HttpRequest.newBuilder(url("/api/v1/contacts"))
                        .header("Authorization", "Bearer not-the-key-of-anybody")
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofString("{\"email\": \"a@example.com\"}"));

        String detail =
                refused(401, "api-key-needed", http.send(request.build(), BodyHandlers.ofString()));

        assertThat(detail).contains("Authorization: Bearer");
        assertThat(counts()).isEqualTo(before);
    }

    @Test
    void a_segment_field_that_is_unknown_is_named_with_those_that_are_known() throws Exception {
        String detail =
                refusedPost(
                        422,
                        "unknown-segment-field",
                        "/api/v1/segments",
                        """
                        {"name": "s", "rule": {"all": [{"field": "citty", "op": "equals", "value": "Ulm"}]}}
                        """);

        assertThat(detail).contains("all[0]", "\"citty\"", "city");
    }

    @Test
    void a_template_that_does_not_parse_is_shown_the_place() throws Exception {
        String detail =
                refusedPost(
                        422,
                        "template-does-not-parse",
                        "/api/v1/templates",
                        """
                        {"name": "t", "subject": "s", "html": "<p>\\n{% if contact.city %}no end</p>"}
                        """);

        assertThat(detail).contains("line 2");
    }

    @Test
    void a_campaign_needs_something_to_say() throws Exception {
        String detail =
                refusedPost(
                        422,
                        "campaign-has-no-content",
                        "/api/v1/campaigns",
                        campaign("", "{\"all\": true}"));

        assertThat(detail).contains("templateId", "html or text");
    }

    @Test
    void a_campaign_for_a_segment_that_is_not_there_is_not_sent() throws Exception {
        long id = draft("{\"segmentId\": 987654}");

        refusedPost(404, "segment-not-found", "/api/v1/campaigns/" + id + "/send", "{}");
        assertThat(status(id)).isEqualTo("DRAFT");
    }

    @Test
    void a_campaign_for_a_list_that_is_not_there_is_not_sent() throws Exception {
        long id = draft("{\"listId\": 987654}");

        refusedPost(404, "list-not-found", "/api/v1/campaigns/" + id + "/send", "{}");
        assertThat(status(id)).isEqualTo("DRAFT");
    }

    @Test
    void a_moment_that_is_past_is_no_schedule() throws Exception {
        long id = draft("{\"all\": true}");

        String detail =
                refusedPost(
                        422,
                        "campaign-scheduled-in-the-past",
                        "/api/v1/campaigns/" + id + "/schedule",
                        "{\"at\": \"2020-01-01T00:00:00Z\"}");

        assertThat(detail).contains("name a moment to come");
        assertThat(status(id)).isEqualTo("DRAFT");
    }

    @Test
    void a_timing_that_cannot_work_is_refused_and_a_local_time_is_a_moment() throws Exception {
        String path = "/api/v1/campaigns";
        String own = ", \"html\": \"<a href='{{ unsubscribe_url }}'>Leave</a>\"";
        String all = "{\"all\": true}";
        String window = ", \"window\": {\"from\": \"09:00\", \"to\": \"%s\", \"zone\": \"%s\"}";
        refusedPost(
                422,
                "campaign-window-invalid",
                path,
                campaign(own + window.formatted("09:00", "UTC"), all));
        refusedPost(
                422,
                "zone-unknown",
                path,
                campaign(own + window.formatted("10:00", "Middle/Earth"), all));
        refusedPost(
                422, "campaign-rate-invalid", path, campaign(own + ", \"ratePerMinute\": 0", all));
        refusedPost(
                422,
                "campaign-warm-up-invalid",
                path,
                campaign(own + ", \"warmUp\": {\"firstDay\": 9, \"growth\": 0.5}", all));

        JsonNode draft =
                json(
                        post(
                                path,
                                campaign(
                                        own
                                                + window.formatted("10:00", "recipient")
                                                + ", \"ratePerMinute\": 7, \"priority\": \"LOW\"",
                                        all)));
        assertThat(draft.path("window").path("from").asString()).isEqualTo("09:00");
        assertThat(draft.path("ratePerMinute").asInt()).isEqualTo(7);
        assertThat(draft.path("priority").asString()).isEqualTo("LOW");
        String schedule = path + "/" + draft.path("id").asLong() + "/schedule";
        refusedPost(422, "campaign-schedule-unclear", schedule, "{\"at\": \"2100-01-31T09:00\"}");
        JsonNode scheduled =
                json(post(schedule, "{\"at\": \"2100-01-31T09:00\", \"zone\": \"Europe/Berlin\"}"));
        assertThat(scheduled.path("scheduledAt").asString()).isEqualTo("2100-01-31T08:00:00Z");
        assertThat(scheduled.path("schedule").path("zone").asString()).isEqualTo("Europe/Berlin");
    }

    @Test
    void a_campaign_that_nobody_can_leave_is_neither_sent_nor_scheduled() throws Exception {
        long id = draft("{\"all\": true}");

        JsonNode check = json(get("/api/v1/campaigns/" + id + "/check"));
        assertThat(check.path("sound").asBoolean()).isFalse();
        assertThat(check.path("findings").path(0).path("code").asString())
                .isEqualTo("unsubscribe-link-missing");
        assertThat(check.path("findings").path(0).path("severity").asString()).isEqualTo("ERROR");
        String body = "{\"at\": \"2100-01-01T00:00:00Z\"}";
        for (String step : new String[] {"send", "schedule"}) {
            assertThat(
                            refusedPost(
                                    422,
                                    "campaign-not-sound",
                                    "/api/v1/campaigns/" + id + "/" + step,
                                    body))
                    .contains("html: The mail has no unsubscribe link", "{{ unsubscribe_url }}");
        }
        assertThat(status(id)).isEqualTo("DRAFT");
    }

    @Test
    void a_warning_keeps_no_campaign_from_being_scheduled() throws Exception {
        String mjml =
                ", \"mjml\": \"<mjml><mj-body><mj-section><mj-column><mj-image src='https://x.test/a.png'/>"
                        + "<mj-button href='{{ unsubscribe_url }}'>Leave {{ contcat.id }}</mj-button></mj-column></mj-section></mj-body></mjml>\"";
        long id =
                json(post("/api/v1/campaigns", campaign(mjml, "{\"all\": true}")))
                        .path("id")
                        .asLong();

        JsonNode check = json(get("/api/v1/campaigns/" + id + "/check"));
        HttpResponse<String> scheduled =
                post("/api/v1/campaigns/" + id + "/schedule", "{\"at\": \"2100-01-01T00:00:00Z\"}");

        assertThat(check.path("sound").asBoolean()).isTrue();
        assertThat(check.path("findings").toString()).contains("unknown-variable", "WARNING");
        assertThat(scheduled.statusCode()).as(scheduled.body()).isEqualTo(202);
    }

    @Test
    void a_template_is_html_or_mjml() throws Exception {
        refusedPost(
                422,
                "template-has-two-pages",
                "/api/v1/templates",
                """
                {"name": "t", "html": "<p>x</p>", "mjml": "<mjml><mj-body></mj-body></mjml>"}
                """);
        assertThat(
                        refusedPost(
                                422,
                                "template-does-not-parse",
                                "/api/v1/templates",
                                """
                                {"name": "t", "mjml": "<mjml>\\n<mj-body><mj-txt>x</mj-txt></mj-body></mjml>"}
                                """))
                .contains("mjml, line 2, column 10", "<mj-txt>");
    }

    @Test
    void broken_json_is_shown_where() throws Exception {
        for (String path : new String[] {"segments", "templates", "campaigns", "contacts"}) {
            assertThat(refusedPost(400, "json-unreadable", "/api/v1/" + path, "{\"name\": \"x\",,"))
                    .contains("line 1, column");
        }
    }

    private static String campaign(String content, String audience) {
        return """
        {"name": "c", "subject": "s", "from": "news@example.com"%s, "audience": %s}
        """
                .formatted(content, audience);
    }

    private long draft(String audience) throws Exception {
        HttpResponse<String> draft =
                post("/api/v1/campaigns", campaign(", \"html\": \"<p>x</p>\"", audience));
        assertThat(draft.statusCode()).as(draft.body()).isEqualTo(201);
        return json(draft).path("id").asLong();
    }

    private String status(long campaign) throws Exception {
        return json(get("/api/v1/campaigns/" + campaign)).path("status").asString();
    }

    private String refusedFile(String problem, String file) throws Exception {
        return refused(422, problem, upload(file.getBytes(StandardCharsets.UTF_8), null));
    }

    private String refusedPost(int status, String problem, String path, String body)
            throws Exception {
        Map<String, Long> before = counts();
        String detail = refused(status, problem, post(path, body));
        assertThat(counts()).isEqualTo(before);
        return detail;
    }

    /** The detail, which is for people. */
    private static String refused(int status, String problem, HttpResponse<String> response) {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        assertThat(response.headers().firstValue("Content-Type"))
                .contains("application/problem+json");
        JsonNode told = json(response);
        assertThat(told.path("problem").asString()).as(response.body()).isEqualTo(problem);
        return told.path("detail").asString();
    }

    private String imported(String file, long created, long rejected) throws Exception {
        return imported(file.getBytes(StandardCharsets.UTF_8), created, rejected);
    }

    /** The rejects of a file that is taken; its good rows become contacts, and no others. */
    private String imported(byte[] file, long created, long rejected) throws Exception {
        return imported(file, null, created, rejected);
    }

    private String imported(byte[] file, String options, long created, long rejected)
            throws Exception {
        Map<String, Long> before = counts();
        HttpResponse<String> taken = upload(file, options);
        assertThat(taken.statusCode()).as(taken.body()).isEqualTo(202);
        String path = "/api/v1/imports/" + json(taken).path("id").asLong();
        JsonNode ended =
                await().atMost(Duration.ofSeconds(60))
                        .until(
                                () -> json(get(path)),
                                view -> !view.path("status").asString().matches("PENDING|RUNNING"));
        assertThat(ended.path("status").asString()).as(ended.toString()).isEqualTo("COMPLETED");
        assertThat(ended.path("rows").path("read").asLong()).isEqualTo(created + rejected);
        assertThat(ended.path("rows").path("created").asLong()).isEqualTo(created);
        assertThat(ended.path("rows").path("rejected").asLong()).isEqualTo(rejected);
        assertThat(counts().get("contact")).isEqualTo(before.get("contact") + created);
        return get(path + "/rejects.csv").body();
    }

    private HttpResponse<String> upload(byte[] file, String options) throws Exception {
        Map<String, Long> before = counts();
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        if (options != null) {
            part(body, "options\"", options.getBytes(StandardCharsets.UTF_8));
        }
        part(body, "file\"; filename=\"bad.csv\"", file);
        body.writeBytes(("--" + BOUNDARY + "--\r\n").getBytes(StandardCharsets.US_ASCII));
        HttpResponse<String> response =
                http.send(
                        request("/api/v1/imports")
                                .header("Content-Type", "multipart/form-data; boundary=" + BOUNDARY)
                                .POST(BodyPublishers.ofByteArray(body.toByteArray()))
                                .build(),
                        BodyHandlers.ofString());
        if (response.statusCode() >= 400) {
            assertThat(counts()).as(response.body()).isEqualTo(before);
        }
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

    private HttpResponse<String> post(String path, String body) throws Exception {
        return http.send(
                request(path)
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofString(body))
                        .build(),
                BodyHandlers.ofString());
    }

    private HttpResponse<String> get(String path) throws Exception {
        return http.send(request(path).GET().build(), BodyHandlers.ofString());
    }

    private static HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(url(path)).header("Authorization", "Bearer " + KEY);
    }

    private static URI url(String path) {
        return URI.create(node.url() + path);
    }

    private static JsonNode json(HttpResponse<String> response) {
        return JsonMapper.shared().readTree(response.body());
    }

    /** Rows of every table that a request could have written to. */
    private static Map<String, Long> counts() {
        Map<String, Long> counts = new LinkedHashMap<>();
        for (String table : TABLES) {
            counts.put(
                    table,
                    JdbcClient.create(database.owner())
                            .sql("SELECT count(*) FROM " + table)
                            .query(Long.class)
                            .single());
        }
        return counts;
    }
}
