package io.mailgenius.bench.chaos;

import io.mailgenius.engine.faults.TcpRelay;
import io.mailgenius.engine.faults.TcpRelay.Way;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** The connections of one node to PostgreSQL, Redis and the provider. */
record Relays(TcpRelay postgres, TcpRelay redis, TcpRelay provider) implements AutoCloseable {

    /** Like a server with keepalive probes, so that its connections are not exhausted. */
    private static final Duration SERVERS_NOTICE_AFTER = Duration.ofSeconds(30);

    private static final List<Set<Way>> LOSSES =
            List.of(EnumSet.allOf(Way.class), EnumSet.of(Way.REQUESTS), EnumSet.of(Way.ANSWERS));

    static Relays inFrontOf(Servers servers, URI provider) throws IOException {
        return new Relays(
                TcpRelay.inFrontOf(servers.jdbcUrl(), SERVERS_NOTICE_AFTER),
                TcpRelay.inFrontOf(servers.redisUrl(), SERVERS_NOTICE_AFTER),
                TcpRelay.inFrontOf(provider.toString(), SERVERS_NOTICE_AFTER));
    }

    /** Which direction is lost: both, requests, or responses. */
    static Set<Way> lost(int pick) {
        return LOSSES.get(pick % LOSSES.size());
    }

    void cutOff() {
        postgres.cutOff();
        redis.cutOff();
        provider.cutOff();
    }

    void heal() {
        postgres.heal();
        redis.heal();
        provider.heal();
    }

    @Override
    public void close() throws IOException {
        postgres.close();
        redis.close();
        provider.close();
    }
}
