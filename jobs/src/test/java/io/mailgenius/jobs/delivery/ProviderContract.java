package io.mailgenius.jobs.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailgenius.jobs.providers.BatchOutcome;
import io.mailgenius.jobs.providers.Mail;
import io.mailgenius.jobs.providers.MailBatch;
import io.mailgenius.jobs.providers.Provider;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What delivery relies on, whoever the provider is. */
public abstract class ProviderContract {

    protected abstract Provider provider();

    /** How many mails the provider has taken in so far. */
    protected abstract int taken();

    /** So much time passes at the provider. */
    protected abstract void passes(Duration time);

    @Test
    void a_batch_is_accepted_with_one_id_for_each_mail() {
        BatchOutcome.Accepted accepted = accepted(new MailBatch(key(), mails(Provider.BATCH)));

        assertThat(accepted.providerIds()).hasSize(Provider.BATCH).doesNotHaveDuplicates();
        assertThat(taken()).isEqualTo(Provider.BATCH);
    }

    @Test
    void a_batch_of_one_is_a_batch() {
        assertThat(accepted(new MailBatch(key(), mails(1))).providerIds()).hasSize(1);
    }

    @Test
    void a_repetition_gives_the_same_ids_and_sends_nothing() {
        String key = key();
        BatchOutcome.Accepted first = accepted(new MailBatch(key, mails(3)));

        assertThat(provider().send(new MailBatch(key, mails(3)))).isEqualTo(first);
        assertThat(taken()).isEqualTo(3);
    }

    @Test
    void a_key_with_another_body_was_accepted_before_and_sends_nothing() {
        String key = key();
        accepted(new MailBatch(key, mails(3)));

        assertThat(provider().send(new MailBatch(key, mails(2))))
                .isEqualTo(new BatchOutcome.AcceptedBefore());
        assertThat(taken()).isEqualTo(3);
    }

    @Test
    void the_same_mails_under_another_key_are_other_mails() {
        BatchOutcome.Accepted first = accepted(new MailBatch(key(), mails(2)));
        BatchOutcome.Accepted second = accepted(new MailBatch(key(), mails(2)));

        assertThat(second.providerIds()).doesNotContainAnyElementsOf(first.providerIds());
        assertThat(taken()).isEqualTo(4);
    }

    @Test
    void one_mail_that_is_not_acceptable_refuses_all_of_its_batch() {
        List<Mail> mails = new ArrayList<>(mails(5));
        mails.set(3, mailTo("nobody"));

        assertThat(provider().send(new MailBatch(key(), mails)))
                .isInstanceOfSatisfying(
                        BatchOutcome.Refused.class,
                        refused -> assertThat(refused.reason()).contains("[3]", "`to`"));
        assertThat(taken()).isZero();
    }

    @Test
    void a_refused_batch_does_not_use_its_key_up() {
        String key = key();
        provider().send(new MailBatch(key, List.of(mailTo("nobody"))));

        accepted(new MailBatch(key, mails(1)));
    }

    @Test
    void a_key_is_forgotten_after_a_day_and_not_before() {
        MailBatch batch = new MailBatch(key(), mails(1));
        BatchOutcome first = accepted(batch);

        passes(Duration.ofHours(24).minusMinutes(1));
        assertThat(provider().send(batch)).isEqualTo(first);
        assertThat(taken()).isEqualTo(1);
        passes(Duration.ofMinutes(2));
        assertThat(accepted(batch)).isNotEqualTo(first);
        assertThat(taken()).isEqualTo(2);
    }

    protected final BatchOutcome.Accepted accepted(MailBatch batch) {
        BatchOutcome outcome = provider().send(batch);
        assertThat(outcome).isInstanceOf(BatchOutcome.Accepted.class);
        return (BatchOutcome.Accepted) outcome;
    }

    public static String key() {
        return "c1-" + UUID.randomUUID();
    }

    public static List<Mail> mails(int count) {
        List<Mail> mails = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            mails.add(mailTo("person" + i + "@example.org"));
        }
        return mails;
    }

    public static Mail mailTo(String recipient) {
        return new Mail(
                "Zoë of Acme <news@acme.example>",
                recipient,
                "Grüße \"aus\" dem \\ Norden \uD83D\uDC0B",
                "<p>Line\n<a href=\"https://acme.example/offer?a=1&amp;b=2\">offer</a></p>",
                "Line\n\ttext",
                "answers@acme.example",
                Map.of(
                        "List-Unsubscribe", "<https://acme.example/u/1>",
                        "List-Unsubscribe-Post", "List-Unsubscribe=One-Click"),
                Map.of("campaign_id", "12", "contact_id", "34"));
    }
}
