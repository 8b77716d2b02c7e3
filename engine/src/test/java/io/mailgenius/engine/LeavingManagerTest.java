package io.mailgenius.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.mailgenius.engine.launching.Launch;
import io.mailgenius.engine.launching.LiveLaunches;
import io.mailgenius.engine.settings.Role;
import io.mailgenius.schema.ChunkState;
import io.mailgenius.schema.LaunchState;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/**
 * Shuts a manager down, as in a rolling deployment. It reads the log, so it does not run
 * concurrently with other tests.
 */
class LeavingManagerTest {

    private static final int CHUNKS = 120;

    private TestCluster cluster;
    private TestNode worker;

    @BeforeEach
    void start() {
        cluster = new TestCluster();
        worker = cluster.start(Role.WORKER);
    }

    @AfterEach
    void stop() {
        cluster.close();
    }

    /** A rolling deployment neither interrupts the job nor logs errors. */
    @Test
    void a_shutdown_while_chunks_are_processed_holds_none_and_logs_no_error() throws Exception {
        CountDownLatch goOn = new CountDownLatch(1);
        worker.get(CountingJob.Hook.class).set((number, chunk) -> goOn.await());
        TestNode leaving = cluster.start(Role.MANAGER);
        Launch launch = cluster.launch(worker, "leaving", 12, 3);
        await().until(() -> cluster.chunksIn(ChunkState.CLAIMED) > 0);
        List<String> errors = errorsWhile(leaving::close);
        assertThat(errors).isEmpty();
        assertThat(cluster.chunksIn(ChunkState.HELD)).isZero();

        goOn.countDown();
        await().until(() -> cluster.numbersWritten().size() == 12);
        TestNode other = cluster.start(Role.MANAGER);
        assertThat(cluster.end(other, launch).state()).isEqualTo(LaunchState.COMPLETED);
        cluster.assertEveryNumberOnce(12);
    }

    @Test
    void a_shutdown_between_two_chunks_logs_no_error() throws Exception {
        CountDownLatch inTheMiddle = new CountDownLatch(1);
        TestNode leaving = cluster.start(Role.MANAGER);
        leaving.get(CountingJob.Hook.class)
                .whileEnumerating(
                        number -> {
                            if (number == 60) {
                                inTheMiddle.countDown();
                                while (!leaving.get(LiveLaunches.class).shuttingDown()) {
                                    Thread.onSpinWait();
                                }
                            }
                        });
        Launch launch = cluster.launch(worker, "leaving", CHUNKS, 1);
        inTheMiddle.await();
        assertThat(errorsWhile(leaving::close)).isEmpty();
        assertThat(statusOfEnumeration()).isEqualTo("STOPPED");

        TestNode other = cluster.start(Role.MANAGER);
        assertThat(cluster.end(other, launch).state()).isEqualTo(LaunchState.COMPLETED);
        cluster.assertEveryNumberOnce(CHUNKS);
    }

    private static List<String> errorsWhile(Runnable happening) {
        Logger root = (Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME);
        ListAppender<ILoggingEvent> appender = new ListAppender<>();
        appender.start();
        root.addAppender(appender);
        try {
            happening.run();
        } finally {
            root.detachAppender(appender);
        }
        return List.copyOf(appender.list).stream()
                .filter(event -> event.getLevel() == Level.ERROR)
                .map(ILoggingEvent::getFormattedMessage)
                .toList();
    }

    private String statusOfEnumeration() {
        return cluster.owner()
                .sql(
                        """
                        SELECT status FROM batch_step_execution
                         WHERE step_name LIKE 'counting.numbers.enumerate:partition%'
                         ORDER BY step_execution_id DESC LIMIT 1
                        """)
                .query(String.class)
                .single();
    }
}
