package io.mailgenius.jobs.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.mailgenius.engine.TestNode;
import io.mailgenius.engine.launching.RecurringWork;
import io.mailgenius.jobs.campaigns.Audience;
import io.mailgenius.jobs.campaigns.CampaignDraft;
import io.mailgenius.jobs.campaigns.CampaignDrafts;
import io.mailgenius.jobs.campaigns.CampaignLifecycle;
import io.mailgenius.jobs.campaigns.CampaignView;
import io.mailgenius.jobs.campaigns.Schedule;
import io.mailgenius.jobs.providers.BatchOutcome;
import io.mailgenius.jobs.templates.TemplateDraft;
import io.mailgenius.jobs.templates.TemplateSource;
import io.mailgenius.jobs.templates.Templates;
import io.mailgenius.jobs.workspaces.Refusal;
import io.mailgenius.jobs.workspaces.WorkspaceLimit;
import io.mailgenius.jobs.workspaces.WorkspaceLimits;
import io.mailgenius.schema.ActorScope;
import io.mailgenius.schema.ActorScope.Actor;
import io.mailgenius.schema.ActorScope.Kind;
import io.mailgenius.schema.ApprovalStatus;
import io.mailgenius.schema.CampaignStatus;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What stands between a draft and its mails: the month's mails, and a second person. */
class SendClearanceTest {

    private static final int PEOPLE = 30;

    private static SendFixture sendFixture;
    private static TestNode worker;

    @BeforeAll
    static void start() {
        sendFixture = new SendFixture();
        sendFixture.people(PEOPLE);
        worker = sendFixture.worker();
    }

    @AfterAll
    static void stop() {
        sendFixture.leave(worker);
        sendFixture.close();
    }

    @BeforeEach
    void fresh() {
        SendFixture.PROVIDER.forget();
        sendFixture.database.empty("workspace_limit", "metered_use", "campaign_approval");
        approvalAbove(null);
    }

    private static void mails(long limit) {
        sendFixture.in(
                () ->
                        sendFixture
                                .door(WorkspaceLimits.class)
                                .change(new WorkspaceLimit(null, limit, null, null)));
    }

    private static void approvalAbove(Long recipients) {
        sendFixture
                .owner
                .sql("UPDATE workspace SET approval_above = :above")
                .param("above", recipients)
                .update();
    }

    private static CampaignLifecycle lifecycle() {
        return sendFixture.door(CampaignLifecycle.class);
    }

    private static CampaignView send(long id) {
        return sendFixture.in(() -> lifecycle().send(id));
    }

    private static long used() {
        return sendFixture
                .owner
                .sql("SELECT coalesce(sum(mails), 0) FROM metered_use")
                .query(Long.class)
                .single();
    }

    private static <R> R as(Kind kind, long id, Supplier<R> work) {
        return sendFixture.in(
                () -> ActorScope.call(new Actor(kind, id, kind + " " + id, null, null), work::get));
    }

    private static long key(Long creator) {
        return sendFixture
                .owner
                .sql(
                        """
                        INSERT INTO api_key (workspace_id, name, key_hash, creator_id)
                        VALUES (:w, 'k', sha256(gen_random_uuid()::text::bytea), :creator) RETURNING id
                        """)
                .param("w", sendFixture.workspace)
                .param("creator", creator)
                .query(Long.class)
                .single();
    }

    // The month's mails

    @Test
    void a_campaign_that_is_larger_than_what_is_left_is_refused_and_mails_nobody() {
        mails(PEOPLE + 5);
        long first = sendFixture.draft();
        send(first);
        assertThat(ended(first).counts().sent()).isEqualTo(PEOPLE);
        assertThat(used()).isEqualTo(PEOPLE);

        long second = sendFixture.draft();
        assertThatThrownBy(() -> send(second))
                .isInstanceOf(Refusal.Conflict.class)
                .hasMessageContaining("30 mails are too many")
                .hasMessageContaining("35 mails a month, and has sent 30");
        assertThat(sendFixture.campaign(second).status()).isEqualTo(CampaignStatus.DRAFT);
        assertThat(SendFixture.PROVIDER.accepted()).hasSize(PEOPLE);
    }

    @Test
    void a_campaign_that_meets_the_limit_pauses_and_goes_on_when_it_is_raised_with_no_mail_twice() {
        long first = sendFixture.draft();
        send(first);
        ended(first);
        sendFixture.leave(worker);
        long campaign = sendFixture.draft();
        send(campaign);
        mails(PEOPLE);
        worker = sendFixture.worker();

        CampaignView paused =
                await().atMost(Duration.ofSeconds(60))
                        .until(
                                () -> {
                                    launchDue();
                                    return sendFixture.campaign(campaign);
                                },
                                view -> view.status() == CampaignStatus.PAUSED);
        assertThat(paused.problem()).contains(PEOPLE + " mails a month, and has sent " + PEOPLE);
        awaitStopped(campaign);
        assertThat(SendFixture.PROVIDER.accepted()).hasSize(PEOPLE);
        assertThat(used()).isEqualTo(PEOPLE);
        assertThatThrownBy(() -> sendFixture.in(() -> lifecycle().resume(campaign)))
                .hasMessageContaining("mails a month, and has sent " + PEOPLE);
        mails(PEOPLE + 1);
        goOn();
        assertThat(sendFixture.campaign(campaign).status())
                .as("too few for the chunk that waits")
                .isEqualTo(CampaignStatus.PAUSED);
        mails(2 * PEOPLE);
        goOn();

        assertThat(ended(campaign).counts().sent()).isEqualTo(PEOPLE);
        assertThat(SendFixture.PROVIDER.accepted()).hasSize(2 * PEOPLE);
        assertThat(used()).isEqualTo(2 * PEOPLE);
    }

