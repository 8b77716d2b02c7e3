package io.mailgenius.engine.tenancy;

import io.mailgenius.schema.WorkspaceScope;
import java.io.Serial;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Objects;
import java.util.OptionalLong;
import javax.sql.DataSource;
import org.springframework.jdbc.datasource.ConnectionHolder;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.CannotCreateTransactionException;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * Every transaction that begins inside a {@link WorkspaceScope} names its workspace to PostgreSQL,
 * for as long as it lasts. One that begins outside names none, and row-level security shows it no
 * customer's rows.
 */
public final class WorkspaceTransactionManager extends JdbcTransactionManager {

    @Serial private static final long serialVersionUID = 1L;

    public WorkspaceTransactionManager(DataSource dataSource) {
        super(dataSource);
    }

    @Override
    protected void doBegin(Object transaction, TransactionDefinition definition) {
        super.doBegin(transaction, definition);
        OptionalLong workspace = WorkspaceScope.current();
        if (workspace.isPresent()) {
            try {
                name(workspace.getAsLong());
            } catch (SQLException e) {
                doCleanupAfterCompletion(transaction);
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
