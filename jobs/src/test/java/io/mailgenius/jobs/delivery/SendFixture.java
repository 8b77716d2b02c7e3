package io.mailgenius.jobs.delivery;

import static org.awaitility.Awaitility.await;

import io.mailgenius.engine.ManualClock;
import io.mailgenius.engine.TestNode;
import io.mailgenius.engine.settings.Role;
import io.mailgenius.jobs.campaigns.Audience;
import io.mailgenius.jobs.campaigns.CampaignDraft;
import io.mailgenius.jobs.campaigns.CampaignDrafts;
import io.mailgenius.jobs.campaigns.CampaignView;
import io.mailgenius.jobs.campaigns.Campaigns;
import io.mailgenius.jobs.providers.BatchOutcome;
import io.mailgenius.jobs.providers.Mail;
import io.mailgenius.jobs.providers.MailBatch;
import io.mailgenius.jobs.providers.Provider;
import io.mailgenius.jobs.providers.SenderDomains;
import io.mailgenius.jobs.providers.accounts.AccountFactory;
import io.mailgenius.jobs.providers.accounts.AccountFactory.OpenAccount;
import io.mailgenius.jobs.providers.domains.TxtRecords;
import io.mailgenius.jobs.providers.sandbox.SandboxDomains;
import io.mailgenius.schema.CampaignStatus;
import io.mailgenius.schema.TestDatabase;
import io.mailgenius.schema.WorkspaceScope;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Supplier;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/** Nodes that send, over a database with people in it, and a provider that does as it is told. */
final class SendFixture implements AutoCloseable {

    /** Outside of all nodes, as a provider is. */
    static final Teller PROVIDER = new Teller();

    static final Told DOMAINS = new Told();

    /** By the name in the DNS. */
    static final Map<String, List<String>> TXT = new ConcurrentHashMap<>();

    /** By the API key. */
    private static final Map<String, Teller> ACCOUNTS = new ConcurrentHashMap<>();

    /** An account of a workspace's own. */
    static Teller account(String apiKey) {
        return ACCOUNTS.computeIfAbsent(apiKey, _ -> new Teller());
    }

    final ManualClock clock = new ManualClock();
    final TestDatabase database = TestDatabase.create();
    final long workspace = database.workspace("Acme");
    final JdbcClient owner = JdbcClient.create(database.owner());
    private final List<TestNode> nodes = new ArrayList<>();
    private final TestNode manager;

    SendFixture() {
        PROVIDER.forget();
        ACCOUNTS.clear();
        DOMAINS.answer = new SandboxDomains().ask();
        manager = node(List.of(TestNode.by(clock)), Role.MANAGER);
    }

    TestNode worker(BeanPostProcessor... changes) {
        List<BeanPostProcessor> all = new ArrayList<>(List.of(changes));
        all.add(TestNode.by(clock));
        return node(all, Role.WORKER);
    }

    void leave(TestNode node) {
        nodes.remove(node);
        node.close();
    }

    private TestNode node(List<BeanPostProcessor> changes, Role role) {
        TestNode node =
                TestNode.start(
                        database,
                        TestNode.settings(database, Set.of(role), 1),
                        changes,
                        Product.class);
        nodes.add(node);
        return node;
    }

    <T> T door(Class<T> type) {
        return manager.get(type);
    }

    <R> R in(Supplier<R> work) {
        return WorkspaceScope.call(workspace, work::get);
    }

    /** Contacts 1 to n of a fresh database. */
    void people(int n) {
        owner.sql(
                        """
                        INSERT INTO contact (workspace_id, email)
                        SELECT :workspace, n || '@example.org' FROM generate_series(1, :people) n
                        """)
                .param("workspace", workspace)
                .param("people", n)
                .update();
    }

    long draft() {
        return in(
                () ->
                        door(CampaignDrafts.class)
                                .create(
                                        new CampaignDraft(
                                                "News",
                                                "News",
                                                "Acme <news@example.com>",
                                                null,
                                                null,
                                                null,
                                                "<p>Hello {{ contact.email }}</p>"
                                                        + "<a href=\"{{ unsubscribe_url }}\">Unsubscribe</a>",
                                                null,
                                                Audience.EVERYBODY))
                                .id());
    }

    /** A campaign whose job is long forgotten: what is left are the rows that a test puts in. */
    long over() {
        long id = draft();
        owner.sql("SELECT ensure_send_partition(:id)").param("id", id).query().listOfRows();
        owner.sql(
                        """
                        UPDATE campaign SET status = 'SENT', launched_at = :at::timestamptz - interval '2 days'
                         WHERE id = :id
                        """)
                .param("at", clock.instant().toString())
                .param("id", id)
                .update();
        return id;
    }

