package io.mailgenius.jobs.delivery.tokens;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailgenius.jobs.delivery.tokens.TrackingTokens.Target;
import io.mailgenius.jobs.delivery.tokens.UnsubscribeTokens.Recipient;
import io.mailgenius.schema.TestDatabase;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

class TokenKeysTest {

    private static final Recipient ADA = new Recipient(1, 2_000, 3_000_000);
    private static final String ADDRESS = "https://shop.example/b#c";

    private TestDatabase database;
    private JdbcClient jdbc;
    private Instant now;
    private UnsubscribeTokens unsubscribe;
    private TrackingTokens tracking;

    @BeforeEach
    void open() {
        database = TestDatabase.create();
        jdbc = JdbcClient.create(database.dataSource());
        now = Instant.now();
        unsubscribe = new UnsubscribeTokens(TokenKeys.stored(jdbc, "unsubscribe", () -> now));
        tracking = new TrackingTokens(TokenKeys.stored(jdbc, "tracking", () -> now));
    }

    @AfterEach
    void close() {
        database.close();
    }

    private record Links(String unsubscribe, String listed, String own, String opened) {}

    private Links links() {
        String mail = tracking.mail(ADA);
        return new Links(
                unsubscribe.sign(new Recipient(1, 2_000, 3_000_000, "ada@example.com")),
                mail + "." + tracking.code(1, 2_000, 7),
                mail + "." + tracking.code(ADA, 8, ADDRESS),
                mail);
    }

    private static void assertRead(
            Links links, UnsubscribeTokens unsubscribe, TrackingTokens tracking) {
        assertThat(unsubscribe.read(links.unsubscribe()))
                .contains(new Recipient(1, 2_000, 3_000_000, "ada@example.com"));
        assertThat(tracking.link(links.listed())).contains(new Target.Listed(ADA, 7));
        assertThat(tracking.link(links.own())).contains(new Target.Own(ADA, 8, ADDRESS));
        assertThat(tracking.mail(links.opened())).contains(ADA);
    }

    /** The tests of both kinds of token without a number hold for the first key. */
    @Test
    void a_link_of_any_key_is_read_after_every_rotation_also_by_a_node_that_did_not_know_the_key() {
        UnsubscribeTokens elsewhere =
                new UnsubscribeTokens(TokenKeys.stored(jdbc, "unsubscribe", () -> now));
        TrackingTokens alsoElsewhere =
                new TrackingTokens(TokenKeys.stored(jdbc, "tracking", () -> now));
        Links first = links();
        Instant launched = now;
        TokenKeys.add(database.owner());

        assertThat(links()).as("before the lead is over").isEqualTo(first);
        now = now.plus(TokenKeys.LEAD).plusSeconds(5);
        Links second = links();
        TokenKeys.add(database.owner());
        now = now.plus(Duration.ofMinutes(2));
        Links third = links();

        assertThat(second.unsubscribe()).isNotEqualTo(first.unsubscribe());
        assertThat(third.listed()).isNotEqualTo(second.listed());
        for (Links links : new Links[] {first, second, third}) {
            assertRead(links, unsubscribe, tracking);
            assertRead(links, elsewhere, alsoElsewhere);
        }
        // A batch of a campaign that was launched before is repeated with the same bytes.
        assertThat(
                        unsubscribe
                                .at(launched)
                                .sign(new Recipient(1, 2_000, 3_000_000, "ada@example.com")))
                .isEqualTo(first.unsubscribe());
        assertThat(tracking.at(launched).mail(ADA)).isEqualTo(first.opened());
    }

    @Test
    void losing_the_newest_key_breaks_its_own_links_alone() {
        Links old = links();
        TokenKeys.add(database.owner());
        now = now.plus(TokenKeys.LEAD).plusSeconds(5);
        Links lost = links();
        JdbcClient.create(database.owner())
                .sql("DELETE FROM installation_secret WHERE key_id = 1")
                .update();
        now = now.plus(Duration.ofMinutes(1));

        assertThat(links()).isEqualTo(old);
        assertRead(old, unsubscribe, tracking);
        assertThat(unsubscribe.read(lost.unsubscribe())).isEmpty();
        assertThat(tracking.link(lost.listed())).isEmpty();
        assertThat(tracking.mail(lost.opened())).isEmpty();
    }
}
