package io.mailgenius.api.forms;

import io.lettuce.core.RedisClient;
import io.mailgenius.api.limits.ClockMeter;
import io.mailgenius.engine.settings.EngineSettings;
import java.time.Clock;
import java.util.Objects;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

@Configuration(proxyBeanMethods = false)
class FormRateLimiterConfiguration {

    @Bean(destroyMethod = "close")
    FormRateLimiter visitors(LettuceConnectionFactory redis, EngineSettings settings, Clock clock) {
        return new FormRateLimiter(
                (RedisClient) Objects.requireNonNull(redis.getNativeClient()),
                settings.namespace(),
                new ClockMeter(clock));
    }
}
