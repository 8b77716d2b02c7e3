package io.mailgenius.api.analytics;

import static io.mailgenius.api.TestApi.json;
import static org.assertj.core.api.Assertions.assertThat;

import io.mailgenius.api.TestApi;
import java.net.http.HttpResponse;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Tests the endpoints on hourly figures that the test inserts. */
@ExtendWith(TestApi.Ends.class)
class AnalyticsApiTest {

    private static final TestApi API = TestApi.program();
    private static final String PATH = "/api/v1/analytics";

    private static long monday;
    private static long friday;

    @BeforeAll
    static void count() throws Exception {
        monday = campaign("Monday");
        friday = campaign("=Friday");
        hour(monday, "2021-03-01T22:00:00Z", "DELIVERED", 100);
        hour(monday, "2021-03-01T22:00:00Z", "OPENED", 10);
        hour(monday, "2021-03-01T23:00:00Z", "OPENED", 40);
        hour(friday, "2021-03-05T09:00:00Z", "DELIVERED", 50);
        hour(friday, "2021-03-05T11:00:00Z", "OPENED", 10);
        TestApi.owner()
                .sql(
                        """
                        INSERT INTO campaign_breakdown (workspace_id, campaign_id, dimension, value, type, events, contacts)
                        SELECT workspace_id, id, 'LINK', '=1+1', 'CLICKED', 3, 2 FROM campaign WHERE id = ?
                        """)
                .param(monday)
                .update();
    }

    @Test
    void a_campaign_is_told_by_hours_in_utc_unless_told_otherwise() throws Exception {
        assertThat(starts(get("/campaigns/" + monday)))
                .containsExactly("2021-03-01T22:00:00Z", "2021-03-01T23:00:00Z");
        assertThat(starts(get("/campaigns/" + monday + "?bucket=day")))
                .containsExactly("2021-03-01T00:00:00Z");
        JsonNode there = get("/campaigns/" + monday + "?bucket=day&zone=Europe/Berlin");
        assertThat(starts(there)).containsExactly("2021-02-28T23:00:00Z", "2021-03-01T23:00:00Z");
        assertThat(there.at("/series/points/1/figures/byType/OPENED/contacts").asLong())
                .isEqualTo(40);
        assertThat(there.at("/rates/open").asDouble()).isEqualTo(0.5);
    }

    @Test
    void a_report_is_sent_once_for_each_edition() throws Exception {
        long sunday = campaign("Sunday");
        String path = PATH + "/campaigns/" + sunday;
        hour(sunday, "2022-03-07T09:00:00Z", "OPENED", 10);
        String first = ask(path, "").headers().firstValue("ETag").orElseThrow();
        assertThat(ask(path, first).statusCode()).isEqualTo(304);
        hour(sunday, "2022-03-07T10:00:00Z", "OPENED", 10);
        TestApi.owner()
                .sql(
                        """
                        INSERT INTO campaign_edition (workspace_id, campaign_id, number)
                        SELECT workspace_id, id, 1 FROM campaign WHERE id = ?
                        """)
                .param(sunday)
                .update();
        HttpResponse<String> next = ask(path, first);
        assertThat(next.statusCode()).isEqualTo(200);
        assertThat(starts(json(next)))
                .containsExactly("2022-03-07T09:00:00Z", "2022-03-07T10:00:00Z");
    }

    private static HttpResponse<String> ask(String path, String known) throws Exception {
        return API.get(path, "Authorization", "Bearer " + TestApi.KEY, "If-None-Match", known);
    }