    /** Whoever is named gets a row, and the campaign the counts of all of them. */
    void outcome(long campaign, String status, String reason, long... contacts) {
        owner.sql(
                        """
                        INSERT INTO send (workspace_id, campaign_id, contact_id, status, reason, recorded_at)
                        SELECT :workspace, :campaign, unnest(:contacts::bigint[]), :status, :reason, now()
                        """)
                .param("workspace", workspace)
                .param("campaign", campaign)
                .param("contacts", contacts)
                .param("status", status)
                .param("reason", reason)
                .update();
        owner.sql(
                        """
                        UPDATE campaign SET counts = (
                               SELECT jsonb_build_object('recipients', count(*),
                                      'sent', count(*) FILTER (WHERE s.status = 'SENT'),
                                      'failed', count(*) FILTER (WHERE s.status = 'FAILED'),
                                      'skipped', count(*) FILTER (WHERE s.status = 'SKIPPED'),
                                      'unknown', count(*) FILTER (WHERE s.status = 'UNKNOWN'))
                                 FROM send s WHERE s.campaign_id = :campaign)
                         WHERE id = :campaign
                        """)
                .param("campaign", campaign)
                .update();
    }

    String status(long campaign, long contact) {
        return owner.sql("SELECT status FROM send WHERE campaign_id = ? AND contact_id = ?")
                .params(campaign, contact)
                .query(String.class)
                .single();
    }

    void event(long campaign, long contact, String type) {
        owner.sql(
                        """
                        INSERT INTO event (workspace_id, occurred_at, campaign_id, contact_id, type, message_id,
                                           provider_id)
                        VALUES (:workspace, now(), :campaign, :contact, :type, gen_random_uuid()::text, 'mail-of-' || :contact)
                        """)
                .param("workspace", workspace)
                .param("campaign", campaign)
                .param("contact", contact)
                .param("type", type)
                .update();
    }

    CampaignView campaign(long id) {
        return in(() -> door(Campaigns.class).find(id));
    }

    CampaignView ended(long campaign) {
        return await().atMost(Duration.ofSeconds(60))
                .until(() -> campaign(campaign), view -> view.status() != CampaignStatus.SENDING);
    }

    @Override
    public void close() {
        nodes.reversed().forEach(TestNode::close);
        database.close();
    }

    /** Accepts every batch and knows by its key one that it has, unless it is told otherwise. */
    static final class Teller implements Provider {

        private final Map<String, List<String>> byKey = new HashMap<>();
        private final List<String> accepted = new ArrayList<>();
        private final List<String> keys = new ArrayList<>();
        private Function<MailBatch, BatchOutcome> answer = this::accept;

        @Override
        public synchronized BatchOutcome send(MailBatch batch) {
            keys.add(batch.idempotencyKey());
            return answer.apply(batch);
        }

        synchronized BatchOutcome accept(MailBatch batch) {
            List<String> ids =
                    byKey.computeIfAbsent(
                            batch.idempotencyKey(),
                            key -> {
                                batch.mails().forEach(mail -> accepted.add(mail.to()));
                                return batch.mails().stream().map(Mail::to).toList();
                            });
            return new BatchOutcome.Accepted(ids);
        }

        @Override
        public Duration keyLife() {
            return Duration.ofHours(24);
        }

        synchronized void answer(Function<MailBatch, BatchOutcome> told) {
            answer = told;
        }

        synchronized List<String> accepted() {
            return List.copyOf(accepted);
        }

        synchronized List<String> keys() {
            return List.copyOf(keys);
        }

        synchronized void forget() {
            byKey.clear();
            accepted.clear();
            keys.clear();
            answer = this::accept;
        }
    }

    /** Domains of whichever account a test wants. */
    static final class Told implements SenderDomains {

        final AtomicInteger asked = new AtomicInteger();
        volatile Answer answer = new SandboxDomains().ask();

        /** A provider takes its time, and nobody may hold a connection meanwhile. */
        @Override
        public Answer ask() {
            if (TransactionSynchronizationManager.isActualTransactionActive()) {
                throw new IllegalStateException("The provider is asked in a transaction");
            }
            asked.incrementAndGet();
            return answer;
        }

        @Override
        public Answer askAgain() {
            return ask();
        }
    }

    // No @Configuration: a scan of another test must not find it.
    @ComponentScan({
        "io.mailgenius.jobs.secrets",
        "io.mailgenius.jobs.workspaces",
        "io.mailgenius.jobs.contacts",
        "io.mailgenius.jobs.segments",
        "io.mailgenius.jobs.templates",
        "io.mailgenius.jobs.providers.accounts",
        "io.mailgenius.jobs.providers.domains",
        "io.mailgenius.jobs.campaigns",
        "io.mailgenius.jobs.delivery"
    })
    static class Product {

        @Bean
        SenderDomains senderDomains() {
            return DOMAINS;
        }

        @Bean
        Provider provider() {
            return PROVIDER;
        }

        @Bean
        TxtRecords txtRecords() {
            return name -> TXT.getOrDefault(name, List.of());
        }

        @Bean
        AccountFactory accountFactory() {
            return (apiKey, _) -> new OpenAccount(account(apiKey), DOMAINS, () -> {});
        }
    }
}
