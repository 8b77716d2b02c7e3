package io.mailgenius.jobs.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mailgenius.jobs.LaunchFixture;
import io.mailgenius.jobs.campaigns.Audience;
import io.mailgenius.jobs.contacts.ContactDraft;
import io.mailgenius.jobs.contacts.Contacts;
import io.mailgenius.jobs.contacts.Membership;
import io.mailgenius.jobs.contacts.TopicDraft;
import io.mailgenius.jobs.contacts.Topics;
import io.mailgenius.jobs.workspaces.Refusal;
import java.time.Clock;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.springframework.batch.infrastructure.item.ExecutionContext;
import org.springframework.context.annotation.Bean;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.json.JsonMapper;

/** Who gets a campaign that is about something. */
class TopicsOfCampaignsTest {

    private static final LaunchFixture DOORS =
            new LaunchFixture(Contacts.class, Topics.class, Time.class);

    private final Topics topics = DOORS.door(Topics.class);

    static class Time {
        @Bean
        Clock clock() {
            return Clock.systemUTC();
        }
    }

    @AfterAll
    static void close() {
        DOORS.close();
    }

    @Test
    void whoever_does_not_want_the_topic_is_left_out_and_looked_at_again_when_it_goes_out() {
        long ada = contact("ada");
        long bob = contact("bob");
        long eve = contact("eve");
        long offers = topic("Offers", false);
        long tests = topic("Tests", true);
        assertThat(choose(offers, false, ada, 999_999L))
                .isEqualTo(new Membership(1, 0, List.of("999999")));
        assertThat(choose(tests, true, bob).changed()).isEqualTo(1);
        assertThat(choose(tests, true, bob).changed()).isZero();
        assertThat(choose(tests, false, eve).changed()).isZero();

        assertThat(enumerated(null)).containsExactly(ada, bob, eve);
        assertThat(enumerated(offers)).containsExactly(bob, eve);
        assertThat(enumerated(tests)).containsExactly(bob);

        // Enumerated, and then opted out while the mails went out.
        choose(offers, false, bob);
        assertThat(obstacles(offers, ada, bob, eve))
                .containsExactly("does not want the topic", "does not want the topic", null);
        assertThat(obstacles(tests, ada, bob)).containsExactly("does not want the topic", null);
        assertThat(obstacles(null, ada, bob, eve)).containsExactly(null, null, null);
        assertThat(DOORS.in(() -> DOORS.door(Contacts.class).history(ada, null, 10)).items())
                .extracting(item -> item.kind() + " " + item.reason())
                .contains("CONSENT topic \"Offers\" off");
    }

    @Test
    void a_topic_that_a_campaign_names_cannot_go() {
        long topic = topic("Kept", false);
        DOORS.owner()
                .sql(
                        """
                        INSERT INTO campaign (workspace_id, name, subject, sender, audience, topic_id)
                        VALUES (?, 'n', 's', 'a@example.com', '{}', ?)
                        """)
                .params(DOORS.workspace, topic)
                .update();
        assertThatThrownBy(() -> DOORS.run(() -> topics.delete(topic)))
                .isInstanceOf(Refusal.Conflict.class)
                .hasMessageContaining("Campaigns name topic");
        long free = topic("Free", false);
        DOORS.run(() -> topics.delete(free));
        assertThatThrownBy(() -> DOORS.in(() -> topics.find(free)))
                .isInstanceOf(Refusal.NotFound.class);
    }

    private static long contact(String name) {
        return DOORS.in(
                        () ->
                                DOORS.door(Contacts.class)
                                        .create(ContactDraft.of(name + "@example.com")))
                .id();
    }

    private long topic(String name, boolean optIn) {
        return DOORS.in(() -> topics.create(new TopicDraft(name, null, null, optIn))).id();
    }

    private Membership choose(long topic, boolean wanted, Long... contacts) {
        return DOORS.in(() -> topics.choose(topic, List.of(contacts), wanted, "a test"));
    }

    private static List<Long> enumerated(@Nullable Long topic) {
        AudienceReader reader =
                new AudienceReader(
                        DOORS.door(JdbcClient.class),
                        JsonMapper.shared(),
                        _ -> {},
                        0,
                        Audience.EVERYBODY,
                        topic,
                        ChunkSizing.PLAIN,
                        new AudienceReader.ContactRange(1, 1_000_000));
        reader.open(new ExecutionContext());
        Recipients all = inTransaction(reader::read);
        return Arrays.stream(all.contacts()).boxed().toList();
    }

    private static List<@Nullable String> obstacles(@Nullable Long topic, long... contacts) {
        RecipientStore store =
                new RecipientStore(DOORS.door(JdbcClient.class), JsonMapper.shared());
        return inTransaction(() -> store.read(contacts, topic)).stream()
                .map(Recipient::obstacle)
                .toList();
    }

    private static <R> R inTransaction(Supplier<R> work) {
        TransactionTemplate transaction =
                new TransactionTemplate(DOORS.door(PlatformTransactionManager.class));
        return DOORS.in(() -> Objects.requireNonNull(transaction.execute(_ -> work.get())));
    }
}
