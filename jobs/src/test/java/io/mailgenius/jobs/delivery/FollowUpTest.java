package io.mailgenius.jobs.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mailgenius.engine.TestNode;
import io.mailgenius.jobs.campaigns.Audience;
import io.mailgenius.jobs.campaigns.CampaignDraft;
import io.mailgenius.jobs.campaigns.CampaignDrafts;
import io.mailgenius.jobs.campaigns.CampaignLifecycle;
import io.mailgenius.jobs.campaigns.CampaignView;
import io.mailgenius.jobs.campaigns.Campaigns;
import io.mailgenius.jobs.campaigns.FollowUp;
import io.mailgenius.jobs.campaigns.FollowUp.To;
import io.mailgenius.jobs.campaigns.FollowUps;
import io.mailgenius.jobs.campaigns.OwnDomains;
import io.mailgenius.jobs.campaigns.Schedule;
import io.mailgenius.jobs.providers.SenderDomains;
import io.mailgenius.jobs.providers.sandbox.SandboxDomains;
import io.mailgenius.jobs.templates.Finding;
import io.mailgenius.jobs.workspaces.Refusal;
import io.mailgenius.schema.CampaignStatus;
import io.mailgenius.schema.WorkspaceScope;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.batch.infrastructure.item.ExecutionContext;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.json.JsonMapper;

/** A second campaign to some of those whom the first one was meant for. */
class FollowUpTest {

    private static final String FROZEN = "<p>Frozen <a href='{{ unsubscribe_url }}'>Leave</a></p>";
    private static SendFixture sendFixture;

    @BeforeAll
    static void open() {
        sendFixture = new SendFixture();
        sendFixture.people(2_600);
    }

    @AfterAll
    static void close() {
        sendFixture.close();
    }

    @Test
    void nothing_goes_out_from_a_domain_that_the_account_does_not_have() {
        Campaigns campaigns = sendFixture.door(Campaigns.class);
        CampaignDrafts drafts = sendFixture.door(CampaignDrafts.class);
        CampaignLifecycle lifecycle = sendFixture.door(CampaignLifecycle.class);
        long id = sendFixture.draft();
        SendFixture.DOMAINS.answer = new SenderDomains.Answer.Listed(List.of());
        try {
            assertThat(sendFixture.in(() -> drafts.check(id)))
                    .extracting(Finding::code)
                    .containsExactly("postal-address-not-set", "from-domain-not-verified");
            assertThatThrownBy(() -> sendFixture.in(() -> lifecycle.send(id)))
                    .isInstanceOf(Refusal.Invalid.class)
                    .hasMessageContaining("no domain example.com");
            SendFixture.DOMAINS.answer = new SenderDomains.Answer.NotAsked("Not reachable");
            assertThat(sendFixture.in(() -> drafts.check(id)))
                    .filteredOn(finding -> finding.code().equals("domains-not-checked"))
                    .extracting(Finding::severity)
                    .containsExactly(Finding.Severity.WARNING);
            assertThat(sendFixture.in(() -> campaigns.find(id)).status())
                    .isEqualTo(CampaignStatus.DRAFT);
        } finally {
            SendFixture.DOMAINS.answer = new SandboxDomains().ask();
        }
    }

    @Test
    void one_that_is_scheduled_fails_when_its_domain_has_gone_by_then() {
        CampaignLifecycle lifecycle = sendFixture.door(CampaignLifecycle.class);
        long id = sendFixture.draft();
        sendFixture.in(
                () ->
                        lifecycle.schedule(
                                id,
                                new Schedule(
                                        sendFixture.clock.instant().plusSeconds(3_600).toString(),
                                        null,
                                        null)));
        int asked = SendFixture.DOMAINS.asked.get();
        SendFixture.DOMAINS.answer = new SenderDomains.Answer.Listed(List.of());
        try {
            assertThatThrownBy(
                            () ->
                                    sendFixture.in(
                                            () -> {
                                                lifecycle.due(id);
                                                return null;
                                            }))
                    .isInstanceOf(Refusal.Invalid.class)
                    .hasMessageContaining("no domain example.com");
            assertThat(SendFixture.DOMAINS.asked.get()).isGreaterThan(asked);
        } finally {
            SendFixture.DOMAINS.answer = new SandboxDomains().ask();
        }
    }

