package io.mailgenius.jobs.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.groups.Tuple.tuple;
import static org.awaitility.Awaitility.await;

import io.mailgenius.engine.Death;
import io.mailgenius.engine.Death.Side;
import io.mailgenius.engine.TestNode;
import io.mailgenius.engine.launching.Launch;
import io.mailgenius.engine.launching.Launches;
import io.mailgenius.jobs.campaigns.CampaignView.Counts;
import io.mailgenius.jobs.delivery.UnknownSends.Order;
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

    private static Office office;
    private static UnknownSends unknown;
    private @Nullable TestNode worker;

    @BeforeAll
    static void open() {
        office = new Office();
        office.people(2 * PEOPLE);
        unknown = office.door(UnknownSends.class);
    }

    @AfterAll
    static void close() {
        office.close();
    }

    @BeforeEach
    void forget() {
        Office.PROVIDER.forget();
    }

    @AfterEach
    void leave() {
        if (worker != null) {
            office.leave(worker);
            worker = null;
        }
    }

    @Test
    void what_is_marked_as_sent_moves_in_the_counts_and_is_written_down_with_who_and_why() {
        long campaign = unknownOf(1, 2, 3);
        office.outcome(campaign, "FAILED", "no such address", 4);

        DecisionView decision = sent(campaign, List.of(1L, 3L, 4L, 99L));

        assertThat(office.campaign(campaign).counts()).isEqualTo(new Counts(4, 2, 1, 0, 1));
        assertThat(office.status(campaign, 4)).isEqualTo("FAILED");
        assertThat(decision.contacts()).isEqualTo(2);
        assertThat(office.in(() -> unknown.decisions(campaign, 0, 50)).items())
                .containsExactly(decision);
        assertThat(decision.decision()).isEqualTo(SendDecision.SENT);
        assertThat(decision.decidedBy()).isEqualTo("key 7");
        assertThat(decision.reason()).isEqualTo("seen in their log");
        assertThat(decision.decidedAt())
                .isCloseTo(office.clock.instant(), within(1, ChronoUnit.MILLIS));
        assertThat(
                        office.owner
                                .sql(
                                        """
                                        SELECT contact_id FROM send_decision_contact
                                         WHERE decision_id = ? ORDER BY 1
                                        """)
                                .param(decision.id())
                                .query(Long.class)
                                .list())
                .containsExactly(1L, 3L);
        assertThat(Office.PROVIDER.keys()).isEmpty();
    }

    @Test
    void what_is_sent_again_goes_out_once_under_new_keys_to_whoever_may_still_be_mailed() {
        long campaign = unknownOf(LongStream.rangeClosed(1, PEOPLE).toArray());
        office.outcome(campaign, "SENT", null, PEOPLE + 1);
        office.owner
                .sql(
                        """
                        INSERT INTO suppression (workspace_id, email, reason, source)
                        VALUES (?, '7@example.org', 'MANUAL', 'a test')
                        """)
                .param(office.workspace)
                .update();
        try {
            DecisionView decision = again(campaign, null);
            assertThat(decision.contacts()).isEqualTo(PEOPLE);
            worker = office.worker();
            settled(campaign);

            assertThat(office.campaign(campaign).counts())
                    .isEqualTo(new Counts(PEOPLE + 1, PEOPLE, 0, 1, 0));
            assertThat(Office.PROVIDER.accepted()).hasSize(PEOPLE - 1).doesNotHaveDuplicates();
            assertThat(Office.PROVIDER.accepted()).doesNotContain("7@example.org");
            assertThat(Office.PROVIDER.keys())
                    .hasSize(3)
                    .allMatch(key -> key.contains("-again-" + decision.id() + "-"));
        } finally {
            office.owner.sql("DELETE FROM suppression").update();
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

        worker = office.worker();
        settled(campaign);
        assertThat(Office.PROVIDER.accepted()).hasSize(3).doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @CsvSource({"AFTER, SET checkpoint", "BEFORE, SET state = 'DONE'", "AFTER, SET state = 'DONE'"})
    void a_worker_that_dies_while_it_sends_again_costs_nobody_a_mail_and_doubles_none(
            Side side, String statement) throws Exception {
        long campaign = unknownOf(LongStream.rangeClosed(1, PEOPLE).toArray());
        again(campaign, null);
        Death death = Death.at(side, statement);
        TestNode dead = office.worker(death);
        death.await();
        office.leave(dead);

        office.clock.advance(Duration.ofSeconds(3));
        worker = office.worker();
        settled(campaign);
        assertThat(office.campaign(campaign).counts())
                .isEqualTo(new Counts(PEOPLE, PEOPLE, 0, 0, 0));
        assertThat(Office.PROVIDER.accepted()).hasSize(PEOPLE).doesNotHaveDuplicates();
    }

    @Test
    void what_is_cut_off_for_longer_than_keys_live_waits_for_another_decision() throws Exception {
        Office others = office;
        // Whose clock nobody else lives by: jobs of a day later would not begin.
        try (Office own = new Office()) {
            use(own);
            own.people(2);
            cutOff();
        } finally {
            use(others);
        }
    }

    private static void use(Office one) {
        office = one;
        unknown = one.door(UnknownSends.class);
    }

    private void cutOff() throws Exception {
        long campaign = unknownOf(1, 2);
        DecisionView first = again(campaign, null);
        Death death = Death.at(Side.BEFORE, "SET state = 'DONE'");
        office.worker(death);
        death.await();
        office.clock.advance(Duration.ofHours(23).plusSeconds(1));
        office.worker();
        await().atMost(Duration.ofSeconds(60)).until(() -> !view(campaign, 1).beingSentAgain());

        assertThat(office.campaign(campaign).counts()).isEqualTo(new Counts(2, 0, 0, 0, 2));
        assertThat(Office.PROVIDER.accepted()).hasSize(2);
        SendView.Unknown left = view(campaign, 1);
        assertThat(left.batchKey()).contains("-again-" + first.id() + "-").endsWith("-0");
        assertThat(left.plannedAt()).isBefore(office.clock.instant().minus(Duration.ofHours(23)));
        assertThat(sent(campaign, null).contacts()).isEqualTo(2);
        assertThat(office.campaign(campaign).counts()).isEqualTo(new Counts(2, 2, 0, 0, 0));
    }

    @Test
    void an_account_that_takes_no_more_mails_stops_the_job_and_a_restart_goes_on() {
        long campaign = unknownOf(1, 2);
        Office.PROVIDER.answer(batch -> new Outcome.Halted("monthly quota"));
        again(campaign, null);
        worker = office.worker();
        await().atMost(Duration.ofSeconds(60))
                .until(() -> launch(campaign).state() == LaunchState.STOPPED);
        DecisionView decision =
                office.in(() -> unknown.decisions(campaign, 0, 1)).items().getFirst();
        assertThat(decision.problem()).isEqualTo("monthly quota");
        assertThat(office.campaign(campaign).counts().unknown()).isEqualTo(2);

        Office.PROVIDER.forget();
        office.in(() -> office.door(Launches.class).restart(launch(campaign).id()));
        settled(campaign);
        assertThat(Office.PROVIDER.accepted()).hasSize(2);
    }

    @Test
    void a_job_that_was_given_up_leaves_its_mails_to_be_decided() {
        long campaign = unknownOf(1, 2);
        again(campaign, null);
        Launches launches = office.door(Launches.class);
        office.in(() -> launches.stop(launch(campaign).id()));
        await().atMost(Duration.ofSeconds(60)).until(() -> !launch(campaign).alive());
        assertThatThrownBy(() -> sent(campaign, null)).isInstanceOf(Refusal.Conflict.class);

        office.in(() -> launches.abandon(launch(campaign).id()));
        assertThat(view(campaign, 1).beingSentAgain()).isFalse();
        assertThat(sent(campaign, null).contacts()).isEqualTo(2);
    }

    @Test
    void an_event_of_the_provider_proves_that_a_mail_was_accepted() {
        long campaign = unknownOf(1, 2, 3, 4);
        office.event(campaign, 1, "DELIVERED");
        office.event(campaign, 2, "BOUNCED");
        office.event(campaign, 3, "FAILED");
        assertThat(view(campaign, 1).cameBack()).containsExactly("DELIVERED");
        assertThat(view(campaign, 4).cameBack()).isEmpty();

        unknown.settleAllProven();
        unknown.settleAllProven();
        assertThat(office.campaign(campaign).counts()).isEqualTo(new Counts(4, 2, 0, 0, 2));
        assertThat(
                        office.in(
                                () ->
                                        office.door(Sends.class)
                                                .page(campaign, SendStatus.SENT, 0, 50)
                                                .items()))
                .extracting(SendView::contactId, SendView::providerId)
                .containsExactly(tuple(1L, "mail-of-1"), tuple(2L, "mail-of-2"));
        assertThat(view(campaign, 3).cameBack()).containsExactly("FAILED");
    }

    @Test
    void what_an_event_proves_is_not_sent_again_however_late_it_comes() {
        long campaign = unknownOf(1, 2, 3);
        office.event(campaign, 1, "OPENED");
        assertThat(again(campaign, null).contacts()).isEqualTo(2);
        // Between the decision and the job's first mail.
        office.event(campaign, 2, "DELIVERED");
        unknown.settleAllProven();
        worker = office.worker();
        settled(campaign);
        await().atMost(Duration.ofSeconds(60)).until(() -> !launch(campaign).alive());

        assertThat(Office.PROVIDER.accepted()).containsExactly("3@example.org");
        assertThat(office.campaign(campaign).counts()).isEqualTo(new Counts(3, 3, 0, 0, 0));
    }

    @Test
    void a_decision_without_a_reason_or_contacts_or_an_ended_campaign_is_refused() {
        long campaign = unknownOf(1);
        for (String reason : List.of("", "  ", "x".repeat(1_001))) {
            assertThatThrownBy(
                            () ->
                                    office.in(
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
        office.owner
                .sql("UPDATE campaign SET status = 'CANCELLED' WHERE id = ?")
                .param(campaign)
                .update();
        assertThatThrownBy(() -> again(campaign, null))
                .isInstanceOf(Refusal.Conflict.class)
                .hasMessageContaining("CANCELLED");
        assertThat(office.in(() -> unknown.decisions(campaign, 0, 50)).items()).isEmpty();
        assertThat(office.status(campaign, 1)).isEqualTo("UNKNOWN");
    }

    private static long unknownOf(long... contacts) {
        long campaign = office.over();
        office.outcome(campaign, "UNKNOWN", "perhaps sent before", contacts);
        return campaign;
    }

    private static DecisionView sent(long campaign, @Nullable List<Long> contacts) {
        return office.in(
                () -> unknown.sent(campaign, new Order(contacts, "seen in their log", "key 7")));
    }

    private static DecisionView again(long campaign, @Nullable List<Long> contacts) {
        return office.in(
                () -> unknown.again(campaign, new Order(contacts, "nobody got it", "key 7")));
    }

    private static SendView.Unknown view(long campaign, long contact) {
        return office.in(() -> office.door(Sends.class).page(campaign, null, contact - 1, 1))
                .items()
                .getFirst()
                .unknown();
    }

    private static Launch launch(long campaign) {
        long id =
                office.owner
                        .sql(
                                """
                                SELECT launch_id FROM send_decision
                                 WHERE campaign_id = ? AND launch_id IS NOT NULL ORDER BY id LIMIT 1
                                """)
                        .param(campaign)
                        .query(Long.class)
                        .single();
        return office.door(Launches.class).find(id).orElseThrow();
    }

    private static void settled(long campaign) {
        await().atMost(Duration.ofSeconds(60))
                .until(() -> office.campaign(campaign).counts().unknown() == 0);
    }
}
