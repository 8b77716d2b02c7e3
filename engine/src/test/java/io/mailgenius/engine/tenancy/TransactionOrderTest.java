package io.mailgenius.engine.tenancy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import io.mailgenius.engine.failures.TransientFailure;
import io.mailgenius.schema.TestDatabase;
import io.mailgenius.schema.WorkspaceScope;
import io.mailgenius.schema.WorkspaceSource;
import java.sql.Connection;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DelegatingDataSource;
import org.springframework.transaction.CannotCreateTransactionException;
import org.springframework.transaction.support.TransactionTemplate;

/** One connection and several threads that wait for it. */
class TransactionOrderTest {

    private final List<Integer> order = new CopyOnWriteArrayList<>();
    private TestDatabase database;
    private HikariDataSource pool;
    private DataSource source;
    private TransactionTemplate transaction;

    @BeforeEach
    void open() {
        database = TestDatabase.create();
        pool = new HikariDataSource();
        pool.setJdbcUrl(database.url());
        pool.setUsername(database.username());
        pool.setPassword(database.password());
        pool.setMaximumPoolSize(1);
        // Wrapped, as by decorators that count or explain statements.
        source = new DelegatingDataSource(new WorkspaceSource(pool));
        transaction = new TransactionTemplate(new WorkspaceTransactionManager(source));
    }

    @AfterEach
    void close() {
        pool.close();
        database.close();
    }

    @Test
    void transactions_begin_in_fifo_order() throws Exception {
        List<Thread> others =
                transaction.execute(
                        status -> {
                            order.add(0);
                            return List.of(waits(1), waits(2), waits(3));
                        });
        transaction.executeWithoutResult(status -> order.add(4));

        for (Thread other : others) {
            other.join();
        }
        assertThat(order).containsExactly(0, 1, 2, 3, 4);
    }

    private Thread waits(int number) {
        Thread thread =
                Thread.ofPlatform()
                        .start(() -> transaction.executeWithoutResult(status -> order.add(number)));
        while (thread.getState() != Thread.State.TIMED_WAITING) {
            Thread.onSpinWait();
        }
        return thread;
    }

    @Test
    void a_timeout_is_a_transient_failure() {
        pool.setConnectionTimeout(250);
        TransactionTemplate impatient =
                new TransactionTemplate(new WorkspaceTransactionManager(new WorkspaceSource(pool)));

        impatient.executeWithoutResult(
                status ->
                        assertThat(elsewhere(impatient))
                                .isInstanceOf(CannotCreateTransactionException.class)
                                .satisfies(
                                        thrown ->
                                                assertThat(TransientFailure.passing(thrown))
                                                        .hasValueSatisfying(
                                                                message ->
                                                                        assertThat(message)
                                                                                .contains(
                                                                                        "no connection"))));

        assertThat(elsewhere(impatient)).isNull();
    }

    private static Throwable elsewhere(TransactionTemplate transaction) {
        List<Throwable> thrown = new CopyOnWriteArrayList<>();
        Thread thread =
                Thread.ofPlatform()
                        .uncaughtExceptionHandler((_, it) -> thrown.add(it))
                        .start(() -> transaction.executeWithoutResult(status -> {}));
        try {
            thread.join();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        return thrown.isEmpty() ? null : thrown.getFirst();
    }

    @Test
    void a_transaction_that_cannot_begin_returns_its_permit() throws Exception {
        pool.setConnectionTimeout(2_000);
        pool.setUsername("nobody_of_this_name");
        pool.setInitializationFailTimeout(-1);
        TransactionTemplate refused =
                new TransactionTemplate(new WorkspaceTransactionManager(new WorkspaceSource(pool)));

        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(() -> refused.executeWithoutResult(status -> {}))
                    .rootCause()
                    .hasMessageContaining("nobody_of_this_name");
        }
    }

    @Test
    void a_workspace_that_cannot_be_set_returns_the_permit() throws Exception {
        pool.setConnectionInitSql(
                """
                CREATE SCHEMA IF NOT EXISTS refusing;
                CREATE OR REPLACE FUNCTION refusing.set_config(text, text, boolean) RETURNS text
                    LANGUAGE sql AS 'SELECT CAST(1 / 0 AS text)';
                SET search_path = refusing, pg_catalog
                """);

        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(
                            () ->
                                    WorkspaceScope.<Void, Exception>call(
                                            1,
                                            () -> {
                                                transaction.executeWithoutResult(status -> {});
                                                return null;
                                            }))
                    .isInstanceOf(CannotCreateTransactionException.class)
                    .hasStackTraceContaining("set_config");
        }
        try (Connection session = pool.getConnection();
                var statement = session.createStatement()) {
            statement.execute("RESET search_path");
        }
        Long one =
                transaction.execute(
                        status ->
                                JdbcClient.create(source)
                                        .sql("SELECT 1")
                                        .query(Long.class)
                                        .single());
        assertThat(one).isEqualTo(1);
    }
}
