package io.mailgenius.jobs.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mailgenius.engine.TestNode;
import io.mailgenius.jobs.campaigns.CampaignLifecycle;
import io.mailgenius.jobs.campaigns.CampaignView;
import io.mailgenius.jobs.providers.BatchOutcome;
import io.mailgenius.jobs.providers.Mail;
import io.mailgenius.jobs.providers.MailBatch;
import io.mailgenius.schema.CampaignStatus;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A provider that refuses mails one by one, some of them or all. */
class RefusedCampaignTest {

    private static final String REASON = "422 validation_error: Invalid `from` field.";

    private final SendFixture sendFixture = new SendFixture();
    private TestNode worker;

    @BeforeEach
    void start() {
        worker = sendFixture.worker();
    }

    @AfterEach
    void close() {
        sendFixture.close();
    }

    @Test
    void a_campaign_of_which_every_mail_is_refused_is_paused_and_loses_nobody() {
        sendFixture.people(2_500);
        SendFixture.PROVIDER.answer(_ -> new BatchOutcome.Refused(REASON));
        long campaign = send();
        CampaignView paused = ended(campaign);
        assertThat(paused.status()).isEqualTo(CampaignStatus.PAUSED);
        assertThat(paused.problem()).contains("refuses every mail").contains(REASON);
        assertThat(paused.counts().failed()).isZero();
        // What is in hand looks for the culprit before it knows better; one by one it would be
        // thousands.
        assertThat(SendFixture.PROVIDER.keys()).hasSizeLessThan(150);

        // Nobody has mended it: again it is only a few that are tried.
        int tried = SendFixture.PROVIDER.keys().size();
        resume(campaign);
        assertThat(ended(campaign).status()).isEqualTo(CampaignStatus.PAUSED);
        assertThat(SendFixture.PROVIDER.keys()).hasSizeLessThan(tried + 150);

        SendFixture.PROVIDER.forget();
        resume(campaign);
        CampaignView sent = ended(campaign);
        assertThat(sent.status()).isEqualTo(CampaignStatus.SENT);
        assertThat(sent.counts().sent()).isEqualTo(2_500);
        assertThat(SendFixture.PROVIDER.accepted()).hasSize(2_500).doesNotHaveDuplicates();
    }

    @Test
    void a_few_people_are_enough_to_notice() {
        sendFixture.people(3);
        SendFixture.PROVIDER.answer(_ -> new BatchOutcome.Refused(REASON));
        long campaign = send();
        assertThat(ended(campaign).status()).isEqualTo(CampaignStatus.PAUSED);
        sendFixture.in(() -> sendFixture.door(CampaignLifecycle.class).cancel(campaign));
    }

    @Test
    void a_provider_that_begins_to_refuse_in_the_middle_pauses_it_as_well() {
        sendFixture.people(2_000);
        SendFixture.PROVIDER.answer(
                batch ->
                        SendFixture.PROVIDER.accepted().size() >= 700
                                ? new BatchOutcome.Refused(REASON)
                                : SendFixture.PROVIDER.accept(batch));
        long campaign = send();
        CampaignView paused = ended(campaign);
        assertThat(paused.status()).isEqualTo(CampaignStatus.PAUSED);
        assertThat(paused.counts().failed()).isLessThan(10);
        int accepted = SendFixture.PROVIDER.accepted().size();
        assertThat(accepted).isBetween(700, 1_000);

        SendFixture.PROVIDER.answer(SendFixture.PROVIDER::accept);
        resume(campaign);
        CampaignView sent = ended(campaign);
        assertThat(sent.counts().sent()).isEqualTo(2_000);
        assertThat(SendFixture.PROVIDER.accepted()).hasSize(2_000).doesNotHaveDuplicates();
    }

    @Test
    void bad_addresses_among_good_ones_pause_nothing() {
        sendFixture.people(1_000);
        SendFixture.PROVIDER.answer(batch -> refusing(batch, 17));
        CampaignView sent = ended(send());
        assertThat(sent.status()).isEqualTo(CampaignStatus.SENT);
        assertThat(sent.counts().failed()).isEqualTo(1_000 / 17);
        assertThat(sent.counts().sent()).isEqualTo(1_000 - 1_000 / 17);
    }

    @Test
    void different_reasons_are_those_of_the_mails() {
        sendFixture.people(30);
        SendFixture.PROVIDER.answer(
                batch ->
                        new BatchOutcome.Refused(
                                "422 validation_error: %s is no address"
                                        .formatted(batch.mails().getFirst().to())));
        CampaignView sent = ended(send());
        assertThat(sent.status()).isEqualTo(CampaignStatus.SENT);
        assertThat(sent.counts().failed()).isEqualTo(30);
    }

    /** Where somebody resumes and resumes, it comes to its end. */
    @Test
    void a_chunk_of_nothing_but_bad_addresses_does_not_hold_up_the_others_for_ever() {
        sendFixture.people(1_200);
        SendFixture.PROVIDER.answer(
                batch ->
                        batch.mails().stream().anyMatch(mail -> number(mail) <= 250)
                                ? new BatchOutcome.Refused(REASON)
                                : SendFixture.PROVIDER.accept(batch));
        long campaign = send();
        int pauses = 0;
        while (ended(campaign).status() == CampaignStatus.PAUSED) {
            assertThat(++pauses).isLessThan(5);
            resume(campaign);
        }
        CampaignView sent = ended(campaign);
        assertThat(sent.counts().failed()).isEqualTo(250);
        assertThat(sent.counts().sent()).isEqualTo(950);
        assertThat(Set.copyOf(SendFixture.PROVIDER.accepted())).hasSize(950);
    }

    private static BatchOutcome refusing(MailBatch batch, int every) {
        return batch.mails().stream().anyMatch(mail -> number(mail) % every == 0)
                ? new BatchOutcome.Refused(REASON)
                : SendFixture.PROVIDER.accept(batch);
    }

    private static int number(Mail mail) {
        return Integer.parseInt(mail.to().substring(0, mail.to().indexOf('@')));
    }

    private long send() {
        long campaign = sendFixture.draft();
        sendFixture.in(() -> sendFixture.door(CampaignLifecycle.class).send(campaign));
        return campaign;
    }

    private void resume(long campaign) {
        sendFixture.in(() -> sendFixture.door(CampaignLifecycle.class).resume(campaign));
    }

    /** A pause has come to its end when its job has. */
    private CampaignView ended(long campaign) {
        CampaignView view = sendFixture.ended(campaign);
        if (view.status() == CampaignStatus.PAUSED) {
            await().atMost(Duration.ofSeconds(60))
                    .until(
                            () ->
                                    sendFixture
                                            .owner
                                            .sql(
                                                    """
                                                    SELECT l.state FROM launch l JOIN campaign c ON c.launch_id = l.id
                                                     WHERE c.id = ?
                                                    """)
                                            .param(campaign)
                                            .query(String.class)
                                            .single(),
                            "STOPPED"::equals);
        }
        return sendFixture.campaign(campaign);
    }
}
