package io.mailgenius.api.forms;

import io.lettuce.core.RedisClient;
import io.mailgenius.api.limits.ClockMeter;
import io.mailgenius.api.problems.ProblemFound;
import io.mailgenius.engine.settings.EngineSettings;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Clock;
import java.time.Duration;
import java.util.Objects;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.web.servlet.HandlerInterceptor;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

@Configuration(proxyBeanMethods = false)
class FormRateLimiterConfiguration {

    /** Before the body is read, which is not worth reading for whoever sends too many. */
    @Bean
    WebMvcConfigurer limitedForms(FormRateLimiter limiter) {
        HandlerInterceptor first =
                new HandlerInterceptor() {
                    @Override
                    public boolean preHandle(
                            HttpServletRequest request,
                            HttpServletResponse response,
                            Object handler) {
                        if ("POST".equals(request.getMethod())) {
                            refuseTooMany(limiter.pause(request.getRemoteAddr()));
                        }
                        return true;
                    }
                };
        return new WebMvcConfigurer() {
            @Override
            public void addInterceptors(InterceptorRegistry registry) {
                registry.addInterceptor(first)
                        .addPathPatterns("/s/*")
                        .order(Ordered.HIGHEST_PRECEDENCE);
            }
        };
    }

    private static void refuseTooMany(Duration pause) {
        if (pause.isPositive()) {
            throw new ProblemFound(
                    429, "too-many-requests", "Too many requests", "Try again in a minute.", pause);
        }
    }

    @Bean(destroyMethod = "close")
    FormRateLimiter visitors(LettuceConnectionFactory redis, EngineSettings settings, Clock clock) {
        return new FormRateLimiter(
                (RedisClient) Objects.requireNonNull(redis.getNativeClient()),
                settings.namespace(),
                new ClockMeter(clock));
    }
}
