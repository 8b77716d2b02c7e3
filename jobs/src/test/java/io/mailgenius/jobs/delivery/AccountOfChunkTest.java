package io.mailgenius.jobs.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.mailgenius.jobs.campaigns.CampaignLifecycle;
import io.mailgenius.jobs.campaigns.CampaignView;
import io.mailgenius.jobs.delivery.SendFixture.Teller;
import io.mailgenius.jobs.providers.BatchOutcome;
import io.mailgenius.jobs.providers.accounts.AccountChange;
import io.mailgenius.jobs.providers.accounts.AccountView;
import io.mailgenius.jobs.providers.accounts.ProviderAccounts;
import io.mailgenius.jobs.workspaces.Refusal;
import io.mailgenius.schema.CampaignStatus;
import io.mailgenius.schema.WorkspaceScope;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A workspace with an account of its own, and what becomes of mails while it changes. */
class AccountOfChunkTest {

    private static final String SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

    private SendFixture sendFixture;
    private ProviderAccounts accounts;

    @BeforeEach
    void start() {
        sendFixture = new SendFixture();
        sendFixture.people(250);
        sendFixture.worker();
        accounts = sendFixture.door(ProviderAccounts.class);
    }

    @AfterEach
    void stop() {
        sendFixture.close();
    }

    private AccountView change(String apiKey, boolean same) {
        return sendFixture.in(() -> accounts.change(new AccountChange(apiKey, same, null, SECRET)));
    }

    private long send() {
        long campaign = sendFixture.draft();
        sendFixture.in(() -> sendFixture.door(CampaignLifecycle.class).send(campaign));
        return campaign;
    }

    private CampaignView stopped(long campaign) {
        await().atMost(Duration.ofSeconds(60))
                .until(
                        () ->
                                sendFixture
                                        .owner
                                        .sql(
                                                "SELECT l.state FROM launch l JOIN campaign c ON c.launch_id = l.id WHERE c.id = ?")
                                        .param(campaign)
                                        .query(String.class)
                                        .single(),
                        "STOPPED"::equals);
        return sendFixture.campaign(campaign);
    }

    @Test
    void a_batch_that_may_have_been_sent_is_repeated_through_the_account_that_knows_its_key() {
        change("re_one", false);
        Teller one = SendFixture.account("re_one");
        AtomicInteger calls = new AtomicInteger();
        // Taken, but the answer is lost; then the account stands still.
        one.answer(
                batch -> {
                    if (calls.getAndIncrement() > 0) {
                        return new BatchOutcome.Halted("the quota is used up");
                    }
                    one.accept(batch);
                    return new BatchOutcome.Unknown("lost");
                });
        long campaign = send();
        assertThat(stopped(campaign).status()).isEqualTo(CampaignStatus.PAUSED);

        change("re_two", false);
        one.answer(one::accept);
        sendFixture.in(() -> sendFixture.door(CampaignLifecycle.class).resume(campaign));

        assertThat(sendFixture.ended(campaign).counts().sent()).isEqualTo(250);
        Teller two = SendFixture.account("re_two");
        assertThat(one.accepted()).doesNotHaveDuplicates();
        assertThat(two.accepted()).doesNotContainAnyElementsOf(one.accepted());
        assertThat(one.accepted().size() + two.accepted().size()).isEqualTo(250);
        String lost = one.keys().getFirst();
        assertThat(one.keys()).as("lost, halted, repeated").filteredOn(lost::equals).hasSize(3);
        assertThat(two.keys()).doesNotContain(lost);
        assertThat(SendFixture.PROVIDER.keys()).as("the installation's account").isEmpty();

        int before = one.keys().size();
        assertThat(sendFixture.ended(send()).counts().sent()).isEqualTo(250);
        assertThat(one.keys()).as("new campaigns").hasSize(before);
        assertThat(two.accepted()).hasSizeGreaterThanOrEqualTo(250);
        sendFixture.in(
                () -> {
                    accounts.remove();
                    return 0;
                });
        assertThat(sendFixture.ended(send()).counts().sent()).isEqualTo(250);
        assertThat(SendFixture.PROVIDER.accepted()).hasSize(250);
    }

    @Test
    void secrets_are_stored_encrypted_and_belong_to_one_workspace() {
        AccountView view = change("re_123456", false);

        assertThat(view.apiKeyEnd()).isEqualTo("3456");
        assertThat(view.toString()).doesNotContain("re_123456", SECRET);
        List<String> rows =
                sendFixture
                        .owner
                        .sql(
                                """
                                SELECT encode(api_secret, 'escape') || encode(webhook_secret, 'escape') FROM provider_account
                                UNION ALL SELECT coalesce(before::text, '') || after::text FROM audit_entry
                                """)
                        .query(String.class)
                        .list();
        assertThat(rows)
                .isNotEmpty()
                .allSatisfy(row -> assertThat(row).doesNotContain("re_123456", SECRET));
        long other = sendFixture.database.workspace("Other");
        UUID key = UUID.fromString(view.webhookPath().replaceFirst(".*?-", ""));
        assertThat(sendFixture.in(() -> accounts.webhookSecret(key))).contains(SECRET);
        assertThat(WorkspaceScope.call(other, () -> accounts.webhookSecret(key))).isEmpty();
        assertThat(WorkspaceScope.call(other, accounts::current))
                .isEqualTo(ProviderAccounts.INSTALLATION);
        assertThat(WorkspaceScope.call(other, () -> accounts.of(view.id())).keyLife()).isPositive();
        assertThat(SendFixture.PROVIDER.keys()).isEmpty();
    }

    @Test
    void another_key_of_the_same_account_keeps_the_account_and_another_account_does_not() {
        AccountView first = change("re_one", false);
        AccountView renewed = change("re_renewed", true);
        assertThat(renewed.id()).isEqualTo(first.id());
        assertThat(renewed.webhookPath()).isEqualTo(first.webhookPath());
        AccountView other = change("re_two", false);
        assertThat(other.id()).isNotEqualTo(first.id());

        sendFixture.clock.advance(Duration.ofHours(27));
        accounts.forget();

        assertThat(
                        sendFixture
                                .owner
                                .sql("SELECT id FROM provider_account WHERE api_secret IS NOT NULL")
                                .query(Long.class)
                                .list())
                .containsExactly(other.id());
        assertThat(sendFixture.in(() -> accounts.of(first.id())).send(null))
                .isInstanceOf(BatchOutcome.Halted.class);
        assertThatThrownBy(
                        () ->
                                WorkspaceScope.call(
                                        sendFixture.database.workspace("None"),
                                        () ->
                                                accounts.change(
                                                        new AccountChange(null, false, 7, null))))
                .isInstanceOf(Refusal.Invalid.class);
    }
}
