package io.mailgenius.api.webhooks;

import static io.mailgenius.api.TestApi.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mailgenius.api.TestApi;
import java.io.ByteArrayInputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Tracking end to end: draft, mail, click, event. */
@ExtendWith(TestApi.Ends.class)
class TrackingApiTest {

    private static final TestApi API = TestApi.program();
    private static final String URL = "https://shop.example/%C3%A4?a=1&utm_source=news";
    private static final String WRITTEN = "https://shop.example/ä?a=1&utm_source=news";
    private static final String BROWSER = "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0";
    private static final Pattern CLICK = Pattern.compile("href=\"[^\"]*(/t/[^\"]+)\"");
    private static final Pattern PIXEL = Pattern.compile("src=\"[^\"]*(/o/[^\"]+)\"");

    private static long list;
    private static long ada;

    @BeforeAll
    static void people() throws Exception {
        list = json(post("/api/v1/lists", "{\"name\":\"tracking\"}")).path("id").asLong();
        ada = contact("ada@tracking.example");
        long bob = contact("bob@tracking.example");
        post("/api/v1/lists/" + list + "/add", "{\"contactIds\":[%d,%d]}".formatted(ada, bob));
        assertThat(
                        json(patch("/api/v1/contacts/" + bob, "{\"tracking\":false}"))
                                .path("tracking")
                                .booleanValue())
                .isFalse();
    }

    private static long contact(String email) throws Exception {
        return json(post("/api/v1/contacts", "{\"email\":\"%s\"}".formatted(email)))
                .path("id")
                .asLong();
    }

    private static String draft(String subject, String more) throws Exception {
        String draft =
                """
                {"name":"t","subject":"%s","from":"news@example.com","audience":{"listId":%d},
                 "html":"<a href='https://shop.example/ä?a=1'>go</a><a href='{{ unsubscribe_url }}'>no more</a>",
                 "utm":{"source":"news"}%s}
                """
                        .formatted(subject, list, more)
                        .replace("'", "\\\"");
        return "/api/v1/campaigns/" + json(post("/api/v1/campaigns", draft)).path("id").asLong();
    }

    private static void sent(String campaign) throws Exception {
        post(campaign + "/send", "{}");
        await().atMost(Duration.ofSeconds(60))
                .until(() -> json(get(campaign)).path("status").asString().equals("SENT"));
    }

    /** The HTML of the mail that the sandbox accepted for this address. */
    private static String page(String subject, String to) {
        return TestApi.owner()
                .sql("SELECT body FROM sandbox_batch ORDER BY id DESC LIMIT 50")
                .query((row, n) -> mails(row.getBytes(1)))
                .list()
                .stream()
                .flatMap(List::stream)
                .filter(mail -> mail.path("subject").asString("").equals(subject))
                .filter(mail -> mail.path("to").toString().contains(to))
                .map(mail -> mail.path("html").asString())
                .findFirst()
                .orElseThrow();
    }

