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

/** Transactions that only read have none of PostgreSQL's. */
class ReadOnlyTransactionsTest {

    private TestDatabase database;
    private JdbcClient jdbc;
    private TransactionTemplate transaction;
    private TransactionTemplate question;
    private long workspace;

    @BeforeEach
    void open() {
        database = TestDatabase.create();
        workspace = database.workspace("mine");
        database.workspace("theirs");
        jdbc = JdbcClient.create(database.dataSource());
        var transactions = new WorkspaceTransactionManager(database.dataSource());
        transaction = new TransactionTemplate(transactions);
        question = new TransactionTemplate(transactions);
        question.setReadOnly(true);
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void a_question_sees_its_workspace_and_nothing_stays_open_between_its_statements() {
        WorkspaceScope.run(
                workspace,
                () -> {
                    question.executeWithoutResult(
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
    void a_transaction_after_a_question_is_one_again() {
        WorkspaceScope.run(
                workspace,
                () -> {
                    question.executeWithoutResult(_ -> workspaces());

                    transaction.executeWithoutResult(
                            status -> {
                                rename();
                                status.setRollbackOnly();
                            });
                    assertThat(asked()).containsExactly("mine");

                    transaction.executeWithoutResult(_ -> rename());
                    assertThat(asked()).containsExactly("renamed");
                });
    }

    @Test
    void a_question_that_fails_leaves_a_connection_that_can_be_asked() {
        WorkspaceScope.run(
                workspace,
                () -> {
                    assertThatThrownBy(
                                    () ->
                                            question.executeWithoutResult(
                                                    _ ->
                                                            jdbc.sql("SELECT 1 / 0")
                                                                    .query()
                                                                    .listOfRows()))
                            .hasMessageContaining("division by zero");

                    assertThat(asked()).containsExactly("mine");
                });
    }

    /** So whoever declares as a question what writes finds out in its test. */
    @Test
    void tests_refuse_a_question_that_writes() {
        WorkspaceScope.run(
                workspace,
                () ->
                        assertThatThrownBy(() -> question.executeWithoutResult(_ -> rename()))
                                .hasMessageContaining("read-only transaction"));
    }

    @Test
    void a_source_that_names_no_workspaces_is_refused() {
        assertThatThrownBy(() -> new WorkspaceTransactionManager(database.owner()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("WorkspaceSource");
    }

    private List<String> asked() {
        return Objects.requireNonNull(question.execute(_ -> workspaces()));
    }

    private List<String> workspaces() {
        return jdbc.sql("SELECT name FROM workspace").query(String.class).list();
    }

    private void rename() {
        jdbc.sql("UPDATE workspace SET name = 'renamed'").update();
    }

    /** Sessions of the product in this state. */
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
