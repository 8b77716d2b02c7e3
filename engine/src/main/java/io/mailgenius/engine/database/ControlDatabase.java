package io.mailgenius.engine.database;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.SQLException;
import java.time.Duration;
import javax.sql.DataSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * What the control plane asks PostgreSQL with. Its statements are short, none of them waits for a
 * job or a request, and its sessions name no workspace: they see every row of the engine's tables
 * and no customer's row.
 *
 * <p>Whoever holds a connection of the main pool may ask for one of these, never the other way
 * round.
 */
public final class ControlDatabase {

    /** The bean's name: its sessions are not given to workspaces. */
    public static final String POOL = "controlDataSource";

    /**
     * The scheduler's poll and its heartbeats, this node's heartbeat, the dispatcher's claims, the
     * sweeper, and two for what comes on top of them.
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
     * A small pool beside the main one, to the same database with the same login.
     *
     * @param lease how long a silent node keeps its chunks: an answer that takes half of it comes
     *     too late, and its connection is given up
     */
    public static HikariDataSource pool(DataSource main, Duration lease) {
        HikariConfig config = new HikariConfig();
        try {
            main.unwrap(HikariDataSource.class).copyStateTo(config);
        } catch (SQLException e) {
            throw new IllegalArgumentException("The main pool is not one of HikariCP's", e);
        }
        Duration patience = atLeastOneSecond(lease.dividedBy(2));
        config.setPoolName("control");
        config.setMaximumPoolSize(CONNECTIONS);
        config.setMinimumIdle(1);
        config.setConnectionTimeout(patience.toMillis());
        config.setMetricsTrackerFactory(null);
        config.addDataSourceProperty("socketTimeout", Long.toString(patience.toSeconds()));
        config.addDataSourceProperty("connectTimeout", Long.toString(patience.toSeconds()));
        // A session whose client died without a word lets go of the rows that it locked.
        String idle = "SET idle_in_transaction_session_timeout = %d".formatted(lease.toMillis());
        String before = config.getConnectionInitSql();
        config.setConnectionInitSql(before == null ? idle : before + "; " + idle);
        config.addDataSourceProperty("ApplicationName", "mailgenius control");
        return new HikariDataSource(config);
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
