package io.mailgenius.api.node;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.lettuce.core.RedisClient;
import io.mailgenius.api.node.NodeSettings.Resend;
import io.mailgenius.engine.cluster.Nodes;
import io.mailgenius.engine.settings.Role;
import io.mailgenius.jobs.events.WebhookSecrets;
import io.mailgenius.jobs.providers.Provider;
import io.mailgenius.jobs.providers.SenderDomains;
import io.mailgenius.jobs.providers.accounts.AccountFactory;
import io.mailgenius.jobs.providers.accounts.AccountFactory.OpenAccount;
import io.mailgenius.jobs.providers.resend.ResendDomains;
import io.mailgenius.jobs.providers.resend.ResendProvider;
import io.mailgenius.jobs.providers.resend.ResendSettings;
import io.mailgenius.jobs.providers.resend.SendRateLimiter;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.util.HexFormat;
import java.util.Objects;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/** Sends mail through Resend, within the rate limit of the account over all nodes. */
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

    /** The rate limit of the account. Every caller of Resend must acquire from it. */
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

    /** Accounts of workspaces, at the same address and each within its own rate. */
    @Bean
    AccountFactory accountFactory(
            ResendSettings installation,
            OpenAccount installationAccount,
            LettuceConnectionFactory redis,
            Nodes nodes,
            Clock clock) {
        return (apiKey, rate) ->
                apiKey.equals(installation.apiKey())
                        ? installationAccount
                        : open(
                                new ResendSettings(installation.baseUrl(), apiKey),
                                rate == 0
                                        ? SendRateLimiter.unlimited()
                                        : SendRateLimiter.shared(
                                                (RedisClient)
                                                        Objects.requireNonNull(
                                                                redis.getNativeClient()),
                                                fingerprint(apiKey),
                                                rate,
                                                () -> workers(nodes, clock)),
                                clock);
    }

    /** Closing it is left to the beans that it is made of. */
    @Bean
    OpenAccount installationAccount(Provider provider, SenderDomains senderDomains) {
        return new OpenAccount(provider, senderDomains, () -> {});
    }

    private static OpenAccount open(
            ResendSettings account, SendRateLimiter sendRateLimiter, Clock clock) {
        ResendProvider provider = new ResendProvider(account, sendRateLimiter);
        ResendDomains domains = new ResendDomains(account, sendRateLimiter, clock);
        return new OpenAccount(
                provider,
                domains,
                () -> {
                    provider.close();
                    domains.close();
                    sendRateLimiter.close();
                });
    }

    /** The same on every node, and the key cannot be computed from it. */
    private static String fingerprint(String apiKey) {
        try {
            return HexFormat.of()
                    .formatHex(
                            MessageDigest.getInstance("SHA-256").digest(apiKey.getBytes(UTF_8)),
                            0,
                            16);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every JDK has SHA-256", e);
        }
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
