package io.mailgenius.jobs.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.groups.Tuple.tuple;
import static org.awaitility.Awaitility.await;

import io.mailgenius.engine.FaultInjection;
import io.mailgenius.engine.FaultInjection.Side;
import io.mailgenius.engine.TestNode;
import io.mailgenius.engine.launching.Launch;
import io.mailgenius.engine.launching.Launches;
import io.mailgenius.jobs.campaigns.CampaignView.Counts;
import io.mailgenius.jobs.delivery.UnknownSends.Order;
import io.mailgenius.jobs.providers.BatchOutcome;
import io.mailgenius.jobs.workspaces.Refusal;
import io.mailgenius.schema.LaunchState;
import io.mailgenius.schema.SendDecision;
import io.mailgenius.schema.SendStatus;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Mails without an outcome are settled by events and by people, and nobody else is mailed. */
class UnknownSendsTest {

    private static final int PEOPLE = 250;

    private static SendFixture sendFixture;
    private static UnknownSends unknown;
    private @Nullable TestNode worker;

    @BeforeAll
    static void open() {
        sendFixture = new SendFixture();
        sendFixture.people(2 * PEOPLE);
        unknown = sendFixture.door(UnknownSends.class);
    }

    @AfterAll
    static void close() {
        sendFixture.close();
    }

    @BeforeEach
    void forget() {
        SendFixture.PROVIDER.forget();
    }

    @AfterEach
    void leave() {
        if (worker != null) {
            sendFixture.leave(worker);
            worker = null;
        }
    }

    @Test
    void what_is_marked_as_sent_moves_in_the_counts_and_is_written_down_with_who_and_why() {
        long campaign = unknownOf(1, 2, 3);
        sendFixture.outcome(campaign, "FAILED", "no such address", 4);

        DecisionView decision = sent(campaign, List.of(1L, 3L, 4L, 99L));

        assertThat(sendFixture.campaign(campaign).counts()).isEqualTo(new Counts(4, 2, 1, 0, 1));
        assertThat(sendFixture.status(campaign, 4)).isEqualTo("FAILED");
        assertThat(decision.contacts()).isEqualTo(2);
        assertThat(sendFixture.in(() -> unknown.decisions(campaign, 0, 50)).items())
                .containsExactly(decision);
        assertThat(decision.decision()).isEqualTo(SendDecision.SENT);
        assertThat(decision.decidedBy()).isEqualTo("key 7");
        assertThat(decision.reason()).isEqualTo("seen in their log");
        assertThat(decision.decidedAt())
                .isCloseTo(sendFixture.clock.instant(), within(1, ChronoUnit.MILLIS));
        assertThat(
                        sendFixture
                                .owner
                                .sql(
                                        """
                                        SELECT contact_id FROM send_decision_contact
                                         WHERE decision_id = ? ORDER BY 1
                                        """)
                                .param(decision.id())
                                .query(Long.class)
                                .list())
                .containsExactly(1L, 3L);
        assertThat(SendFixture.PROVIDER.keys()).isEmpty();
    }

    @Test
    void what_is_sent_again_goes_out_once_under_new_keys_to_whoever_may_still_be_mailed() {
        long campaign = unknownOf(LongStream.rangeClosed(1, PEOPLE).toArray());
        sendFixture.outcome(campaign, "SENT", null, PEOPLE + 1);
        sendFixture
                .owner
                .sql(
                        """
                        INSERT INTO suppression (workspace_id, email, reason, source)
                        VALUES (?, '7@example.org', 'MANUAL', 'a test')
                        """)
                .param(sendFixture.workspace)
                .update();
        try {
            DecisionView decision = again(campaign, null);
            assertThat(decision.contacts()).isEqualTo(PEOPLE);
            worker = sendFixture.worker();
            settled(campaign);

            assertThat(sendFixture.campaign(campaign).counts())
                    .isEqualTo(new Counts(PEOPLE + 1, PEOPLE, 0, 1, 0));
            assertThat(SendFixture.PROVIDER.accepted()).hasSize(PEOPLE - 1).doesNotHaveDuplicates();
            assertThat(SendFixture.PROVIDER.accepted()).doesNotContain("7@example.org");
            assertThat(SendFixture.PROVIDER.keys())
                    .hasSize(3)
                    .allMatch(key -> key.contains("-again-" + decision.id() + "-"));
        } finally {
            sendFixture.owner.sql("DELETE FROM suppression").update();
        }
    }

