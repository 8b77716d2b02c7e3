package io.mailgenius.api.access;

import static io.mailgenius.api.TestApi.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.samstevens.totp.code.DefaultCodeGenerator;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.mailgenius.api.TestApi;
import io.mailgenius.engine.TestRedis;
import io.mailgenius.jobs.people.Passwords;
import io.mailgenius.jobs.workspaces.AccessChanges;
import io.mailgenius.schema.MemberRole;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/** People, keys and sessions, as a browser and a program meet them. */
@ExtendWith(TestApi.Ends.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PeopleTest {

    private AccessFixture workspace;

    @BeforeAll
    void workspace() throws Exception {
        workspace = new AccessFixture("people");
    }

    private static String address() {
        return UUID.randomUUID() + "@example.com";
    }

    private HttpResponse<String> send(String method, String path, String body) throws Exception {
        return send(method, path, body, workspace.key());
    }

    private static HttpResponse<String> send(String method, String path, String body, String key)
            throws Exception {
        return TestApi.program()
                .send(
                        HttpRequest.newBuilder(TestApi.url(path))
                                .method(method, BodyPublishers.ofString(body))
                                .header("Authorization", "Bearer " + key)
                                .header("Content-Type", "application/json"));
    }

    private long person(String email) {
        return TestApi.owner()
                .sql("SELECT id FROM person WHERE email = :email")
                .param("email", email)
                .query(Long.class)
                .single();
    }

    private static boolean opens(TestApi browser, String path) throws Exception {
        return browser.get(path, "Accept", "text/html").statusCode() == 200;
    }

    @Test
    void an_invitation_makes_a_person_once_and_only_with_a_good_password() throws Exception {
        String email = address();
        String link = workspace.invite(email, MemberRole.EDITOR, false);

        HttpResponse<String> shortOne = AccessFixture.join(link, email, "short");
        HttpResponse<String> common = AccessFixture.join(link, email, "Password123456!");
        HttpResponse<String> good = AccessFixture.join(link, email, AccessFixture.PASSWORD);

        assertThat(shortOne.statusCode()).isEqualTo(422);
        assertThat(shortOne.body()).contains("12 to 200 characters");
        assertThat(common.statusCode()).isEqualTo(422);
        assertThat(common.body()).contains("first that are guessed");
        assertThat(good.statusCode()).isEqualTo(302);
        assertThat(TestApi.browser().get(link, "Accept", "text/html").statusCode()).isEqualTo(404);
        assertThat(
                        TestApi.owner()
                                .sql("SELECT password_hash FROM person WHERE email = :email")
                                .param("email", email)
                                .query(String.class)
                                .single())
                .startsWith("$argon2id$")
                .doesNotContain(AccessFixture.PASSWORD);
        Answer found = new Answer(send("GET", "/api/v1/people/" + person(email), ""));
        assertThat(found.text("role")).isEqualTo("EDITOR");
        assertThat(send("GET", "/api/v1/audit?noun=membership", "").body()).contains(email);
    }

    /** A field of an answer. */
    private record Answer(HttpResponse<String> answer) {

        String text(String field) {
            return json(answer).path(field).asString("");
        }
    }

    @Test
    void nobody_who_only_asks_for_the_page_gets_a_session() throws Exception {
        TestApi browser = TestApi.browser();
        long before = sessions();

        HttpResponse<String> page = browser.get("/sign-in", "Accept", "text/html");
        AccessFixture.signIn(browser, address(), AccessFixture.PASSWORD);

        assertThat(sessions()).isEqualTo(before);
        assertThat(page.headers().allValues("Set-Cookie"))
                .allSatisfy(it -> assertThat(it).startsWith("mailgenius-form="))
                .allSatisfy(it -> assertThat(it).contains("HttpOnly", "SameSite=Lax"));
    }

    private static long sessions() {
        return TestApi.owner()
                .sql("SELECT count(*) FROM spring_session")
                .query(Long.class)
                .single();
    }

    @Test
    void over_https_cookies_belong_to_this_host_alone() throws Exception {
        HttpResponse<String> page =
                TestApi.program()
                        .get("/sign-in", "Accept", "text/html", "X-Forwarded-Proto", "https");

        assertThat(page.headers().allValues("Set-Cookie"))
                .isNotEmpty()
                .allSatisfy(
                        it ->
                                assertThat(it)
                                        .startsWith("__Host-")
                                        .contains("Secure", "Path=/")
                                        .doesNotContain("Domain"));
    }

    @Test
    void a_link_with_a_key_does_not_sign_in_by_itself() throws Exception {
        assertThat(TestApi.program().get("/static/sign-in.js").body())
                .contains("location.hash")
                .doesNotContain("submit");
    }

    @Test
    void a_key_of_forms_neither_imports_nor_touches_jobs_nor_reads_mails_in_the_console()
            throws Exception {
        TestApi browser = TestApi.browser();
        browser.signIn(workspace.key("forms:read", "NULL", "NULL", "{}"));
        String token = AccessFixture.formToken(browser, "/");

        for (String path : List.of("/imports", "/jobs/1/restart", "/jobs/1/abandon")) {
            assertThat(AccessFixture.post(browser, path, token, Map.of()).statusCode())
                    .as(path)
                    .isEqualTo(403);
        }
        assertThat(browser.get("/sandbox", "Accept", "text/html").statusCode()).isEqualTo(403);
        assertThat(browser.get("/", "Accept", "text/html").body())
                .doesNotContain("The last 30 days", "href=\"/imports\"");
    }

    @Test
    void who_guesses_is_slowed_down_even_with_the_right_password() throws Exception {
        String email = address();
        workspace.signedIn(email, MemberRole.VIEWER, false);
        TestApi guesser = TestApi.browser();
        HttpResponse<String> answer = AccessFixture.signIn(guesser, email, "wrong wrong wrong");
        assertThat(answer.statusCode()).isEqualTo(401);
        for (int attempt = 0; attempt < 9; attempt++) {
            answer = AccessFixture.signIn(guesser, email, "wrong wrong wrong " + attempt);
        }

        HttpResponse<String> right = AccessFixture.signIn(guesser, email, AccessFixture.PASSWORD);

        assertThat(answer.statusCode()).isEqualTo(429);
        assertThat(right.statusCode()).isEqualTo(429);
        assertThat(right.headers().firstValueAsLong("Retry-After").orElse(0)).isPositive();
    }

    @Test
    void a_role_that_is_taken_away_is_gone_at_once_and_so_is_a_person() throws Exception {
        String email = address();
        TestApi browser = workspace.signedIn(email, MemberRole.ADMIN, false);
        assertThat(opens(browser, "/nodes")).isTrue();
        String path = "/api/v1/people/" + person(email);

        assertThat(send("PATCH", path, "{\"role\":\"VIEWER\"}").statusCode()).isEqualTo(200);
        assertThat(browser.get("/nodes", "Accept", "text/html").statusCode()).isEqualTo(403);
        assertThat(send("PATCH", path, "{\"maySend\":true}").body()).contains("role-cannot-send");

        assertThat(send("DELETE", path, "").statusCode()).isEqualTo(204);
        assertThat(browser.get("/campaigns", "Accept", "text/html").statusCode()).isEqualTo(302);
        assertThat(send("GET", path, "").statusCode()).isEqualTo(404);
    }

    @Test
    void the_last_owner_stays() throws Exception {
        AccessFixture alone = new AccessFixture("alone");
        String email = address();
        alone.signedIn(email, MemberRole.OWNER, true);
        String path = "/api/v1/people/" + person(email);

        assertThat(send("DELETE", path, "", alone.key()).body()).contains("last-owner");
        assertThat(send("PATCH", path, "{\"role\":\"ADMIN\"}", alone.key()).body())
                .contains("last-owner");
    }

    @Test
    void nobody_gives_what_they_do_not_have() throws Exception {
        String poor = workspace.key("keys:write,people:write", "NULL", "NULL", "{}");

        assertThat(
                        send(
                                        "POST",
                                        "/api/v1/keys",
                                        "{\"name\":\"more\",\"scopes\":[\"contacts:read\"]}",
                                        poor)
                                .body())
                .contains("permission-not-held");
        assertThat(send("POST", "/api/v1/invitations", "{\"role\":\"OWNER\"}", poor).body())
                .contains("permission-not-held");
        assertThat(
                        send(
                                        "POST",
                                        "/api/v1/keys",
                                        "{\"name\":\"same\",\"scopes\":[\"keys:read\"]}",
                                        poor)
                                .statusCode())
                .isEqualTo(201);
    }

    @Test
    void a_key_is_shown_once_rotated_with_an_overlap_and_revoked_at_once() throws Exception {
        HttpResponse<String> made =
                send(
                        "POST",
                        "/api/v1/keys",
                        "{\"name\":\"program\",\"scopes\":[\"lists:read\"],\"networks\":[\"127.0.0.1/8\",\"::1\"]}");
        assertThat(made.statusCode()).as(made.body()).isEqualTo(201);
        String secret = json(made).path("secret").asString();
        long id = json(made).path("key").path("id").asLong();
        assertThat(send("GET", "/api/v1/lists", "", secret).statusCode()).isEqualTo(200);

        HttpResponse<String> rotated =
                send("POST", "/api/v1/keys/" + id + "/rotate", "{\"overlapSeconds\":3600}");
        String other = json(rotated).path("secret").asString();

        assertThat(send("GET", "/api/v1/lists", "", secret).statusCode()).isEqualTo(200);
        assertThat(send("GET", "/api/v1/lists", "", other).statusCode()).isEqualTo(200);
        String shown = send("GET", "/api/v1/keys/" + id, "").body();
        assertThat(shown)
                .contains("\"prefix\":\"" + secret.substring(0, 9) + "\"", "127.0.0.0/8")
                .doesNotContain(secret);
        assertThat(json(send("GET", "/api/v1/keys/" + id, "")).path("lastUsedAt").asString(""))
                .isNotEmpty();
        assertThat(json(send("GET", "/api/v1/keys/" + id, "")).path("expiresAt").asString(""))
                .isNotEmpty();

        assertThat(send("DELETE", "/api/v1/keys/" + id, "").statusCode()).isEqualTo(204);
        assertThat(send("GET", "/api/v1/lists", "", secret).statusCode()).isEqualTo(401);
        assertThat(send("GET", "/api/v1/lists", "", other).statusCode()).isEqualTo(200);
    }

    @Test
    void a_change_on_another_node_is_heard_of_here() {
        AtomicInteger heard = new AtomicInteger();
        TestApi.bean(AccessChanges.class).listen(heard::incrementAndGet);
        RedisClient otherNode = RedisClient.create(RedisURI.create(TestRedis.uri()));
        try (var connection = otherNode.connect()) {
            List<String> channels = connection.sync().pubsubChannels("*:access-changes");
            assertThat(channels).isNotEmpty();
            channels.forEach(channel -> connection.sync().publish(channel, ""));

            await().until(() -> heard.get() > 0);
        } finally {
            otherNode.shutdown();
        }
    }

    @Test
    void a_suspended_workspace_can_be_read_and_nothing_in_it_changes() throws Exception {
        AccessFixture held = new AccessFixture("held");
        TestApi browser = held.signedIn(MemberRole.ADMIN, true);
        String key = held.key();

        assertThat(send("POST", "/api/v1/workspace/suspend", "", key).body())
                .contains("\"suspended\":true");
        HttpResponse<String> written = send("POST", "/api/v1/lists", "{\"name\":\"a\"}", key);
        assertThat(written.statusCode()).isEqualTo(409);
        assertThat(json(written).path("problem").asString()).isEqualTo("workspace-suspended");
        assertThat(json(written).path("detail").asString()).contains("Resume it");
        assertThat(send("GET", "/api/v1/lists", "", key).statusCode()).isEqualTo(200);
        assertThat(opens(browser, "/imports")).isTrue();

        assertThat(send("POST", "/api/v1/workspace/resume", "", key).statusCode()).isEqualTo(200);
        assertThat(send("POST", "/api/v1/lists", "{\"name\":\"a\"}", key).statusCode())
                .isEqualTo(201);

        TestApi.owner()
                .sql("UPDATE workspace SET suspended_by = 'OPERATOR' WHERE id = :id")
                .param("id", held.workspace())
                .update();
        assertThat(send("POST", "/api/v1/workspace/resume", "", key).body())
                .contains("suspended-by-operator");
    }

    @Test
    void a_new_workspace_has_a_link_for_its_owner_who_may_switch_to_it() throws Exception {
        String email = address();
        TestApi browser = workspace.signedIn(email, MemberRole.OWNER, true);
        HttpResponse<String> made =
                send(
                        "POST",
                        "/api/v1/workspaces",
                        "{\"name\":\"second\",\"ownerEmail\":\"%s\"}".formatted(email));
        assertThat(made.statusCode()).as(made.body()).isEqualTo(201);
        String link = json(made).path("owner").path("link").asString();
        link = link.substring(link.indexOf("/join/"));

        assertThat(AccessFixture.join(link, email, "another password here").statusCode())
                .isEqualTo(422);
        assertThat(AccessFixture.join(link, email, AccessFixture.PASSWORD).statusCode())
                .isEqualTo(302);
        String token = AccessFixture.formToken(browser, "/account");
        String id = json(made).path("id").asString();
        assertThat(
                        AccessFixture.post(
                                        browser,
                                        "/account/workspace",
                                        token,
                                        Map.of("workspace", id))
                                .statusCode())
                .isEqualTo(302);

        assertThat(browser.get("/account", "Accept", "text/html").body()).contains("second");
        long strange = new AccessFixture("strange").workspace();
        assertThat(
                        AccessFixture.post(
                                        browser,
                                        "/account/workspace",
                                        token,
                                        Map.of("workspace", Long.toString(strange)))
                                .statusCode())
                .isEqualTo(404);
    }

    @Test
    void sessions_are_listed_and_ended_by_their_person() throws Exception {
        String email = address();
        TestApi first = workspace.signedIn(email, MemberRole.EDITOR, false);
        TestApi second = TestApi.browser();
        AccessFixture.signIn(second, email, AccessFixture.PASSWORD);
        var listed = json(send("GET", "/api/v1/people/" + person(email) + "/sessions", ""));
        assertThat(listed).hasSize(2);
        String oldest = listed.get(1).path("id").asString();

        String token = AccessFixture.formToken(second, "/account");
        AccessFixture.post(second, "/account/sessions/" + oldest + "/end", token, Map.of());

        assertThat(opens(first, "/imports")).isFalse();
        assertThat(opens(second, "/imports")).isTrue();
        send("DELETE", "/api/v1/people/" + person(email) + "/sessions", "");
        assertThat(opens(second, "/imports")).isFalse();
    }

    @Test
    void a_session_is_in_the_database_and_says_nothing_but_ids() throws Exception {
        TestApi browser = TestApi.browser();
        browser.signIn(workspace.key());

        assertThat(
                        TestApi.owner()
                                .sql("SELECT attribute_bytes FROM spring_session_attributes")
                                .query(
                                        (row, _) ->
                                                new String(
                                                        row.getBytes(1),
                                                        StandardCharsets.ISO_8859_1))
                                .list())
                .isNotEmpty()
                .noneMatch(it -> it.contains(workspace.key()));
    }

    @Test
    void a_second_factor_is_asked_for_and_no_code_is_taken_twice() throws Exception {
        AccessFixture strict = new AccessFixture("strict");
        String email = address();
        TestApi browser = strict.signedIn(email, MemberRole.EDITOR, false);
        send("PATCH", "/api/v1/workspace", "{\"requireSecondFactor\":true}", strict.key());
        assertThat(browser.get("/imports", "Accept", "text/html").headers().firstValue("Location"))
                .hasValueSatisfying(it -> assertThat(it).endsWith("/account"));

        String token = AccessFixture.formToken(browser, "/account");
        String setup =
                AccessFixture.post(browser, "/account/second-factor", token, Map.of()).body();
        String secret = found(setup, "id=\"secret\">([A-Z2-7]+)<");
        assertThat(
                        TestApi.owner()
                                .sql("SELECT totp_secret FROM person WHERE email = :email")
                                .param("email", email)
                                .query(
                                        (row, _) ->
                                                new String(
                                                        row.getBytes(1),
                                                        StandardCharsets.ISO_8859_1))
                                .single())
                .doesNotContain(secret);
        String code = code(secret);
        String confirmed =
                AccessFixture.post(
                                browser,
                                "/account/second-factor/confirm",
                                token,
                                Map.of("code", code))
                        .body();
        String recovery = found(confirmed, "<code>([a-z0-9]{16})</code>");
        assertThat(opens(browser, "/imports")).isTrue();

        TestApi again = TestApi.browser();
        assertThat(
                        AccessFixture.signIn(again, email, AccessFixture.PASSWORD)
                                .headers()
                                .firstValue("Location"))
                .hasValueSatisfying(it -> assertThat(it).endsWith("/sign-in/code"));
        assertThat(opens(again, "/imports")).isFalse();
        String form = AccessFixture.formToken(again, "/sign-in/code");
        assertThat(enter(again, form, code)).as("the code that was used before").isEqualTo(401);
        assertThat(enter(again, form, recovery)).isEqualTo(302);
        assertThat(opens(again, "/imports")).isTrue();

        TestApi third = TestApi.browser();
        AccessFixture.signIn(third, email, AccessFixture.PASSWORD);
        String last = AccessFixture.formToken(third, "/sign-in/code");
        assertThat(enter(third, last, recovery)).as("a recovery code works once").isEqualTo(401);
    }

    private static int enter(TestApi browser, String token, String code) throws Exception {
        return AccessFixture.post(browser, "/sign-in/code", token, Map.of("code", code))
                .statusCode();
    }

    private static String code(String secret) throws Exception {
        return new DefaultCodeGenerator().generate(secret, Instant.now().getEpochSecond() / 30);
    }

    private static String found(String page, String pattern) {
        Matcher matcher = Pattern.compile(pattern).matcher(page);
        assertThat(matcher.find()).as(page).isTrue();
        return matcher.group(1);
    }

    @Test
    void the_shortest_password_is_what_the_pages_say() {
        assertThat(Passwords.SHORTEST).isEqualTo(12);
    }
}
