package io.mailgenius.jobs.events;

import static io.mailgenius.jobs.events.EventsFixture.NEXT_SECRET;
import static io.mailgenius.jobs.events.EventsFixture.SECRET;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class WebhookSignatureTest {

    private static final String ID = "msg_2b4";
    private static final String AT = EventsFixture.NOW.getEpochSecond() + "";
    private static final String BODY = "{\"type\":\"email.opened\",\"name\":\"Zoë\"}";

    @Test
    void signatures_of_the_standardwebhooks_library_are_accepted() {
        assertThat(matches(SECRET, signed(SECRET), BODY)).isTrue();
    }

    /** The example of the Svix documentation, which other implementations verify as well. */
    @Test
    void the_published_example_is_accepted() {
        assertThat(
                        WebhookSignature.matches(
                                WebhookSecrets.of("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"),
                                "msg_p5jXN8AQM9LWM0D4loKWxJek",
                                "1614265330",
                                "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
                                "{\"test\": 2432232314}".getBytes(UTF_8)))
                .isTrue();
    }

    @Test
    void a_changed_body_is_rejected() {
        assertThat(matches(SECRET, signed(SECRET), BODY.replace("opened", "clicked"))).isFalse();
    }

    @Test
    void another_secret_is_rejected() {
        assertThat(matches(NEXT_SECRET, signed(SECRET), BODY)).isFalse();
    }

    @Test
    void during_a_rotation_both_secrets_are_accepted() {
        String both = NEXT_SECRET + "," + SECRET;
        assertThat(matches(both, signed(SECRET), BODY)).isTrue();
        assertThat(matches(both, signed(NEXT_SECRET), BODY)).isTrue();
    }

    @Test
    void one_valid_signature_of_several_suffices() {
        String header = "v1a,Zm9v " + signed(NEXT_SECRET) + " " + signed(SECRET);
        assertThat(matches(SECRET, header, BODY)).isTrue();
    }

    @Test
    void another_signature_version_is_rejected() {
        assertThat(matches(SECRET, signed(SECRET).replace("v1,", "v2,"), BODY)).isFalse();
    }

    @Test
    void messages_without_signature_or_secret_are_rejected() {
        assertThat(matches(SECRET, "", BODY)).isFalse();
        assertThat(matches(SECRET, "v1,", BODY)).isFalse();
        assertThat(matches("", signed(SECRET), BODY)).isFalse();
    }

    @Test
    void an_invalid_secret_is_refused_and_not_repeated_in_the_message() {
        assertThatThrownBy(() -> WebhookSecrets.of("whsec_not/base64!"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("whsec_")
                .hasMessageNotContaining("not/base64");
        assertThat(WebhookSecrets.of(SECRET).toString()).doesNotContain("MfKQ");
    }

    private static boolean matches(String secrets, String header, String body) {
        return WebhookSignature.matches(
                WebhookSecrets.of(secrets), ID, AT, header, body.getBytes(UTF_8));
    }

    private static String signed(String secret) {
        return EventsFixture.sign(secret, ID, EventsFixture.NOW, BODY);
    }
}