    @Test
    void a_workspace_is_told_of_the_domains_that_it_sends_from_and_of_no_other() {
        sendFixture.draft();
        SenderDomains.Domain own = domain("Example.com");
        long theirs = sendFixture.database.workspace("Domains");
        SendFixture.DOMAINS.answer =
                new SenderDomains.Answer.Listed(List.of(domain("customer.example"), own));
        try {
            OwnDomains domains = sendFixture.door(OwnDomains.class);
            assertThat(sendFixture.in(domains::ask))
                    .isEqualTo(new SenderDomains.Answer.Listed(List.of(own)));
            assertThat(WorkspaceScope.call(theirs, domains::ask))
                    .isEqualTo(new SenderDomains.Answer.Listed(List.of()));
        } finally {
            SendFixture.DOMAINS.answer = new SandboxDomains().ask();
        }
    }

    private static SenderDomains.Domain domain(String name) {
        return new SenderDomains.Domain(name, "verified", null, SenderDomains.Standing.SENDS);
    }

    @Test
    void those_who_failed_get_a_draft_that_says_the_same_and_is_mailed_to_them_alone() {
        SendFixture.PROVIDER.forget();
        long first = sendFixture.over();
        sendFixture
                .owner
                .sql("UPDATE campaign SET html = ? WHERE id = ?")
                .params(FROZEN, first)
                .update();
        sendFixture.outcome(first, "SENT", null, 1, 2);
        sendFixture.outcome(first, "FAILED", "no such mailbox", 3, 4, 5);
        sendFixture.outcome(first, "SKIPPED", "suppressed: MANUAL", 6);
        sendFixture.outcome(first, "UNKNOWN", "perhaps", 7);
        sendFixture.owner.sql("UPDATE contact SET status = 'UNSUBSCRIBED' WHERE id = 4").update();

        CampaignView draft = followUp(first, To.FAILED);
        assertThat(draft.status()).isEqualTo(CampaignStatus.DRAFT);
        assertThat(draft.name()).isEqualTo("News (failed)");
        assertThat(draft.subject()).isEqualTo("Really?");
        assertThat(draft.audience().followUp()).isEqualTo(new FollowUp(first, To.FAILED));
        assertThat(
                        sendFixture
                                .in(
                                        () ->
                                                sendFixture
                                                        .door(CampaignDrafts.class)
                                                        .content(draft.id()))
                                .html())
                .isEqualTo(FROZEN);

        TestNode worker = sendFixture.worker();
        sendFixture.in(() -> sendFixture.door(CampaignLifecycle.class).send(draft.id()));
        assertThat(sendFixture.ended(draft.id()).status()).isEqualTo(CampaignStatus.SENT);
        sendFixture.leave(worker);
        assertThat(SendFixture.PROVIDER.accepted())
                .containsExactlyInAnyOrder("3@example.org", "5@example.org");
    }

    @Test
    void not_opened_are_those_to_whom_it_went_and_of_whom_nothing_else_came_back() {
        long first = sendFixture.over();
        sendFixture.outcome(first, "SENT", null, 10, 11, 12, 13, 14, 15, 16, 17);
        sendFixture.outcome(first, "FAILED", "no such mailbox", 18);
        sendFixture.outcome(first, "UNKNOWN", "perhaps", 19);
        sendFixture.event(first, 10, "DELIVERED");
        sendFixture.event(first, 11, "OPENED");
        sendFixture.event(first, 12, "CLICKED");
        sendFixture.event(first, 13, "BOUNCED");
        sendFixture.event(first, 14, "COMPLAINED");
        sendFixture.event(sendFixture.over(), 15, "OPENED");
        sendFixture
                .owner
                .sql(
                        """
                        INSERT INTO suppression (workspace_id, email, reason, source)
                        VALUES (?, '16@example.org', 'MANUAL', 'a test')
                        """)
                .param(sendFixture.workspace)
                .update();

        assertThat(enumerated(first, To.NOT_OPENED)).containsExactly(10L, 15L, 17L);
    }

