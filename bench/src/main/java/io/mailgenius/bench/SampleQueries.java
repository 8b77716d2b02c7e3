package io.mailgenius.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.mailgenius.api.client.Client;
import io.mailgenius.bench.load.HttpConnection;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import tools.jackson.databind.json.JsonMapper;

/**
 * Typical requests in a workspace with many contacts. Their values differ, so that responses cannot
 * be cached.
 */
record SampleQueries(URI node, String key, long first, long last, long people, long campaign) {

    /** Reading all contacts for one request takes longer. */
    private static final Duration IN_MEMORY = Duration.ofMillis(250);

    /** A source of random requests. */
    interface Question {

        /** The request as bytes on the wire. */
        byte[] request(Random random);
    }

    Question list() {
        return random -> get("/api/v1/contacts?limit=50&after=" + random.nextLong(first, last));
    }

    Question search() {
        return random -> get("/api/v1/contacts?email=person." + (1 + random.nextLong(people)));
    }

    /** A search for a part of an address, which few addresses contain. */
    Question part() {
        return random -> {
            String end = 1 + random.nextLong(people) + "@";
            return get("/api/v1/contacts?search=" + end.substring(end.length() > 2 ? 1 : 0));
        };
    }

    Question report() {
        return _ -> get("/api/v1/analytics/campaigns/" + campaign);
    }

    /** Reports in more time zones than a node caches, so that most are computed. */
    Question reportAnew() {
        List<String> zones = ZoneId.getAvailableZoneIds().stream().sorted().toList();
        return random ->
                get(
                        String.format(
                                Locale.ROOT,
                                "/api/v1/analytics/campaigns/%d?zone=%s",
                                campaign,
                                URLEncoder.encode(zones.get(random.nextInt(zones.size())), UTF_8)));
    }

    Question preview() {
        return random -> preview(rule(random));
    }

    /**
     * Sends each rule once, with a timeout for the first response, and searches for a part until
     * the index answers.
     */
    void prepare(Client client) throws IOException, InterruptedException {
        for (Map<String, Object> rule : rules(new Random(1))) {
            client.post("/api/v1/segments/preview", Map.of("rule", rule));
        }
        long asked;
        do {
            asked = System.nanoTime();
            client.get("/api/v1/contacts?search=nobody+has+this");
        } while (System.nanoTime() - asked > IN_MEMORY.toNanos());
    }

    /**
     * @throws IOException if there is no response, or one other than 200
     */
    void ask(HttpConnection httpConnection, Question question, Random random) throws IOException {
        int status = httpConnection.ask(node, question.request(random)).status();
        if (status != 200) {
            throw new IOException("A question was answered with " + status);
        }
    }

    private byte[] get(String path) {
        return (head("GET", path) + "\r\n").getBytes(UTF_8);
    }

    private byte[] preview(Map<String, Object> rule) {
        String body = JsonMapper.shared().writeValueAsString(Map.of("rule", rule));
        return (head("POST", "/api/v1/segments/preview")
                        + String.format(
                                Locale.ROOT,
                                "Content-Type: application/json\r\nContent-Length: %d\r\n\r\n%s",
                                body.getBytes(UTF_8).length,
                                body))
                .getBytes(UTF_8);
    }

    private String head(String method, String path) {
        return """
        %s %s HTTP/1.1\r
        Host: %s\r
        Authorization: Bearer %s\r
        Accept: application/json\r
        """
                .formatted(method, path, node.getAuthority(), key);
    }

    /** Five typical rules of three conditions each. */
    static List<Map<String, Object>> rules(Random random) {
        return List.of(
                all(
                        condition("attributes.plan", "equals", plan(random)),
                        condition("country", "in", List.of(country(random), country(random))),
                        condition("createdAt", "withinDays", 1 + random.nextInt(900))),
                all(
                        condition("attributes.score", "greaterThan", random.nextInt(1000)),
                        condition("status", "equals", "SUBSCRIBED"),
                        condition("city", "equals", "City" + random.nextInt(300))),
                all(
                        within("opened", "in", 1 + random.nextInt(60)),
                        condition("clicked", "notIn", "any"),
                        condition("attributes.plan", "notEquals", plan(random))),
                all(
                        condition(
                                "attributes.signup",
                                "before",
                                String.format(
                                        Locale.ROOT,
                                        "202%d-0%d-1%d",
                                        1 + random.nextInt(5),
                                        1 + random.nextInt(9),
                                        random.nextInt(10))),
                        condition(
                                "attributes.score",
                                "between",
                                List.of(100, 200 + random.nextInt(700))),
                        condition("country", "notEquals", country(random))),
                all(
                        condition("lastName", "startsWith", "Last" + random.nextInt(99)),
                        Map.of(
                                "any",
                                List.of(
                                        condition(
                                                "city",
                                                "contains",
                                                Integer.toString(random.nextInt(300))),
                                        Map.of("field", "phone", "op", "exists"))),
                        condition("status", "in", List.of("SUBSCRIBED", "PENDING"))));
    }

    private static Map<String, Object> rule(Random random) {
        List<Map<String, Object>> rules = rules(random);
        return rules.get(random.nextInt(rules.size()));
    }

    private static String plan(Random random) {
        return List.of("free", "pro", "team").get(random.nextInt(3));
    }

    private static String country(Random random) {
        return "C" + random.nextInt(40);
    }

    @SafeVarargs
    private static Map<String, Object> all(Map<String, Object>... conditions) {
        return Map.of("all", List.of(conditions));
    }

    private static Map<String, Object> condition(String field, String op, Object value) {
        return Map.of("field", field, "op", op, "value", value);
    }

    private static Map<String, Object> within(String field, String op, int days) {
        return Map.of("field", field, "op", op, "value", "any", "withinDays", days);
    }
}
