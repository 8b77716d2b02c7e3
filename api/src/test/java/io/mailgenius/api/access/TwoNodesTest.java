package io.mailgenius.api.access;

import static io.mailgenius.api.access.OAuthFixture.ask;
import static io.mailgenius.api.access.OAuthFixture.granted;
import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jwt.SignedJWT;
import io.mailgenius.api.TestApi;
import io.mailgenius.api.access.OAuthFixture.Client;
import io.mailgenius.api.node.Node;
import io.mailgenius.jobs.clients.SigningKeys;
import io.mailgenius.jobs.people.PersonSessions;
import io.mailgenius.jobs.secrets.SecretEncryption;
import io.mailgenius.jobs.workspaces.AccessChanges;
import io.mailgenius.schema.MemberRole;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

/** What ends on one node has ended on the other one, which had just let it in. */
@ExtendWith(TestApi.Ends.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TwoNodesTest {

    private final AtomicLong heard = new AtomicLong();
    private final TestApi program = TestApi.program();
    private Node other;
    private AccessFixture workspace;

    @BeforeAll
    void start() throws Exception {
        other = TestApi.anotherNode();
        other.bean(AccessChanges.class).listen(heard::incrementAndGet);
        // Nodes subscribe beside their start.
        await(
                () -> {
                    TestApi.bean(AccessChanges.class).changed();
                    return heard.get() > 0;
                });
        workspace = new AccessFixture("on two nodes");
    }

    @AfterAll
    void stop() {
        other.close();
    }

    private static void await(Callable<Boolean> condition) throws Exception {
        long end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (!condition.call()) {
            assertThat(System.nanoTime()).as("waits for a minute at most").isLessThan(end);
            Thread.onSpinWait();
        }
    }

    /** Does it on the first node, and returns once the other one was told. */
    private void change(Callable<?> work) throws Exception {
        long before = heard.get();
        work.call();
        await(() -> heard.get() > before);
    }

    private URI onOther(String path) {
        return URI.create(other.url() + path);
    }

    private int statusOnOther(String credential) throws Exception {
        return program.send(
                        HttpRequest.newBuilder(onOther("/api/v1/lists"))
                                .header("Authorization", "Bearer " + credential))
                .statusCode();
    }

    private HttpResponse<String> delete(String path) throws Exception {
        HttpResponse<String> deleted = AccessFixture.request("DELETE", path, workspace.key());
        assertThat(deleted.statusCode()).as(deleted.body()).isEqualTo(204);
        return deleted;
    }

    private long newestKey() {
        return TestApi.owner()
                .sql("SELECT max(id) FROM api_key WHERE workspace_id = :workspace")
                .param("workspace", workspace.workspace())
                .query(Long.class)
                .single();
    }

    @Test
    void a_key_and_its_session_that_are_revoked_on_one_node_open_nothing_on_the_other()
            throws Exception {
        String key = workspace.key("*", "NULL", "NULL", "{}");
        long id = newestKey();
        TestApi browser = TestApi.browser();
        browser.signIn(key);
        HttpRequest.Builder page =
                HttpRequest.newBuilder(onOther("/campaigns")).header("Accept", "text/html");
        assertThat(statusOnOther(key)).isEqualTo(200);
        assertThat(browser.send(page.copy()).statusCode()).isEqualTo(200);

        change(() -> delete("/api/v1/keys/" + id));

        assertThat(statusOnOther(key)).isEqualTo(401);
        assertThat(browser.send(page.copy()).statusCode()).isEqualTo(302);
    }

    @Test
    void a_person_who_is_signed_out_on_one_node_is_so_on_the_other() throws Exception {
        TestApi browser = workspace.signedIn(MemberRole.EDITOR, false);
        long person =
                TestApi.owner()
                        .sql(
                                "SELECT max(person_id) FROM membership WHERE workspace_id = :workspace")
                        .param("workspace", workspace.workspace())
                        .query(Long.class)
                        .single();
        HttpRequest.Builder page =
                HttpRequest.newBuilder(onOther("/campaigns")).header("Accept", "text/html");
        String written = session(person, "xmin");
        assertThat(browser.send(page.copy()).statusCode()).isEqualTo(200);
        assertThat(session(person, "xmin")).as("reading writes nothing").isEqualTo(written);
        TestApi.owner()
                .sql(
                        "UPDATE spring_session SET last_access_time = last_access_time - 120000"
                                + " WHERE principal_name = :name")
                .param("name", PersonSessions.principal(person))
                .update();
        String longAgo = session(person, "last_access_time");
        browser.send(page.copy());
        assertThat(session(person, "last_access_time"))
                .as("once a minute it is written")
                .isNotEqualTo(longAgo);

        delete("/api/v1/people/" + person + "/sessions");

        assertThat(browser.send(page.copy()).statusCode()).isEqualTo(302);
    }

    private static String session(long person, String column) {
        return TestApi.owner()
                .sql(
                        "SELECT %s::text FROM spring_session WHERE principal_name = :name"
                                .formatted(column))
                .param("name", PersonSessions.principal(person))
                .query(String.class)
                .single();
    }

    @Test
    void tokens_of_a_client_that_is_revoked_on_one_node_open_nothing_on_the_other()
            throws Exception {
        Client client = OAuthFixture.client(workspace.key(), "lists:read", false);
        String token = OAuthFixture.token(client);
        assertThat(statusOnOther(token)).isEqualTo(200);

        change(() -> delete("/api/v1/oauth-clients/" + client.id()));

        assertThat(statusOnOther(token)).isEqualTo(401);
        HttpResponse<String> refused =
                ask(onOther("/oauth2/token"), client.basic(), "grant_type", "client_credentials");
        assertThat(refused.statusCode()).isEqualTo(401);
        assertThat(refused.headers().firstValue("WWW-Authenticate")).isPresent();
        assertThat(TestApi.json(refused).path("error").asString()).isEqualTo("invalid_client");
    }

    @Test
    void a_refresh_token_works_once_and_the_second_use_ends_its_family_on_both_nodes()
            throws Exception {
        Client client = OAuthFixture.client(workspace.key(), "lists:write,topics:read", true);
        JsonNode first =
                granted(
                        ask(
                                TestApi.url("/oauth2/token"),
                                client.basic(),
                                "grant_type",
                                "client_credentials",
                                "scope",
                                "lists:read"));
        String used = first.path("refresh_token").asString();
        // Whoever refreshes need not know the secret.
        JsonNode second = granted(refresh(TestApi.url("/oauth2/token"), client, used));
        String next = second.path("refresh_token").asString();
        String token = second.path("access_token").asString();
        assertThat(next).startsWith("mgr_").isNotEqualTo(used);
        assertThat(second.path("scope").asString()).isEqualTo("lists:read");
        assertThat(second.path("expires_in").asInt()).isBetween(1, 900);
        assertThat(statusOnOther(token)).isEqualTo(200);
        assertThat(AccessFixture.request("GET", "/api/v1/lists", token).statusCode())
                .isEqualTo(200);

        change(
                () -> {
                    HttpResponse<String> again =
                            refresh(TestApi.url("/oauth2/token"), client, used);
                    assertThat(again.statusCode()).isEqualTo(400);
                    return assertThat(again.body()).contains("invalid_grant");
                });

        assertThat(refresh(onOther("/oauth2/token"), client, next).body())
                .contains("invalid_grant");
        assertThat(statusOnOther(token)).isEqualTo(401);
        assertThat(AccessFixture.request("GET", "/api/v1/lists", token).statusCode())
                .isEqualTo(401);
        assertThat(
                        AccessFixture.request(
                                        "GET", "/api/v1/audit?action=REFUSED", workspace.key())
                                .body())
                .contains("used again", "\"CLIENT\"");
        assertThat(statusOnOther(OAuthFixture.token(client)))
                .as("the client goes on")
                .isEqualTo(200);
    }

    private static HttpResponse<String> refresh(URI node, Client client, String token)
            throws Exception {
        return ask(
                node,
                null,
                "grant_type",
                "refresh_token",
                "client_id",
                client.clientId(),
                "refresh_token",
                token);
    }

    @Test
    void a_refresh_token_is_of_one_client_and_its_revocation_ends_the_family() throws Exception {
        Client client = OAuthFixture.client(workspace.key(), "lists:read", true);
        Client another = OAuthFixture.client(workspace.key(), "*", true);
        Client without = OAuthFixture.client(workspace.key(), "*", false);
        JsonNode granted =
                granted(
                        ask(
                                TestApi.url("/oauth2/token"),
                                client.basic(),
                                "grant_type",
                                "client_credentials"));
        String token = granted.path("refresh_token").asString();
        URI endpoint = TestApi.url("/oauth2/token");
        assertThat(refresh(endpoint, another, token).body()).contains("invalid_grant");
        assertThat(refresh(endpoint, without, token).statusCode()).isEqualTo(401);
        String stranger = TestApi.keyOfAnotherWorkspace("strangers with a refresh token");
        assertThat(refresh(endpoint, OAuthFixture.client(stranger, "*", true), token).body())
                .contains("invalid_grant");
        assertThat(statusOnOther(granted.path("access_token").asString())).isEqualTo(200);

        change(() -> ask(TestApi.url("/oauth2/revoke"), client.basic(), "token", token));

        assertThat(statusOnOther(granted.path("access_token").asString())).isEqualTo(401);
        assertThat(refresh(endpoint, client, token).body()).contains("invalid_grant");
    }

    @Test
    void the_token_endpoint_gives_what_a_client_has_and_says_what_is_wrong_otherwise()
            throws Exception {
        URI endpoint = TestApi.url("/oauth2/token");
        Client client = OAuthFixture.client(workspace.key(), "lists:write", false);
        JsonNode granted =
                granted(
                        ask(
                                endpoint,
                                null,
                                "grant_type",
                                "client_credentials",
                                "client_id",
                                client.clientId(),
                                "client_secret",
                                client.secret()));
        assertThat(granted.path("scope").asString()).isEqualTo("lists:write");
        assertThat(granted.has("refresh_token")).isFalse();
        SignedJWT token = SignedJWT.parse(granted.path("access_token").asString());
        JsonNode metadata = TestApi.json(program.get("/.well-known/oauth-authorization-server"));
        assertThat(metadata.path("token_endpoint").asString()).endsWith("/oauth2/token");
        assertThat(token.getJWTClaimsSet().getIssuer())
                .isEqualTo(metadata.path("issuer").asString());
        assertThat(program.get("/oauth2/jwks").body())
                .contains("\"kid\":\"" + token.getHeader().getKeyID() + "\"")
                .doesNotContain("\"d\":");

        for (String scope : new String[] {"contacts:read", "*", "nothing:read"}) {
            assertThat(
                            ask(
                                            endpoint,
                                            client.basic(),
                                            "grant_type",
                                            "client_credentials",
                                            "scope",
                                            scope)
                                    .body())
                    .contains("invalid_scope");
        }
        assertThat(ask(endpoint, client.basic(), "grant_type", "password").body())
                .contains("unsupported_grant_type");
        assertThat(ask(endpoint, null, "grant_type", "client_credentials").statusCode())
                .isEqualTo(401);
        Client guessed = new Client(0, client.clientId(), "mgs_guessed");
        assertThat(ask(endpoint, guessed.basic(), "grant_type", "client_credentials").statusCode())
                .isEqualTo(401);
        assertThat(program.get("/oauth2/authorize?response_type=code").statusCode())
                .as("what the library has besides is closed")
                .isEqualTo(401);
    }

    @Test
    void after_a_rotation_tokens_of_both_keys_are_valid_on_both_nodes() throws Exception {
        Client client = OAuthFixture.client(workspace.key(), "lists:read", false);
        String before = OAuthFixture.token(client);
        SigningKeys.rotate(TestApi.ownerSource(), TestApi.bean(SecretEncryption.class));
        TestApi.owner().sql("UPDATE signing_key SET active_from = now()").update();
        String newest =
                TestApi.owner()
                        .sql("SELECT kid FROM signing_key ORDER BY number DESC LIMIT 1")
                        .query(String.class)
                        .single();
        await(
                () ->
                        program.send(HttpRequest.newBuilder(onOther("/oauth2/jwks")))
                                .body()
                                .contains(newest));
        await(
                () ->
                        SignedJWT.parse(OAuthFixture.token(client))
                                .getHeader()
                                .getKeyID()
                                .equals(newest));

        assertThat(statusOnOther(OAuthFixture.token(client))).isEqualTo(200);
        assertThat(statusOnOther(before)).isEqualTo(200);
        assertThat(AccessFixture.request("GET", "/api/v1/lists", before).statusCode())
                .isEqualTo(200);
    }
}
