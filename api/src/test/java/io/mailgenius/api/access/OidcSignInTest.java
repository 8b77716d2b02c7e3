package io.mailgenius.api.access;

import static io.mailgenius.api.access.AccessFixture.address;
import static io.mailgenius.api.access.AccessFixture.opens;
import static io.mailgenius.api.access.AccessFixture.person;
import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jwt.JWTClaimsSet;
import io.mailgenius.api.TestApi;
import io.mailgenius.api.TestOidcProvider;
import io.mailgenius.schema.MemberRole;
import java.net.URI;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.Date;
import java.util.Locale;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/** Signing in with an OpenID Connect provider, which runs beside the node. */
@ExtendWith(TestApi.Ends.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OidcSignInTest {

    private AccessFixture workspace;

    @BeforeAll
    void workspace() throws Exception {
        workspace = new AccessFixture("known elsewhere");
    }

    /** What the provider says about somebody. */
    private static UnaryOperator<JWTClaimsSet.Builder> account(
            String subject, String email, boolean verified) {
        return claims ->
                claims.subject(subject)
                        .claim("email", email)
                        .claim("email_verified", verified)
                        .claim("name", "Ada Lovelace");
    }

    private static URI begin(TestApi browser) throws Exception {
        HttpResponse<String> led = browser.get("/sign-in/oidc", "Accept", "text/html");
        assertThat(led.statusCode()).as(led.body()).isEqualTo(302);
        return URI.create(led.headers().firstValue("Location").orElseThrow());
    }

    private static HttpResponse<String> comeBack(TestApi browser, String code, String state)
            throws Exception {
        return browser.get(
                "/sign-in/oidc/callback?code=" + code + "&state=" + state, "Accept", "text/html");
    }

    private static HttpResponse<String> signIn(
            TestApi browser, UnaryOperator<JWTClaimsSet.Builder> account) throws Exception {
        URI asked = begin(browser);
        return comeBack(
                browser,
                TestApi.OIDC.code(asked, account),
                TestOidcProvider.parameters(asked.getRawQuery()).get("state"));
    }

    private static void assertEntered(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(302);
        assertThat(answer.headers().firstValue("Location").orElse("")).endsWith("/");
    }

    private static long people(String email) {
        return TestApi.owner()
                .sql("SELECT count(*) FROM person WHERE email = :email")
                .param("email", email)
                .query(Long.class)
                .single();
    }

    @Test
    void somebody_who_is_invited_becomes_a_person_and_is_known_by_the_subject_from_then_on()
            throws Exception {
        String email = address();
        String subject = UUID.randomUUID().toString();
        workspace.invite(email, MemberRole.EDITOR, false);
        TestApi browser = TestApi.browser();

        assertEntered(signIn(browser, account(subject, email, true)));

        assertThat(opens(browser, "/imports")).isTrue();
        assertThat(opens(browser, "/nodes")).as("an editor").isFalse();
        TestApi later = TestApi.browser();
        assertEntered(signIn(later, account(subject, address(), false)));
        assertThat(later.get("/account", "Accept", "text/html").body()).contains("known elsewhere");
        assertThat(people(email)).isEqualTo(1);
    }

    @Test
    void somebody_who_is_here_is_linked_once_and_only_by_a_verified_address() throws Exception {
        String email = address();
        workspace.signedIn(email, MemberRole.VIEWER, false);

        HttpResponse<String> unverified =
                signIn(TestApi.browser(), account("unverified " + email, email, false));
        assertThat(unverified.statusCode()).isEqualTo(401);
        assertThat(unverified.body()).contains("ask for an invitation");

        assertEntered(
                signIn(
                        TestApi.browser(),
                        account("first " + email, email.toUpperCase(Locale.ROOT), true)));
        assertThat(signIn(TestApi.browser(), account("second " + email, email, true)).statusCode())
                .as("another account with the same address")
                .isEqualTo(401);
    }

    @Test
    void a_stranger_and_somebody_who_is_disabled_are_refused_in_plain_words() throws Exception {
        String stranger = address();
        HttpResponse<String> refused =
                signIn(TestApi.browser(), account("stranger", stranger, true));
        assertThat(refused.statusCode()).isEqualTo(401);
        assertThat(refused.body()).contains("belongs to nobody here");
        assertThat(people(stranger)).isZero();

        String email = address();
        workspace.signedIn(email, MemberRole.VIEWER, false);
        assertEntered(signIn(TestApi.browser(), account("of " + email, email, true)));
        TestApi.owner()
                .sql("UPDATE person SET status = 'DISABLED' WHERE id = :id")
                .param("id", person(email))
                .update();
        assertThat(signIn(TestApi.browser(), account("of " + email, email, true)).statusCode())
                .isEqualTo(401);
    }

    @Test
    void the_second_factor_is_asked_for_here_as_well() throws Exception {
        String email = address();
        workspace.signedIn(email, MemberRole.VIEWER, false);
        TestApi.owner()
                .sql("UPDATE person SET totp_confirmed_at = now() WHERE id = :id")
                .param("id", person(email))
                .update();
        TestApi browser = TestApi.browser();

        HttpResponse<String> answer = signIn(browser, account("two " + email, email, true));

        assertThat(answer.headers().firstValue("Location").orElse("")).endsWith("/sign-in/code");
        assertThat(opens(browser, "/campaigns")).isFalse();
    }

    @Test
    void state_nonce_audience_issuer_and_signature_must_be_right() throws Exception {
        String email = address();
        workspace.signedIn(email, MemberRole.VIEWER, false);
        UnaryOperator<JWTClaimsSet.Builder> account = account("exact " + email, email, true);
        TestApi browser = TestApi.browser();
        URI asked = begin(browser);
        var sent = TestOidcProvider.parameters(asked.getRawQuery());
        assertThat(sent.get("scope")).contains("openid", "email");
        assertThat(sent.get("code_challenge_method")).isEqualTo("S256");
        assertThat(sent.get("nonce")).isNotBlank();

        HttpResponse<String> wrongState =
                comeBack(browser, TestApi.OIDC.code(asked, account), "another");
        assertThat(wrongState.statusCode()).isEqualTo(401);
        assertThat(wrongState.body()).contains("did not work: try again");
        assertThat(
                        comeBack(
                                        TestApi.browser(),
                                        TestApi.OIDC.code(asked, account),
                                        sent.get("state"))
                                .statusCode())
                .as("a browser that did not begin")
                .isEqualTo(401);

        RSAKey stranger = TestOidcProvider.newKey();
        TestApi other = TestApi.browser();
        URI again = begin(other);
        assertThat(
                        comeBack(
                                        other,
                                        TestApi.OIDC.code(again, account, stranger),
                                        TestOidcProvider.parameters(again.getRawQuery())
                                                .get("state"))
                                .statusCode())
                .as("signed by somebody else")
                .isEqualTo(401);
        assertRefused(it -> account.apply(it).claim("nonce", "another"));
        assertRefused(it -> account.apply(it).audience("another client"));
        assertRefused(it -> account.apply(it).issuer("http://localhost:1"));
        assertRefused(
                it ->
                        account.apply(it)
                                .issueTime(Date.from(Instant.now().minusSeconds(900)))
                                .expirationTime(Date.from(Instant.now().minusSeconds(600))));
        assertEntered(signIn(TestApi.browser(), account));
    }

    private static void assertRefused(UnaryOperator<JWTClaimsSet.Builder> account)
            throws Exception {
        assertThat(signIn(TestApi.browser(), account).statusCode()).isEqualTo(401);
    }
}
