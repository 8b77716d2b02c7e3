package io.mailgenius.api.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailgenius.api.TestApi;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Tests the lists of the console and of the API with more than one page each. */
@ExtendWith(TestApi.Ends.class)
class PagedListsTest {

    private static final int EACH = 120;

    private static final TestApi BROWSER = TestApi.browser();
    private static String key;

    @BeforeAll
    static void fill() throws Exception {
        key = TestApi.keyOfAnotherWorkspace("pages");
        BROWSER.signIn(key);
        importOf("contacts.csv", "email\nana@example.com\n");
        launches("import", "asked ");
        launches("rollup", "of itself ");
        insert(
                """
                INSERT INTO campaign (workspace_id, name, subject, sender, text, audience)
                SELECT w.id, 'asked ' || n || '.', 'Hello', 'news@example.com', 'Hello', '{"all": true}'
                  FROM workspace w, generate_series(1, :each) n WHERE w.name = 'pages' ORDER BY n
                """);
        insert(
                """
                INSERT INTO import (workspace_id, file_name, storage_key, bytes, sha256, options, columns)
                SELECT i.workspace_id, 'asked ' || n || '.', i.storage_key, i.bytes, i.sha256, i.options, i.columns
                  FROM import i JOIN workspace w ON w.id = i.workspace_id, generate_series(1, :each) n
                 WHERE w.name = 'pages' ORDER BY n
                """);
    }

    private static void importOf(String name, String file) throws Exception {
        HttpResponse<String> started =
                TestApi.program()
                        .post(
                                "/api/v1/imports",
                                """
                                --cut\r
                                Content-Disposition: form-data; name="file"; filename="%s"\r
                                \r
                                %s\r
                                --cut--\r
                                """
                                        .formatted(name, file),
                                "Authorization",
                                "Bearer " + key,
                                "Content-Type",
                                "multipart/form-data; boundary=cut");
        assertThat(started.statusCode()).as(started.body()).isEqualTo(202);
    }

    private static void launches(String job, String key) {
        insert(
                """
                INSERT INTO launch (workspace_id, job_name, job_key, state, requested_at)
                SELECT w.id, '%s', '%s' || n || '.', 'COMPLETED', now()
                  FROM workspace w, generate_series(1, :each) n WHERE w.name = 'pages' ORDER BY n
                """
                        .formatted(job, key));
    }

    private static void insert(String sql) {
        TestApi.owner().sql(sql).param("each", EACH).update();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/jobs", "/campaigns", "/imports"})
    void the_console_pages_through_everything(String list) throws Exception {
        List<String> shown = new ArrayList<>();
        String path = list;
        int pages = 0;
        while (path != null) {
            String page = page(path);
            shown.addAll(matches("asked \\d+\\.", page));
            assertThat(matches("(?<!data-)hx-get=\"([^\"]*)\"", page)).containsExactly(path);
            assertThat(link("Newest", page)).isEqualTo(pages == 0 ? null : list);
            path = link("Older", page);
            pages++;
        }

        assertThat(pages).isEqualTo(3);
        assertThat(shown)
                .containsExactlyElementsOf(
                        IntStream.range(0, EACH)
                                .mapToObj(n -> "asked " + (EACH - n) + ".")
                                .toList());
    }

    @Test
    void the_console_shows_housekeeping_to_whoever_asks_for_it() throws Exception {
        assertThat(page("/jobs")).doesNotContain("of itself").contains("asked 120.");

        String page = page(link("Show housekeeping", page("/jobs")));
        assertThat(matches("of itself \\d+\\.", page)).hasSize(50);
        assertThat(matches("of itself \\d+\\.", page(link("Older", page)))).hasSize(50);
        assertThat(link("Hide housekeeping", page)).isEqualTo("/jobs");
        assertThat(page("/")).doesNotContain("of itself").contains("asked 120.");
    }

    @Test
    void the_api_lists_housekeeping_for_whoever_asks_for_it() throws Exception {
        assertThat(jobs("/api/v1/jobs?limit=50"))
                .hasSize(EACH)
                .noneMatch(job -> job.path("housekeeping").asBoolean());
        assertThat(jobs("/api/v1/jobs?limit=50&housekeeping=true"))
                .hasSize(2 * EACH)
                .allMatch(
                        job ->
                                job.path("housekeeping").asBoolean()
                                        == job.path("job").asString().equals("rollup"));
        assertThat(status("/api/v1/jobs?housekeeping=perhaps")).isEqualTo(400);
    }

    private static List<JsonNode> jobs(String path) throws Exception {
        List<JsonNode> all = new ArrayList<>();
        String next = path;
        while (next != null) {
            JsonNode page = TestApi.json(get(next));
            for (JsonNode job : page.path("items")) {
                // The import started by the test setup has a numeric key.
                if (job.path("key").asString().contains(" ")) {
                    all.add(job);
                }
            }
            next =
                    page.path("next").isString()
                            ? path + "&after=" + page.path("next").asString()
                            : null;
        }
        return all;
    }

    private static int status(String path) throws Exception {
        return get(path).statusCode();
    }

    private static HttpResponse<String> get(String path) throws Exception {
        return TestApi.program().get(path, "Authorization", "Bearer " + key);
    }

    private static String page(String path) throws Exception {
        HttpResponse<String> page = BROWSER.get(path, "Accept", "text/html");
        assertThat(page.statusCode()).as(page.body()).isEqualTo(200);
        return page.body();
    }

    private static String link(String text, String page) {
        List<String> links =
                matches("<a class=\"btn\" href=\"([^\"]*)\"[^>]*>" + text + "</a>", page);
        assertThat(links).hasSizeLessThan(2);
        return links.isEmpty() ? null : links.getFirst();
    }

    private static List<String> matches(String pattern, String page) {
        return Pattern.compile(pattern)
                .matcher(page)
                .results()
                .map((MatchResult found) -> found.group(found.groupCount()))
                .map(found -> found.replace("&amp;", "&"))
                .toList();
    }
}
