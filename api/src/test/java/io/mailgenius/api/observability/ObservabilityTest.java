package io.mailgenius.api.observability;

import static io.mailgenius.api.TestApi.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.sun.net.httpserver.HttpServer;
import io.mailgenius.api.TestApi;
import io.mailgenius.api.observability.TraceReceiver.ReceivedSpan;
import io.mailgenius.engine.alerts.AlertEvaluator;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.slf4j.LoggerFactory;
import org.yaml.snakeyaml.Yaml;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What whoever watches an installation sees of one campaign, and how they are told. */
@ExtendWith(TestApi.Ends.class)
class ObservabilityTest {

    private static final TestApi API = TestApi.program();
    private static final Path OPERATIONS = Path.of("../docs/operations");
    private static String key;
    private static long campaign;

    @BeforeAll
    static void send() throws Exception {
        key = "Bearer " + TestApi.keyOfAnotherWorkspace("observers");
        long list = json(post("/api/v1/lists", "{\"name\":\"watched\"}")).path("id").asLong();
        long contact =
                json(post("/api/v1/contacts", "{\"email\":\"watched@example.com\"}"))
                        .path("id")
                        .asLong();
        post("/api/v1/lists/" + list + "/add", "{\"contactIds\":[" + contact + "]}");
        campaign =
                json(post(
                                "/api/v1/campaigns",
                                """
                                {"name":"Watched","subject":"Hello","from":"news@example.com",
                                 "text":"Hello {{ unsubscribe_url }}","audience":{"listId":%d}}
                                """
                                        .formatted(list)))
                        .path("id")
                        .asLong();
        assertThat(post("/api/v1/campaigns/" + campaign + "/send", "{}").statusCode())
                .isLessThan(300);
        await().atMost(Duration.ofSeconds(60))
                .until(
                        () ->
                                json(get("/api/v1/campaigns/" + campaign))
                                        .path("status")
                                        .asString()
                                        .equals("SENT"));
    }

    private static HttpResponse<String> get(String path) throws Exception {
        return API.get(path, "Authorization", key);
    }

    private static HttpResponse<String> post(String path, String body) throws Exception {
        return API.post(path, body, "Authorization", key, "Content-Type", "application/json");
    }

    private static HttpResponse<String> put(String path, String body) throws Exception {
        return API.send(
                HttpRequest.newBuilder(TestApi.url(path)).PUT(BodyPublishers.ofString(body)),
                "Authorization",
                key,
                "Content-Type",
                "application/json");
    }

    private static HttpResponse<String> delete(String path) throws Exception {
        return API.send(HttpRequest.newBuilder(TestApi.url(path)).DELETE(), "Authorization", key);
    }

    @Test
    void one_trace_leads_from_the_request_over_the_manager_to_the_chunk_and_the_provider() {
        await().atMost(Duration.ofSeconds(20)).until(() -> !wholeTraces().isEmpty());
    }

    /** Those in which each span is below the one before. */
    private static List<ReceivedSpan> wholeTraces() {
        Map<String, ReceivedSpan> byId =
                TraceReceiver.spans().stream()
                        .collect(Collectors.toMap(ReceivedSpan::id, it -> it, (one, _) -> one));
        return TraceReceiver.spans().stream()
                .filter(span -> span.name().equals("provider send"))
                .filter(
                        provider -> {
                            ReceivedSpan chunk = byId.get(provider.parent());
                            ReceivedSpan job = chunk == null ? null : byId.get(chunk.parent());
                            ReceivedSpan request = job == null ? null : byId.get(job.parent());
                            return request != null
                                    && chunk.name().equals("chunk campaign.send")
                                    && job.name().equals("job campaign")
                                    && request.name().equals("POST /api/v1/campaigns")
                                    && Stream.of(provider, chunk, job, request)
                                                    .map(ReceivedSpan::trace)
                                                    .distinct()
                                                    .count()
                                            == 1;
                        })
                .toList();
    }

