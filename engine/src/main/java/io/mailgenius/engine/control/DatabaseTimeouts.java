package io.mailgenius.engine.control;

import java.time.Duration;
import java.util.Map;

/**
 * How long a node's main pool waits for PostgreSQL. Every wait has an end that fits the lease, so
 * that a connection that died without a word is given up while its chunk is still this node's.
 */
public final class DatabaseTimeouts {

    private static final String POOL = "spring.datasource.hikari.";

    private DatabaseTimeouts() {}

    /**
     * Properties of Spring Boot for the pool. A statement whose answer does not come is given up
     * after a lease; a connection that lay idle is tried for a second before it is used, and one
     * that is out for half a minute is logged once, with who took it.
     *
     * @param lease at least a second
     */
    public static Map<String, Object> of(Duration lease) {
        return Map.of(
                POOL + "data-source-properties.socketTimeout",
                Long.toString(lease.toSeconds()),
                POOL + "data-source-properties.connectTimeout",
                Long.toString(Math.clamp(lease.toSeconds(), 1, 5)),
                POOL + "data-source-properties.tcpKeepAlive",
                "true",
                POOL + "validation-timeout",
                "1000",
                POOL + "keepalive-time",
                "60000",
                POOL + "leak-detection-threshold",
                "30000");
    }
}
