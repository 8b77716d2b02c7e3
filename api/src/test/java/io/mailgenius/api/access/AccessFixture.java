package io.mailgenius.api.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailgenius.api.TestApi;
import io.mailgenius.api.access.AccessRules.Rule;
import io.mailgenius.schema.MemberRole;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/** A workspace with keys and people of any kind, for tests of what they may do. */
final class AccessFixture {

    /** In the names of all that a workspace has, so that it is recognised elsewhere. */
    static final String MARK = "mark-of-the-walk";

    static final String PASSWORD = "correct horse of this test";

    private static final Set<String> WITHOUT_BODY = Set.of("GET", "HEAD", "OPTIONS", "DELETE");

    private static final TestApi PROGRAM = TestApi.program();

    private final String key;
    private final long workspace;

    AccessFixture(String name) throws Exception {
        key = TestApi.keyOfAnotherWorkspace(name);
        workspace =
                TestApi.owner()
                        .sql("SELECT max(id) FROM workspace WHERE name = :name")
                        .param("name", name)
                        .query(Long.class)
                        .single();
    }

    /** One that may do everything. */
    String key() {
        return key;
    }

    long workspace() {
        return workspace;
    }

    /**
     * @param scopes separated by commas
     * @param expires when it expires, in SQL
     * @param revoked when it was revoked, in SQL
     */
    String key(String scopes, String expires, String revoked, String networks) throws Exception {
        String made = "mg_" + UUID.randomUUID();
        TestApi.owner()
                .sql(
                        """
                        INSERT INTO api_key (workspace_id, name, key_hash, scopes, expires_at, revoked_at, networks)
                        VALUES (:workspace, 'walk', :hash, string_to_array(:scopes, ','), %s, %s, :networks::cidr[])
                        """
                                .formatted(expires, revoked))
                .param("workspace", workspace)
                .param(
                        "hash",
                        MessageDigest.getInstance("SHA-256")
                                .digest(made.getBytes(StandardCharsets.UTF_8)))
                .param("scopes", scopes)
                .param("networks", networks)
                .update();
        return made;
    }

    /** Asks for what is not there, with an empty body. */
    HttpResponse<String> api(Rule rule, String credential) throws Exception {
        return request(rule.method(), filled(rule.path(), Map.of()), credential);
    }

    static HttpResponse<String> request(String method, String path, String credential)
            throws Exception {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(TestApi.url(path))
                        .method(
                                method.equals("*") ? "POST" : method,
                                WITHOUT_BODY.contains(method)
                                        ? BodyPublishers.noBody()
                                        : BodyPublishers.ofString("{}"))
                        .header("Content-Type", "application/json");
        if (credential != null) {
            request.header("Authorization", "Bearer " + credential);
        }
        return PROGRAM.send(request);
    }

    /**
     * @param ids by the noun of the path; what is not there gets one that nothing has
     */
    static String filled(String path, Map<String, String> ids) {
        String noun = path.startsWith("/api/v1/") ? path.split("/")[3] : path;
        // Of several ids the first is that of the noun; there is nothing of the others.
        return path.replaceFirst("\\{email}", "nobody@example.com")
                .replaceFirst(
                        "\\{\\w+}",
                        ids.getOrDefault(
                                noun,
                                noun.contains("uploads") || noun.matches("/(sandbox|account).*")
                                        ? "00000000-0000-0000-0000-000000000001"
                                        : "999999999"))
                .replace("{session}", "00000000-0000-0000-0000-000000000001")
                .replaceAll("\\{\\w+}", "999999999");
    }

    static HttpResponse<String> page(TestApi browser, Rule rule, String token) throws Exception {
        String path = filled(rule.path(), Map.of());
        return rule.method().equals("GET")
                ? browser.get(path, "Accept", "text/html")
                : post(browser, path, token, Map.of("workspace", "999999999"));
    }

