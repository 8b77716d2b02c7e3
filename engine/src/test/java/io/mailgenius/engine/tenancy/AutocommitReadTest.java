package io.mailgenius.engine.tenancy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mailgenius.schema.TestDatabase;
import io.mailgenius.schema.WorkspaceScope;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

/** Read-only transactions run in autocommit mode. */
class ReadOnlyTransactionsTest {

    private TestDatabase database;
    private JdbcClient jdbc;
    private TransactionTemplate transaction;
    private TransactionTemplate readOnlyTransaction;
    private long workspace;

    @BeforeEach
    void open() {
        database = TestDatabase.create();
        workspace = database.workspace("mine");
        database.workspace("theirs");
        jdbc = JdbcClient.create(database.dataSource());
        var transactions = new WorkspaceTransactionManager(database.dataSource());
        transaction = new TransactionTemplate(transactions);
        readOnlyTransaction = new TransactionTemplate(transactions);
        readOnlyTransaction.setReadOnly(true);
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void a_read_only_transaction_sees_its_workspace_and_stays_closed_between_statements() {
        WorkspaceScope.run(
                workspace,
                () -> {
                    readOnlyTransaction.executeWithoutResult(
                            _ -> {
                                assertThat(workspaces()).containsExactly("mine");
                                assertThat(open("idle in transaction")).isZero();
                                assertThat(workspaces()).containsExactly("mine");
                            });
                    transaction.executeWithoutResult(
                            _ -> {
                                assertThat(workspaces()).containsExactly("mine");
                                assertThat(open("idle in transaction")).isOne();
                            });
                });
    }

    @Test
    void a_transaction_after_a_read_only_one_is_a_transaction_again() {
        WorkspaceScope.run(
                workspace,
                () -> {
                    readOnlyTransaction.executeWithoutResult(_ -> workspaces());

                    transaction.executeWithoutResult(
                            status -> {
                                rename();
                                status.setRollbackOnly();
                            });
                    assertThat(committedNames()).containsExactly("mine");

                    transaction.executeWithoutResult(_ -> rename());
                    assertThat(committedNames()).containsExactly("renamed");
                });
    }

    @Test
    void a_failed_read_only_transaction_leaves_a_usable_connection() {
        WorkspaceScope.run(
                workspace,
                () -> {
                    assertThatThrownBy(
                                    () ->
                                            readOnlyTransaction.executeWithoutResult(
                                                    _ ->
                                                            jdbc.sql("SELECT 1 / 0")
                                                                    .query()
                                                                    .listOfRows()))
                            .hasMessageContaining("division by zero");

                    assertThat(committedNames()).containsExactly("mine");
                });
    }

    /**
     * Test databases reject writes in read-only transactions, so that wrong declarations are found.
     */
    @Test
    void tests_reject_writes_in_read_only_transactions() {
        WorkspaceScope.run(
                workspace,
                () ->
                        assertThatThrownBy(
                                        () ->
                                                readOnlyTransaction.executeWithoutResult(
                                                        _ -> rename()))
                                .hasMessageContaining("read-only transaction"));
    }

    @Test
    void a_source_that_sets_no_workspace_is_rejected() {
        assertThatThrownBy(() -> new WorkspaceTransactionManager(database.owner()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("WorkspaceSource");
    }

    private List<String> committedNames() {
        return Objects.requireNonNull(readOnlyTransaction.execute(_ -> workspaces()));
    }

    private List<String> workspaces() {
        return jdbc.sql("SELECT name FROM workspace").query(String.class).list();
    }

    private void rename() {
        jdbc.sql("UPDATE workspace SET name = 'renamed'").update();
    }

    /** The number of the application's sessions in this state. */
    private long open(String state) {
        return JdbcClient.create(database.owner())
                .sql(
                        """
                        SELECT count(*) FROM pg_stat_activity
                         WHERE datname = current_database() AND state = :state
                        """)
                .param("state", state)
                .query((row, _) -> row.getLong(1))
                .single();
    }
}
