package io.mailgenius.engine.tenancy;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import com.zaxxer.hikari.HikariDataSource;
import io.mailgenius.schema.ActorScope;
import io.mailgenius.schema.ActorScope.Actor;
import io.mailgenius.schema.WorkspaceSource;
import java.io.Serial;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.datasource.DataSourceUtils;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.CannotCreateTransactionException;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.interceptor.TransactionAttribute;
import org.springframework.transaction.support.DefaultTransactionStatus;
import tools.jackson.databind.json.JsonMapper;

/**
 * Manages transactions over a {@link WorkspaceSource}: each sees the rows of the workspace in whose
 * scope it begins.
 *
 * <p>Transactions begin in FIFO order. HikariCP hands a returned connection to whichever thread
 * asks next, so with many waiting threads some would be passed over repeatedly.
 *
 * <p>The statements of an {@link AutocommitRead} commit by themselves; all other transactions,
 * read-only ones included, are those of {@link JdbcTransactionManager}.
 */
public final class WorkspaceTransactionManager extends JdbcTransactionManager {

    @Serial private static final long serialVersionUID = 1L;

    /** The share of the connections for jobs that start, enumerate or end: three of 24. */
    private static final int JOBS_PART = 8;

    private final Semaphore connectionPermits;
    private final Semaphore jobPermits;
    private final long connectionTimeoutMillis;
    private final transient ReadPermits readPermits;

    /** The autocommit reads that are under way, and whether each holds a permit. */
    private final transient Map<Object, Boolean> autocommitReads = new ConcurrentHashMap<>();

    /**
     * Admits as many transactions as the pool has connections, if the source wraps a pool, and a
     * few of them from {@link JobThreads}. Others wait as long as the pool's connection timeout.
     *
     * @throws IllegalArgumentException if the source is no {@link WorkspaceSource}, because
     *     row-level security would then hide all customer rows and show all rows of the engine
     */
    public WorkspaceTransactionManager(DataSource dataSource) {
        this(dataSource, ReadPermits.perCore());
    }

    WorkspaceTransactionManager(DataSource dataSource, ReadPermits readPermits) {
        super(dataSource);
        this.readPermits = readPermits;
        if (wrapped(dataSource, WorkspaceSource.class) == null) {
            throw new IllegalArgumentException("Connections must come from a WorkspaceSource");
        }
        HikariDataSource pool = wrapped(dataSource, HikariDataSource.class);
        int connections = pool == null ? Integer.MAX_VALUE : pool.getMaximumPoolSize();
        this.connectionPermits = new Semaphore(connections, true);
        this.jobPermits = new Semaphore(Math.max(2, connections / JOBS_PART), true);
        this.connectionTimeoutMillis = pool == null ? 0 : pool.getConnectionTimeout();
    }

    private static <T> @Nullable T wrapped(DataSource dataSource, Class<T> type) {
        try {
            return dataSource.isWrapperFor(type) ? dataSource.unwrap(type) : null;
        } catch (SQLException e) {
            throw new IllegalArgumentException("The data source cannot be unwrapped", e);
        }
    }

    @Override
    protected void doBegin(Object transaction, TransactionDefinition definition) {
        if (!isAutocommitRead(definition)) {
            beginQueued(transaction, definition);
            return;
        }
        autocommitReads.put(transaction, !JobThreads.isCurrent() && acquireReadPermit());
        boolean began = false;
        try {
            beginQueued(transaction, definition);
            began = true;
        } finally {
            if (!began) {
                endAutocommitRead(transaction);
            }
        }
    }

    private static boolean isAutocommitRead(TransactionDefinition definition) {
        return definition instanceof AutocommitReadTemplate
                || (definition instanceof TransactionAttribute attribute
                        && attribute.getLabels().contains(AutocommitRead.LABEL));
    }

    private boolean acquireReadPermit() {
        try {
            return readPermits.acquire();
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    private void endAutocommitRead(Object transaction) {
        if (Boolean.TRUE.equals(autocommitReads.remove(transaction))) {
            readPermits.release();
        }
    }

    private void beginQueued(Object transaction, TransactionDefinition definition) {
        awaitConnection();
        boolean began = false;
        try {
            super.doBegin(transaction, definition);
            if (!definition.isReadOnly()) {
                nameActor(transaction);
            }
            began = true;
        } finally {
            if (!began) {
                releaseConnection();
            }
        }
    }

    /** The triggers of the audit trail read it; it is forgotten with the transaction. */
    private void nameActor(Object transaction) {
        Actor actor = ActorScope.current();
        if (actor == null) {
            return;
        }
        Connection connection = DataSourceUtils.getConnection(obtainDataSource());
        try (var set = connection.prepareStatement("SELECT set_config('app.actor', ?, true)")) {
            set.setString(1, JsonMapper.shared().writeValueAsString(actor));
            set.execute();
        } catch (SQLException e) {
            super.doCleanupAfterCompletion(transaction);
            throw new CannotCreateTransactionException("The actor could not be named", e);
        }
    }

    @Override
    protected void doCleanupAfterCompletion(Object transaction) {
        try {
            super.doCleanupAfterCompletion(transaction);
        } finally {
            releaseConnection();
            endAutocommitRead(transaction);
        }
    }

    private static CannotCreateTransactionException interrupted(InterruptedException e) {
        Thread.currentThread().interrupt();
        return new CannotCreateTransactionException(
                "Interrupted while waiting to begin a transaction", e);
    }

    /** A job that waits for its turn among jobs holds nothing that others need. */
    private void awaitConnection() {
        Semaphore ofJobs = permitsOfJobs();
        if (ofJobs != null) {
            await(ofJobs);
        }
        boolean acquired = false;
        try {
            await(connectionPermits);
            acquired = true;
        } finally {
            if (!acquired && ofJobs != null) {
                ofJobs.release();
            }
        }
    }

    private void releaseConnection() {
        connectionPermits.release();
        Semaphore ofJobs = permitsOfJobs();
        if (ofJobs != null) {
            ofJobs.release();
        }
    }

    private @Nullable Semaphore permitsOfJobs() {
        return JobThreads.isCurrent() ? jobPermits : null;
    }

    private void await(Semaphore permits) {
        try {
            // The timed variant, because tryAcquire without a timeout ignores the fairness of the
            // semaphore.
            if (!permits.tryAcquire(connectionTimeoutMillis, MILLISECONDS)) {
                throw new CannotCreateTransactionException(
                        String.format(
                                Locale.ROOT,
                                "A transaction could not begin within %,d ms",
                                connectionTimeoutMillis),
                        new SQLTransientConnectionException("All connections are in use"));
            }
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    @Override
    protected void prepareTransactionalConnection(
            Connection connection, TransactionDefinition definition) throws SQLException {
        super.prepareTransactionalConnection(connection, definition);
        if (isAutocommitRead(definition)) {
            connection.setAutoCommit(true);
        }
    }

    @Override
    protected void doCommit(DefaultTransactionStatus status) {
        if (!autocommitReads.containsKey(status.getTransaction())) {
            super.doCommit(status);
        }
    }

    @Override
    protected void doRollback(DefaultTransactionStatus status) {
        if (!autocommitReads.containsKey(status.getTransaction())) {
            super.doRollback(status);
        }
    }
}
