package io.mailgenius.api.node;

import io.lettuce.core.RedisClient;
import io.mailgenius.api.node.NodeSettings.Resend;
import io.mailgenius.engine.cluster.Nodes;
import io.mailgenius.engine.settings.Role;
import io.mailgenius.jobs.events.WebhookSecrets;
import io.mailgenius.jobs.providers.Provider;
import io.mailgenius.jobs.providers.SenderDomains;
import io.mailgenius.jobs.providers.resend.ResendDomains;
import io.mailgenius.jobs.providers.resend.ResendProvider;
import io.mailgenius.jobs.providers.resend.ResendSettings;
import io.mailgenius.jobs.providers.resend.SendRateLimiter;
import java.time.Clock;
import java.util.Objects;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/** Mails go to Resend, no faster than the account allows all nodes together. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnProperty(name = "mailgenius.provider", havingValue = "resend")
class ResendConfiguration {

    @Bean
    WebhookSecrets webhookSecrets(NodeSettings settings) {
        String configured = settings.resend().webhookSecret();
        return WebhookSecrets.of(configured == null ? "" : configured);
    }

    @Bean
    ResendSettings resendAccount(NodeSettings settings) {
        Resend resend = settings.resend();
        return new ResendSettings(
                resend.baseUrl(), Objects.requireNonNull(resend.apiKey(), "judged before"));
    }

    /** Of the whole account: whoever calls Resend asks it. */
    @Bean(destroyMethod = "close")
    SendRateLimiter sendRateLimiter(
            NodeSettings settings, LettuceConnectionFactory redis, Nodes nodes, Clock clock) {
        int perSecond = settings.resend().rate();
        return perSecond == 0
                ? SendRateLimiter.unlimited()
                : SendRateLimiter.shared(
                        (RedisClient) Objects.requireNonNull(redis.getNativeClient()),
                        perSecond,
                        () -> workers(nodes, clock));
    }

    @Bean(destroyMethod = "close")
    Provider provider(ResendSettings account, SendRateLimiter sendRateLimiter) {
        return new ResendProvider(account, sendRateLimiter);
    }

    @Bean(destroyMethod = "close")
    SenderDomains senderDomains(
            ResendSettings account, SendRateLimiter sendRateLimiter, Clock clock) {
        return new ResendDomains(account, sendRateLimiter, clock);
    }

    private static int workers(Nodes nodes, Clock clock) {
        return (int)
                nodes.since(clock.instant()).stream()
                        .filter(node -> node.roles().contains(Role.WORKER))
                        .count();
    }
}
