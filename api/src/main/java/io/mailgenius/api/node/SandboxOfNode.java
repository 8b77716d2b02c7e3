package io.mailgenius.api.node;

import io.mailgenius.jobs.campaigns.SenderDomains;
import io.mailgenius.jobs.delivery.Provider;
import io.mailgenius.jobs.delivery.resend.ResendProvider;
import io.mailgenius.jobs.delivery.resend.ResendSettings;
import io.mailgenius.jobs.delivery.sandbox.Sandbox;
import io.mailgenius.jobs.delivery.sandbox.SandboxDomains;
import io.mailgenius.jobs.delivery.sandbox.SandboxReports;
import io.mailgenius.jobs.delivery.sandbox.SandboxSettings;
import io.mailgenius.jobs.events.WebhookSecrets;
import java.net.URI;
import java.security.SecureRandom;
import java.util.Base64;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Profile;

/**
 * Mails go to the sandbox, over the same wire as to Resend. A node that answers HTTP reports the
 * sandbox's events to itself, so their secret is made up at each start and nobody else knows it.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnProperty(name = "mailgenius.provider", havingValue = "sandbox")
class SandboxOfNode {

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
    SmartLifecycle sandboxReports(DataSource dataSource, @Value("${server.port}") int port) {
        URI target = URI.create("http://localhost:" + port + "/webhooks/resend");
        return new Reporting(dataSource, target, secret);
    }

    /** Last to start and first to stop: it runs only while the web server does. */
    private static final class Reporting implements SmartLifecycle {

        private final DataSource dataSource;
        private final URI target;
        private final String secret;
        private @Nullable SandboxReports reports;

        Reporting(DataSource dataSource, URI target, String secret) {
            this.dataSource = dataSource;
            this.target = target;
            this.secret = secret;
        }

        @Override
        public synchronized void start() {
            SandboxReports starting = new SandboxReports(dataSource, target, secret);
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