    @Test
    void what_the_provider_refuses_or_does_not_take_is_not_counted() {
        SendFixture.PROVIDER.answer(_ -> new BatchOutcome.Halted("no more today"));
        long campaign = sendFixture.draft();
        send(campaign);
        await().atMost(Duration.ofSeconds(60))
                .until(
                        () -> {
                            launchDue();
                            return sendFixture.campaign(campaign).status() == CampaignStatus.PAUSED;
                        });
        awaitStopped(campaign);
        assertThat(used()).isZero();
    }

    private static CampaignView ended(long campaign, CampaignStatus... before) {
        return await().atMost(Duration.ofSeconds(60))
                .until(
                        () -> {
                            launchDue();
                            return sendFixture.campaign(campaign);
                        },
                        view ->
                                view.status() != CampaignStatus.SENDING
                                        && !List.of(before).contains(view.status()));
    }

    /** The scheduler of launches lives by the time of the day, and the clock is ahead of it. */
    private static void launchDue() {
        sendFixture
                .owner
                .sql(
                        """
                        UPDATE scheduled_tasks SET execution_time = now()
                         WHERE execution_time > now() + interval '30 minutes' AND NOT picked
                        """)
                .update();
    }

    private static void goOn() {
        worker.get("campaignsAwaitingMails", RecurringWork.class).work().run();
    }

    private static void awaitStopped(long campaign) {
        await().atMost(Duration.ofSeconds(60))
                .until(
                        () -> {
                            launchDue();
                            return sendFixture
                                    .owner
                                    .sql(
                                            """
                                                SELECT l.state FROM launch l JOIN campaign c ON c.launch_id = l.id
                                                 WHERE c.id = ?
                                                """)
                                    .param(campaign)
                                    .query(String.class)
                                    .single();
                        },
                        "STOPPED"::equals);
    }

    // A second person

