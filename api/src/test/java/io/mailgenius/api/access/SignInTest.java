package io.mailgenius.api.access;

import static io.mailgenius.api.TestApi.json;
import static io.mailgenius.api.access.AccessFixture.address;
import static io.mailgenius.api.access.AccessFixture.found;
import static io.mailgenius.api.access.AccessFixture.opens;
import static io.mailgenius.api.access.AccessFixture.person;
import static org.assertj.core.api.Assertions.assertThat;

import dev.samstevens.totp.code.DefaultCodeGenerator;
import io.mailgenius.api.TestApi;
import io.mailgenius.jobs.people.Passwords;
import io.mailgenius.schema.MemberRole;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/** How people sign in to the console, and out of it. */
@ExtendWith(TestApi.Ends.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SignInTest {

    private AccessFixture workspace;

    @BeforeAll
    void workspace() throws Exception {
        workspace = new AccessFixture("sign-ins");
    }

    private HttpResponse<String> send(String method, String path, String body) throws Exception {
        return AccessFixture.send(method, path, body, workspace.key());
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
    void another_password_and_signing_out_everywhere_end_all_sessions() throws Exception {
        String email = address();
        TestApi first = workspace.signedIn(email, MemberRole.EDITOR, false);
        TestApi second = TestApi.browser();
        AccessFixture.signIn(second, email, AccessFixture.PASSWORD);
        String token = AccessFixture.formToken(second, "/account");
        AccessFixture.post(second, "/account/sessions/end", token, Map.of());
        assertThat(opens(first, "/imports")).isFalse();
        assertThat(opens(second, "/imports")).isFalse();

        AccessFixture.signIn(first, email, AccessFixture.PASSWORD);
        TestApi begun = TestApi.browser();
        TestApi.owner()
                .sql("UPDATE person SET totp_confirmed_at = now() WHERE id = :id")
                .param("id", person(email))
                .update();
        AccessFixture.signIn(begun, email, AccessFixture.PASSWORD);
        String form = AccessFixture.formToken(first, "/account");
        assertThat(
                        AccessFixture.post(
                                        first,
                                        "/account/password",
                                        form,
                                        Map.of(
                                                "current",
                                                AccessFixture.PASSWORD,
                                                "password",
                                                "four words of another kind"))
                                .statusCode())
                .isEqualTo(302);
        assertThat(opens(first, "/imports")).isFalse();
        assertThat(opens(begun, "/sign-in/code")).as("one that had only begun").isFalse();
        assertThat(
                        TestApi.owner()
                                .sql(
                                        """
                                        SELECT count(*) FROM spring_session
                                         WHERE principal_name IN (:person, :person || ' pending')
                                        """)
                                .param("person", "person " + person(email))
                                .query(Long.class)
                                .single())
                .isZero();
    }

    @Test
    void an_admin_ends_one_session_of_a_person_and_none_of_another_workspace() throws Exception {
        String email = address();
        TestApi browser = workspace.signedIn(email, MemberRole.EDITOR, false);
        String sessions = "/api/v1/people/" + person(email) + "/sessions";
        String path =
                sessions + "/" + json(send("GET", sessions, "")).path(0).path("id").asString();

        assertThat(
                        AccessFixture.send(
                                        "DELETE",
                                        path,
                                        "",
                                        new AccessFixture("other sign-ins").key())
                                .statusCode())
                .isEqualTo(404);
        assertThat(opens(browser, "/imports")).isTrue();
        assertThat(send("DELETE", path, "").statusCode()).isEqualTo(204);
        assertThat(opens(browser, "/imports")).isFalse();
        assertThat(send("DELETE", path, "").statusCode()).isEqualTo(404);
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
        AccessFixture.send(
                "PATCH", "/api/v1/workspace", "{\"requireSecondFactor\":true}", strict.key());
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

    @Test
    void the_shortest_password_is_what_the_pages_say() {
        assertThat(Passwords.SHORTEST).isEqualTo(12);
    }
}