    static HttpResponse<String> post(
            TestApi browser, String path, String token, Map<String, String> form) throws Exception {
        StringBuilder body = new StringBuilder("_csrf=" + encoded(token));
        form.forEach(
                (name, value) -> body.append('&').append(name).append('=').append(encoded(value)));
        return browser.post(
                path,
                body.toString(),
                "Content-Type",
                "application/x-www-form-urlencoded",
                "Accept",
                "text/html");
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    static String formToken(TestApi browser, String path) throws Exception {
        Matcher token =
                Pattern.compile("name=\"_csrf\" value=\"([^\"]+)\"")
                        .matcher(browser.get(path, "Accept", "text/html").body());
        assertThat(token.find()).as("a form at " + path).isTrue();
        return token.group(1);
    }

    /** The path of the link by which somebody joins. */
    String invite(String email, MemberRole role, boolean maySend) throws Exception {
        HttpResponse<String> invited =
                PROGRAM.post(
                        "/api/v1/invitations",
                        "{\"email\":\"%s\",\"role\":\"%s\",\"maySend\":%s}"
                                .formatted(email, role, maySend),
                        "Authorization",
                        "Bearer " + key,
                        "Content-Type",
                        "application/json");
        assertThat(invited.statusCode()).as(invited.body()).isEqualTo(201);
        String link = TestApi.json(invited).path("link").asString();
        return link.substring(link.indexOf("/join/"));
    }

    static HttpResponse<String> join(String link, String email, String password) throws Exception {
        TestApi browser = TestApi.browser();
        return post(
                browser,
                link,
                formToken(browser, link),
                Map.of("email", email, "name", "Somebody", "password", password));
    }

    static HttpResponse<String> signIn(TestApi browser, String email, String password)
            throws Exception {
        return post(
                browser,
                "/sign-in",
                formToken(browser, "/sign-in"),
                Map.of("email", email, "password", password));
    }

    TestApi signedIn(MemberRole role, boolean maySend) throws Exception {
        return signedIn(UUID.randomUUID() + "@example.com", role, maySend);
    }

    TestApi signedIn(String email, MemberRole role, boolean maySend) throws Exception {
        assertThat(join(invite(email, role, maySend), email, PASSWORD).statusCode()).isEqualTo(302);
        TestApi browser = TestApi.browser();
        HttpResponse<String> answer = signIn(browser, email, PASSWORD);
        assertThat(answer.headers().firstValue("Location"))
                .as(answer.body())
                .hasValueSatisfying(it -> assertThat(it).endsWith("/"));
        return browser;
    }

    /** In the workspaces of the installation there is one of each address. */
    static long person(String email) {
        return TestApi.owner()
                .sql("SELECT id FROM person WHERE email = :email")
                .param("email", email)
                .query(Long.class)
                .single();
    }

    static boolean opens(TestApi browser, String path) throws Exception {
        return browser.get(path, "Accept", "text/html").statusCode() == 200;
    }

    static String address() {
        return UUID.randomUUID() + "@example.com";
    }

    static HttpResponse<String> send(String method, String path, String body, String key)
            throws Exception {
        return PROGRAM.send(
                HttpRequest.newBuilder(TestApi.url(path))
                        .method(method, BodyPublishers.ofString(body))
                        .header("Authorization", "Bearer " + key)
                        .header("Content-Type", "application/json"));
    }

    static String found(String page, String pattern) {
        Matcher matcher = Pattern.compile(pattern).matcher(page);
        assertThat(matcher.find()).as(page).isTrue();
        return matcher.group(1);
    }

    /** One of each thing, whose names have the mark; their ids by the noun of their path. */
    Map<String, String> fill() throws Exception {
        Map<String, String> ids = new HashMap<>();
        String contact = create(ids, "contacts", "{\"email\":\"" + MARK + "@example.com\"}");
        assertThat(contact).isNotEmpty();
        create(ids, "lists", "{\"name\":\"" + MARK + "\"}");
        create(ids, "topics", "{\"name\":\"" + MARK + "\"}");
        create(
                ids,
                "templates",
                "{\"name\":\"%s\",\"subject\":\"%s\",\"html\":\"<p>%s</p>\"}"
                        .formatted(MARK, MARK, MARK));
        create(
                ids,
                "campaigns",
                """
                {"name":"%s","subject":"%s","from":"a@example.com","html":"<p>%s</p>","audience":{"all":true}}"""
                        .formatted(MARK, MARK, MARK));
        ids.put("analytics", ids.get("campaigns"));
        create(
                ids,
                "segments",
                """
                {"name":"%s","rule":{"field":"email","op":"equals","value":"a@example.com"}}"""
                        .formatted(MARK));
        create(ids, "keys", "{\"name\":\"" + MARK + "\",\"scopes\":[\"contacts:read\"]}");
        ids.put(
                "oauth-clients",
                Long.toString(OAuthFixture.client(key, "contacts:read", false).id()));
        create(ids, "suppressions", "{\"email\":\"" + MARK + "-s@example.com\"}");
        String link = invite(MARK + "-p@example.com", MemberRole.VIEWER, false);
        join(link, MARK + "-p@example.com", PASSWORD);
        ids.put(
                "people",
                TestApi.owner()
                        .sql("SELECT max(id)::text FROM person")
                        .query(String.class)
                        .single());
        ids.put(
                "invitations",
                TestApi.owner()
                        .sql("SELECT max(id)::text FROM invitation")
                        .query(String.class)
                        .single());
        ids.put(
                "jobs",
                TestApi.owner()
                        .sql(
                                "SELECT coalesce(max(job_execution_id), 1)::text FROM batch_job_execution")
                        .query(String.class)
                        .single());
        return ids;
    }

    private String create(Map<String, String> ids, String noun, String json) throws Exception {
        HttpResponse<String> made =
                PROGRAM.post(
                        "/api/v1/" + noun,
                        json,
                        "Authorization",
                        "Bearer " + key,
                        "Content-Type",
                        "application/json");
        assertThat(made.statusCode() / 100).as(noun + made.body()).isEqualTo(2);
        JsonNode body = TestApi.json(made);
        String id =
                body.has("key")
                        ? body.path("key").path("id").asString()
                        : body.path("id").asString();
        ids.put(noun, id);
        return id;
    }
}
