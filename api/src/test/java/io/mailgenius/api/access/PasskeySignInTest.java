package io.mailgenius.api.access;

import static io.mailgenius.api.TestApi.json;
import static io.mailgenius.api.access.AccessFixture.address;
import static io.mailgenius.api.access.AccessFixture.found;
import static io.mailgenius.api.access.AccessFixture.opens;
import static io.mailgenius.api.access.AccessFixture.person;
import static org.assertj.core.api.Assertions.assertThat;

import io.mailgenius.api.TestApi;
import io.mailgenius.jobs.people.Identities;
import io.mailgenius.schema.MemberRole;
import java.net.http.HttpResponse;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

/** Passkeys, with an authenticator in place of a browser. */
@ExtendWith(TestApi.Ends.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PasskeySignInTest {

    private AccessFixture strict;
    private String origin;

    @BeforeAll
    void workspace() throws Exception {
        strict = new AccessFixture("passkeys");
        AccessFixture.send(
                "PATCH", "/api/v1/workspace", "{\"requireSecondFactor\":true}", strict.key());
        origin = "http://localhost:" + TestApi.url("/").getPort();
    }

    private static JsonNode options(TestApi browser, String path, String token) throws Exception {
        HttpResponse<String> answer =
                browser.post(path, "", "X-XSRF-TOKEN", token, "Accept", "application/json");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return json(answer);
    }

    private static HttpResponse<String> add(
            TestApi browser, TestAuthenticator authenticator, String name) throws Exception {
        String token = AccessFixture.formToken(browser, "/account");
        JsonNode options = options(browser, "/account/passkeys/options", token);
        assertThat(options.path("excludeCredentials").isArray()).isTrue();
        return AccessFixture.post(
                browser,
                "/account/passkeys",
                token,
                Map.of("name", name, "credential", authenticator.create(options)));
    }

    private static HttpResponse<String> use(TestApi browser, TestAuthenticator authenticator)
            throws Exception {
        String token = AccessFixture.formToken(browser, "/sign-in");
        JsonNode options = options(browser, "/sign-in/passkey/options", token);
        return answer(browser, token, authenticator.get(options));
    }

    private static HttpResponse<String> answer(TestApi browser, String token, String credential)
            throws Exception {
        return AccessFixture.post(
                browser, "/sign-in/passkey", token, Map.of("credential", credential));
    }

    @Test
    void a_passkey_is_a_second_factor_and_signs_in_without_a_password() throws Exception {
        String email = address();
        TestApi browser = strict.signedIn(email, MemberRole.EDITOR, false);
        assertThat(opens(browser, "/imports")).as("before there is a second factor").isFalse();
        TestAuthenticator authenticator = new TestAuthenticator(origin);

        HttpResponse<String> added = add(browser, authenticator, "laptop");

        assertThat(added.statusCode()).as(added.body()).isEqualTo(302);
        assertThat(opens(browser, "/imports")).isTrue();
        assertThat(
                        AccessFixture.send(
                                        "GET", "/api/v1/people/" + person(email), "", strict.key())
                                .body())
                .contains("\"secondFactor\":true");

        TestApi byPassword = TestApi.browser();
        assertThat(
                        AccessFixture.signIn(byPassword, email, AccessFixture.PASSWORD)
                                .headers()
                                .firstValue("Location")
                                .orElse(""))
                .endsWith("/sign-in/code");
        assertThat(opens(byPassword, "/imports")).isFalse();
        authenticator.count++;
        authenticator.verifies = false;
        assertThat(use(byPassword, authenticator).statusCode()).isEqualTo(302);
        assertThat(opens(byPassword, "/imports")).isTrue();

        TestApi alone = TestApi.browser();
        authenticator.count++;
        assertThat(use(alone, authenticator).statusCode())
                .as("without a finger or a PIN it proves a device and no person")
                .isEqualTo(401);
        authenticator.verifies = true;
        assertThat(use(alone, authenticator).statusCode()).isEqualTo(302);
        assertThat(opens(alone, "/imports")).isTrue();
    }

    @Test
    void nothing_but_the_right_answer_to_this_challenge_opens_anything() throws Exception {
        String email = address();
        TestApi browser = strict.signedIn(email, MemberRole.EDITOR, false);
        TestAuthenticator authenticator = new TestAuthenticator(origin);
        assertThat(add(browser, authenticator, "phone").statusCode()).isEqualTo(302);
        authenticator.count++;
        TestApi first = TestApi.browser();
        String token = AccessFixture.formToken(first, "/sign-in");
        String answer = authenticator.get(options(first, "/sign-in/passkey/options", token));
        TestApi stranger = TestApi.browser();
        answer(stranger, AccessFixture.formToken(stranger, "/sign-in"), answer);
        assertThat(opens(stranger, "/campaigns")).as("a browser that did not begin").isFalse();
        assertThat(answer(first, token, answer).statusCode()).isEqualTo(302);
        assertThat(opens(first, "/imports")).isTrue();

        TestApi again = TestApi.browser();
        String form = AccessFixture.formToken(again, "/sign-in");
        options(again, "/sign-in/passkey/options", form);
        assertThat(answer(again, form, answer).statusCode()).as("an old answer").isEqualTo(401);
        assertThat(use(again, authenticator).statusCode())
                .as("a count that was there before: a copy")
                .isEqualTo(401);
        authenticator.count++;
        assertThat(use(again, new TestAuthenticator(origin)).statusCode())
                .as("a passkey that nobody has")
                .isEqualTo(401);
        assertThat(add(browser, new TestAuthenticator("https://evil.example"), "x").statusCode())
                .as("made for another site")
                .isEqualTo(422);
        assertThat(answer(again, form, "no JSON").statusCode()).isEqualTo(401);

        TestApi other = strict.signedIn(address(), MemberRole.VIEWER, false);
        TestAuthenticator theirs = new TestAuthenticator(origin);
        assertThat(add(other, theirs, "theirs").statusCode()).isEqualTo(302);
        TestApi pending = TestApi.browser();
        AccessFixture.signIn(pending, email, AccessFixture.PASSWORD);
        theirs.count++;
        assertThat(use(pending, theirs).statusCode()).as("somebody else's").isEqualTo(401);
        assertThat(use(pending, authenticator).statusCode()).isEqualTo(302);
    }

    @Test
    void passkeys_are_named_and_removed_and_only_by_somebody_who_signed_in_lately()
            throws Exception {
        String email = address();
        TestApi browser = strict.signedIn(email, MemberRole.EDITOR, false);
        TestAuthenticator authenticator = new TestAuthenticator(origin);
        add(browser, authenticator, "laptop");
        String page = browser.get("/account", "Accept", "text/html").body();
        assertThat(page).contains("value=\"laptop\"");
        String id = found(page, "/account/passkeys/(\\d+)/rename");
        String token = AccessFixture.formToken(browser, "/account");
        TestApi other = strict.signedIn(address(), MemberRole.EDITOR, false);
        String others = AccessFixture.formToken(other, "/account");

        assertThat(post(other, "/account/passkeys/" + id + "/rename", others, "stolen"))
                .isEqualTo(404);
        assertThat(post(other, "/account/passkeys/" + id + "/remove", others, "")).isEqualTo(404);
        assertThat(post(browser, "/account/passkeys/" + id + "/rename", token, "desk"))
                .isEqualTo(302);
        assertThat(browser.get("/account", "Accept", "text/html").body())
                .contains("value=\"desk\"");

        age(email);
        assertThat(post(browser, "/account/passkeys/" + id + "/remove", token, "")).isEqualTo(422);
        assertThat(
                        browser.post(
                                        "/account/passkeys/options",
                                        "",
                                        "X-XSRF-TOKEN",
                                        token,
                                        "Accept",
                                        "application/json")
                                .body())
                .contains("sign-in-again");

        TestApi fresh = TestApi.browser();
        authenticator.count++;
        use(fresh, authenticator);
        String form = AccessFixture.formToken(fresh, "/account");
        assertThat(post(fresh, "/account/passkeys/" + id + "/remove", form, "")).isEqualTo(302);
        assertThat(opens(fresh, "/imports")).as("the second factor is gone").isFalse();
        authenticator.count++;
        assertThat(use(TestApi.browser(), authenticator).statusCode()).isEqualTo(401);
    }

    private static void age(String email) {
        TestApi.owner()
                .sql(
                        """
                        UPDATE spring_session SET creation_time = creation_time - 16 * 60 * 1000
                         WHERE principal_name = 'person ' || :id
                        """)
                .param("id", person(email))
                .update();
    }

    private static int post(TestApi browser, String path, String token, String name)
            throws Exception {
        return AccessFixture.post(browser, path, token, Map.of("name", name)).statusCode();
    }

    @Test
    void an_operator_takes_away_what_was_lost() throws Exception {
        String email = address();
        TestApi browser = strict.signedIn(email, MemberRole.EDITOR, false);
        TestAuthenticator authenticator = new TestAuthenticator(origin);
        add(browser, authenticator, "lost");

        TestApi.bean(Identities.class).removeSecondFactor(email);

        assertThat(opens(browser, "/account")).as("signed out").isFalse();
        authenticator.count++;
        assertThat(use(TestApi.browser(), authenticator).statusCode()).isEqualTo(401);
    }
}
