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

/** One permit for autocommit reads, and enough connections. */
@Timeout(60)
class ReadPermitsTest {

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

    private static WorkspaceTransactionManager manager(DataSource source, Duration waitLimit) {
        return new WorkspaceTransactionManager(source, new ReadPermits(1, waitLimit));
    }

    @Test
    void a_read_begins_when_a_permit_is_returned() throws Exception {
        WorkspaceTransactionManager manager = manager(database.dataSource(), FOR_EVER);
        TransactionTemplate reads = new AutocommitReadTemplate(manager);
        openTwoConnections(new TransactionTemplate(manager));

        Thread second =
                reads.execute(
                        status -> {
                            Thread waits = asks(reads);
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

    /** Opens two connections first, so that reads do not wait for one. Others take no permit. */
    private void openTwoConnections(TransactionTemplate transaction) {
        transaction.executeWithoutResult(status -> join(asks(transaction)));
        order.clear();
    }

    @Test
    void a_long_read_does_not_block_others() {
        TransactionTemplate reads =
                new AutocommitReadTemplate(manager(database.dataSource(), Duration.ofMillis(1)));

        reads.executeWithoutResult(
                status -> {
                    join(asks(reads));
                    order.add(0);
                });

        assertThat(order).containsExactly(1, 0);
    }

    @Test
    void transactions_need_no_permit_read_only_or_not() {
        WorkspaceTransactionManager manager = manager(database.dataSource(), FOR_EVER);
        TransactionTemplate readOnly = new TransactionTemplate(manager);
        readOnly.setReadOnly(true);

        new AutocommitReadTemplate(manager)
                .executeWithoutResult(
                        status -> {
                            join(asks(new TransactionTemplate(manager)));
                            join(asks(readOnly));
                            order.add(0);
                        });

        assertThat(order).containsExactly(1, 1, 0);
    }

    @Test
    void a_read_that_cannot_begin_returns_its_permit() {
        try (HikariDataSource pool = new HikariDataSource()) {
            pool.setJdbcUrl(database.url());
            // With trust authentication the server reports a missing role, otherwise a failed
            // login.
            pool.setUsername("nobody_of_this_name");
            pool.setPassword("nor with this password");
            pool.setConnectionTimeout(1_000);
            pool.setInitializationFailTimeout(-1);
            TransactionTemplate refused =
                    new AutocommitReadTemplate(manager(new WorkspaceSource(pool), FOR_EVER));

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
