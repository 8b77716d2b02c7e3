package io.mailgenius.api.node;

import io.lettuce.core.RedisClient;
import io.mailgenius.api.node.NodeSettings.Resend;
import io.mailgenius.engine.node.Nodes;
import io.mailgenius.engine.node.Role;
import io.mailgenius.jobs.delivery.Provider;
import io.mailgenius.jobs.delivery.resend.ResendProvider;
import io.mailgenius.jobs.delivery.resend.ResendSettings;
import io.mailgenius.jobs.delivery.resend.SharedRate;
import io.mailgenius.jobs.delivery.resend.ThrottledProvider;
import io.mailgenius.jobs.events.WebhookSecrets;
import java.time.Clock;
import java.util.Objects;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/** Mails go to Resend, no faster than the account allows all nodes together. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnProperty(name = "mailgenius.provider", havingValue = "resend")
class ResendOfNode {

    @Bean
    WebhookSecrets webhookSecrets(NodeSettings settings) {
        String configured = settings.resend().webhookSecret();
        return WebhookSecrets.of(configured == null ? "" : configured);
    }

    @Bean
    Provider provider(
            NodeSettings settings, LettuceConnectionFactory redis, Nodes nodes, Clock clock) {
        Resend resend = settings.resend();
        ResendSettings account =
                new ResendSettings(
                        resend.baseUrl(), Objects.requireNonNull(resend.apiKey(), "judged before"));
        if (resend.rate() == 0) {
            return new ResendProvider(account);
        }
        SharedRate rate =
                new SharedRate(
                        (RedisClient) Objects.requireNonNull(redis.getNativeClient()),
                        resend.rate(),
                        () -> workers(nodes, clock));
        return new ThrottledProvider(new ResendProvider(account, rate), rate);
    }

    private static int workers(Nodes nodes, Clock clock) {
        return (int)
                nodes.since(clock.instant()).stream()
                        .filter(node -> node.roles().contains(Role.WORKER))
                        .count();
    }
}
