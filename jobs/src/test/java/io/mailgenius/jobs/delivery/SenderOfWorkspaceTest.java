package io.mailgenius.jobs.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mailgenius.jobs.campaigns.Audience;
import io.mailgenius.jobs.campaigns.BrandDraft;
import io.mailgenius.jobs.campaigns.BrandView;
import io.mailgenius.jobs.campaigns.Brands;
import io.mailgenius.jobs.campaigns.CampaignDraft;
import io.mailgenius.jobs.campaigns.CampaignDrafts;
import io.mailgenius.jobs.campaigns.CampaignLifecycle;
import io.mailgenius.jobs.campaigns.CampaignTracking;
import io.mailgenius.jobs.campaigns.CampaignView;
import io.mailgenius.jobs.campaigns.SenderCheck;
import io.mailgenius.jobs.providers.Mail;
import io.mailgenius.jobs.providers.SenderDomains.Answer;
import io.mailgenius.jobs.providers.SenderDomains.Domain;
import io.mailgenius.jobs.providers.SenderDomains.Standing;
import io.mailgenius.jobs.providers.accounts.AccountChange;
import io.mailgenius.jobs.providers.accounts.ProviderAccounts;
import io.mailgenius.jobs.workspaces.Refusal;
import io.mailgenius.schema.WorkspaceScope;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** One account with a domain of each of two workspaces. */
class SenderOfWorkspaceTest {

    private SendFixture sendFixture;
    private long other;
    private long campaign;

    @BeforeEach
    void start() {
        sendFixture = new SendFixture();
        other = sendFixture.database.workspace("Other");
        campaign = sendFixture.draft();
        SendFixture.DOMAINS.answer =
                new Answer.Listed(
                        List.of(new Domain("example.com", "verified", null, Standing.SENDS)));
        SendFixture.TXT.clear();
    }

    @AfterEach
    void stop() {
        sendFixture.close();
    }

    private long draftOfOther() {
        return sendFixture
                .owner
                .sql(
                        """
                        INSERT INTO campaign (workspace_id, name, subject, sender, html, audience, send_key)
                        SELECT :other, name, subject, sender, html, audience, gen_random_uuid() FROM campaign WHERE id = :id
                        RETURNING id
                        """)
                .param("other", other)
                .param("id", campaign)
                .query(Long.class)
                .single();
    }

    private void inOther(Runnable work) {
        WorkspaceScope.run(other, work);
    }

    @Test
    void a_domain_of_the_shared_account_is_sent_from_by_the_workspace_that_proves_it_alone() {
        long theirs = draftOfOther();
        Deliveries deliveries = sendFixture.door(Deliveries.class);

        sendFixture.in(
                () -> {
                    deliveries.test(campaign, List.of("me@example.org"));
                    return 0;
                });
        String token = token();
        for (Runnable attempt :
                List.<Runnable>of(
                        () -> deliveries.test(theirs, List.of("me@example.org")),
                        () -> sendFixture.door(CampaignLifecycle.class).send(theirs))) {
            assertThatThrownBy(() -> inOther(attempt))
                    .isInstanceOf(Refusal.Invalid.class)
                    .hasMessageContaining("_mailgenius.example.com TXT \"" + token + "\"");
        }
        assertThat(SendFixture.PROVIDER.accepted()).containsExactly("me@example.org");

        SendFixture.TXT.put("_mailgenius.example.com", List.of("mailgenius-workspace=x", token));
        inOther(() -> deliveries.test(theirs, List.of("me@example.org")));
        assertThat(SendFixture.PROVIDER.accepted()).hasSize(2);

        SendFixture.TXT.clear();
        inOther(() -> deliveries.test(theirs, List.of("me@example.org")));
        sendFixture.clock.advance(Duration.ofDays(8));
        assertThatThrownBy(() -> inOther(() -> deliveries.test(theirs, List.of("me@example.org"))))
                .as("the record is gone for a week")
                .isInstanceOf(Refusal.Invalid.class);
    }

