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
import java.time.Duration;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.datasource.DataSourceUtils;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.CannotCreateTransactionException;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.DefaultTransactionStatus;
import tools.jackson.databind.json.JsonMapper;

/**
 * Transactions over a {@link WorkspaceSource}: each sees the rows of the workspace in whose scope
 * it begins.
 *
 * <p>They begin in the order in which they were asked for. The pool gives a connection that comes
 * back to whoever looks next, and among a hundred that wait somebody would be passed over time and
 * again.
 *
 * <p>Those that only read are questions: no statement of theirs waits for another to be committed,
 * and nothing that lasts as long as a transaction (a lock, a cursor, a local setting) is to be had
 * in them.
 */
public final class WorkspaceTransactionManager extends JdbcTransactionManager {

    @Serial private static final long serialVersionUID = 1L;

    /** A core asks PostgreSQL for one while others are looked up, read and written out. */
    private static final int QUESTIONS_A_CORE = 4;

    /** Too short for a person to notice. */
    private static final Duration DEFERENCE = Duration.ofMillis(100);

    private final Semaphore turns;
    private final long patienceMillis;
    private final Semaphore places;
    private final long deferenceMillis;
    private final transient Set<Object> placed = ConcurrentHashMap.newKeySet();

    /**
     * As many at once as the pool has connections, if the source wraps one. A turn is waited for as
     * long as a connection is.
     *
     * <p>Of questions a few for each core are asked at a time: all at once, each would take as long
     * as all, and the longest longer still. A place among these few is waited for a moment only, so
     * that a few long ones stop nobody.
     *
     * @throws IllegalArgumentException for a source that names no workspaces: whoever asked it
     *     would see nothing of a customer's, and everything of the engine's
     */
    public WorkspaceTransactionManager(DataSource dataSource) {
        this(dataSource, QUESTIONS_A_CORE * Runtime.getRuntime().availableProcessors(), DEFERENCE);
    }

    /**
     * @param questions so many at a time
     * @param deference how long a question waits for its place, and is asked without one then
     */
    WorkspaceTransactionManager(DataSource dataSource, int questions, Duration deference) {
        super(dataSource);
        this.places = new Semaphore(questions, true);
        this.deferenceMillis = deference.toMillis();
        if (wrapped(dataSource, WorkspaceSource.class) == null) {
            throw new IllegalArgumentException("Connections must come from a WorkspaceSource");
        }
        HikariDataSource pool = wrapped(dataSource, HikariDataSource.class);
        this.turns =
                new Semaphore(pool == null ? Integer.MAX_VALUE : pool.getMaximumPoolSize(), true);
        this.patienceMillis = pool == null ? 0 : pool.getConnectionTimeout();
    }

    private static <T> @Nullable T wrapped(DataSource dataSource, Class<T> type) {
        try {
            return dataSource.isWrapperFor(type) ? dataSource.unwrap(type) : null;
        } catch (SQLException e) {
            throw new IllegalArgumentException("A source that does not know what it wraps", e);
        }
    }

    @Override
    protected void doBegin(Object transaction, TransactionDefinition definition) {
        if (definition.isReadOnly()) {
            awaitPlace(transaction);
        }
        boolean began = false;
        try {
            beginInTurn(transaction, definition);
            began = true;
        } finally {
            if (!began) {
                leavePlace(transaction);
            }
        }
    }

    private void beginInTurn(Object transaction, TransactionDefinition definition) {
        awaitTurn();
        boolean began = false;
        try {
            super.doBegin(transaction, definition);
            if (!definition.isReadOnly()) {
                nameActor(transaction);
            }
            began = true;
        } finally {
            if (!began) {
                turns.release();
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
            turns.release();
            leavePlace(transaction);
        }
    }

    private void awaitPlace(Object transaction) {
        try {
            if (places.tryAcquire(deferenceMillis, MILLISECONDS)) {
                placed.add(transaction);
            }
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    private void leavePlace(Object transaction) {
        if (placed.remove(transaction)) {
            places.release();
        }
    }

    private static CannotCreateTransactionException interrupted(InterruptedException e) {
        Thread.currentThread().interrupt();
        return new CannotCreateTransactionException("Interrupted before its turn", e);
    }

    private void awaitTurn() {
        try {
            // With the time, since without one a fair semaphore lets everybody pass who comes
            // along.
            if (!turns.tryAcquire(patienceMillis, MILLISECONDS)) {
                throw new CannotCreateTransactionException(
                        String.format(
                                Locale.ROOT,
                                "No turn for a transaction within %,d ms",
                                patienceMillis),
                        new SQLTransientConnectionException("All connections are in use"));
            }
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    /**
     * A question, which is what reads only, commits each of its statements: it sees what it would
     * see in a transaction that is read committed, and one way to PostgreSQL and back is all that a
     * statement takes, where beginning and committing take two more.
     */
    @Override
    protected void prepareTransactionalConnection(
            Connection connection, TransactionDefinition definition) throws SQLException {
        if (definition.isReadOnly()) {
            connection.setAutoCommit(true);
        }
    }

    @Override
    protected void doCommit(DefaultTransactionStatus status) {
        if (!status.isReadOnly()) {
            super.doCommit(status);
        }
    }

    @Override
    protected void doRollback(DefaultTransactionStatus status) {
        if (!status.isReadOnly()) {
            super.doRollback(status);
        }
    }
}
