package io.mailgenius.console.overview;

import io.mailgenius.console.host.ServiceState;
import io.mailgenius.console.host.ServiceState.Health;
import io.mailgenius.console.pages.LastKnown;
import io.mailgenius.console.pages.Seen;
import java.time.Duration;
import org.springframework.dao.DataAccessException;
import org.springframework.data.redis.connection.RedisConnection;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.stereotype.Component;

/** Whether Redis answers this node. */
@Component
class RedisProbe {

    private static final Duration EVERY = Duration.ofSeconds(5);

    private final RedisConnectionFactory redis;
    private final LastKnown known;

    RedisProbe(RedisConnectionFactory redis, LastKnown known) {
        this.redis = redis;
        this.known = known;
    }

    ServiceState state() {
        Seen<Boolean> answers = known.read("redis", EVERY, this::answers);
        return new ServiceState(
                "Redis", answers.value() && !answers.late() ? Health.GOOD : Health.BAD, "");
    }

    private boolean answers() {
        try (RedisConnection connection = redis.getConnection()) {
            return connection.ping() != null;
        } catch (DataAccessException away) {
            return false;
        }
    }
}
