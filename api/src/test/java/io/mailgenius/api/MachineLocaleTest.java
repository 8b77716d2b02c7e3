package io.mailgenius.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailgenius.engine.TestRedis;
import io.mailgenius.schema.TestDatabase;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A process of its own on a machine of another country: it starts, imports and renders. */
@Timeout(240)
class MachineLocaleTest {

    private static final String KEY = "test-key-of-another-country";
    private static final Pattern RUNS = Pattern.compile("MailGenius runs at (http://\\S+)");

    @TempDir Path folder;

    private final HttpClient http = HttpClient.newHttpClient();
    private String url = "";

    @ParameterizedTest
    @CsvSource({"pt-BR, America/Sao_Paulo", "tr-TR, Europe/Istanbul", "ar-EG, Africa/Cairo"})
    void a_node_works_whatever_the_locale_and_zone_of_its_machine(String locale, String zone)
            throws Exception {
        try (TestDatabase database = TestDatabase.create()) {
            Process node = start(database, Locale.forLanguageTag(locale), zone);
            try {
                awaitStarted(node);
                imports();
                renders();
            } finally {
                node.destroy();
                assertThat(node.waitFor(60, TimeUnit.SECONDS)).isTrue();
            }
        }
    }

    private Process start(TestDatabase database, Locale locale, String zone) throws IOException {
        ProcessBuilder node =
                new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx512m",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-Duser.language=" + locale.getLanguage(),
                        "-Duser.country=" + locale.getCountry(),
                        "-Duser.timezone=" + zone,
                        "-cp",
                        System.getProperty("java.class.path"),
                        MailGenius.class.getName(),
                        "serve");
        var environment = node.environment();
        environment.keySet().removeIf(name -> name.startsWith("MAILGENIUS_"));
        environment.put("MAILGENIUS_DATABASE_URL", database.url());
        environment.put("MAILGENIUS_DATABASE_USERNAME", database.username());
        environment.put("MAILGENIUS_DATABASE_PASSWORD", database.password());
        environment.put("MAILGENIUS_REDIS_URL", TestRedis.uri().toString());
        environment.put("MAILGENIUS_PORT", "0");
        environment.put("MAILGENIUS_DATA_DIR", folder.toString());
        environment.put("MAILGENIUS_BOOTSTRAP_API_KEY", KEY);
        return node.redirectErrorStream(true).start();
    }

    /** Reads on for as long as it says something, so that it is never stopped by a full pipe. */
    private void awaitStarted(Process node) throws IOException {
        StringBuilder said = new StringBuilder();
        BufferedReader lines = node.inputReader();
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            said.append(line).append('\n');
            Matcher runs = RUNS.matcher(line);
            if (runs.find()) {
                url = runs.group(1);
                Thread.ofVirtual().start(() -> lines.lines().forEach(_ -> {}));
                return;
            }
        }
        throw new AssertionError(said.toString());
    }

    private void imports() throws Exception {
        JsonNode started =
                post(
                        "/api/v1/imports",
                        """
                        --cut\r
                        Content-Disposition: form-data; name="file"; filename="titles.csv"\r
                        \r
                        EMAIL,TITLE,Score
                        ISTANBUL@EXAMPLE.COM,I,1234.5
                        no-address,I,1
                        \r
                        --cut--\r
                        """,
                        "multipart/form-data; boundary=cut");
        String path = "/api/v1/imports/" + started.path("id").asLong();
        Awaitility.await()
                .atMost(2, TimeUnit.MINUTES)
                .until(() -> get(path).path("status").asString().equals("COMPLETED"));
        JsonNode rows = get(path).path("rows");
        assertThat(rows.path("created").asLong()).isEqualTo(1);
        assertThat(rows.path("rejected").asLong()).isEqualTo(1);
        JsonNode contact = get("/api/v1/contacts").path("items").path(0);
        assertThat(contact.path("email").asString()).isEqualTo("istanbul@example.com");
        assertThat(contact.path("attributes").toString()).contains(":1234.5");
    }

    private void renders() throws Exception {
        JsonNode template =
                post(
                        "/api/v1/templates",
                        """
                        {"name":"t","subject":"{{ 'TITLE' | downcase }} {{ 1234 | plus: 0.5 }}",
                         "text":"{{ '2026-03-02' | date: '%A %d' }} {{ unsubscribe_url }}"}
                        """,
                        "application/json");
        JsonNode shown =
                post(
                                "/api/v1/templates/" + template.path("id").asLong() + "/preview",
                                "{}",
                                "application/json")
                        .path("mail");
        assertThat(shown.path("subject").asString()).isEqualTo("title 1234.5");
        assertThat(shown.path("text").asString()).startsWith("Monday 02 ");
    }

    private JsonNode get(String path) throws Exception {
        return answer(request(path).GET());
    }

    private JsonNode post(String path, String body, String type) throws Exception {
        return answer(
                request(path).header("Content-Type", type).POST(BodyPublishers.ofString(body)));
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(url).resolve(path))
                .header("Authorization", "Bearer " + KEY);
    }

    private JsonNode answer(HttpRequest.Builder request) throws Exception {
        HttpResponse<String> response = http.send(request.build(), BodyHandlers.ofString());
        assertThat(response.statusCode() / 100).as(response.body()).isEqualTo(2);
        return JsonMapper.shared().readTree(response.body());
    }
}
