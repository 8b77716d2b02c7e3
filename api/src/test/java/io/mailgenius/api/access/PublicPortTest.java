package io.mailgenius.api.access;

import static io.mailgenius.api.TestApi.json;
import static org.assertj.core.api.Assertions.assertThat;

import io.mailgenius.api.TestApi;
import java.net.InetAddress;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What strangers and workspaces learn about an installation, and what its operators learn. */
@ExtendWith(TestApi.Ends.class)
class PublicPortTest {

    private static final String KEY = "Bearer " + TestApi.KEY;

    private final TestApi api = TestApi.program();

    @Test
    void strangers_learn_that_the_node_lives_and_is_ready_and_nothing_else() throws Exception {
        for (String path :
                List.of(
                        "/actuator/health",
                        "/actuator/health/liveness",
                        "/actuator/health/readiness")) {
            HttpResponse<String> health = api.get(path);
            assertThat(health.statusCode()).as(path).isEqualTo(200);
            assertThat(json(health).path("status").asString()).isEqualTo("UP");
        }
        for (String path :
                List.of(
                        "/actuator",
                        "/actuator/prometheus",
                        "/actuator/%70rometheus",
                        "/actuator/./prometheus",
                        "//actuator/prometheus",
                        "/actuator;x/prometheus",
                        "/actuator/nodes",
                        "/actuator/healthy")) {
            for (String key : List.of("Bearer nobody", KEY)) {
                HttpResponse<String> answer = api.get(path, "Authorization", key);
                assertThat(answer.statusCode()).as(path).isIn(400, 401, 404);
                assertThat(answer.body()).as(path).doesNotContain("jvm_", "heartbeatAt");
            }
        }
        for (String path :
                List.of(
                        "/v3/api-docs",
                        "/v3/api-docs.yaml",
                        "/v3/api-docs/swagger-config",
                        "/swagger-ui.html",
                        "/swagger-ui/index.html")) {
            assertThat(api.get(path).statusCode()).as(path).isEqualTo(401);
            assertThat(api.get(path, "Authorization", KEY).statusCode()).as(path).isIn(200, 302);
        }
        TestApi browser = TestApi.browser();
        browser.signIn(TestApi.KEY);
        assertThat(browser.get("/v3/api-docs").statusCode()).isEqualTo(200);
    }

    @Test
    void the_management_port_has_metrics_nodes_and_the_description_and_nothing_of_a_workspace()
            throws Exception {
        assertThat(api.getFromManagement("/actuator/prometheus").body()).contains("jvm_");
        assertThat(api.getFromManagement("/v3/api-docs").statusCode()).isEqualTo(200);
        assertThat(api.getFromManagement("/actuator/nodes").body())
                .contains(InetAddress.getLocalHost().getHostName());
        for (String path :
                List.of("/api/v1/contacts", "/sign-in", "/", "/t/x", "/o/x", "/webhooks/resend")) {
            assertThat(api.getFromManagement(path).statusCode()).as(path).isEqualTo(404);
        }
    }

    @Test
    void a_form_that_is_posted_too_often_is_refused_before_its_body_is_read() throws Exception {
        HttpResponse<String> first = postUnreadable("203.0.113.77");
        assertThat(first.statusCode()).isEqualTo(400);
        HttpResponse<String> next = first;
        for (int times = 0; times < 60 && next.statusCode() == 400; times++) {
            next = postUnreadable("203.0.113.77");
        }
        assertThat(next.statusCode()).isEqualTo(429);
        assertThat(next.headers().firstValue("Retry-After")).isPresent();
        assertThat(next.headers().firstValue("Access-Control-Allow-Origin")).contains("*");
        assertThat(postUnreadable("203.0.113.78").statusCode()).isEqualTo(400);
    }

    private HttpResponse<String> postUnreadable(String ip) throws Exception {
        return api.post(
                "/s/" + UUID.randomUUID(),
                "{",
                "Content-Type",
                "application/json",
                "Origin",
                "https://www.example.com",
                "X-Forwarded-For",
                ip);
    }

    @Test
    void pages_permit_no_inline_script_or_style_and_have_none() throws Exception {
        TestApi browser = TestApi.browser();
        browser.signIn(TestApi.KEY);
        for (String path :
                List.of("/", "/imports", "/jobs", "/nodes", "/sign-in", "/c/x", "/u/x")) {
            HttpResponse<String> page = browser.get(path, "Accept", "text/html");
            assertThat(page.headers().firstValue("Content-Security-Policy").orElse(""))
                    .as(path)
                    .contains(
                            "default-src 'none'",
                            "script-src 'self';",
                            "style-src 'self';",
                            "frame-ancestors 'none'",
                            "base-uri 'none'")
                    .doesNotContain("unsafe");
            assertThat(page.headers().firstValue("X-Content-Type-Options")).contains("nosniff");
            assertThat(page.headers().firstValue("X-Frame-Options")).contains("DENY");
            assertThat(page.headers().firstValue("Referrer-Policy")).contains("no-referrer");
            assertThat(page.headers().firstValue("Cross-Origin-Opener-Policy"))
                    .contains("same-origin");
            assertThat(page.body())
                    .as(path)
                    .doesNotContainPattern("<script(?![^>]*src=)|<style|\\sstyle=|\\son[a-z]+=");
        }
    }

    @Test
    void a_workspace_sees_neither_hosts_nor_processes_of_nodes() throws Exception {
        String host = InetAddress.getLocalHost().getHostName();
        String process = Long.toString(ProcessHandle.current().pid());
        HttpResponse<String> nodes = api.get("/api/v1/nodes", "Authorization", KEY);
        assertThat(json(nodes).path("items")).isNotEmpty();
        for (var node : json(nodes).path("items")) {
            assertThat(node.path("id").asString()).matches("node-[0-9a-f]{10}");
            assertThat(node.has("host")).isFalse();
        }
        TestApi browser = TestApi.browser();
        browser.signIn(TestApi.KEY);
        for (String shown :
                List.of(
                        nodes.body(),
                        browser.get("/nodes", "Accept", "text/html").body(),
                        api.get("/api/v1/jobs?housekeeping=true", "Authorization", KEY).body())) {
            assertThat(shown).doesNotContain(host + "-" + process);
        }
    }
}