    @Test
    void a_zone_that_postgresql_does_not_know_is_a_zone_all_the_same() throws Exception {
        Set<String> unknownThere = new TreeSet<>(ZoneId.getAvailableZoneIds());
        TestApi.owner()
                .sql("SELECT name FROM pg_timezone_names")
                .query((row, _) -> row.getString(1))
                .list()
                .forEach(unknownThere::remove);
        assertThat(unknownThere).contains("SystemV/PST8");
        String march = "/overview?from=2021-03-01T00:00:00Z&to=2021-04-01T00:00:00Z";
        assertThat(starts(get(march + "&zone=SystemV/PST8")))
                .containsExactly("2021-03-01T08:00:00Z", "2021-03-05T08:00:00Z");
        assertThat(starts(get("/campaigns/" + monday + "?bucket=day&zone=SystemV/PST8")))
                .containsExactly("2021-03-01T08:00:00Z");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/overview?zone=Europe/Atlantis",
                "/overview.csv?zone=Europe/Atlantis",
                "/campaigns/%d?zone=%%2B02:00",
                "/campaigns/%d/series.csv?zone=GMT%%2B2",
                "/growth?zone=berlin"
            })
    void a_zone_that_nobody_knows_is_refused(String path) throws Exception {
        refused(422, "time-zone-unknown", path.formatted(monday));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "from=2021-03-01T00:00:00Z&to=2021-03-01T00:00:00Z",
                "from=2018-03-01T00:00:00Z&to=2021-03-01T00:00:00Z",
                "from=%2B300000-01-01T00:00:00Z&to=%2B300000-01-02T00:00:00Z",
                "to=-1000000000-01-01T00:00:00Z"
            })
    void a_time_that_is_none_is_refused(String span) throws Exception {
        refused(422, "time-range-invalid", "/overview?" + span);
        refused(422, "time-range-invalid", "/growth?" + span);
    }

    @Test
    void campaigns_are_compared_with_the_first_that_is_named() throws Exception {
        JsonNode comparison = get("/campaigns/compare?ids=" + friday + "," + monday);
        assertThat(comparison.path("current").asBoolean()).isTrue();
        JsonNode first = comparison.at("/campaigns/0");
        JsonNode second = comparison.at("/campaigns/1");
        assertThat(first.path("name").asString()).isEqualTo("=Friday");
        assertThat(second.at("/total/byType/OPENED/contacts").asLong()).isEqualTo(50);
        assertThat(second.at("/difference/total/byType/OPENED/contacts").asLong()).isEqualTo(40);
        assertThat(second.at("/difference/rates/open").asDouble()).isEqualTo(0.3);
        assertThat(second.path("firstMail").asString()).isEqualTo("2021-03-01T22:00:00Z");
        assertThat(first.path("hours")).hasSize(48);
        assertThat(first.at("/hours/1/ratesSoFar/open").asDouble()).isZero();
        assertThat(second.at("/hours/1/ratesSoFar/open").asDouble()).isEqualTo(0.5);
    }

    @Test
    void a_campaign_that_is_not_there_is_named() throws Exception {
        refused(404, "campaign-not-found", "/campaigns/compare?ids=" + monday + ",987654");
        assertThat(answer("/campaigns/compare?ids=" + monday + ",987654").body())
                .contains("no campaign 987654");
        refused(404, "campaign-not-found", "/campaigns/compare.csv?ids=987654," + monday);
        refused(404, "campaign-not-found", "/campaigns/987654");
        refused(404, "campaign-not-found", "/campaigns/987654/series.csv");
        refused(404, "campaign-not-found", "/campaigns/987654/breakdown.csv");
        refused(422, "comparison-campaigns", "/campaigns/compare?ids=" + monday);
        refused(400, "parameter-unreadable", "/campaigns/compare?ids=one,two");
    }

    @Test
    void each_of_them_is_a_file_too() throws Exception {
        String ids = "?ids=" + monday + "," + friday;
        assertThat(file("/campaigns/" + monday + "/series.csv?bucket=day&zone=Europe/Berlin"))
                .hasSize(3)
                .anyMatch(line -> line.startsWith("2021-03-02T00:00:00+01:00,"));
        assertThat(file("/campaigns/" + monday + "/breakdown.csv"))
                .containsExactly("by,value,type,events,contacts", "links,'=1+1,CLICKED,3,2");
        assertThat(file("/campaigns/compare.csv" + ids))
                .hasSize(3)
                .anyMatch(line -> line.startsWith(friday + ",'=Friday,2021-03-05T09:00:00Z,"));
        assertThat(file("/campaigns/compare/hours.csv" + ids)).hasSize(1 + 2 * 48);
        assertThat(file("/overview.csv?from=2021-03-01T00:00:00Z&to=2021-04-01T00:00:00Z"))
                .hasSize(3);
    }

    @Test
    void a_list_tells_how_it_grew() throws Exception {
        long list = json(post("/api/v1/lists", "{\"name\":\"growing\"}")).path("id").asLong();
        List<Long> ids = new ArrayList<>();
        for (int n = 1; n <= 3; n++) {
            String person = "{\"email\":\"growing%d@example.com\"}".formatted(n);
            ids.add(json(post("/api/v1/contacts", person)).path("id").asLong());
        }
        post("/api/v1/lists/" + list + "/add", "{\"contactIds\":" + ids + "}");
        post("/api/v1/lists/" + list + "/remove", "{\"contactIds\":[" + ids.getFirst() + "]}");
        post("/api/v1/suppressions", "{\"email\":\"growing2@example.com\"}");
        JsonNode growth = get("/lists/" + list + "/growth?zone=Europe/Berlin");
        assertThat(growth.path("size").asLong()).isEqualTo(2);
        assertThat(sum(growth, "gained")).isEqualTo(3);
        assertThat(sum(growth, "lost")).isEqualTo(1);
        assertThat(sum(growth, "unsubscribed")).isEqualTo(1);
        assertThat(growth.path("points").size()).isBetween(1, 2); // it may be midnight in that zone
        assertThat(file("/lists/" + list + "/growth.csv").getFirst())
                .isEqualTo("start,gained,lost,subscribed,unsubscribed,size");
        assertThat(sum(get("/growth"), "gained")).isGreaterThanOrEqualTo(3);
        assertThat(file("/growth.csv")).hasSizeGreaterThan(1);
        refused(404, "list-not-found", "/lists/987654/growth");
    }

    private static long sum(JsonNode growth, String figure) {
        return growth.path("points").valueStream().mapToLong(it -> it.path(figure).asLong()).sum();
    }

    private static long campaign(String name) throws Exception {
        String draft =
                """
                {"name":"%s","subject":"Hello","from":"news@example.com","text":"Hello {{ unsubscribe_url }}",
                 "audience":{"all":true}}
                """
                        .formatted(name);
        return json(post("/api/v1/campaigns", draft)).path("id").asLong();
    }

    private static void hour(long campaign, String hour, String type, long contacts) {
        TestApi.owner()
                .sql(
                        """
                        INSERT INTO campaign_hour (workspace_id, campaign_id, hour, type, events, contacts)
                        SELECT workspace_id, id, CAST(? AS timestamptz), ?, ?, ? FROM campaign WHERE id = ?
                        """)
                .params(hour, type, 2 * contacts, contacts, campaign)
                .update();
    }

    private static List<String> starts(JsonNode report) {
        return report.at("/series/points")
                .valueStream()
                .map(point -> point.path("start").asString())
                .toList();
    }

    private static List<String> file(String path) throws Exception {
        HttpResponse<String> response = answer(path, "Accept", "text/csv");
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        assertThat(response.headers().firstValue("Content-Type").orElseThrow())
                .startsWith("text/csv");
        assertThat(response.headers().firstValue("Content-Disposition").orElseThrow())
                .matches("attachment; filename=\"[a-z0-9-]+\\.csv\"");
        return response.body().lines().toList();
    }

    private static void refused(int status, String problem, String path) throws Exception {
        HttpResponse<String> response = answer(path);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        assertThat(json(response).path("problem").asString()).isEqualTo(problem);
    }

    private static JsonNode get(String path) throws Exception {
        HttpResponse<String> response = answer(path);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return json(response);
    }

    private static HttpResponse<String> answer(String path, String... more) throws Exception {
        List<String> headers = new ArrayList<>(List.of("Authorization", "Bearer " + TestApi.KEY));
        headers.addAll(List.of(more));
        return API.get(PATH + path, headers.toArray(String[]::new));
    }

    private static HttpResponse<String> post(String path, String body) throws Exception {
        HttpResponse<String> response = API.postJson(path, body);
        assertThat(response.statusCode()).as(response.body()).isBetween(200, 299);
        return response;
    }
}
