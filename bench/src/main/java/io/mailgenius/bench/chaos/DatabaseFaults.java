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

/** What other users of a PostgreSQL server do to a node, by connections of their own. */
public final class DatabaseFaults {

    private static final int MOST_CONNECTIONS = 1_000;
    private static final long POLL_MILLIS = 50;

    private final String jdbcUrl;
    private final String username;
    private final String password;

    /**
     * @param jdbcUrl of the login that owns the tables
     */
    public DatabaseFaults(String jdbcUrl, String username, String password) {
        this.jdbcUrl = jdbcUrl;
        this.username = username;
        this.password = password;
    }

    private Connection connect() throws SQLException {
        return DriverManager.getConnection(jdbcUrl, username, password);
    }

    /** Nobody else reads or writes the engine's tables for so long, as under an ALTER TABLE. */
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
     * Takes all connections that are free for so long; those that others have stay theirs. As a
     * superuser's they include the reserved ones.
     */
    public int takeConnections(Duration lasting) throws InterruptedException {
        List<Connection> taken = new ArrayList<>();
        try {
            while (taken.size() < MOST_CONNECTIONS) {
                taken.add(connect());
            }
        } catch (SQLException none) {
            // That was the aim.
        }
        try {
            Thread.sleep(lasting);
        } finally {
            for (Connection connection : taken) {
                try {
                    connection.close();
                } catch (SQLException goneAnyway) {
                    // Nothing is left of it.
                }
            }
        }
        return taken.size();
    }

    /** The server keeps so little of its log that a small disk has room for it. */
    public void keepLittleLog() {
        execute("ALTER SYSTEM SET max_wal_size = '256MB'", "SELECT pg_reload_conf()");
    }

    /** Commits wait for the standby from now on; returns when there is one that they wait for. */
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

    /** Whether the server takes connections. */
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
