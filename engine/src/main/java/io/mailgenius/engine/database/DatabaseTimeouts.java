package io.mailgenius.engine.database;

import io.mailgenius.schema.Migrations;
import java.time.Duration;
import java.util.Map;

/**
 * The timeouts of a node's main pool. Each wait ends within the lease, so that a connection that
 * has failed without an error is closed while its chunk is still claimed by this node.
 */
public final class DatabaseTimeouts {

    private static final String POOL = "spring.datasource.hikari.";

    /**
     * The server ends the session of a client that is gone within half a minute; with the default
     * TCP keepalive, which starts after two hours, dead sessions could use up its connections.
     */
    private static final String SERVER_KEEPALIVE =
            "SET tcp_keepalives_idle = 10; SET tcp_keepalives_interval = 5; SET"
                    + " tcp_keepalives_count = 3";

    private DatabaseTimeouts() {}

    /**
     * Returns Spring Boot properties for the pool, whose sessions use the application role. A
     * statement fails after a lease without a response. An idle connection is validated before it
     * is used, for one second at most. A connection that is in use for half a minute is logged
     * once, with its stack trace.
     *
     * @param lease at least a second
     */
    public static Map<String, Object> of(Duration lease) {
        return Map.of(
                POOL + "connection-init-sql",
                Migrations.WORK_AS_ROLE + "; " + SERVER_KEEPALIVE,
                POOL + "data-source-properties.socketFactory",
                ProbedSockets.class.getName(),
                // Without this the driver would disable keepalive again.
                POOL + "data-source-properties.tcpKeepAlive",
                "true",
                POOL + "data-source-properties.socketTimeout",
                Long.toString(lease.toSeconds()),
                POOL + "data-source-properties.connectTimeout",
                Long.toString(Math.clamp(lease.toSeconds(), 1, 5)),
                POOL + "validation-timeout",
                "1000",
                POOL + "keepalive-time",
                "60000",
                POOL + "leak-detection-threshold",
                "30000");
    }
}
