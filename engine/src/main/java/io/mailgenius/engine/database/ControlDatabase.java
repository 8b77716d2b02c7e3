package io.mailgenius.engine.database;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.mailgenius.schema.IdleConnections;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import javax.sql.DataSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * The connections of the control plane. Its statements are short and do not wait for jobs or
 * requests. Its sessions are those of the engine ({@code app.engine}), so they see all launches and
 * chunks; they have no workspace, so they see no customer rows.
 *
 * <p>A thread that holds a connection of the main pool may take one of these, but not the other way
 * round.
 */
public final class ControlDatabase {

    /** The name of the bean. Its sessions are not assigned to workspaces. */
    public static final String POOL = "controlDataSource";

    /**
     * One each for the scheduler's poll, its heartbeats, this node's heartbeat, the dispatcher's
     * claims and the sweeper, and one spare.
     */
    private static final int CONNECTIONS = 6;

    private final DataSource dataSource;
    private final JdbcClient jdbc;
    private final TransactionTemplate transaction;

    public ControlDatabase(DataSource dataSource) {
        this.dataSource = dataSource;
        this.jdbc = JdbcClient.create(dataSource);
        this.transaction = new TransactionTemplate(new JdbcTransactionManager(dataSource));
    }

    /**
     * Creates a small pool to the same database with the same login as the main pool.
     *
     * @param lease how long a node without heartbeats keeps its chunks; a statement that takes half
     *     of it fails and its connection is closed
     */
    public static HikariDataSource pool(DataSource main, Duration lease) {
        HikariConfig config = new HikariConfig();
        try {
            main.unwrap(HikariDataSource.class).copyStateTo(config);
        } catch (SQLException e) {
            throw new IllegalArgumentException("The main pool is not a HikariCP pool", e);
        }
        Duration patience = atLeastOneSecond(lease.dividedBy(2));
        config.setPoolName("control");
        config.setMaximumPoolSize(CONNECTIONS);
        config.setMinimumIdle(1);
        config.setConnectionTimeout(patience.toMillis());
        config.setMetricsTrackerFactory(null);
        config.addDataSourceProperty("socketTimeout", Long.toString(patience.toSeconds()));
        config.addDataSourceProperty("connectTimeout", Long.toString(patience.toSeconds()));
        // The server ends the session of a client that is gone, so that its row locks are released.
        String own =
                "SET idle_in_transaction_session_timeout = %d; SET app.engine = 'on'"
                        .formatted(lease.toMillis());
        String before = config.getConnectionInitSql();
        config.setConnectionInitSql(before == null ? own : before + "; " + own);
        config.addDataSourceProperty("ApplicationName", "mailgenius control");
        return new Pool(config);
    }

    /** Six dead connections must not be found dead one after the other. */
    private static final class Pool extends HikariDataSource {

        Pool(HikariConfig config) {
            super(config);
        }

        @Override
        public Connection getConnection() throws SQLException {
            return IdleConnections.taken(this, super::getConnection);
        }
    }

    private static Duration atLeastOneSecond(Duration duration) {
        return duration.toSeconds() < 1 ? Duration.ofSeconds(1) : duration;
    }

    public DataSource dataSource() {
        return dataSource;
    }

    public JdbcClient jdbc() {
        return jdbc;
    }

    public TransactionTemplate transaction() {
        return transaction;
    }
}
