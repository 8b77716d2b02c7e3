package io.mailgenius.jobs.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mailgenius.engine.FaultInjection;
import io.mailgenius.engine.FaultInjection.Side;
import io.mailgenius.engine.ManualClock;
import io.mailgenius.engine.TestNode;
import io.mailgenius.engine.launching.Launches;
import io.mailgenius.engine.settings.Role;
import io.mailgenius.jobs.campaigns.Audience;
import io.mailgenius.jobs.campaigns.CampaignDraft;
import io.mailgenius.jobs.campaigns.CampaignDrafts;
import io.mailgenius.jobs.campaigns.CampaignLifecycle;
import io.mailgenius.jobs.campaigns.CampaignView;
import io.mailgenius.jobs.campaigns.Campaigns;
import io.mailgenius.jobs.providers.BatchOutcome;
import io.mailgenius.jobs.providers.Mail;
import io.mailgenius.jobs.providers.MailBatch;
import io.mailgenius.jobs.providers.Provider;
import io.mailgenius.jobs.providers.SenderDomains;
import io.mailgenius.jobs.providers.sandbox.SandboxDomains;
import io.mailgenius.schema.CampaignStatus;
import io.mailgenius.schema.TestDatabase;
import io.mailgenius.schema.WorkspaceScope;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.jdbc.core.simple.JdbcClient;

/** A worker dies in each window of a send; whom the provider has accepted is counted there. */
class DeadSenderTest {

    /** More than two batches for each of the chunks that they fall into. */
    private static final int PEOPLE = 900;

    /** All nodes of a test talk to this one: it is outside of them, as a provider is. */
    private static final Accepting PROVIDER = new Accepting();

    private final ManualClock clock = new ManualClock();
    private final TestDatabase database = TestDatabase.create();
    private final long workspace = database.workspace("Acme");
    private final List<TestNode> nodes = new ArrayList<>();
    private TestNode manager;

    @BeforeEach
    void start() {
        PROVIDER.forget();
        manager = node(TestNode.by(clock), Role.MANAGER);
        JdbcClient.create(database.owner())
                .sql(
                        """
                        INSERT INTO contact (workspace_id, email)
                        SELECT :workspace, n || '@example.org' FROM generate_series(1, :people) n
                        """)
                .param("workspace", workspace)
                .param("people", PEOPLE)
                .update();
    }

    @AfterEach
    void stop() {
        nodes.reversed().forEach(TestNode::close);
        database.close();
    }

