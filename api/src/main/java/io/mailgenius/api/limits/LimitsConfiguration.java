package io.mailgenius.api.limits;

import io.github.bucket4j.Bandwidth;
import io.lettuce.core.RedisClient;
import io.mailgenius.api.limits.RequestLimits.Limit;
import io.mailgenius.api.problems.Problems;
import io.mailgenius.engine.settings.EngineSettings;
import io.mailgenius.jobs.workspaces.WorkspaceLimits;
import java.time.Clock;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

@Configuration(proxyBeanMethods = false)
class LimitsConfiguration {

    private static final String ALONE = "this node counts requests by itself";

    /** Behind the limit of bodies and before Spring Security. */
    private static final int ORDER = Ordered.HIGHEST_PRECEDENCE + 20;

    /** What a node may take of a caller's minute before other nodes see it. */
    private static int unsynchronized(int perMinute) {
        return Math.min(perMinute / 100, 100);
    }

    private static @Nullable SharedBuckets buckets(
            LettuceConnectionFactory redis,
            EngineSettings settings,
            Clock clock,
            String kind,
            int perMinute) {
        return perMinute == 0
                ? null
                : new SharedBuckets(
                        (RedisClient) Objects.requireNonNull(redis.getNativeClient()),
                        settings.namespace() + ":requests:" + kind + ":",
                        Bandwidth.builder()
                                .capacity(perMinute)
                                .refillGreedy(perMinute, Duration.ofMinutes(1))
                                .build(),
                        unsynchronized(perMinute),
                        new ClockMeter(clock),
                        ALONE);
    }

    @Bean(destroyMethod = "close")
    SignInLimits signInLimits(
            LettuceConnectionFactory redis, EngineSettings settings, Clock clock) {
        Attempts attempts = new Attempts(redis, settings, clock);
        Duration span = SignInLimits.SPAN;
        return new SignInLimits(
                attempts.buckets("person", SignInLimits.OF_PERSON, span),
                attempts.buckets("address", SignInLimits.OF_ADDRESS, span),
                attempts.buckets("begun", SignInLimits.BEGUN, span));
    }

    @Bean(destroyMethod = "close")
    PersonMailLimits personMailLimits(
            LettuceConnectionFactory redis, EngineSettings settings, Clock clock) {
        Attempts attempts = new Attempts(redis, settings, clock);
        return new PersonMailLimits(
                attempts.buckets(
                        "reset-to", PersonMailLimits.TO_ADDRESS, PersonMailLimits.OF_RESETS),
                attempts.buckets(
                        "reset-from", PersonMailLimits.FROM_NETWORK, PersonMailLimits.OF_RESETS),
                attempts.buckets(
                        "invitations",
                        PersonMailLimits.OF_WORKSPACE,
                        PersonMailLimits.OF_INVITATIONS));
    }

    private record Attempts(LettuceConnectionFactory redis, EngineSettings settings, Clock clock) {

        SharedBuckets buckets(String kind, int limit, Duration span) {
            return new SharedBuckets(
                    (RedisClient) Objects.requireNonNull(redis.getNativeClient()),
                    settings.namespace() + ":sign-ins:" + kind + ":",
                    Bandwidth.builder().capacity(limit).refillGreedy(limit, span).build(),
                    0,
                    new ClockMeter(clock),
                    "this node counts attempts to sign in by itself");
        }
    }

    @Bean(destroyMethod = "close")
    RequestLimits requestLimits(
            LettuceConnectionFactory redis,
            EngineSettings settings,
            Clock clock,
            @Value("${mailgenius.requests-per-key:0}") int perKey,
            @Value("${mailgenius.requests-per-workspace:0}") int perWorkspace,
            WorkspaceLimits plans) {
        SharedBuckets ofKeys = buckets(redis, settings, clock, "key", perKey);
        SharedBuckets ofWorkspaces = buckets(redis, settings, clock, "workspace", perWorkspace);
        return new RequestLimits(
                ofKeys == null ? null : new Limit("key", perKey, ofKeys),
                ofWorkspaces == null ? null : new Limit("workspace", perWorkspace, ofWorkspaces),
                new PlanLimits(
                        plans,
                        new SharedBuckets(
                                (RedisClient) Objects.requireNonNull(redis.getNativeClient()),
                                settings.namespace() + ":requests:plan:",
                                PlanLimits::bandwidth,
                                0,
                                new ClockMeter(clock),
                                ALONE)));
    }

    @Bean
    WebMvcConfigurer limitedRequests(RequestLimits limits, RequestMeter meter) {
        return new WebMvcConfigurer() {
            @Override
            public void addInterceptors(InterceptorRegistry registry) {
                registry.addInterceptor(limits).addPathPatterns("/api/**");
                registry.addInterceptor(meter).addPathPatterns("/api/**");
            }
        };
    }

    @Bean
    RefusedKeys refusedKeys(
            LettuceConnectionFactory redis,
            EngineSettings settings,
            Clock clock,
            Problems problems,
            @Value("${mailgenius.refused-keys-per-address:0}") int perAddress) {
        return new RefusedKeys(buckets(redis, settings, clock, "refused", perAddress), problems);
    }

    @Bean
    FilterRegistrationBean<RefusedKeys> refusedKeysFirst(RefusedKeys refusedKeys) {
        FilterRegistrationBean<RefusedKeys> filter = new FilterRegistrationBean<>(refusedKeys);
        filter.addUrlPatterns("/api/*", RefusedKeys.TOKEN_ENDPOINT);
        filter.setOrder(ORDER);
        return filter;
    }
}
