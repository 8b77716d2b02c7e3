package io.mailgenius.bench.chaos;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** What other clients of a PostgreSQL server can do to a node, through connections of their own. */
public final class DatabaseFaults {

    private static final int MOST_CONNECTIONS = 1_000;
    private static final long POLL_MILLIS = 50;

    private final String jdbcUrl;
    private final String username;
    private final String password;

    /**
     * @param jdbcUrl for the login that owns the tables
     */
    public DatabaseFaults(String jdbcUrl, String username, String password) {
        this.jdbcUrl = jdbcUrl;
        this.username = username;
        this.password = password;
    }

    private Connection connect() throws SQLException {
        return DriverManager.getConnection(jdbcUrl, username, password);
    }

    /** Locks the engine's tables against reads and writes for this long, like an ALTER TABLE. */
    public void lockTables(Duration lasting) throws InterruptedException, SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute("LOCK TABLE launch, chunk, node IN ACCESS EXCLUSIVE MODE");
            Thread.sleep(lasting);
            connection.rollback();
        }
    }

    /**
     * Takes all free connections for this long. A superuser's connections include the reserved
     * ones.
     */
    public int takeConnections(Duration lasting) throws InterruptedException {
        List<Connection> taken = new ArrayList<>();
        try {
            while (taken.size() < MOST_CONNECTIONS) {
                taken.add(connect());
            }
        } catch (SQLException none) {
            // This is the intended state.
        }
        try {
            Thread.sleep(lasting);
        } finally {
            for (Connection connection : taken) {
                try {
                    connection.close();
                } catch (SQLException goneAnyway) {
                    // The connection is closed already.
                }
            }
        }
        return taken.size();
    }

    /** Limits the WAL, so that a small disk has room for it. */
    public void keepLittleLog() {
        execute("ALTER SYSTEM SET max_wal_size = '256MB'", "SELECT pg_reload_conf()");
    }

    /** Makes commits wait for the standby; returns when a standby is connected. */
    public void awaitSynchronousStandby() throws InterruptedException {
        execute("ALTER SYSTEM SET synchronous_standby_names = '*'", "SELECT pg_reload_conf()");
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            boolean follows = false;
            while (!follows) {
                Thread.sleep(POLL_MILLIS);
                try (ResultSet row =
                        statement.executeQuery(
                                "SELECT EXISTS (SELECT FROM pg_stat_replication WHERE sync_state = 'sync')")) {
                    follows = row.next() && row.getBoolean(1);
                }
            }
        } catch (SQLException e) {
            throw new UncheckedIOException(new IOException(e));
        }
    }

    /** Whether the server accepts connections. */
    public boolean accepts() {
        try (Connection connection = connect()) {
            return connection.isValid(1);
        } catch (SQLException notYet) {
            return false;
        }
    }

    private void execute(String... statements) {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        } catch (SQLException e) {
            throw new UncheckedIOException(new IOException(e));
        }
    }
}