    @ParameterizedTest
    @EnumSource
    void many_are_enumerated_chunk_by_chunk_each_once(To to) {
        long first = sendFixture.over();
        String status =
                switch (to) {
                    case FAILED -> "FAILED";
                    case NOT_OPENED -> "SENT";
                };
        long[] people = LongStream.rangeClosed(101, 2_600).toArray();
        sendFixture.outcome(first, status, "whatever", people);
        sendFixture.outcome(
                first, "SKIPPED", "suppressed", LongStream.rangeClosed(20, 90).toArray());

        assertThat(enumerated(first, to))
                .containsExactly(Arrays.stream(people).boxed().toArray(Long[]::new));
    }

    @ParameterizedTest
    @EnumSource
    void a_campaign_is_followed_up_when_it_is_over(CampaignStatus status) {
        long first = sendFixture.over();
        sendFixture
                .owner
                .sql("UPDATE campaign SET status = ?, scheduled_at = now() WHERE id = ?")
                .params(status.name(), first)
                .update();
        switch (status) {
            case SENT, CANCELLED, FAILED ->
                    assertThat(followUp(first, To.NOT_OPENED).status())
                            .isEqualTo(CampaignStatus.DRAFT);
            case DRAFT, SCHEDULED, SENDING, PAUSED -> {
                assertThatThrownBy(() -> followUp(first, To.NOT_OPENED))
                        .isInstanceOf(Refusal.Conflict.class)
                        .hasMessageContaining("once it is SENT");
                long byHand = draft(first);
                assertThatThrownBy(
                                () ->
                                        sendFixture.in(
                                                () ->
                                                        sendFixture
                                                                .door(CampaignLifecycle.class)
                                                                .send(byHand)))
                        .isInstanceOf(Refusal.Conflict.class);
                assertThat(sendFixture.campaign(byHand).status()).isEqualTo(CampaignStatus.DRAFT);
            }
        }
    }

    @Test
    void another_workspaces_campaign_cannot_be_followed_up() {
        long first = sendFixture.over();
        long theirs = sendFixture.database.workspace("Theirs");
        assertThatThrownBy(
                        () ->
                                WorkspaceScope.run(
                                        theirs,
                                        () ->
                                                sendFixture
                                                        .door(FollowUps.class)
                                                        .create(first, To.FAILED, null, null)))
                .isInstanceOf(Refusal.NotFound.class);
        assertThatThrownBy(() -> WorkspaceScope.run(theirs, () -> draft(first)))
                .isInstanceOf(Refusal.NotFound.class);
    }

    private static long draft(long first) {
        CampaignDraft draft =
                new CampaignDraft(
                        "By hand",
                        "By hand",
                        "news@example.com",
                        null,
                        null,
                        null,
                        null,
                        "Hello {{ unsubscribe_url }}",
                        new Audience(null, null, null, new FollowUp(first, To.NOT_OPENED)));
        CampaignDrafts drafts = sendFixture.door(CampaignDrafts.class);
        return WorkspaceScope.current().isPresent()
                ? drafts.create(draft).id()
                : sendFixture.in(() -> drafts.create(draft).id());
    }

    private static CampaignView followUp(long first, To to) {
        return sendFixture.in(
                () -> sendFixture.door(FollowUps.class).create(first, to, null, "Really?"));
    }

    private static List<Long> enumerated(long first, To to) {
        AudienceReader reader =
                new AudienceReader(
                        sendFixture.door(JdbcClient.class),
                        sendFixture.door(JsonMapper.class),
                        sendFixture.door(Campaigns.class)::requireSends,
                        0,
                        new Audience(null, null, null, new FollowUp(first, to)),
                        null,
                        ChunkSizing.PLAIN,
                        new AudienceReader.ContactRange(1, 1_000_000));
        reader.open(new ExecutionContext());
        List<Long> all = new ArrayList<>();
        TransactionTemplate transaction = sendFixture.door(TransactionTemplate.class);
        Recipients next;
        do {
            next = sendFixture.in(() -> transaction.execute(_ -> reader.read()));
            if (next != null) {
                assertThat(next.contacts()).hasSizeLessThanOrEqualTo(AudienceReader.CHUNK);
                Arrays.stream(next.contacts()).forEach(all::add);
            }
        } while (next != null);
        return all;
    }
}
