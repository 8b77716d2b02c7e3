package io.mailgenius.api.analytics;

import static io.mailgenius.api.TestApi.json;
import static org.assertj.core.api.Assertions.assertThat;

import io.mailgenius.api.TestApi;
import java.net.http.HttpResponse;
import java.time.ZoneId;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Figures asked over HTTP, of campaigns whose hours are written down by hand. */
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
    @ValueSource(strings = {"/overview?zone=Europe/Atlantis", "/campaigns/%d?zone=%%2B02:00"})
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
    }

    @Test
    void a_campaign_that_is_not_there_is_named() throws Exception {
        refused(404, "campaign-not-found", "/campaigns/987654");
        assertThat(answer("/campaigns/987654").body()).contains("no campaign 987654");
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

    private static HttpResponse<String> answer(String path) throws Exception {
        return API.get(PATH + path, "Authorization", "Bearer " + TestApi.KEY);
    }

    private static HttpResponse<String> post(String path, String body) throws Exception {
        HttpResponse<String> response = API.postJson(path, body);
        assertThat(response.statusCode()).as(response.body()).isBetween(200, 299);
        return response;
    }
}