    static Stream<Arguments> windows() {
        return Stream.of(
                Arguments.of(
                        "before the plan commits",
                        FaultInjection.at(Side.BEFORE, "SET checkpoint"),
                        0),
                Arguments.of(
                        "after the plan, before the call",
                        FaultInjection.at(Side.AFTER, "SET checkpoint"),
                        0),
                Arguments.of("after the first call of three", FaultInjection.later(), 1),
                Arguments.of(
                        "after the calls, before DONE",
                        FaultInjection.at(Side.BEFORE, "SET state = 'DONE'"),
                        3),
                Arguments.of(
                        "after DONE, before XACK",
                        FaultInjection.at(Side.AFTER, "SET state = 'DONE'"),
                        3));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("windows")
    void everybody_gets_the_mail_once(
            String window, FaultInjection faultInjection, int callsBeforeDeath) throws Exception {
        PROVIDER.afterCall(
                calls -> {
                    if (calls == 1 && callsBeforeDeath == 1) {
                        faultInjection.now();
                    }
                });
        node(List.of(TestNode.by(clock), faultInjection), Role.WORKER);
        long campaign = sending();
        faultInjection.await();
        assertThat(PROVIDER.calls()).isBetween(callsBeforeDeath, callsBeforeDeath + 2);

        clock.advance(Duration.ofSeconds(3));
        node(TestNode.by(clock), Role.WORKER);
        CampaignView sent = ended(campaign);
        assertThat(sent.status()).isEqualTo(CampaignStatus.SENT);
        assertThat(sent.counts().sent()).isEqualTo(PEOPLE);
        assertThat(PROVIDER.accepted()).hasSize(PEOPLE).doesNotHaveDuplicates();
        assertThat(rows("SENT")).isEqualTo(PEOPLE);
    }

    @Test
    void a_send_that_was_cut_off_for_longer_than_keys_live_is_unknown_and_not_repeated()
            throws Exception {
        FaultInjection faultInjection = FaultInjection.at(Side.BEFORE, "SET state = 'DONE'");
        node(List.of(TestNode.by(clock), faultInjection), Role.WORKER);
        long campaign = sending();
        faultInjection.await();
        int cutOff = PROVIDER.accepted().size();
        assertThat(cutOff).isBetween(1, PEOPLE - 1);
        assertThat(repeats(campaign)).isEqualTo(new RepeatForecast(cutOff, 0, 0));

        clock.advance(Duration.ofHours(23).plusSeconds(1));
        assertThat(repeats(campaign)).isEqualTo(new RepeatForecast(0, cutOff, 0));
        node(TestNode.by(clock), Role.WORKER);
        CampaignView sent = ended(campaign);
        assertThat(sent.counts().unknown()).isEqualTo(cutOff);
        assertThat(sent.counts().sent()).isEqualTo(PEOPLE - cutOff);
        assertThat(PROVIDER.accepted()).hasSize(PEOPLE).doesNotHaveDuplicates();
        assertThat(rows("UNKNOWN")).isEqualTo(cutOff);
    }

    @Test
    void a_restart_of_a_cancelled_campaigns_job_mails_nobody() {
        long campaign = sending();
        CampaignLifecycle lifecycle = manager.get(CampaignLifecycle.class);
        CampaignView cancelled = WorkspaceScope.call(workspace, () -> lifecycle.cancel(campaign));
        assertThat(cancelled.status()).isEqualTo(CampaignStatus.CANCELLED);
        Launches launches = manager.get(Launches.class);
        long launch =
                JdbcClient.create(database.owner())
                        .sql("SELECT launch_id FROM campaign")
                        .query(Long.class)
                        .single();
        await().until(() -> !launches.find(launch).orElseThrow().alive());

        WorkspaceScope.call(workspace, () -> launches.restart(launch));
        await().until(() -> !launches.find(launch).orElseThrow().alive());
        node(TestNode.by(clock), Role.WORKER);
        assertThat(launches.find(launch).orElseThrow().error()).contains("CANCELLED");
        assertThat(PROVIDER.calls()).isZero();
        assertThat(rows("SENT")).isZero();
    }

    private long sending() {
        CampaignDrafts drafts = manager.get(CampaignDrafts.class);
        CampaignLifecycle lifecycle = manager.get(CampaignLifecycle.class);
        CampaignDraft draft =
                new CampaignDraft(
                        "News",
                        "News",
                        "Acme <news@example.com>",
                        null,
                        null,
                        null,
                        "<p>Hello {{ contact.email }}</p><a href=\"{{ unsubscribe_url }}\">Unsubscribe</a>",
                        null,
                        Audience.EVERYBODY);
        return WorkspaceScope.call(workspace, () -> lifecycle.send(drafts.create(draft).id()).id());
    }

    private CampaignView ended(long campaign) {
        Campaigns campaigns = manager.get(Campaigns.class);
        return await().atMost(Duration.ofSeconds(60))
                .until(
                        () -> WorkspaceScope.call(workspace, () -> campaigns.find(campaign)),
                        view -> view.status() != CampaignStatus.SENDING);
    }

    private RepeatForecast repeats(long campaign) {
        Campaigns campaigns = manager.get(Campaigns.class);
        return WorkspaceScope.call(
                workspace,
                () -> {
                    long launch = Objects.requireNonNull(campaigns.find(campaign).jobExecutionId());
                    long instance =
                            Objects.requireNonNull(
                                    manager.get(Launches.class)
                                            .findByExecution(launch)
                                            .orElseThrow()
                                            .jobInstanceId());
                    return manager.get(Deliveries.class).repeats(instance);
                });
    }

    private long rows(String status) {
        return JdbcClient.create(database.owner())
                .sql("SELECT count(*) FROM send WHERE status = :status")
                .param("status", status)
                .query(Long.class)
                .single();
    }

    private TestNode node(BeanPostProcessor change, Role role) {
        return node(List.of(change), role);
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

    /** Accepts every batch, and knows by its key one that it has. */
    private static final class Accepting implements Provider {

        private final Map<String, List<String>> byKey = new HashMap<>();
        private final List<String> accepted = new ArrayList<>();
        private int calls;
        private Consumer<Integer> afterCall = call -> {};

        @Override
        public synchronized BatchOutcome send(MailBatch batch) {
            calls++;
            List<String> ids =
                    byKey.computeIfAbsent(
                            batch.idempotencyKey(),
                            key -> {
                                batch.mails().forEach(mail -> accepted.add(mail.to()));
                                return batch.mails().stream().map(Mail::to).toList();
                            });
            afterCall.accept(calls);
            return new BatchOutcome.Accepted(ids);
        }

        @Override
        public Duration keyLife() {
            return Duration.ofHours(24);
        }

        synchronized void afterCall(Consumer<Integer> told) {
            afterCall = told;
        }

        synchronized int calls() {
            return calls;
        }

        synchronized List<String> accepted() {
            return List.copyOf(accepted);
        }

        synchronized void forget() {
            byKey.clear();
            accepted.clear();
            calls = 0;
            afterCall = call -> {};
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
            return new SandboxDomains();
        }

        @Bean
        Provider provider() {
            return PROVIDER;
        }
    }
}