    @Test
    void of_two_who_send_the_same_again_the_second_is_refused() {
        long campaign = unknownOf(1, 2, 3);
        again(campaign, List.of(1L, 2L));
        assertThatThrownBy(() -> again(campaign, List.of(1L, 2L)))
                .isInstanceOf(Refusal.Conflict.class)
                .hasMessageContaining("beingSentAgain");
        assertThatThrownBy(() -> sent(campaign, List.of(1L))).isInstanceOf(Refusal.Conflict.class);
        assertThat(again(campaign, null).contacts()).isEqualTo(1);
        assertThat(view(campaign, 1).beingSentAgain()).isTrue();

        worker = sendFixture.worker();
        settled(campaign);
        assertThat(SendFixture.PROVIDER.accepted()).hasSize(3).doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @CsvSource({"AFTER, SET checkpoint", "BEFORE, SET state = 'DONE'", "AFTER, SET state = 'DONE'"})
    void a_worker_that_dies_while_it_sends_again_costs_nobody_a_mail_and_doubles_none(
            Side side, String statement) throws Exception {
        long campaign = unknownOf(LongStream.rangeClosed(1, PEOPLE).toArray());
        again(campaign, null);
        FaultInjection faultInjection = FaultInjection.at(side, statement);
        TestNode dead = sendFixture.worker(faultInjection);
        faultInjection.await();
        sendFixture.leave(dead);

        sendFixture.clock.advance(Duration.ofSeconds(3));
        worker = sendFixture.worker();
        settled(campaign);
        assertThat(sendFixture.campaign(campaign).counts())
                .isEqualTo(new Counts(PEOPLE, PEOPLE, 0, 0, 0));
        assertThat(SendFixture.PROVIDER.accepted()).hasSize(PEOPLE).doesNotHaveDuplicates();
    }

    @Test
    void what_is_cut_off_for_longer_than_keys_live_waits_for_another_decision() throws Exception {
        SendFixture others = sendFixture;
        // Whose clock nobody else lives by: jobs of a day later would not begin.
        try (SendFixture own = new SendFixture()) {
            use(own);
            own.people(2);
            cutOff();
        } finally {
            use(others);
        }
    }

    private static void use(SendFixture one) {
        sendFixture = one;
        unknown = one.door(UnknownSends.class);
    }

    private void cutOff() throws Exception {
        long campaign = unknownOf(1, 2);
        DecisionView first = again(campaign, null);
        FaultInjection faultInjection = FaultInjection.at(Side.BEFORE, "SET state = 'DONE'");
        sendFixture.worker(faultInjection);
        faultInjection.await();
        sendFixture.clock.advance(Duration.ofHours(23).plusSeconds(1));
        sendFixture.worker();
        await().atMost(Duration.ofSeconds(60)).until(() -> !view(campaign, 1).beingSentAgain());

        assertThat(sendFixture.campaign(campaign).counts()).isEqualTo(new Counts(2, 0, 0, 0, 2));
        assertThat(SendFixture.PROVIDER.accepted()).hasSize(2);
        SendView.Unknown left = view(campaign, 1);
        assertThat(left.batchKey()).contains("-again-" + first.id() + "-").endsWith("-0");
        assertThat(left.plannedAt())
                .isBefore(sendFixture.clock.instant().minus(Duration.ofHours(23)));
        assertThat(sent(campaign, null).contacts()).isEqualTo(2);
        assertThat(sendFixture.campaign(campaign).counts()).isEqualTo(new Counts(2, 2, 0, 0, 0));
    }

    @Test
    void an_account_that_takes_no_more_mails_stops_the_job_and_a_restart_goes_on() {
        long campaign = unknownOf(1, 2);
        SendFixture.PROVIDER.answer(batch -> new BatchOutcome.Halted("monthly quota"));
        again(campaign, null);
        worker = sendFixture.worker();
        await().atMost(Duration.ofSeconds(60))
                .until(() -> launch(campaign).state() == LaunchState.STOPPED);
        DecisionView decision =
                sendFixture.in(() -> unknown.decisions(campaign, 0, 1)).items().getFirst();
        assertThat(decision.problem()).isEqualTo("monthly quota");
        assertThat(sendFixture.campaign(campaign).counts().unknown()).isEqualTo(2);

        SendFixture.PROVIDER.forget();
        sendFixture.in(() -> sendFixture.door(Launches.class).restart(launch(campaign).id()));
        settled(campaign);
        assertThat(SendFixture.PROVIDER.accepted()).hasSize(2);
    }

    @Test
    void a_job_that_was_given_up_leaves_its_mails_to_be_decided() {
        long campaign = unknownOf(1, 2);
        again(campaign, null);
        Launches launches = sendFixture.door(Launches.class);
        sendFixture.in(() -> launches.stop(launch(campaign).id()));
        await().atMost(Duration.ofSeconds(60)).until(() -> !launch(campaign).alive());
        assertThatThrownBy(() -> sent(campaign, null)).isInstanceOf(Refusal.Conflict.class);

        sendFixture.in(() -> launches.abandon(launch(campaign).id()));
        assertThat(view(campaign, 1).beingSentAgain()).isFalse();
        assertThat(sent(campaign, null).contacts()).isEqualTo(2);
    }

    @Test
    void an_event_of_the_provider_proves_that_a_mail_was_accepted() {
        long campaign = unknownOf(1, 2, 3, 4);
        sendFixture.event(campaign, 1, "DELIVERED");
        sendFixture.event(campaign, 2, "BOUNCED");
        sendFixture.event(campaign, 3, "FAILED");
        assertThat(view(campaign, 1).cameBack()).containsExactly("DELIVERED");
        assertThat(view(campaign, 4).cameBack()).isEmpty();

        unknown.settleAllProven();
        unknown.settleAllProven();
        assertThat(sendFixture.campaign(campaign).counts()).isEqualTo(new Counts(4, 2, 0, 0, 2));
        assertThat(
                        sendFixture.in(
                                () ->
                                        sendFixture
                                                .door(Sends.class)
                                                .page(campaign, SendStatus.SENT, 0, 50)
                                                .items()))
                .extracting(SendView::contactId, SendView::providerId)
                .containsExactly(tuple(1L, "mail-of-1"), tuple(2L, "mail-of-2"));
        assertThat(view(campaign, 3).cameBack()).containsExactly("FAILED");
    }

    @Test
    void what_an_event_proves_is_not_sent_again_however_late_it_comes() {
        long campaign = unknownOf(1, 2, 3);
        sendFixture.event(campaign, 1, "OPENED");
        assertThat(again(campaign, null).contacts()).isEqualTo(2);
        // Between the decision and the job's first mail.
        sendFixture.event(campaign, 2, "DELIVERED");
        unknown.settleAllProven();
        worker = sendFixture.worker();
        settled(campaign);
        await().atMost(Duration.ofSeconds(60)).until(() -> !launch(campaign).alive());

        assertThat(SendFixture.PROVIDER.accepted()).containsExactly("3@example.org");
        assertThat(sendFixture.campaign(campaign).counts()).isEqualTo(new Counts(3, 3, 0, 0, 0));
    }

    @Test
    void a_decision_without_a_reason_or_contacts_or_an_ended_campaign_is_refused() {
        long campaign = unknownOf(1);
        for (String reason : List.of("", "  ", "x".repeat(1_001))) {
            assertThatThrownBy(
                            () ->
                                    sendFixture.in(
                                            () ->
                                                    unknown.sent(
                                                            campaign,
                                                            new Order(null, reason, "key 7"))))
                    .isInstanceOf(Refusal.Invalid.class)
                    .hasMessageContaining("reason");
        }
        assertThatThrownBy(() -> sent(campaign, List.of()))
                .isInstanceOf(Refusal.Invalid.class)
                .hasMessageContaining("contactIds");
        sendFixture
                .owner
                .sql("UPDATE campaign SET status = 'CANCELLED' WHERE id = ?")
                .param(campaign)
                .update();
        assertThatThrownBy(() -> again(campaign, null))
                .isInstanceOf(Refusal.Conflict.class)
                .hasMessageContaining("CANCELLED");
        assertThat(sendFixture.in(() -> unknown.decisions(campaign, 0, 50)).items()).isEmpty();
        assertThat(sendFixture.status(campaign, 1)).isEqualTo("UNKNOWN");
    }

    private static long unknownOf(long... contacts) {
        long campaign = sendFixture.over();
        sendFixture.outcome(campaign, "UNKNOWN", "perhaps sent before", contacts);
        return campaign;
    }

    private static DecisionView sent(long campaign, @Nullable List<Long> contacts) {
        return sendFixture.in(
                () -> unknown.sent(campaign, new Order(contacts, "seen in their log", "key 7")));
    }

    private static DecisionView again(long campaign, @Nullable List<Long> contacts) {
        return sendFixture.in(
                () -> unknown.again(campaign, new Order(contacts, "nobody got it", "key 7")));
    }

    private static SendView.Unknown view(long campaign, long contact) {
        return sendFixture
                .in(() -> sendFixture.door(Sends.class).page(campaign, null, contact - 1, 1))
                .items()
                .getFirst()
                .unknown();
    }

    private static Launch launch(long campaign) {
        long id =
                sendFixture
                        .owner
                        .sql(
                                """
                                SELECT launch_id FROM send_decision
                                 WHERE campaign_id = ? AND launch_id IS NOT NULL ORDER BY id LIMIT 1
                                """)
                        .param(campaign)
                        .query(Long.class)
                        .single();
        return sendFixture.door(Launches.class).find(id).orElseThrow();
    }

    private static void settled(long campaign) {
        await().atMost(Duration.ofSeconds(60))
                .until(() -> sendFixture.campaign(campaign).counts().unknown() == 0);
    }
}