    @Test
    void the_log_of_the_job_can_be_read_by_its_workspace_alone() throws Exception {
        JsonNode job = json(get("/api/v1/jobs")).path("items").get(0);
        String logs = "/api/v1/jobs/" + job.path("executionId").asLong() + "/logs";
        await().until(() -> !json(get(logs + "?q=ENDED")).path("items").isEmpty());
        JsonNode page = json(get(logs + "?level=INFO&limit=1"));
        assertThat(page.path("available").asBoolean()).isTrue();
        assertThat(page.path("items").get(0).path("node").asString()).matches("node-[0-9a-f]{10}");
        assertThat(get(logs + "?after=" + page.path("next").asString()).statusCode())
                .isEqualTo(200);
        assertThat(get(logs + "?after=x").body()).contains("after-invalid");
        assertThat(get(logs + "?level=LOUD").body()).contains("level-unknown");
        assertThat(API.get(logs, "Authorization", "Bearer " + TestApi.KEY).statusCode())
                .isEqualTo(404);
    }

    @Test
    void log_lines_of_a_request_have_its_id_and_its_workspace() throws Exception {
        Logger servlet =
                (Logger)
                        LoggerFactory.getLogger(
                                "org.springframework.web.servlet.DispatcherServlet");
        ListAppender<ILoggingEvent> lines = new ListAppender<>();
        lines.start();
        Level before = servlet.getLevel();
        servlet.setLevel(Level.DEBUG);
        servlet.addAppender(lines);
        try {
            API.get("/api/v1/lists", "Authorization", key, "X-Request-Id", "observed-1");
        } finally {
            servlet.detachAppender(lines);
            servlet.setLevel(before);
        }
        assertThat(List.copyOf(lines.list))
                .anySatisfy(
                        line ->
                                assertThat(line.getMDCPropertyMap())
                                        .containsEntry("request", "observed-1")
                                        .containsKey("workspace"));
    }

    /** Words of PromQL that are no metrics. */
    private static final Set<String> PROMQL =
            Set.of(
                    "sum",
                    "max",
                    "min",
                    "by",
                    "rate",
                    "increase",
                    "histogram_quantile",
                    "and",
                    "or",
                    "unless",
                    "on",
                    "bool");

    private static final Pattern WORD = Pattern.compile("[a-zA-Z_][a-zA-Z0-9_:]*");

    @Test
    void every_metric_of_dashboard_and_rules_is_exported_and_every_own_one_is_documented()
            throws Exception {
        Set<String> exported = exported();
        Map<String, List<Map<String, List<Map<String, Object>>>>> rules =
                new Yaml().load(Files.readString(OPERATIONS.resolve("prometheus-rules.yml")));
        List<Map<String, Object>> all =
                rules.get("groups").stream().flatMap(group -> group.get("rules").stream()).toList();
        Set<String> recorded =
                all.stream()
                        .filter(rule -> rule.containsKey("record"))
                        .map(rule -> rule.get("record").toString())
                        .collect(Collectors.toSet());
        List<String> expressions =
                new ArrayList<>(all.stream().map(rule -> rule.get("expr").toString()).toList());
        assertThat(all.stream().filter(rule -> rule.containsKey("alert")))
                .hasSizeGreaterThan(10)
                .allSatisfy(rule -> assertThat(rule).containsKeys("labels", "annotations"));
        JsonNode dashboard =
                JsonMapper.shared()
                        .readTree(Files.readString(OPERATIONS.resolve("grafana-dashboard.json")));
        for (JsonNode panel : dashboard.path("panels")) {
            for (JsonNode target : panel.path("targets")) {
                expressions.add(target.path("expr").asString());
            }
        }
        assertThat(expressions)
                .hasSizeGreaterThan(40)
                .allSatisfy(
                        expression ->
                                assertThat(metrics(expression))
                                        .as(expression)
                                        .isNotEmpty()
                                        .allSatisfy(
                                                metric ->
                                                        assertThat(
                                                                        exported.contains(metric)
                                                                                || recorded
                                                                                        .contains(
                                                                                                metric))
                                                                .as(metric)
                                                                .isTrue()));

        String page = Files.readString(OPERATIONS.resolve("metrics.md"));
        assertThat(exported)
                .filteredOn(
                        name ->
                                name.startsWith("mailgenius_")
                                        && !name.matches(".*_(bucket|count|sum)"))
                .isNotEmpty()
                .allSatisfy(name -> assertThat(page).contains("`" + name + "`"));
    }

