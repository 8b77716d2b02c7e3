package io.mailgenius.engine.failures;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.zaxxer.hikari.HikariDataSource;
import io.mailgenius.schema.TestDatabase;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.TransactionSystemException;
import org.springframework.transaction.support.TransactionTemplate;

/** A connection that fails during a transaction is reported in several ways. */
class TransientFailureTest {

    private TestDatabase database;
    private HikariDataSource pool;
    private TransactionTemplate transaction;

    @BeforeEach
    void open() {
        database = TestDatabase.create();
        pool = new HikariDataSource();
        pool.setJdbcUrl(database.url());
        pool.setUsername(database.username());
        pool.setPassword(database.password());
        transaction = new TransactionTemplate(new JdbcTransactionManager(pool));
    }

    @AfterEach
    void close() {
        pool.close();
        database.close();
    }

    @Test
    void a_cut_connection_whose_rollback_fails_too() {
        assertThat(catchThrowable(() -> transaction.executeWithoutResult(status -> cut())))
                .isInstanceOf(TransactionSystemException.class)
                .satisfies(thrown -> assertThat(TransientFailure.passing(thrown)).isPresent());
    }

    @Test
    void a_cut_connection_that_is_noticed_at_the_commit() {
        assertThat(
                        catchThrowable(
                                () ->
                                        transaction.executeWithoutResult(
                                                status ->
                                                        assertThat(catchThrowable(this::cut))
                                                                .isInstanceOf(
                                                                        DataAccessException
                                                                                .class))))
                .isInstanceOf(TransactionSystemException.class)
                .satisfies(thrown -> assertThat(TransientFailure.passing(thrown)).isPresent());
    }

    @Test
    void a_wrong_statement_is_no_transient_failure() {
        assertThat(
                        catchThrowable(
                                () -> JdbcClient.create(pool).sql("SELEC 1").query().listOfRows()))
                .isInstanceOf(DataAccessException.class)
                .satisfies(thrown -> assertThat(TransientFailure.passing(thrown)).isEmpty());
    }

    private void cut() {
        JdbcClient.create(pool)
                .sql("SELECT pg_terminate_backend(pg_backend_pid())")
                .query()
                .listOfRows();
    }
}
