package io.mailgenius.api.campaigns;

import static io.mailgenius.api.TestApi.json;
import static org.assertj.core.api.Assertions.assertThat;

import io.mailgenius.api.TestApi;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the console says of when, how fast and to whom a campaign goes. */
@ExtendWith(TestApi.Ends.class)
class CampaignPagesTest {

    private static final TestApi API = TestApi.program();
    private static final TestApi BROWSER = TestApi.browser();

    @BeforeAll
    static void signIn() throws Exception {
        BROWSER.signIn(TestApi.KEY);
    }

    private static long draft(String timing) throws Exception {
        HttpResponse<String> made =
                post(
                        "/api/v1/campaigns",
                        """
                        {"name":"Timed","subject":"Hello","from":"news@example.com",
                         "text":"Hello {{ unsubscribe_url }}", %s}
                        """
                                .formatted(timing));
        assertThat(made.statusCode()).as(made.body()).isEqualTo(201);
        return json(made).path("id").asLong();
    }

    /** Without tags, each run of spaces as one. */
    private static String page(long campaign) throws Exception {
        HttpResponse<String> page = BROWSER.get("/campaigns/" + campaign, "Accept", "text/html");
        assertThat(page.statusCode()).isEqualTo(200);
        return page.body().replaceAll("<[^>]*>", " ").replaceAll("\\s+", " ");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    "window":{"from":"09:00","to":"20:00","days":["MON","TUE"],"zone":"Europe/Berlin"} | Only 09:00 to 20:00, MON, TUE, Europe/Berlin
                    "window":{"from":"22:00","to":"06:30","zone":"recipient"} | Only 22:00 to 06:30, every day, where each recipient is
                    "ratePerMinute":1500 | At most 1,500 a minute
                    "warmUp":{"firstDay":1000,"growth":1.5,"zone":"Europe/Berlin"} | Warm-up 1,000 on the first day, each day 1.5 times as many (days of Europe/Berlin)
                    "warmUp":{"firstDay":50,"growth":2} | Warm-up 50 on the first day, each day 2.0 times as many (days of UTC)
                    "priority":"LOW" | Priority Low
                    """)
    void each_part_of_its_timing_is_told(String timing, String told) throws Exception {
        assertThat(page(draft("\"audience\":{\"all\":true}," + timing)))
                .contains("Goes to all contacts ", told + " ");
    }

    @Test
    void what_nobody_has_said_is_not_told() throws Exception {
        assertThat(page(draft("\"audience\":{\"all\":true}")))
                .contains("Goes to all contacts ", "Without an outcome 0 ")
                .doesNotContain(
                        " At ", "Only", "At most", "Warm-up", "Priority", "Began", "Scheduled for");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    {"at":"2030-01-31T09:00:00Z"} | At 2030-01-31T09:00:00Z Scheduled for 2030-01-31 09:00:00
                    {"at":"2030-01-31T09:00","zone":"Europe/Berlin"} | At 2030-01-31T09:00 in Europe/Berlin Scheduled for 2030-01-31 08:00:00
                    {"at":"2030-01-31T09:00","zone":"Asia/Tokyo","perRecipient":true} | At 2030-01-31T09:00 of each recipient, of Asia/Tokyo where their zone is not known Scheduled
                    """)
    void the_moment_is_told_as_it_was_said_and_in_utc(String schedule, String told)
            throws Exception {
        long id = draft("\"audience\":{\"all\":true}");
        HttpResponse<String> scheduled = post("/api/v1/campaigns/" + id + "/schedule", schedule);
        assertThat(scheduled.statusCode()).as(scheduled.body()).isBetween(200, 299);

        assertThat(page(id)).contains(told + " ");
        post("/api/v1/campaigns/" + id + "/cancel", "{}");
    }

    @Test
    void a_list_and_what_is_followed_up_are_told() throws Exception {
        long list = json(post("/api/v1/lists", "{\"name\":\"pages\"}")).path("id").asLong();
        long first = draft("\"audience\":{\"listId\":%d}".formatted(list));
        assertThat(page(first)).contains("Goes to list " + list + " ");

        String path = "/api/v1/campaigns/" + first;
        post(path + "/send", "{}");
        Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .until(() -> json(get(path)).path("status").asString().equals("SENT"));
        assertThat(page(first)).containsPattern("Began 20.* Ended 20");
        assertThat(page(followUp(path, "NOT_OPENED")))
                .contains("Goes to who got and did not open campaign " + first + " ");
        assertThat(page(followUp(path, "FAILED")))
                .contains("Goes to whom no mail could be sent by campaign " + first + " ");
    }

    private static long followUp(String path, String to) throws Exception {
        return json(post(path + "/follow-up", "{\"to\":\"%s\"}".formatted(to))).path("id").asLong();
    }

    private static HttpResponse<String> get(String path) throws Exception {
        return API.get(path, "Authorization", "Bearer " + TestApi.KEY);
    }

    private static HttpResponse<String> post(String path, String body) throws Exception {
        return API.post(
                path,
                body,
                "Authorization",
                "Bearer " + TestApi.KEY,
                "Content-Type",
                "application/json");
    }
}