    private static List<JsonNode> mails(byte[] packed) {
        try (var in = new GZIPInputStream(new ByteArrayInputStream(packed))) {
            JsonNode body = JsonMapper.shared().readTree(in.readAllBytes());
            return body.isArray() ? body.valueStream().toList() : List.of(body);
        } catch (java.io.IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void a_click_and_an_opening_are_answered_at_once_and_are_events_soon() throws Exception {
        String campaign = draft("tracked", "");
        post(campaign + "/test", "{\"to\":[\"me@tracking.example\"]}");
        sent(campaign);
        assertThat(json(get(campaign)).path("tracking").toString())
                .isEqualTo("{\"opens\":true,\"clicks\":true}");
        assertThat(page("tracked", "bob@"))
                .contains("\"https://shop.example/ä?a=1&amp;utm_source=news\"")
                .doesNotContain("/t/", "<img");
        assertThat(page("[Test] tracked", "me@")).doesNotContain("/t/", "<img");

        String mail = page("tracked", "ada@");
        String click = found(CLICK, mail);
        HttpResponse<String> redirect = API.get(click, "User-Agent", BROWSER);
        assertThat(redirect.statusCode()).isEqualTo(302);
        assertThat(redirect.headers().firstValue("Location")).contains(URL);
        assertThat(redirect.headers().allValues("Cache-Control"))
                .singleElement()
                .asString()
                .contains("no-store");
        HttpResponse<String> head =
                API.send(HttpRequest.newBuilder(TestApi.url(click)).HEAD(), "User-Agent", BROWSER);
        assertThat(head.statusCode()).isEqualTo(302);
        HttpResponse<String> picture = API.get(found(PIXEL, mail), "User-Agent", BROWSER);
        assertThat(picture.statusCode()).isEqualTo(200);
        assertThat(picture.headers().firstValue("Content-Type")).contains("image/gif");
        assertThat(picture.body()).startsWith("GIF89a");

        int dot = click.indexOf('.');
        char other = click.charAt(dot + 5) == 'A' ? 'B' : 'A';
        HttpResponse<String> forged =
                API.get(click.substring(0, dot + 5) + other + click.substring(dot + 6));
        assertThat(forged.statusCode()).isEqualTo(404);
        assertThat(forged.headers().firstValue("Location")).isEmpty();
        assertThat(API.get("/o/AAAA").statusCode()).isEqualTo(404);
        HttpResponse<String> posted = API.postJson(click, "{}");
        assertThat(posted.statusCode()).isEqualTo(405);
        assertThat(posted.headers().firstValue("Content-Type"))
                .contains("application/problem+json");
        HttpResponse<String> byBrowser =
                API.send(
                        HttpRequest.newBuilder(TestApi.url(click)).DELETE(),
                        "Accept",
                        "text/html,*/*");
        assertThat(byBrowser.statusCode()).isEqualTo(405);
        assertThat(byBrowser.headers().firstValue("Content-Type").orElse("")).contains("text/html");

        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(
                        () ->
                                assertThat(events())
                                        .contains("OPENED", "MACHINE_CLICKED scanner " + WRITTEN)
                                        .containsAnyOf(
                                                "CLICKED " + WRITTEN,
                                                "MACHINE_CLICKED too-soon " + WRITTEN));
    }

    private static String found(Pattern pattern, String page) {
        Matcher matcher = pattern.matcher(page);
        assertThat(matcher.find()).as(page).isTrue();
        return matcher.group(1);
    }

    private static List<String> events() {
        return TestApi.owner()
                .sql(
                        """
                        SELECT concat_ws(' ', type, detail ->> 'machine', detail ->> 'url') FROM event
                         WHERE contact_id = :ada AND message_id LIKE 'hit-%'
                        """)
                .param("ada", ada)
                .query(String.class)
                .list();
    }

    @Test
    void a_campaign_or_a_workspace_that_tracks_nothing_sends_plain_links() throws Exception {
        String off = draft("off", ",\"tracking\":{\"clicks\":false,\"opens\":false}");
        assertThat(
                        json(patch("/api/v1/workspace", "{\"trackOpens\":false}"))
                                .path("trackClicks")
                                .booleanValue())
                .isTrue();
        String usual = draft("usual", "");
        try {
            sent(off);
            sent(usual);
        } finally {
            patch("/api/v1/workspace", "{\"trackOpens\":true}");
        }
        assertThat(page("off", "ada@")).doesNotContain("/t/", "<img").contains("utm_source=news");
        assertThat(page("usual", "ada@")).contains("/t/").doesNotContain("<img");
        HttpResponse<String> refused = patch("/api/v1/workspace", "{\"bounceLimit\":1.5}");
        assertThat(refused.statusCode()).isEqualTo(422);
        assertThat(refused.body()).contains("share-invalid");
    }

    @Test
    void a_campaign_that_bounces_too_often_is_paused_once_with_its_reason() throws Exception {
        String bouncing = sending(189, 11, 0, "10 and a few of 200");
        String complained = sending(1_000, 0, 5, "five");
        String fine = sending(191, 9, 0, "9 of 200 is under 5 %");
        String early = sending(100, 99, 4, "199 are too few");
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(
                        () -> {
                            assertThat(problem(bouncing))
                                    .contains("5.5 % of the mails bounced (11 of 200)");
                            assertThat(problem(complained)).contains("0.5 %", "complained");
                        });
        assertThat(problem(fine)).isNull();
        assertThat(problem(early)).isNull();
        assertThat(json(get(bouncing)).path("status").asString()).isEqualTo("PAUSED");
        assertThat(json(get(fine)).path("status").asString()).isEqualTo("SENDING");
        assertThat(
                        TestApi.owner()
                                .sql("SELECT count(*) FROM unhealthy_campaigns()")
                                .query(Long.class)
                                .single())
                .as("looked at once")
                .isZero();
    }

    /** A campaign that is sending. */
    private static String sending(long delivered, long bounced, long complained, String name) {
        long id =
                TestApi.owner()
                        .sql(
                                """
                                WITH c AS (
                                    INSERT INTO campaign (workspace_id, name, subject, sender, audience, status,
                                                          launched_at, text)
                                    SELECT min(id), :name, 's', 'a@example.com', '{"all":true}', 'SENDING', now(), 't'
                                      FROM workspace RETURNING workspace_id, id)
                                INSERT INTO campaign_health
                                SELECT workspace_id, id, :delivered, :bounced, :complained FROM c
                                RETURNING campaign_id
                                """)
                        .param("name", name)
                        .param("delivered", delivered)
                        .param("bounced", bounced)
                        .param("complained", complained)
                        .query(Long.class)
                        .single();
        return "/api/v1/campaigns/" + id;
    }

    private static String problem(String campaign) throws Exception {
        return json(get(campaign)).path("problem").asString(null);
    }

    private static HttpResponse<String> get(String path) throws Exception {
        return API.get(path, "Authorization", "Bearer " + TestApi.KEY);
    }

    private static HttpResponse<String> post(String path, String body) throws Exception {
        return API.postJson(path, body);
    }

    private static HttpResponse<String> patch(String path, String body) throws Exception {
        return API.send(
                HttpRequest.newBuilder(TestApi.url(path))
                        .method("PATCH", BodyPublishers.ofString(body)),
                "Authorization",
                "Bearer " + TestApi.KEY,
                "Content-Type",
                "application/json");
    }
}
