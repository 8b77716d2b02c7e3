package io.mailgenius.schema;

import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.HikariPoolMXBean;
import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collections;
import java.util.Map;
import java.util.OptionalLong;
import java.util.WeakHashMap;
import java.util.logging.Logger;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.postgresql.jdbc.PgConnection;

/**
 * Gives every connection with the workspace of the {@link WorkspaceScope} in which it is asked for
 * named to PostgreSQL, or with none outside of any: row-level security then shows it that
 * workspace's rows, or no customer's.
 *
 * <p>The name stays when a connection goes back to its pool, and whoever asks next for the same
 * workspace need not say it again. A session is never given with another's name, since what it was
 * last told is known here and told anew where it differs.
 */
public final class WorkspaceSource implements DataSource {

    private static final String NONE = "";

    /** An idle connection that is alive answers in a millisecond. */
    private static final Duration SUSPICIOUS = Duration.ofMillis(900);

    private static final String NAME = "SELECT set_config('app.workspace_id', ?, false)";

    private static final String NAME_AND_MODE =
            """
            SELECT set_config('app.workspace_id', ?, false),
                   set_config('synchronous_commit', ?, false),
                   set_config('idle_in_transaction_session_timeout', ?, false)
            """;

    /**
     * What a session was told: whose rows it shows, whether its commits wait for the disk, and
     * after how many milliseconds in an idle transaction it ends; 0 for never.
     */
    private record Told(String workspace, boolean waitsForTheDisk, long idle) {

        boolean hasModeOf(Told other) {
            return waitsForTheDisk == other.waitsForTheDisk && idle == other.idle;
        }
    }

    private final DataSource pool;
    private final long idle;
    private final Map<PgConnection, Told> told = Collections.synchronizedMap(new WeakHashMap<>());

    /**
     * @param pool of connections to PostgreSQL that commit each statement, as a pool's usually do
     */
    public WorkspaceSource(DataSource pool) {
        this(pool, Duration.ZERO);
    }

    /**
     * @param idle after how long in an idle transaction PostgreSQL ends a session: its client may
     *     have died without a word, and others wait for the rows that it locked. A {@link
     *     StatementLimit} goes before. Zero for never
     */
    public WorkspaceSource(DataSource pool, Duration idle) {
        this.pool = pool;
        this.idle = idle.toMillis();
    }

    @Override
    public Connection getConnection() throws SQLException {
        return named(borrowed());
    }

    /**
     * The pool tries a connection before it gives it, for a second each. Where that took one
     * although some lay idle, all that lie idle have most likely died the same death, and whoever
     * comes next would try them one after the other: they go at once.
     */
    private Connection borrowed() throws SQLException {
        if (!(pool instanceof HikariDataSource hikari)
                || !(hikari.getHikariPoolMXBean() instanceof HikariPoolMXBean connections)) {
            return pool.getConnection();
        }
        boolean someLayIdle = connections.getIdleConnections() > 0;
        long begun = System.nanoTime();
        try {
            return pool.getConnection();
        } finally {
            if (someLayIdle && System.nanoTime() - begun > SUSPICIOUS.toNanos()) {
                connections.softEvictConnections();
            }
        }
    }

    @Override
    public Connection getConnection(String username, String password) throws SQLException {
        return named(pool.getConnection(username, password));
    }

    private Connection named(Connection connection) throws SQLException {
        try {
            Duration limit = StatementLimit.current();
            name(connection, limit);
            if (limit != null) {
                // The pool takes its own limit back when the connection returns to it.
                connection.setNetworkTimeout(Runnable::run, Math.toIntExact(limit.toMillis()));
            }
            return connection;
        } catch (SQLException | RuntimeException e) {
            connection.close();
            throw e;
        }
    }

    /**
     * @param limit with one a session is told also what it was told before: its answer shows that
     *     the connection is alive
     */
    private void name(Connection connection, @Nullable Duration limit) throws SQLException {
        OptionalLong scope = WorkspaceScope.current();
        Told wanted =
                new Told(
                        scope.isPresent() ? Long.toString(scope.getAsLong()) : NONE,
                        WorkspaceScope.waitsForTheDisk(),
                        limit == null || idle == 0 ? idle : Math.max(idle, limit.toMillis()));
        PgConnection session = connection.unwrap(PgConnection.class);
        Told known = told.get(session);
        if (wanted.equals(known) && limit == null) {
            return;
        }
        // What fails on the way may have come to pass: such a session is told again.
        told.remove(session);
        boolean mode = known == null || !known.hasModeOf(wanted);
        // Outside of a transaction, so that none that is rolled back takes the name along.
        try (var set = connection.prepareStatement(mode ? NAME_AND_MODE : NAME)) {
            set.setString(1, wanted.workspace());
            if (mode) {
                set.setString(2, wanted.waitsForTheDisk() ? "on" : "off");
                set.setString(3, Long.toString(wanted.idle()));
            }
            set.execute();
        }
        told.put(session, wanted);
    }

    @Override
    public PrintWriter getLogWriter() throws SQLException {
        return pool.getLogWriter();
    }

    @Override
    public void setLogWriter(PrintWriter out) throws SQLException {
        pool.setLogWriter(out);
    }

    @Override
    public void setLoginTimeout(int seconds) throws SQLException {
        pool.setLoginTimeout(seconds);
    }

    @Override
    public int getLoginTimeout() throws SQLException {
        return pool.getLoginTimeout();
    }

    @Override
    public Logger getParentLogger() {
        return Logger.getLogger(Logger.GLOBAL_LOGGER_NAME);
    }

    @Override
    public <T> T unwrap(Class<T> type) throws SQLException {
        return type.isInstance(this) ? type.cast(this) : pool.unwrap(type);
    }

    @Override
    public boolean isWrapperFor(Class<?> type) throws SQLException {
        return type.isInstance(this) || pool.isWrapperFor(type);
    }
}
