package io.mailgenius.api.chaos;

import io.lettuce.core.RedisClient;
import io.mailgenius.engine.EmbeddedRedis;
import io.mailgenius.jobs.chaos.DatabaseFaults;
import io.mailgenius.schema.EmbeddedDatabase;
import java.nio.file.Path;
import java.time.Duration;

/** PostgreSQL, as durable as in production, and Redis, which come and go on the same ports. */
final class Servers implements AutoCloseable {

    private final EmbeddedDatabase database;
    private final EmbeddedRedis redis;

    Servers(Path folder) {
        database = EmbeddedDatabase.start(folder);
        redis = EmbeddedRedis.start(folder);
    }

    EmbeddedDatabase database() {
        return database;
    }

    String redisUrl() {
        return redis.uri().toString();
    }

    void restartDatabase(boolean crash, Duration away) throws InterruptedException {
        database.stop(crash);
        Thread.sleep(away);
        database.startAgain();
    }

    /** Other users of the same server. */
    DatabaseFaults databaseFaults() {
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
        database.close();
    }
}
