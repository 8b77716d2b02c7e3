package io.mailgenius.api.access;

import static io.mailgenius.api.TestApi.json;
import static io.mailgenius.api.access.AccessFixture.address;
import static io.mailgenius.api.access.AccessFixture.opens;
import static io.mailgenius.api.access.AccessFixture.person;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.mailgenius.api.TestApi;
import io.mailgenius.engine.TestRedis;
import io.mailgenius.jobs.workspaces.AccessChanges;
import io.mailgenius.schema.MemberRole;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/** People and keys of a workspace, as a browser and a program meet them. */
@ExtendWith(TestApi.Ends.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PeopleTest {

    private AccessFixture workspace;

    @BeforeAll
    void workspace() throws Exception {
        workspace = new AccessFixture("people");
    }

    private HttpResponse<String> send(String method, String path, String body) throws Exception {
        return send(method, path, body, workspace.key());
    }

    private static HttpResponse<String> send(String method, String path, String body, String key)
            throws Exception {
        return AccessFixture.send(method, path, body, key);
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
}
