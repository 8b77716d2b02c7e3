package io.mailgenius.engine.tenancy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import io.mailgenius.schema.TestDatabase;
import io.mailgenius.schema.WorkspaceSource;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.transaction.support.TransactionTemplate;

/** One place for questions, and connections enough. */
@Timeout(60)
class ReadOnlyPermitsTest {

    private static final Duration FOR_EVER = Duration.ofHours(1);

    private final List<Integer> order = new CopyOnWriteArrayList<>();
    private TestDatabase database;

    @BeforeEach
    void open() {
        database = TestDatabase.create();
    }

    @AfterEach
    void close() {
        database.close();
    }

    private static TransactionTemplate question(DataSource source, Duration deference) {
        TransactionTemplate question = new TransactionTemplate(manager(source, deference));
        question.setReadOnly(true);
        return question;
    }

    private static WorkspaceTransactionManager manager(DataSource source, Duration deference) {
        return new WorkspaceTransactionManager(source, 1, deference);
    }

    @Test
    void the_next_question_is_asked_when_one_is_answered() throws Exception {
        WorkspaceTransactionManager manager = manager(database.dataSource(), FOR_EVER);
        TransactionTemplate question = new TransactionTemplate(manager);
        question.setReadOnly(true);
        openTwoConnections(new TransactionTemplate(manager));

        Thread second =
                question.execute(
                        status -> {
                            Thread waits = asks(question);
                            while (waits.getState() != Thread.State.TIMED_WAITING
                                    && waits.getState() != Thread.State.TERMINATED) {
                                Thread.onSpinWait();
                            }
                            order.add(0);
                            return waits;
                        });
        second.join();

        assertThat(order).containsExactly(0, 1);
    }

    /** Or a question would wait for its connection. They have no place, and give none back. */
    private void openTwoConnections(TransactionTemplate transaction) {
        transaction.executeWithoutResult(status -> join(asks(transaction)));
        order.clear();
    }

    @Test
    void a_long_question_stops_nobody() {
        TransactionTemplate question = question(database.dataSource(), Duration.ofMillis(1));

        question.executeWithoutResult(
                status -> {
                    join(asks(question));
                    order.add(0);
                });

        assertThat(order).containsExactly(1, 0);
    }

    @Test
    void a_transaction_that_writes_needs_no_place() {
        WorkspaceTransactionManager manager = manager(database.dataSource(), FOR_EVER);
        TransactionTemplate question = new TransactionTemplate(manager);
        question.setReadOnly(true);

        question.executeWithoutResult(
                status -> {
                    join(asks(new TransactionTemplate(manager)));
                    order.add(0);
                });

        assertThat(order).containsExactly(1, 0);
    }

    @Test
    void a_question_that_cannot_be_asked_gives_its_place_back() {
        try (HikariDataSource pool = new HikariDataSource()) {
            pool.setJdbcUrl(database.url());
            // A server that trusts says that there is no such role, any other that it is refused.
            pool.setUsername("nobody_of_this_name");
            pool.setPassword("nor with this password");
            pool.setConnectionTimeout(1_000);
            pool.setInitializationFailTimeout(-1);
            TransactionTemplate refused = question(new WorkspaceSource(pool), FOR_EVER);

            for (int i = 0; i < 2; i++) {
                assertThatThrownBy(() -> refused.executeWithoutResult(status -> {}))
                        .rootCause()
                        .hasMessageContaining("nobody_of_this_name");
            }
        }
    }

    private Thread asks(TransactionTemplate transaction) {
        return Thread.ofPlatform()
                .start(() -> transaction.executeWithoutResult(status -> order.add(1)));
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
