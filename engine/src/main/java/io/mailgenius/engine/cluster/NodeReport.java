package io.mailgenius.engine.cluster;

import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.HikariPoolMXBean;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * What this node says about itself with each heartbeat.
 *
 * @param name the same for every run of this node, so that an order survives its restart
 * @param version of the program; null if unknown
 * @param pool the main pool
 */
public record NodeReport(String name, @Nullable String version, DataSource pool) {

    /**
     * @param heapUsed in bytes
     * @param heapMax in bytes
     * @param poolActive connections in use
     * @param poolIdle connections that are free
     * @param poolWaiting threads that wait for a connection
     */
    record Measured(long heapUsed, long heapMax, int poolActive, int poolIdle, int poolWaiting) {}

    /** With the name of the machine and the port, which tell the nodes of a machine apart. */
    public static String nameOf(String configured, String port) {
        if (!configured.isBlank()) {
            return configured.strip();
        }
        return port.isBlank() || port.equals("0") ? NodeId.host() : NodeId.host() + ":" + port;
    }

    Measured measure() {
        Runtime runtime = Runtime.getRuntime();
        HikariPoolMXBean figures = figures();
        return new Measured(
                runtime.totalMemory() - runtime.freeMemory(),
                runtime.maxMemory(),
                figures == null ? 0 : figures.getActiveConnections(),
                figures == null ? 0 : figures.getIdleConnections(),
                figures == null ? 0 : figures.getThreadsAwaitingConnection());
    }

    private @Nullable HikariPoolMXBean figures() {
        try {
            return pool.isWrapperFor(HikariDataSource.class)
                    ? pool.unwrap(HikariDataSource.class).getHikariPoolMXBean()
                    : null;
        } catch (SQLException e) {
            return null;
        }
    }
}
