package io.mailgenius.schema;

import com.zaxxer.hikari.HikariDataSource;
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
 * Assigns each connection the workspace of the current {@link WorkspaceScope}, or none outside of
 * any: row-level security then shows the rows of that workspace, or none.
 *
 * <p>The setting stays in the session when a connection returns to the pool, so it is not sent
 * again for the same workspace. The last settings of each session are tracked here and sent again
 * if they differ, so a session is never used for the wrong workspace.
 */
public final class WorkspaceSource implements DataSource {

    private static final String NONE = "";

    private static final String NAME =
            "SELECT set_config('app.workspace_id', ?, false), set_config('app.engine', ?, false)";

    private static final String NAME_AND_MODE =
            """
            SELECT set_config('app.workspace_id', ?, false),
                   set_config('app.engine', ?, false),
                   set_config('synchronous_commit', ?, false),
                   set_config('idle_in_transaction_session_timeout', ?, false)
            """;

    /**
     * The settings of a session: its workspace, whether it works for the engine across workspaces,
     * whether its commits wait for the WAL flush, and its idle-in-transaction timeout in
     * milliseconds; 0 for none.
     */
    private record SessionSettings(
            String workspace, boolean acrossWorkspaces, boolean waitsForTheDisk, long idle) {

        boolean hasModeOf(SessionSettings other) {
            return waitsForTheDisk == other.waitsForTheDisk && idle == other.idle;
        }
    }

    /** Called with each session before its first use. */
    public interface NewSession {
        void opened(PgConnection session) throws SQLException;
    }

    private final DataSource pool;
    private final long idle;
    private final NewSession newSession;
    private final Map<PgConnection, SessionSettings> settingsBySession =
            Collections.synchronizedMap(new WeakHashMap<>());

    /**
     * @param pool a pool of PostgreSQL connections in autocommit mode
     */
    public WorkspaceSource(DataSource pool) {
        this(pool, Duration.ZERO, session -> {});
    }

    /**
     * @param idle the idle-in-transaction timeout of a session, because its client may be gone
     *     while others wait for its row locks. A longer {@link StatementLimit} has precedence. Zero
     *     for none
     */
    public WorkspaceSource(DataSource pool, Duration idle, NewSession newSession) {
        this.pool = pool;
        this.idle = idle.toMillis();
        this.newSession = newSession;
    }

    @Override
    public Connection getConnection() throws SQLException {
        return named(borrowed());
    }

    private Connection borrowed() throws SQLException {
        return pool instanceof HikariDataSource hikari
                ? IdleConnections.taken(hikari, hikari::getConnection)
                : pool.getConnection();
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
                // The pool restores its own timeout when the connection is returned.
                connection.setNetworkTimeout(Runnable::run, Math.toIntExact(limit.toMillis()));
            }
            return connection;
        } catch (SQLException | RuntimeException e) {
            connection.close();
            throw e;
        }
    }

    /**
     * @param limit if not null, the settings are sent even if they are unchanged, because the
     *     response shows that the connection is alive
     */
    private void name(Connection connection, @Nullable Duration limit) throws SQLException {
        OptionalLong scope = WorkspaceScope.current();
        SessionSettings required =
                new SessionSettings(
                        scope.isPresent() ? Long.toString(scope.getAsLong()) : NONE,
                        WorkspaceScope.isAcrossWorkspaces(),
                        WorkspaceScope.waitsForTheDisk(),
                        limit == null || idle == 0 ? idle : Math.max(idle, limit.toMillis()));
        PgConnection session = connection.unwrap(PgConnection.class);
        SessionSettings current = settingsBySession.get(session);
        if (required.equals(current) && limit == null) {
            return;
        }
        if (current == null) {
            newSession.opened(session);
        }
        // If this fails, the settings of the session are unknown and must be sent again.
        settingsBySession.remove(session);
        boolean mode = current == null || !current.hasModeOf(required);
        // Runs outside of a transaction, so that a rollback does not revert the settings.
        try (var set = connection.prepareStatement(mode ? NAME_AND_MODE : NAME)) {
            set.setString(1, required.workspace());
            set.setString(2, required.acrossWorkspaces() ? "on" : "off");
            if (mode) {
                set.setString(3, required.waitsForTheDisk() ? "on" : "off");
                set.setString(4, Long.toString(required.idle()));
            }
            set.execute();
        }
        settingsBySession.put(session, required);
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