    /** Without labels, texts, times and the words of the language. */
    private static Set<String> metrics(String expression) {
        String names =
                expression
                        .replaceAll("\\{[^}]*}", " ")
                        .replaceAll("\\[[^]]*]", " ")
                        .replaceAll("by \\([^)]*\\)", " ");
        return WORD.matcher(names)
                .results()
                .map(MatchResult::group)
                .filter(word -> !PROMQL.contains(word))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** Also the name of a family, whose samples have endings. */
    private static Set<String> exported() throws Exception {
        Set<String> names = new TreeSet<>();
        await().until(
                        () ->
                                API.getFromManagement("/actuator/prometheus")
                                        .body()
                                        .contains("mailgenius_events_lag_seconds"));
        for (String line : API.getFromManagement("/actuator/prometheus").body().lines().toList()) {
            names.add(line.startsWith("# ") ? line.split(" ")[2] : line.split("[{ ]", 2)[0]);
        }
        return names;
    }

    @Test
    void a_rule_is_made_tested_changed_and_deleted_and_its_secret_shown_once() throws Exception {
        List<String> signatures = new CopyOnWriteArrayList<>();
        HttpServer receiver =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        receiver.createContext(
                "/",
                exchange -> {
                    signatures.add(exchange.getRequestHeaders().getFirst("webhook-signature"));
                    exchange.sendResponseHeaders(204, -1);
                    exchange.close();
                });
        receiver.start();
        try {
            String draft =
                    """
                    {"name":"Stuck","kind":"STUCK_JOB","emails":["Ops@Example.com"],"webhookUrl":"http://127.0.0.1:%d/x"}
                    """
                            .formatted(receiver.getAddress().getPort());
            HttpResponse<String> made = post("/api/v1/alert-rules", draft);
            assertThat(made.statusCode()).as(made.body()).isEqualTo(201);
            assertThat(json(made).path("webhookSecret").asString()).startsWith("whsec_");
            assertThat(json(made).path("threshold").asDouble()).isEqualTo(900);
            String rule = "/api/v1/alert-rules/" + json(made).path("id").asLong();
            assertThat(json(get(rule)).path("webhookSecret").isNull()).isTrue();

            JsonNode tested = json(post(rule + "/test", ""));
            assertThat(tested).hasSize(2);
            for (JsonNode one : tested) {
                assertThat(one.path("accepted").asBoolean()).as(one.toString()).isTrue();
            }
            assertThat(signatures).singleElement().asString().startsWith("v1,");

            HttpResponse<String> silent =
                    put(rule, "{\"name\":\"Stuck\",\"kind\":\"STUCK_JOB\",\"threshold\":60}");
            assertThat(json(silent).path("webhookUrl").isNull()).isTrue();
            assertThat(post(rule + "/test", "").body()).contains("alert-rule-without-target");
            assertThat(json(put(rule, draft)).path("webhookSecret").asString())
                    .startsWith("whsec_");
            assertThat(delete(rule).statusCode()).isEqualTo(204);
            assertThat(get(rule).statusCode()).isEqualTo(404);
        } finally {
            receiver.stop(0);
        }
    }

    @Test
    void a_rule_that_cannot_be_is_refused_with_what_to_do() throws Exception {
        Map<String, String> refused =
                Map.of(
                        "{\"name\":\"x\",\"kind\":\"NOISE\"}", "alert-kind-unknown",
                        "{\"name\":\" \",\"kind\":\"FAILED_JOB\"}", "alert-name-invalid",
                        "{\"name\":\"x\",\"kind\":\"BOUNCE_RATE\",\"threshold\":5}",
                                "alert-threshold-invalid",
                        "{\"name\":\"x\",\"kind\":\"FAILED_JOB\",\"durationSeconds\":-1}",
                                "alert-duration-invalid",
                        "{\"name\":\"x\",\"kind\":\"FAILED_JOB\",\"emails\":[\"nobody\"]}",
                                "alert-email-invalid",
                        "{\"name\":\"x\",\"kind\":\"FAILED_JOB\",\"webhookUrl\":\"gopher://x\"}",
                                "alert-webhook-invalid");
        for (Map.Entry<String, String> one : refused.entrySet()) {
            HttpResponse<String> answer = post("/api/v1/alert-rules", one.getKey());
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(422);
            assertThat(answer.body()).contains(one.getValue());
        }
        String writesAlerts = "Bearer " + TestApi.keyWith("alerts:write");
        HttpResponse<String> ofNodes =
                API.post(
                        "/api/v1/alert-rules",
                        "{\"name\":\"x\",\"kind\":\"DEAD_NODE\"}",
                        "Authorization",
                        writesAlerts,
                        "Content-Type",
                        "application/json");
        assertThat(ofNodes.body()).contains("alert-kind-of-installation", "nodes:read");
        assertThat(json(get("/api/v1/alert-rules/kinds")).findValuesAsString("kind"))
                .contains("STUCK_JOB", "MAILS_TODAY", "WEBHOOK_SILENCE");
    }

    @Test
    void bounces_of_a_workspace_open_an_alert_that_can_be_acknowledged_and_silenced()
            throws Exception {
        for (String kind : List.of("BOUNCE_RATE", "COMPLAINT_RATE", "MAILS_TODAY")) {
            assertThat(
                            post(
                                            "/api/v1/alert-rules",
                                            "{\"name\":\"%s\",\"kind\":\"%s\"}"
                                                    .formatted(kind, kind))
                                    .statusCode())
                    .isEqualTo(201);
        }
        TestApi.owner()
                .sql(
                        """
                        INSERT INTO campaign_hour (workspace_id, campaign_id, hour, type, events, contacts)
                        SELECT workspace_id, 999999, date_trunc('hour', now()), type, n, n
                          FROM campaign, (VALUES ('DELIVERED', 900), ('BOUNCED', 100), ('COMPLAINED', 1), ('SENT', 1001))
                                      AS t (type, n)
                         WHERE id = :campaign
                        """)
                .param("campaign", campaign)
                .update();
        TestApi.bean(AlertEvaluator.class).evaluate();
        JsonNode alerts = json(get("/api/v1/alerts")).path("items");
        assertThat(alerts.findValuesAsString("kind"))
                .containsExactlyInAnyOrder("BOUNCE_RATE", "MAILS_TODAY");
        for (JsonNode alert : alerts) {
            if (alert.path("kind").asString().equals("BOUNCE_RATE")) {
                assertThat(alert.path("message").asString()).contains("10.0 %", "(100 of ");
            }
        }
        String first = "/api/v1/alerts/" + alerts.get(0).path("id").asLong();
        assertThat(json(post(first + "/acknowledge", "")).path("state").asString())
                .isEqualTo("ACKNOWLEDGED");
        assertThat(API.get(first, "Authorization", "Bearer " + TestApi.KEY).statusCode())
                .isEqualTo(404);

        String ends = Instant.now().plus(Duration.ofHours(1)).toString();
        HttpResponse<String> silence =
                post(
                        "/api/v1/alerts/silences",
                        "{\"reason\":\"a planned test\",\"endsAt\":\"" + ends + "\"}");
        assertThat(silence.statusCode()).as(silence.body()).isEqualTo(201);
        assertThat(json(get("/api/v1/alerts/silences"))).hasSize(1);
        assertThat(post("/api/v1/alerts/silences", "{\"endsAt\":\"2020-01-01T00:00:00Z\"}").body())
                .contains("silence-time-invalid");
        assertThat(
                        delete("/api/v1/alerts/silences/" + json(silence).path("id").asLong())
                                .statusCode())
                .isEqualTo(204);
    }
}
