package io.mailgenius.bench.load;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.CookieManager;
import java.net.HttpCookie;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Credentials of a workspace, each as the header of a request that shows it.
 *
 * @param keys API keys
 * @param tokens access tokens of as many OAuth clients, which expire within minutes
 * @param sessions of the console, begun with the keys
 */
public record ApiCredentials(List<String> keys, List<String> tokens, List<String> sessions) {

    private static final String FORM = "application/x-www-form-urlencoded";
    private static final Pattern FORM_TOKEN = Pattern.compile("name=\"_csrf\" value=\"([^\"]+)\"");

    public ApiCredentials {
        keys = List.copyOf(keys);
        tokens = List.copyOf(tokens);
        sessions = List.copyOf(sessions);
    }

    /**
     * What a form of the console sends along: the cookie, and the token that stands in the page.
     */
    record SignInForm(String cookies, String token) {}

    /**
     * @param key one that may do everything
     * @param each how many of each kind
     */
    public static ApiCredentials make(URI node, String key, int each)
            throws IOException, InterruptedException {
        List<String> keys = new ArrayList<>();
        List<String> tokens = new ArrayList<>();
        List<String> sessions = new ArrayList<>();
        try (HttpClient http = HttpClient.newHttpClient()) {
            for (int n = 0; n < each; n++) {
                String made =
                        posted(http, node, "/api/v1/keys", "Bearer " + key, "")
                                .path("secret")
                                .asString();
                keys.add("Authorization: Bearer " + made);
                JsonNode client = posted(http, node, "/api/v1/oauth-clients", "Bearer " + key, "");
                tokens.add("Authorization: Bearer " + token(http, node, client));
                sessions.add("Cookie: " + session(node, made));
            }
        }
        return new ApiCredentials(keys, tokens, sessions);
    }

    private static String token(HttpClient http, URI node, JsonNode client)
            throws IOException, InterruptedException {
        String pair =
                client.path("client").path("clientId").asString()
                        + ":"
                        + client.path("secret").asString();
        return posted(
                        http,
                        node,
                        "/oauth2/token",
                        "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(UTF_8)),
                        "grant_type=client_credentials")
                .path("access_token")
                .asString();
    }

    /**
     * @param form empty to make something with all permissions
     */
    private static JsonNode posted(
            HttpClient http, URI node, String path, String authorization, String form)
            throws IOException, InterruptedException {
        var answer =
                http.send(
                        HttpRequest.newBuilder(node.resolve(path))
                                .header("Authorization", authorization)
                                .header("Content-Type", form.isEmpty() ? "application/json" : FORM)
                                .POST(
                                        BodyPublishers.ofString(
                                                form.isEmpty()
                                                        ? "{\"name\":\"bench\",\"scopes\":[\"*\"]}"
                                                        : form))
                                .build(),
                        BodyHandlers.ofString());
        if (answer.statusCode() / 100 != 2) {
            throw new IOException(path + " was answered with " + answer.statusCode());
        }
        return JsonMapper.shared().readTree(answer.body());
    }

    private static String session(URI node, String key) throws IOException, InterruptedException {
        CookieManager cookies = new CookieManager();
        try (HttpClient browser = HttpClient.newBuilder().cookieHandler(cookies).build()) {
            SignInForm form = form(browser, cookies, node);
            var answer =
                    browser.send(
                            HttpRequest.newBuilder(node.resolve("/sign-in"))
                                    .header("Content-Type", FORM)
                                    .header("Accept", "text/html")
                                    .POST(
                                            BodyPublishers.ofString(
                                                    fields(
                                                            Map.of(
                                                                    "_csrf",
                                                                    form.token(),
                                                                    "key",
                                                                    key))))
                                    .build(),
                            BodyHandlers.discarding());
            if (answer.statusCode() != 302) {
                throw new IOException("A sign-in was answered with " + answer.statusCode());
            }
            return cookies(cookies);
        }
    }

    static SignInForm signInForm(URI node) throws IOException, InterruptedException {
        CookieManager cookies = new CookieManager();
        try (HttpClient browser = HttpClient.newBuilder().cookieHandler(cookies).build()) {
            return form(browser, cookies, node);
        }
    }

    private static SignInForm form(HttpClient browser, CookieManager cookies, URI node)
            throws IOException, InterruptedException {
        String page =
                browser.send(
                                HttpRequest.newBuilder(node.resolve("/sign-in"))
                                        .header("Accept", "text/html")
                                        .build(),
                                BodyHandlers.ofString())
                        .body();
        Matcher token = FORM_TOKEN.matcher(page);
        if (!token.find()) {
            throw new IOException("The page to sign in has no form");
        }
        return new SignInForm(cookies(cookies), token.group(1));
    }

    private static String cookies(CookieManager cookies) {
        return cookies.getCookieStore().getCookies().stream()
                .map((HttpCookie it) -> it.getName() + "=" + it.getValue())
                .collect(Collectors.joining("; "));
    }

    static String fields(Map<String, String> fields) {
        return fields.entrySet().stream()
                .map(it -> it.getKey() + "=" + URLEncoder.encode(it.getValue(), UTF_8))
                .collect(Collectors.joining("&"));
    }
}
