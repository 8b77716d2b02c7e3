package io.mailgenius.api.forms;

import io.lettuce.core.RedisClient;
import io.mailgenius.engine.EngineSettings;
import io.mailgenius.jobs.delivery.resend.ClockMeter;
import java.time.Clock;
import java.util.Objects;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

@Configuration(proxyBeanMethods = false)
class VisitorsConfiguration {

    @Bean(destroyMethod = "close")
    Visitors visitors(LettuceConnectionFactory redis, EngineSettings settings, Clock clock) {
        return new Visitors(
                (RedisClient) Objects.requireNonNull(redis.getNativeClient()),
                settings.namespace(),
                new ClockMeter(clock));
    }
}
