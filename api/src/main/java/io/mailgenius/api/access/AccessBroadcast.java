package io.mailgenius.api.access;

import io.mailgenius.engine.settings.EngineSettings;
import io.mailgenius.jobs.workspaces.AccessChanges;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.event.ApplicationStartedEvent;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.EventListener;
import org.springframework.dao.DataAccessException;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.core.StringRedisTemplate;
import org.springframework.data.redis.listener.ChannelTopic;
import org.springframework.data.redis.listener.RedisMessageListenerContainer;

/**
 * Tells all nodes that somebody may do more or less than before. While Redis is away, another node
 * notices when what it remembers runs out, seconds later.
 */
@Configuration(proxyBeanMethods = false)
class AccessBroadcast {

    /** Spring Boot makes one as well. */
    private static final String CONTAINER = "accessChangesOfOtherNodes";

    private static final Duration PAUSE = Duration.ofSeconds(1);

    private static final Logger LOG = LoggerFactory.getLogger(AccessBroadcast.class);

    @Bean(CONTAINER)
    RedisMessageListenerContainer accessChangesOfOtherNodes(
            RedisConnectionFactory redis, EngineSettings settings, AccessChanges changes) {
        String channel = settings.namespace() + ":access-changes";
        StringRedisTemplate template = new StringRedisTemplate(redis);
        changes.announceWith(() -> announce(template, channel));
        RedisMessageListenerContainer container = new RedisMessageListenerContainer();
        container.setConnectionFactory(redis);
        container.addMessageListener((_, _) -> changes.forget(), ChannelTopic.of(channel));
        container.setAutoStartup(false);
        return container;
    }

    /** Beside the start of the node, which does not wait for Redis. */
    @EventListener
    void subscribe(ApplicationStartedEvent started) {
        RedisMessageListenerContainer container =
                started.getApplicationContext()
                        .getBean(CONTAINER, RedisMessageListenerContainer.class);
        Thread.ofVirtual()
                .name("access-changes")
                .start(
                        () -> {
                            while (started.getApplicationContext().isActive()
                                    && !isStarted(container)) {
                                LockSupport.parkNanos(PAUSE.toNanos());
                            }
                        });
    }

    private static boolean isStarted(RedisMessageListenerContainer container) {
        try {
            container.start();
            return true;
        } catch (RuntimeException away) {
            LOG.debug("Redis does not take the subscription yet", away);
            return false;
        }
    }

    private static void announce(StringRedisTemplate template, String channel) {
        try {
            template.convertAndSend(channel, "");
        } catch (DataAccessException away) {
            LOG.warn(
                    "Other nodes learn of a change of permissions some seconds later: {}",
                    away.getMessage());
        }
    }
}
