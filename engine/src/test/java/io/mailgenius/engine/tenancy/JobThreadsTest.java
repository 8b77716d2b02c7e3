package io.mailgenius.engine.tenancy;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import io.mailgenius.schema.TestDatabase;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.transaction.support.TransactionTemplate;

/** A pool of 24 connections that many jobs want at the same time. */
class JobThreadsTest {

    private static final int THREADS = 30;
    private static final Set<Thread.State> WAITS =
            EnumSet.of(Thread.State.WAITING, Thread.State.TIMED_WAITING);

    private final TestDatabase database = TestDatabase.create();
    private final TransactionTemplate transaction =
            new TransactionTemplate(new WorkspaceTransactionManager(database.dataSource()));
    private final CountDownLatch hold = new CountDownLatch(1);
    private final List<Thread> started = new ArrayList<>();

    @AfterEach
    void close() throws InterruptedException {
        hold.countDown();
        for (Thread thread : started) {
            thread.join();
        }
        database.close();
    }

    @Test
    void jobs_use_a_part_of_the_connections_and_nobody_else_waits_for_them() throws SQLException {
        AtomicInteger launches = begin(JobThreads.named("launch"));
        AtomicInteger enumerations = begin(JobThreads.named("enumerate"));
        awaitWaiting();

        assertThat(launches.get() + enumerations.get()).isEqualTo(3);
        AtomicInteger requests = new AtomicInteger();
        transaction.executeWithoutResult(status -> requests.incrementAndGet());
        assertThat(requests).hasValue(1);
    }

    @Test
    void each_job_gets_its_turn() throws InterruptedException {
        AtomicInteger launches = begin(JobThreads.named("launch"));
        hold.countDown();
        for (Thread thread : started) {
            thread.join();
        }
        assertThat(launches).hasValue(THREADS);
    }

    private AtomicInteger begin(ThreadFactory threads) {
        AtomicInteger begun = new AtomicInteger();
        for (int n = 0; n < THREADS; n++) {
            Thread thread =
                    threads.newThread(
                            () ->
                                    transaction.executeWithoutResult(
                                            status -> {
                                                begun.incrementAndGet();
                                                awaitHold();
                                            }));
            thread.start();
            started.add(thread);
        }
        return begun;
    }

    private void awaitHold() {
        try {
            hold.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Until every thread has begun its transaction (WAITING) or queues for it (TIMED_WAITING). */
    private void awaitWaiting() throws SQLException {
        HikariDataSource pool = database.dataSource().unwrap(HikariDataSource.class);
        while (pool.getHikariPoolMXBean().getThreadsAwaitingConnection() > 0
                || !started.stream().map(Thread::getState).allMatch(WAITS::contains)) {
            Thread.onSpinWait();
        }
    }
}