    @Test
    void a_large_campaign_waits_for_another_person_and_is_sent_once_by_whichever_of_two_approves()
            throws Exception {
        approvalAbove(10L);
        long ada = 1;
        long adasKey = key(ada);
        long campaign = sendFixture.draft();

        CampaignView asked = as(Kind.KEY, adasKey, () -> lifecycle().send(campaign));

        assertThat(asked.status()).isEqualTo(CampaignStatus.DRAFT);
        assertThat(asked.approval().status()).isEqualTo(ApprovalStatus.PENDING);
        assertThat(asked.approval().recipients()).isEqualTo(PEOPLE);
        assertThat(asked.approval().requestedBy()).isEqualTo("KEY " + adasKey);
        as(Kind.PERSON, ada, () -> lifecycle().send(campaign));
        assertThat(approvals(campaign)).as("asked once").isEqualTo(1);
        assertThat(refused(Kind.PERSON, ada, campaign)).isEqualTo("approval-by-another");
        assertThat(refused(Kind.KEY, key(ada), campaign)).isEqualTo("approval-by-another");
        assertThat(refused(Kind.KEY, key(null), campaign)).isEqualTo("approval-needs-person");
        assertThat(refused(Kind.OPERATOR, 0, campaign)).isEqualTo("approval-needs-person");
        assertThat(SendFixture.PROVIDER.accepted()).isEmpty();

        List<Callable<CampaignView>> both = new ArrayList<>();
        for (long person : new long[] {2, 3}) {
            both.add(() -> as(Kind.PERSON, person, () -> lifecycle().approve(campaign)));
        }
        int approved = 0;
        List<String> refusals = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
            for (Future<CampaignView> one : threads.invokeAll(both)) {
                try {
                    one.get();
                    approved++;
                } catch (ExecutionException e) {
                    refusals.add(((Refusal) e.getCause()).problem());
                }
            }
        }
        assertThat(approved).isEqualTo(1);
        assertThat(refusals).containsExactly("campaign-state");
        CampaignView sent = ended(campaign);
        assertThat(sent.counts().sent()).isEqualTo(PEOPLE);
        assertThat(sent.approval().status()).isEqualTo(ApprovalStatus.APPROVED);
        assertThat(sent.approval().decidedBy()).startsWith("PERSON ");
        assertThat(SendFixture.PROVIDER.accepted()).hasSize(PEOPLE).doesNotHaveDuplicates();
    }

    @Test
    void what_is_approved_is_what_was_asked_for_and_nothing_that_was_changed_since() {
        approvalAbove(10L);
        long template =
                sendFixture.in(
                        () -> sendFixture.door(Templates.class).create(content("first")).id());
        long campaign = draft(template);
        as(Kind.PERSON, 1, () -> lifecycle().send(campaign));
        change(template, "second");

        assertThat(refused(Kind.PERSON, 2, campaign)).isEqualTo("campaign-changed");
        assertThat(sendFixture.campaign(campaign).status()).isEqualTo(CampaignStatus.DRAFT);

        as(Kind.PERSON, 1, () -> lifecycle().send(campaign));
        assertThat(approvals(campaign)).as("asked for what it is now").isEqualTo(2);
        Schedule later = later();
        as(Kind.PERSON, 1, () -> lifecycle().schedule(campaign, later));
        CampaignView scheduled = as(Kind.PERSON, 2, () -> lifecycle().approve(campaign));
        assertThat(scheduled.status()).isEqualTo(CampaignStatus.SCHEDULED);

        // Changed after the approval: it is due with another content.
        change(template, "third");
        due();
        CampaignView failed = ended(campaign, CampaignStatus.SCHEDULED);
        assertThat(failed.status()).isEqualTo(CampaignStatus.FAILED);
        assertThat(failed.problem()).contains("nobody has approved it as it is now");
        assertThat(SendFixture.PROVIDER.accepted()).isEmpty();
    }

    @Test
    void an_approved_campaign_is_sent_at_its_time_and_one_whose_audience_has_grown_is_not() {
        approvalAbove(10L);
        long approved = sendFixture.draft();
        as(Kind.PERSON, 1, () -> lifecycle().schedule(approved, later()));
        as(Kind.PERSON, 2, () -> lifecycle().approve(approved));
        due();
        assertThat(ended(approved, CampaignStatus.SCHEDULED).counts().sent()).isEqualTo(PEOPLE);

        SendFixture.PROVIDER.forget();
        approvalAbove((long) PEOPLE);
        long small = sendFixture.draft();
        as(Kind.PERSON, 1, () -> lifecycle().schedule(small, later()));
        approvalAbove(10L);
        due();
        assertThat(ended(small, CampaignStatus.SCHEDULED).status())
                .as("larger than what needs no approval by the time it is due")
                .isEqualTo(CampaignStatus.FAILED);
        assertThat(SendFixture.PROVIDER.accepted()).isEmpty();
    }

    @Test
    void a_declined_campaign_stays_a_draft_until_somebody_asks_again() {
        approvalAbove(10L);
        long campaign = sendFixture.draft();
        as(Kind.PERSON, 1, () -> lifecycle().send(campaign));

        CampaignView declined =
                as(Kind.PERSON, 2, () -> lifecycle().decline(campaign, " Not on a Friday "));

        assertThat(declined.status()).isEqualTo(CampaignStatus.DRAFT);
        assertThat(declined.approval().status()).isEqualTo(ApprovalStatus.DECLINED);
        assertThat(declined.approval().note()).isEqualTo("Not on a Friday");
        assertThat(refused(Kind.PERSON, 3, campaign)).isEqualTo("approval-not-pending");
        as(Kind.PERSON, 1, () -> lifecycle().send(campaign));
        as(Kind.PERSON, 3, () -> lifecycle().approve(campaign));
        assertThat(ended(campaign).counts().sent()).isEqualTo(PEOPLE);
    }

    private static String refused(Kind kind, long id, long campaign) {
        try {
            as(kind, id, () -> lifecycle().approve(campaign));
            return "approved";
        } catch (Refusal refusal) {
            return refusal.problem();
        }
    }

    private static long approvals(long campaign) {
        return sendFixture
                .owner
                .sql("SELECT count(*) FROM campaign_approval WHERE campaign_id = ?")
                .param(campaign)
                .query(Long.class)
                .single();
    }

    private static TemplateDraft content(String word) {
        return new TemplateDraft(
                "T",
                TemplateSource.html(
                        "News",
                        "<p>" + word + " <a href=\"{{ unsubscribe_url }}\">Leave</a></p>",
                        null));
    }

    private static void change(long template, String word) {
        sendFixture.in(() -> sendFixture.door(Templates.class).update(template, content(word)));
    }

    private static long draft(long template) {
        return sendFixture.in(
                () ->
                        sendFixture
                                .door(CampaignDrafts.class)
                                .create(
                                        new CampaignDraft(
                                                "News",
                                                "News",
                                                "Acme <news@example.com>",
                                                null,
                                                template,
                                                null,
                                                null,
                                                null,
                                                Audience.EVERYBODY))
                                .id());
    }

    private static Schedule later() {
        return new Schedule(
                sendFixture.clock.instant().plus(Duration.ofHours(1)).toString(), null, null);
    }

    private static void due() {
        sendFixture.clock.advance(Duration.ofHours(2));
        launchDue();
    }
}
