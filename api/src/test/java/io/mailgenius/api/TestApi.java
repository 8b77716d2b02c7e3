package io.mailgenius.api;

import io.mailgenius.api.node.Node;
import io.mailgenius.api.node.NodeSettings;
import io.mailgenius.api.observability.TraceReceiver;
import io.mailgenius.engine.TestRedis;
import io.mailgenius.schema.TestDatabase;
import java.io.IOException;
import java.net.CookieManager;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.sql.DataSource;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** One whole node for all tests of a JVM, asked over HTTP as everybody asks it. */
public final class TestApi {

    public static final String KEY = "test-key-of-the-first-workspace";

    /** With which people sign in as well. */
    public static final TestOidcProvider OIDC = TestOidcProvider.start();

    private static final TestDatabase DATABASE = TestDatabase.create();
    private static final Path FOLDER = folder();
    private static final Node NODE = anotherNode();

    /** Ends the node with the tests, before the stores below it end with the JVM. */
    public static final class Ends implements BeforeAllCallback {

        @Override
        public void beforeAll(ExtensionContext context) {
            context.getRoot()
                    .getStore(ExtensionContext.Namespace.GLOBAL)
                    .computeIfAbsent(TestApi.class, _ -> (AutoCloseable) NODE::close);
        }
    }

    private final HttpClient http;

    private TestApi(HttpClient http) {
        this.http = http;
    }

    public static TestApi program() {
        return new TestApi(HttpClient.newHttpClient());
    }

    /** Keeps cookies and does not follow redirects, so that a test sees them. */
    public static TestApi browser() {
        return new TestApi(HttpClient.newBuilder().cookieHandler(new CookieManager()).build());
    }

    private static Path folder() {
        try {
            return Files.createTempDirectory("mailgenius-api");
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A node over the same stores, for whoever closes it. */
    public static Node anotherNode() {
        return Node.start(
                NodeSettings.from(
                        Map.ofEntries(
                                Map.entry("MAILGENIUS_DATABASE_URL", DATABASE.url()),
                                Map.entry("MAILGENIUS_DATABASE_USERNAME", DATABASE.username()),
                                Map.entry("MAILGENIUS_DATABASE_PASSWORD", DATABASE.password()),
                                Map.entry("MAILGENIUS_REDIS_URL", TestRedis.uri().toString()),
                                Map.entry("MAILGENIUS_PORT", "0"),
                                Map.entry("MAILGENIUS_MANAGEMENT_PORT", "0"),
                                Map.entry("MAILGENIUS_BOOTSTRAP_API_KEY", KEY),
                                Map.entry("MAILGENIUS_MAIL_FROM", "people@example.com"),
                                Map.entry("MAILGENIUS_OIDC_ISSUER", OIDC.issuer()),
                                Map.entry("MAILGENIUS_OIDC_CLIENT_ID", TestOidcProvider.CLIENT),
                                Map.entry("MAILGENIUS_OIDC_CLIENT_SECRET", TestOidcProvider.SECRET),
                                Map.entry("MAILGENIUS_OTLP_ENDPOINT", TraceReceiver.endpoint()),
                                Map.entry("MAILGENIUS_ALERT_FROM", "alerts@example.com"),
                                Map.entry("MAILGENIUS_ALERT_WEBHOOKS_ANYWHERE", "true"),
                                Map.entry("MAILGENIUS_DATA_DIR", FOLDER.toString()))));
    }

    /** A key of the first workspace that may do this and nothing else. */
    public static String keyWith(String scope) throws Exception {
        return key("key-that-may-only-" + scope, scope, "SELECT min(id) FROM workspace");
    }

    /** A key of everything in a workspace of its own, for tests that fill whole lists. */
    public static String keyOfAnotherWorkspace(String name) throws Exception {
        return key(
                "key-of-" + name,
                "*",
                """
                INSERT INTO workspace (name) VALUES ('%s') RETURNING id"""
                        .formatted(name));
    }

    private static String key(String key, String scope, String workspace) throws Exception {
        JdbcClient.create(DATABASE.owner())
                .sql(
                        """
                        WITH workspace_of_key AS (%s)
                        INSERT INTO api_key (workspace_id, name, key_hash, scopes)
                        SELECT workspace_of_key.*, 'test', :hash, ARRAY[:scope] FROM workspace_of_key
                        ON CONFLICT DO NOTHING
                        """
                                .formatted(workspace))
                .param(
                        "hash",
                        MessageDigest.getInstance("SHA-256")
                                .digest(key.getBytes(StandardCharsets.UTF_8)))
                .param("scope", scope)
                .update();
        return key;
    }

    /** As the owner of the tables, for commands. */
    public static DataSource ownerSource() {
        return DATABASE.owner();
    }

    /** What the node has inside, for what it shows nobody. */
    public static <T> T bean(Class<T> type) {
        return NODE.bean(type);
    }

    /** For what no request can bring about. */
    public static JdbcClient owner() {
        return JdbcClient.create(DATABASE.owner());
    }

    public static URI url(String path) {
        return URI.create(NODE.url() + path);
    }

    /** At the port for operators. */
    public HttpResponse<String> getFromManagement(String path) throws Exception {
        URI url = URI.create("http://127.0.0.1:" + NODE.managementPort() + path);
        return send(HttpRequest.newBuilder(url).GET());
    }

    public HttpResponse<String> get(String path, String... headers) throws Exception {
        return send(HttpRequest.newBuilder(url(path)).GET(), headers);
    }

    public HttpResponse<String> post(String path, String body, String... headers) throws Exception {
        return send(HttpRequest.newBuilder(url(path)).POST(BodyPublishers.ofString(body)), headers);
    }

    /** As a person does it: the form, with its token. */
    public HttpResponse<String> signIn(String key) throws Exception {
        Matcher token =
                Pattern.compile("name=\"_csrf\" value=\"([^\"]+)\"")
                        .matcher(get("/sign-in", "Accept", "text/html").body());
        if (!token.find()) {
            throw new AssertionError("The form has no token");
        }
        return post(
                "/sign-in",
                "_csrf="
                        + URLEncoder.encode(token.group(1), StandardCharsets.UTF_8)
                        + "&key="
                        + URLEncoder.encode(key, StandardCharsets.UTF_8),
                "Content-Type",
                "application/x-www-form-urlencoded",
                "Accept",
                "text/html");
    }

    /** With the key of everything, and JSON. */
    public HttpResponse<String> postJson(String path, String json) throws Exception {
        return post(
                path, json, "Authorization", "Bearer " + KEY, "Content-Type", "application/json");
    }

    public HttpResponse<String> send(HttpRequest.Builder request, String... headers)
            throws Exception {
        if (headers.length > 0) {
            request.headers(headers);
        }
        return http.send(request.build(), BodyHandlers.ofString());
    }

    public static JsonNode json(HttpResponse<String> response) {
        return JsonMapper.shared().readTree(response.body());
    }
}
