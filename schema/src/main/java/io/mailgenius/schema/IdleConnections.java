package io.mailgenius.schema;

import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.HikariPoolMXBean;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;

/** The connections of a pool that nobody uses, all of which may have failed without an error. */
public final class IdleConnections {

    /** A live idle connection responds within a millisecond. */
    private static final Duration SUSPICIOUS = Duration.ofMillis(900);

    /** Takes a connection from the pool. */
    public interface Taking {
        Connection take() throws SQLException;
    }

    private IdleConnections() {}

    /**
     * Takes a connection from the pool, which validates it for up to a second. If validation timed
     * out although connections were idle, the other idle connections have most likely failed too,
     * so all of them are evicted instead of being tried one after the other.
     */
    public static Connection taken(HikariDataSource pool, Taking taking) throws SQLException {
        if (!(pool.getHikariPoolMXBean() instanceof HikariPoolMXBean connections)) {
            return taking.take();
        }
        boolean someLayIdle = connections.getIdleConnections() > 0;
        long begun = System.nanoTime();
        try {
            return taking.take();
        } finally {
            if (someLayIdle && System.nanoTime() - begun > SUSPICIOUS.toNanos()) {
                connections.softEvictConnections();
            }
        }
    }
}
