package io.mailgenius.jobs.delivery.tokens;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.mailgenius.jobs.delivery.tokens.UnsubscribeTokens.Recipient;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UnsubscribeTokensTest {

    private static final byte[] SECRET = "a secret of thirty-two bytes or so".getBytes(UTF_8);

    private final UnsubscribeTokens tokens = new UnsubscribeTokens(SECRET);

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ada@b.co",
                "ada@example.com",
                "josé@exämple.com",
                "an.address.that.is.longer.than.one.block.of.the.mask@a-rather-long-domain.example.com"
            })
    void a_token_knows_the_address_that_was_mailed_and_does_not_show_it(String email) {
        Recipient recipient = new Recipient(1, 7, 1_234_567_890_123L, email);
        String token = tokens.sign(recipient);
        assertThat(tokens.read(token)).contains(recipient);
        assertThat(new String(Base64.getUrlDecoder().decode(token), ISO_8859_1))
                .doesNotContain(email.substring(0, email.indexOf('@')))
                .doesNotContain(email.substring(email.indexOf('@')));
        assertThat(token).matches("[A-Za-z0-9_-]+");
        assertThat(tokens.sign(recipient)).as("a repetition is the same mail").isEqualTo(token);
    }

    @Test
    void a_token_of_a_mail_from_before_is_read() {
        Recipient recipient = new Recipient(1, 7, 41);
        String old =
                TokenSigner.encoded(
                        new TokenSigner(SECRET)
                                .sealed(new byte[0], recipient.claim(), TokenSigner.WHOLE));
        assertThat(tokens.sign(recipient)).isEqualTo(old);
        assertThat(tokens.read(old)).contains(recipient);
    }

    @Test
    void no_byte_of_it_can_be_changed() {
        byte[] token =
                Base64.getUrlDecoder()
                        .decode(tokens.sign(new Recipient(1, 7, 41, "ada@example.com")));
        for (int i = 0; i < token.length; i++) {
            byte[] changed = token.clone();
            changed[i] ^= 1;
            assertThat(tokens.read(Base64.getUrlEncoder().encodeToString(changed))).isEmpty();
            byte[] cut = java.util.Arrays.copyOf(token, i);
            assertThat(tokens.read(Base64.getUrlEncoder().encodeToString(cut))).isEmpty();
        }
        assertThat(new UnsubscribeTokens("another".getBytes(UTF_8)).read(new String(token, UTF_8)))
                .isEmpty();
        assertThat(tokens.read("no token!")).isEmpty();
        assertThat(tokens.read("")).isEmpty();
    }
}
