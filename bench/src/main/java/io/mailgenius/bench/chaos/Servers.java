package io.mailgenius.bench.chaos;

import io.lettuce.core.RedisClient;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * PostgreSQL with production durability, and Redis; both can be stopped and started on the same
 * ports.
 */
final class Servers implements AutoCloseable {

    private final ChaosRedis redis;
    private final @Nullable Failover failover;
    private final ChaosDatabase alone;

    Servers(Path folder) {
        alone = ChaosDatabase.start(folder);
        failover = null;
        redis = ChaosRedis.start(folder);
    }

    /**
     * With a standby, and on a disk that can be filled if the user may mount one.
     *
     * @param megabytes of the disk
     */
    static Servers withSpares(Path folder, long megabytes)
            throws IOException, InterruptedException {
        return new Servers(folder, Failover.start(folder, megabytes));
    }

    private Servers(Path folder, Failover failover) {
        this.failover = failover;
        this.alone = failover.current();
        this.redis = ChaosRedis.start(folder);
    }

    /** The current primary. */
    ChaosDatabase database() {
        return failover == null ? alone : failover.current();
    }

    /** The address of the primary, whichever server that is. */
    String jdbcUrl() {
        return failover == null ? alone.jdbcUrl() : failover.jdbcUrl();
    }

    /**
     * @throws IllegalStateException if there is no standby
     */
    Failover failover() {
        if (failover == null) {
            throw new IllegalStateException("There is no standby");
        }
        return failover;
    }

    String redisUrl() {
        return redis.uri().toString();
    }

    void restartDatabase(boolean crash, Duration away) throws IOException, InterruptedException {
        ChaosDatabase database = database();
        database.stop(crash);
        Thread.sleep(away);
        database.startAgain();
    }

    /** Faults caused by other clients of the same server. */
    DatabaseFaults databaseFaults() {
        ChaosDatabase database = database();
        return new DatabaseFaults(database.jdbcUrl(), database.username(), database.password());
    }

    void flushRedis() {
        try (RedisClient client = RedisClient.create(redisUrl());
                var connection = client.connect()) {
            connection.sync().flushall();
        }
    }

    void stopRedis() {
        redis.stop();
    }

    void startRedisAgain() {
        redis.startAgain();
    }

    @Override
    public void close() {
        redis.close();
        if (failover == null) {
            alone.close();
        } else {
            failover.close();
        }
    }
}
