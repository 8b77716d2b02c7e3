package io.mailgenius.api.node;

import io.mailgenius.jobs.events.Events;
import io.mailgenius.jobs.events.Receipt;
import io.mailgenius.jobs.events.WebhookSecrets;
import io.mailgenius.jobs.providers.Provider;
import io.mailgenius.jobs.providers.SenderDomains;
import io.mailgenius.jobs.providers.resend.ResendProvider;
import io.mailgenius.jobs.providers.resend.ResendSettings;
import io.mailgenius.jobs.providers.sandbox.Sandbox;
import io.mailgenius.jobs.providers.sandbox.SandboxDomains;
import io.mailgenius.jobs.providers.sandbox.SandboxReports;
import io.mailgenius.jobs.providers.sandbox.SandboxSettings;
import io.mailgenius.jobs.providers.sandbox.WebhookReceiver;
import io.mailgenius.jobs.providers.sandbox.WebhookReceiver.Answer;
import java.security.SecureRandom;
import java.util.Base64;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Profile;

/**
 * Sends mail to the sandbox, over the same protocol as to Resend. A node that serves HTTP reports
 * the sandbox's events to itself, so their webhook secret is generated at each start.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnProperty(name = "mailgenius.provider", havingValue = "sandbox")
class SandboxConfiguration {

    private final String secret = secret();

    private static String secret() {
        byte[] secret = new byte[32];
        new SecureRandom().nextBytes(secret);
        return "whsec_" + Base64.getEncoder().encodeToString(secret);
    }

    @Bean
    WebhookSecrets webhookSecrets(NodeSettings settings) {
        String configured = settings.resend().webhookSecret();
        return WebhookSecrets.of(configured == null ? secret : secret + "," + configured);
    }

    @Bean(destroyMethod = "close")
    Sandbox sandbox(DataSource dataSource, NodeSettings settings) {
        NodeSettings.Sandbox quota = settings.sandbox();
        return Sandbox.start(
                dataSource,
                SandboxSettings.DEFAULT.withQuota(quota.mailsADay(), quota.mailsAMonth()));
    }

    @Bean(destroyMethod = "close")
    Provider provider(Sandbox sandbox) {
        return new ResendProvider(
                new ResendSettings(sandbox.url(), SandboxSettings.DEFAULT.apiKey()));
    }

    @Bean
    SenderDomains senderDomains() {
        return new SandboxDomains();
    }

    @Bean
    @Profile("api")
    SmartLifecycle sandboxReports(DataSource dataSource, Events events) {
        return new Reporting(
                dataSource,
                (id, timestamp, signature, body) ->
                        answer(events.receive(id, timestamp, signature, body)),
                secret);
    }

    private static Answer answer(Receipt receipt) {
        return switch (receipt) {
            case Receipt.Stored _, Receipt.Duplicate _, Receipt.Unaddressed _ -> Answer.TAKEN;
            case Receipt.BadSignature _, Receipt.TooOld _, Receipt.Unreadable _ -> Answer.REJECTED;
            case Receipt.Overloaded _, Receipt.Failed _ -> Answer.CLOSED;
        };
    }

    /** Starts last and stops first, because it needs the web server. */
    private static final class Reporting implements SmartLifecycle {

        private final DataSource dataSource;
        private final WebhookReceiver receiver;
        private final String secret;
        private @Nullable SandboxReports reports;

        Reporting(DataSource dataSource, WebhookReceiver receiver, String secret) {
            this.dataSource = dataSource;
            this.receiver = receiver;
            this.secret = secret;
        }

        @Override
        public synchronized void start() {
            SandboxReports starting = new SandboxReports(dataSource, receiver, secret);
            starting.start();
            reports = starting;
        }

        @Override
        public synchronized void stop() {
            if (reports != null) {
                reports.close();
                reports = null;
            }
        }

        @Override
        public synchronized boolean isRunning() {
            return reports != null;
        }
    }
}
