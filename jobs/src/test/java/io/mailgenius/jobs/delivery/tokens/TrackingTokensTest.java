package io.mailgenius.jobs.delivery.tokens;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailgenius.jobs.delivery.tokens.TrackingTokens.Target;
import io.mailgenius.jobs.delivery.tokens.UnsubscribeTokens.Recipient;
import org.junit.jupiter.api.Test;

class TrackingTokensTest {

    private static final byte[] SECRET = new byte[32];
    private static final TrackingTokens TOKENS = new TrackingTokens(SECRET);
    private static final Recipient ADA = new Recipient(1, 2_000, 3_000_000);
    private static final Recipient BOB = new Recipient(1, 2_000, 3_000_001);

    private final String ada = TOKENS.mail(ADA);
    private final String listed = TOKENS.code(1, 2_000, 7);
    private final String own = TOKENS.code(ADA, 8, "https://shop.example/ä?b#c");

    @Test
    void what_was_signed_is_read() {
        assertThat(TOKENS.mail(ada)).contains(ADA);
        assertThat(TOKENS.link(ada + "." + listed)).contains(new Target.Listed(ADA, 7));
        assertThat(TOKENS.link(ada + "." + own))
                .contains(new Target.Own(ADA, 8, "https://shop.example/ä?b#c"));
        assertThat(ada.length() + listed.length()).isLessThan(60);
    }

    /** Whatever character is changed, in whichever half. */
    @Test
    void a_token_that_was_changed_leads_nowhere() {
        for (String token : new String[] {ada + "." + listed, ada + "." + own}) {
            for (int i = 0; i < token.length(); i++) {
                char other = token.charAt(i) == 'A' ? 'Q' : 'A';
                String changed = token.substring(0, i) + other + token.substring(i + 1);
                assertThat(TOKENS.link(changed)).as(changed).isEmpty();
            }
        }
        assertThat(TOKENS.link("")).isEmpty();
        assertThat(TOKENS.link(".")).isEmpty();
        assertThat(TOKENS.link(ada)).isEmpty();
        assertThat(TOKENS.link(ada + ".")).isEmpty();
        assertThat(TOKENS.mail("%%%")).isEmpty();
    }

    @Test
    void no_part_of_a_token_passes_for_another() {
        assertThat(TOKENS.link(TOKENS.mail(BOB) + "." + own)).as("another's address").isEmpty();
        assertThat(TOKENS.link(TOKENS.mail(new Recipient(1, 2_001, 3)) + "." + listed))
                .as("another campaign's link")
                .isEmpty();
        UnsubscribeTokens unsubscribe = new UnsubscribeTokens(SECRET);
        assertThat(unsubscribe.read(ada)).as("to unsubscribe, even with one secret").isEmpty();
        assertThat(TOKENS.mail(unsubscribe.sign(ADA))).isEmpty();
        assertThat(unsubscribe.read(unsubscribe.sign(ADA))).contains(ADA);
        assertThat(new TrackingTokens(new byte[] {1}).mail(ada)).isEmpty();
    }
}