    @Test
    void a_brand_sends_from_a_proven_domain_and_gives_campaigns_what_they_leave_out() {
        Brands brands = sendFixture.door(Brands.class);
        BrandDraft draft =
                new BrandDraft(
                        "Acme Shop",
                        "Shop <shop@example.com>",
                        "help@example.com",
                        "1 Market Street, Springfield",
                        "Links.Example.com",
                        null,
                        "#A1B2C3");
        assertThatThrownBy(() -> inOther(() -> brands.create(draft)))
                .isInstanceOf(Refusal.Invalid.class)
                .hasMessageContaining("not proven");

        BrandView brand = sendFixture.in(() -> brands.create(draft));
        assertThat(brand.trackingDomain()).isEqualTo("links.example.com");
        assertThat(brand.color()).isEqualTo("#a1b2c3");
        assertThatThrownBy(() -> sendFixture.in(() -> brands.create(draft)))
                .isInstanceOf(Refusal.Conflict.class);
        assertThatThrownBy(() -> inOther(() -> brands.find(brand.id())))
                .isInstanceOf(Refusal.NotFound.class);
        sendFixture.people(1);
        CampaignView made = sendFixture.in(() -> drafted(brand.id()));
        assertThat(made.from()).isEqualTo("Shop <shop@example.com>");
        assertThat(made.replyTo()).isEqualTo("help@example.com");

        List<Mail> mails = new ArrayList<>();
        SendFixture.PROVIDER.answer(
                batch -> {
                    mails.addAll(batch.mails());
                    return SendFixture.PROVIDER.accept(batch);
                });
        sendFixture.worker();
        sendFixture.in(() -> sendFixture.door(CampaignLifecycle.class).send(made.id()));
        sendFixture.ended(made.id());

        assertThat(mails).hasSize(1);
        assertThat(mails.getFirst().html())
                .contains("Yours, Acme Shop, 1 Market Street")
                .contains("https://links.example.com/t/");
        assertThatThrownBy(
                        () ->
                                sendFixture.in(
                                        () -> {
                                            brands.delete(brand.id());
                                            return 0;
                                        }))
                .hasMessageContaining("use this brand");
    }

    private CampaignView drafted(long brand) {
        return sendFixture
                .door(CampaignDrafts.class)
                .create(
                        new CampaignDraft(
                                "News",
                                "News",
                                null,
                                null,
                                null,
                                null,
                                "<p>Yours, {{ brand.name }}, {{ postal_address }}</p>"
                                        + "<a href=\"https://example.com/x\">x</a>"
                                        + "<a href=\"{{ unsubscribe_url }}\">Unsubscribe</a>",
                                null,
                                Audience.EVERYBODY,
                                null,
                                new CampaignTracking(false, true),
                                null,
                                null,
                                null,
                                null,
                                null,
                                brand));
    }

    private String token() {
        return "mailgenius-workspace="
                + sendFixture
                        .owner
                        .sql("SELECT domain_token::text FROM workspace WHERE id = ?")
                        .param(other)
                        .query(String.class)
                        .single();
    }

    @Test
    void the_domains_of_an_account_of_its_own_need_no_proof() {
        SenderCheck check = sendFixture.door(SenderCheck.class);
        inOther(() -> assertThat(check.finding("news@example.com")).isPresent());

        inOther(
                () ->
                        sendFixture
                                .door(ProviderAccounts.class)
                                .change(new AccountChange("re_own", false, null, null)));

        inOther(() -> assertThat(check.finding("news@example.com")).isEmpty());
        inOther(() -> assertThat(check.finding("news@else.example")).isPresent());
    }

    @Test
    void test_mails_are_few_recorded_and_never_to_a_suppressed_address() {
        Deliveries deliveries = sendFixture.door(Deliveries.class);
        sendFixture
                .owner
                .sql(
                        "INSERT INTO suppression (workspace_id, email, reason, source) VALUES (?, 'no@example.org', 'MANUAL', 'test')")
                .param(sendFixture.workspace)
                .update();
        assertThatThrownBy(() -> test(deliveries, List.of("me@example.org", "No@example.org")))
                .isInstanceOf(Refusal.Conflict.class)
                .hasMessageContaining("no@example.org");
        assertThat(SendFixture.PROVIDER.accepted()).isEmpty();

        List<String> twenty = addresses(0, 20);
        for (int i = 0; i < 5; i++) {
            test(deliveries, twenty);
        }
        assertThatThrownBy(() -> test(deliveries, addresses(0, 1)))
                .isInstanceOf(Refusal.Conflict.class)
                .hasMessageContaining("an hour");
        sendFixture.clock.advance(Duration.ofMinutes(61));
        assertThatThrownBy(() -> test(deliveries, addresses(10, 26)))
                .isInstanceOf(Refusal.Conflict.class)
                .hasMessageContaining("different addresses");
        test(deliveries, addresses(10, 25));
        assertThat(
                        sendFixture
                                .owner
                                .sql("SELECT count(*) FROM test_mail WHERE campaign_id = ?")
                                .param(campaign)
                                .query(Long.class)
                                .single())
                .isEqualTo(115);
        assertThat(SendFixture.PROVIDER.accepted()).hasSize(115);
    }

    private static List<String> addresses(int from, int to) {
        return IntStream.range(from, to).mapToObj(n -> n + "@example.org").toList();
    }

    private void test(Deliveries deliveries, List<String> addresses) {
        sendFixture.in(
                () -> {
                    deliveries.test(campaign, addresses);
                    return 0;
                });
    }
}
