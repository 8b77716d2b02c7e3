package io.mailgenius.engine.database;

import io.mailgenius.schema.Migrations;
import java.time.Duration;
import java.util.Map;

/**
 * How long a node's main pool waits for PostgreSQL. Every wait has an end that fits the lease, so
 * that a connection that died without a word is given up while its chunk is still this node's.
 */
public final class DatabaseTimeouts {

    private static final String POOL = "spring.datasource.hikari.";

    /**
     * The server ends the session of a client that is not there any more within half a minute, or
     * dead sessions would use up its connections: the usual keep-alive begins after two hours.
     */
    private static final String PROBED_BY_THE_SERVER =
            "SET tcp_keepalives_idle = 10; SET tcp_keepalives_interval = 5; SET"
                    + " tcp_keepalives_count = 3";

    private DatabaseTimeouts() {}

    /**
     * Properties of Spring Boot for the pool, whose sessions work as the product's role. A
     * statement whose answer does not come is given up after a lease; a connection that lay idle is
     * tried for a second before it is used, and one that is out for half a minute is logged once,
     * with who took it.
     *
     * @param lease at least a second
     */
    public static Map<String, Object> of(Duration lease) {
        return Map.of(
                POOL + "connection-init-sql",
                Migrations.WORK_AS_ROLE + "; " + PROBED_BY_THE_SERVER,
                POOL + "data-source-properties.socketFactory",
                ProbedSockets.class.getName(),
                // Or the driver would take the probes back.
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
