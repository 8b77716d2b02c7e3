package io.mailgenius.engine.tenancy;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import com.zaxxer.hikari.HikariDataSource;
import io.mailgenius.schema.WorkspaceScope;
import java.io.Serial;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.concurrent.Semaphore;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.datasource.ConnectionHolder;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.CannotCreateTransactionException;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * Every transaction that begins inside a {@link WorkspaceScope} names its workspace to PostgreSQL,
 * for as long as it lasts. One that begins outside names none, and row-level security shows it no
 * customer's rows.
 *
 * <p>Transactions begin in the order in which they were asked for. The pool gives a connection that
 * comes back to whoever looks next, and among a hundred that wait somebody would be passed over
 * time and again.
 */
public final class WorkspaceTransactionManager extends JdbcTransactionManager {

    @Serial private static final long serialVersionUID = 1L;

    private final Semaphore turns;
    private final long patienceMillis;

    /**
     * As many at once as the pool has connections, if the source is one or wraps one. A turn is
     * waited for as long as a connection is.
     */
    public WorkspaceTransactionManager(DataSource dataSource) {
        super(dataSource);
        HikariDataSource pool = pool(dataSource);
        this.turns =
                new Semaphore(pool == null ? Integer.MAX_VALUE : pool.getMaximumPoolSize(), true);
        this.patienceMillis = pool == null ? 0 : pool.getConnectionTimeout();
    }

    private static @Nullable HikariDataSource pool(DataSource dataSource) {
        try {
            return dataSource.isWrapperFor(HikariDataSource.class)
                    ? dataSource.unwrap(HikariDataSource.class)
                    : null;
        } catch (SQLException e) {
            throw new IllegalArgumentException("A source that does not know what it wraps", e);
        }
    }

    @Override
    protected void doBegin(Object transaction, TransactionDefinition definition) {
        awaitTurn();
        boolean began = false;
        try {
            begin(transaction, definition);
            began = true;
        } finally {
            if (!began) {
                turns.release();
            }
        }
    }

    @Override
    protected void doCleanupAfterCompletion(Object transaction) {
        try {
            super.doCleanupAfterCompletion(transaction);
        } finally {
            turns.release();
        }
    }

    private void awaitTurn() {
        try {
            // With the time, since without one a fair semaphore lets everybody pass who comes
            // along.
            if (!turns.tryAcquire(patienceMillis, MILLISECONDS)) {
                throw new CannotCreateTransactionException(
                        "No turn for a transaction within %,d ms".formatted(patienceMillis),
                        new SQLTransientConnectionException("All connections are in use"));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CannotCreateTransactionException("Interrupted before its turn", e);
        }
    }

    private void begin(Object transaction, TransactionDefinition definition) {
        super.doBegin(transaction, definition);
        OptionalLong workspace = WorkspaceScope.current();
        if (workspace.isPresent()) {
            try {
                name(workspace.getAsLong());
            } catch (SQLException e) {
                super.doCleanupAfterCompletion(transaction);
                throw new CannotCreateTransactionException("The workspace cannot be set", e);
            }
        }
    }

    private void name(long workspaceId) throws SQLException {
        ConnectionHolder holder =
                (ConnectionHolder)
                        Objects.requireNonNull(
                                TransactionSynchronizationManager.getResource(
                                        Objects.requireNonNull(getDataSource())));
        Connection connection = holder.getConnection();
        // Set locally: it ends with the transaction, so the pool's next user does not inherit it.
        try (var set =
                connection.prepareStatement("SELECT set_config('app.workspace_id', ?, true)")) {
            set.setString(1, Long.toString(workspaceId));
            set.execute();
        }
    }
}
