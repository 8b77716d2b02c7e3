package io.mailgenius.engine.tenancy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mailgenius.schema.TestDatabase;
import io.mailgenius.schema.WorkspaceScope;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.aop.framework.ProxyFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.TransactionManager;
import org.springframework.transaction.annotation.AnnotationTransactionAttributeSource;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.interceptor.TransactionInterceptor;
import org.springframework.transaction.support.TransactionTemplate;

/** Autocommit reads, and how they differ from read-only transactions. */
class AutocommitReadTest {

    private TestDatabase database;
    private JdbcClient jdbc;
    private WorkspaceTransactionManager transactions;
    private TransactionTemplate transaction;
    private TransactionTemplate readOnly;
    private AutocommitReadTemplate reads;
    private long workspace;

    @BeforeEach
    void open() {
        database = TestDatabase.create();
        workspace = database.workspace("mine");
        database.workspace("theirs");
        jdbc = JdbcClient.create(database.dataSource());
        transactions = new WorkspaceTransactionManager(database.dataSource());
        transaction = new TransactionTemplate(transactions);
        readOnly = new TransactionTemplate(transactions);
        readOnly.setReadOnly(true);
        reads = new AutocommitReadTemplate(transactions);
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void a_read_sees_its_workspace_and_stays_closed_between_statements() {
        WorkspaceScope.run(
                workspace,
                () -> {
                    assertThat(reads.<Long>execute(_ -> openAfterOneStatement())).isZero();
                    assertThat(readOnly.<Long>execute(_ -> openAfterOneStatement())).isOne();
                    assertThat(transaction.<Long>execute(_ -> openAfterOneStatement())).isOne();
                });
    }

    private long openAfterOneStatement() {
        assertThat(workspaces()).containsExactly("mine");
        return open("idle in transaction");
    }

    /** Implemented once with the annotation and once with the ordinary one. */
    interface Reader {
        long read(Supplier<Long> query);
    }

    @Transactional
    static class Cheap implements Reader {
        @Override
        @AutocommitRead
        public long read(Supplier<Long> query) {
            return query.get();
        }
    }

    static class Ordinary implements Reader {
        @Override
        @Transactional(readOnly = true)
        public long read(Supplier<Long> query) {
            return query.get();
        }
    }

    @Test
    void the_annotation_is_the_template_and_read_only_is_a_transaction() {
        WorkspaceScope.run(
                workspace,
                () -> {
                    assertThat(proxied(new Cheap()).read(this::openAfterOneStatement)).isZero();
                    assertThat(proxied(new Ordinary()).read(this::openAfterOneStatement)).isOne();
                });
    }

    private Reader proxied(Reader target) {
        ProxyFactory proxy = new ProxyFactory(target);
        TransactionManager manager = transactions;
        proxy.addAdvice(
                new TransactionInterceptor(manager, new AnnotationTransactionAttributeSource()));
        return (Reader) proxy.getProxy();
    }

    /** One snapshot for all statements, which an autocommit read cannot have. */
    @Test
    void a_read_only_transaction_has_the_isolation_that_it_asks_for() {
        readOnly.setIsolationLevel(TransactionDefinition.ISOLATION_REPEATABLE_READ);
        WorkspaceScope.run(
                workspace,
                () ->
                        readOnly.executeWithoutResult(
                                _ -> {
                                    assertThat(workspaces()).containsExactly("mine");
                                    renameElsewhere();
                                    assertThat(workspaces()).containsExactly("mine");
                                }));
        assertThat(committedNames()).containsExactly("renamed");
    }

    private void renameElsewhere() {
        Thread other =
                Thread.ofPlatform()
                        .start(
                                () ->
                                        WorkspaceScope.run(
                                                workspace,
                                                () ->
                                                        transaction.executeWithoutResult(
                                                                _ -> rename())));
        try {
            other.join();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void a_read_within_a_transaction_belongs_to_it() {
        WorkspaceScope.run(
                workspace,
                () ->
                        transaction.executeWithoutResult(
                                status -> {
                                    rename();
                                    assertThat(reads.<List<String>>execute(_ -> workspaces()))
                                            .containsExactly("renamed");
                                    status.setRollbackOnly();
                                }));
        assertThat(committedNames()).containsExactly("mine");
    }

    @Test
    void a_transaction_after_a_read_is_a_transaction_again() {
        WorkspaceScope.run(
                workspace,
                () -> {
                    reads.executeWithoutResult(_ -> workspaces());

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
    void a_failed_read_leaves_a_usable_connection() {
        WorkspaceScope.run(
                workspace,
                () -> {
                    assertThatThrownBy(
                                    () ->
                                            reads.executeWithoutResult(
                                                    _ ->
                                                            jdbc.sql("SELECT 1 / 0")
                                                                    .query()
                                                                    .listOfRows()))
                            .hasMessageContaining("division by zero");

                    assertThat(committedNames()).containsExactly("mine");
                });
    }

    /**
     * In autocommit reads only the databases of the tests do so, which finds wrong declarations.
     */
    @Test
    void writes_are_rejected_in_reads_and_in_read_only_transactions() {
        WorkspaceScope.run(
                workspace,
                () -> {
                    for (TransactionTemplate template : List.of(reads, readOnly)) {
                        assertThatThrownBy(() -> template.executeWithoutResult(_ -> rename()))
                                .hasMessageContaining("read-only transaction");
                    }
                });
    }

    @Test
    void a_source_that_sets_no_workspace_is_rejected() {
        assertThatThrownBy(() -> new WorkspaceTransactionManager(database.owner()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("WorkspaceSource");
    }

    private List<String> committedNames() {
        return WorkspaceScope.call(
                workspace, () -> Objects.requireNonNull(reads.execute(_ -> workspaces())));
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
