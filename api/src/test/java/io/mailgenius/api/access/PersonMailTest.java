package io.mailgenius.api.access;

import static io.mailgenius.api.TestApi.json;
import static io.mailgenius.api.access.AccessFixture.address;
import static io.mailgenius.api.access.AccessFixture.found;
import static io.mailgenius.api.access.AccessFixture.opens;
import static io.mailgenius.api.access.AccessFixture.person;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mailgenius.api.TestApi;
import io.mailgenius.jobs.providers.sandbox.Sandbox;
import io.mailgenius.jobs.providers.sandbox.SandboxMail;
import io.mailgenius.schema.MemberRole;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/** Mails to people: another password, and invitations. */
@ExtendWith(TestApi.Ends.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PersonMailTest {

    private AccessFixture workspace;

    @BeforeAll
    void workspace() throws Exception {
        workspace = new AccessFixture("mails to people");
    }

    private static HttpResponse<String> ask(String email, String from) throws Exception {
        TestApi browser = TestApi.browser();
        String token = AccessFixture.formToken(browser, "/reset");
        return browser.post(
                "/reset",
                "_csrf=%s&email=%s"
                        .formatted(
                                URLEncoder.encode(token, StandardCharsets.UTF_8),
                                URLEncoder.encode(email, StandardCharsets.UTF_8)),
                "Content-Type",
                "application/x-www-form-urlencoded",
                "Accept",
                "text/html",
                "X-Forwarded-For",
                from,
                "X-Forwarded-Host",
                "evil.example");
    }

    private static List<SandboxMail> mails(String email) {
        return TestApi.bean(Sandbox.class).mails(null, 200).stream()
                .filter(mail -> mail.to().contains(email))
                .toList();
    }

    private static String mailTo(String email) {
        await().until(() -> !mails(email).isEmpty());
        return Objects.requireNonNull(mails(email).getFirst().text());
    }

    private static long waiting() {
        return TestApi.owner().sql("SELECT count(*) FROM person_mail").query(Long.class).single();
    }

    @Test
    void a_link_to_another_password_is_mailed_works_once_and_ends_all_sessions() throws Exception {
        String email = address();
        TestApi open = workspace.signedIn(email, MemberRole.EDITOR, false);
        TestApi.owner()
                .sql("UPDATE person SET totp_confirmed_at = now() WHERE id = :id")
                .param("id", person(email))
                .update();
        TestApi begun = TestApi.browser();
        AccessFixture.signIn(begun, email, AccessFixture.PASSWORD);
        assertThat(begun.get("/sign-in/code", "Accept", "text/html").statusCode()).isEqualTo(200);

        HttpResponse<String> asked = ask(" " + email.toUpperCase(Locale.ROOT), "192.0.2.1");

        assertThat(asked.statusCode()).isEqualTo(200);
        String older = found(mailTo(email), "(/reset/[A-Za-z0-9_-]+)");
        ask(email, "192.0.2.1");
        await().until(() -> mails(email).size() == 2);
        String mail = mailTo(email);
        String link = found(mail, "(/reset/[A-Za-z0-9_-]+)");
        assertThat(mail)
                .contains("within an hour", "http://localhost:" + TestApi.url("/").getPort())
                .doesNotContain("evil.example");
        assertThat(TestApi.browser().get(older, "Accept", "text/html").statusCode())
                .as("the link from before")
                .isEqualTo(404);
        assertThat(
                        TestApi.owner()
                                .sql(
                                        """
                                        SELECT row_to_json(r)::text FROM password_reset r WHERE person_id = :id
                                        """)
                                .param("id", person(email))
                                .query(String.class)
                                .single())
                .doesNotContain(link.substring(7));
        TestApi browser = TestApi.browser();
        String token = AccessFixture.formToken(browser, link);
        Map<String, String> other = Map.of("password", "four words of another kind");
        assertThat(AccessFixture.post(browser, link, token, other).statusCode()).isEqualTo(302);

        assertThat(opens(open, "/imports")).as("a session from before").isFalse();
        assertThat(begun.get("/sign-in/code", "Accept", "text/html").statusCode())
                .as("a session that had only begun")
                .isEqualTo(302);
        assertThat(AccessFixture.post(browser, link, token, other).statusCode())
                .as("a second time")
                .isEqualTo(422);
        TestApi again = TestApi.browser();
        assertThat(AccessFixture.signIn(again, email, AccessFixture.PASSWORD).statusCode())
                .isEqualTo(401);
        assertThat(
                        AccessFixture.signIn(again, email, "four words of another kind")
                                .headers()
                                .firstValue("Location")
                                .orElse(""))
                .endsWith("/sign-in/code");
    }

    @Test
    void an_address_that_nobody_has_gets_the_same_answer_and_no_mail() throws Exception {
        String known = address();
        workspace.signedIn(known, MemberRole.VIEWER, false);
        String unknown = address();

        HttpResponse<String> ofNobody = ask(unknown, "192.0.2.2");
        HttpResponse<String> ofSomebody = ask(known, "192.0.2.2");

        assertThat(ofNobody.statusCode()).isEqualTo(ofSomebody.statusCode());
        assertThat(ofNobody.body())
                .isEqualTo(ofSomebody.body())
                .contains("If somebody with this address")
                .doesNotContain(known, unknown);
        mailTo(known);
        await().until(() -> waiting() == 0);
        assertThat(mails(unknown)).isEmpty();
        assertThat(ask("no address", "192.0.2.2").statusCode()).isEqualTo(422);
    }

    @Test
    void an_address_gets_few_mails_and_a_network_asks_for_few() throws Exception {
        String email = address();
        for (int n = 0; n < 3; n++) {
            assertThat(ask(email, "192.0.2." + (10 + n)).statusCode()).isEqualTo(200);
        }
        HttpResponse<String> fourth = ask(email, "192.0.2.20");
        assertThat(fourth.statusCode()).isEqualTo(429);
        assertThat(fourth.headers().firstValueAsLong("Retry-After").orElse(0)).isPositive();

        for (int n = 0; n < 20; n++) {
            assertThat(ask(address(), "198.51.100.7").statusCode()).isEqualTo(200);
        }
        assertThat(ask(address(), "198.51.100.7").statusCode()).isEqualTo(429);
        assertThat(ask(address(), "198.51.100.8").statusCode()).isEqualTo(200);
    }

    @Test
    void an_invitation_is_mailed_when_asked() throws Exception {
        String email = address();
        HttpResponse<String> invited =
                AccessFixture.send(
                        "POST",
                        "/api/v1/invitations",
                        "{\"email\":\"%s\",\"role\":\"VIEWER\",\"mail\":true}".formatted(email),
                        workspace.key());
        assertThat(invited.statusCode()).as(invited.body()).isEqualTo(201);
        String link = json(invited).path("link").asString();
        assertThat(json(invited).path("invitation").path("mailed").asBoolean()).isTrue();

        assertThat(mailTo(email)).contains(link, "\"mails to people\"");
        await().until(
                        () ->
                                TestApi.owner()
                                                .sql(
                                                        "SELECT count(*) FROM person_mail WHERE email = :email")
                                                .param("email", email)
                                                .query(Long.class)
                                                .single()
                                        == 0);
        assertThat(
                        AccessFixture.join(
                                        link.substring(link.indexOf("/join/")),
                                        email,
                                        AccessFixture.PASSWORD)
                                .statusCode())
                .isEqualTo(302);
        assertThat(
                        AccessFixture.send(
                                        "POST",
                                        "/api/v1/invitations",
                                        "{\"role\":\"VIEWER\",\"mail\":true}",
                                        workspace.key())
                                .body())
                .contains("email-missing");
    }
}
