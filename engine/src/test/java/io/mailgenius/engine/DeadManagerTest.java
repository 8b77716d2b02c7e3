package io.mailgenius.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.mailgenius.engine.FaultInjection.Side;
import io.mailgenius.engine.launching.Launch;
import io.mailgenius.engine.launching.Launches;
import io.mailgenius.engine.launching.LiveLaunches;
import io.mailgenius.engine.settings.Role;
import io.mailgenius.schema.ChunkState;
import io.mailgenius.schema.LaunchState;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.LoggerFactory;

/** A manager dies in each window of a job's life; another one goes on, and nobody does anything. */
class DeadManagerTest {

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

    @ParameterizedTest(name = "{0} commit {1} of {2}")
    @CsvSource(
            delimiter = '|',
            value = {
                "AFTER  | 1 | epoch = epoch + 1",
                "AFTER  | 1 | INSERT INTO BATCH_JOB_INSTANCE",
                "AFTER  | 1 | INSERT INTO BATCH_JOB_EXECUTION",
                "BEFORE | 1 | SET job_instance_id",
                "AFTER  | 1 | SET job_instance_id",
                // The step, and each of its two partitions.
                "AFTER  | 1 | INSERT INTO BATCH_STEP_EXECUTION(",
                "AFTER  | 2 | INSERT INTO BATCH_STEP_EXECUTION(",
                "AFTER  | 3 | INSERT INTO BATCH_STEP_EXECUTION(",
                "BEFORE | 1 | INSERT INTO chunk",
                "AFTER  | 1 | INSERT INTO chunk",
                // The step that follows the chunks.
                "AFTER  | 4 | INSERT INTO BATCH_STEP_EXECUTION(",
                "BEFORE | 1 | SET state = :state, error",
                "AFTER  | 1 | SET state = :state, error",
            })
    void another_goes_on_from_where_it_was(Side side, int nth, String statement) throws Exception {
        // JdbcClient has turned named parameters into question marks by then.
        FaultInjection faultInjection =
                FaultInjection.at(side, nth, statement.replace(":state", "?"));
        cluster.start(1, List.of(faultInjection), Role.MANAGER);
        Launch launch = cluster.launch(worker, "dead manager", CHUNKS, 2);
        faultInjection.await();
        TestNode other = cluster.start(Role.MANAGER);
        other.get(CountingJob.Hook.class).divideInMore(1);

        assertThat(cluster.end(other, launch).state()).isEqualTo(LaunchState.COMPLETED);
        cluster.assertEveryNumberOnce(CHUNKS);
        assertThat(cluster.endsTold()).containsExactly("COMPLETED");
    }

    /**
     * Whichever commits there are: the first manager dies at its first, the next at its second …
     */
    @ParameterizedTest
    @EnumSource(Side.class)
    void however_many_die_the_job_ends_as_if_nothing_had_happened(Side side) throws Exception {
        Launch launch = cluster.launch(worker, "all die", CHUNKS, 1);
        for (int commit = 2; commit <= 26; commit += 4) {
            cluster.startAndDie(FaultInjection.atCommit(side, commit));
        }
        TestNode survivor = cluster.start(Role.MANAGER);
        assertThat(cluster.end(survivor, launch).state()).isEqualTo(LaunchState.COMPLETED);
        cluster.assertEveryNumberOnce(CHUNKS);
        assertThat(cluster.endsTold()).containsExactly("COMPLETED");
    }

    @Test
    void progress_does_not_start_from_zero() throws Exception {
        FaultInjection faultInjection = FaultInjection.later();
        TestNode first = cluster.start(1, List.of(faultInjection), Role.MANAGER);
        first.get(CountingJob.Hook.class)
                .whileEnumerating(
                        number -> {
                            if (number == 75) {
                                await().until(() -> cluster.numbersWritten().size() == 70);
                                faultInjection.now();
                            }
                        });
        Launch launch = cluster.launch(worker, "not from zero", CHUNKS, 1);
        faultInjection.await();

        TestNode other = cluster.start(Role.MANAGER);
        List<Integer> enumeratedAgain = new CopyOnWriteArrayList<>();
        other.get(CountingJob.Hook.class).whileEnumerating(enumeratedAgain::add);
        cluster.end(other, launch);
        cluster.assertEveryNumberOnce(CHUNKS);
        assertThat(enumeratedAgain).first().isEqualTo(70);
    }

    @Test
    void a_node_that_leaves_in_mid_enumeration_leaves_no_step_complete_with_work_undone()
            throws Exception {
        CountDownLatch inTheMiddle = new CountDownLatch(1);
        TestNode leaving = cluster.start(Role.MANAGER);
        leaving.get(CountingJob.Hook.class)
                .whileEnumerating(
                        number -> {
                            if (number == 60) {
                                inTheMiddle.countDown();
                                // Ends by an interrupt, which stays set and throws nothing.
                                while (!Thread.currentThread().isInterrupted()) {
                                    Thread.onSpinWait();
                                }
                            }
                        });
        Launch launch = cluster.launch(worker, "leaving", CHUNKS, 1);
        inTheMiddle.await();
        leaving.close();
        assertThat(statusOfEnumeration()).isNotEqualTo("COMPLETED");

        TestNode other = cluster.start(Role.MANAGER);
        assertThat(cluster.end(other, launch).state()).isEqualTo(LaunchState.COMPLETED);
        cluster.assertEveryNumberOnce(CHUNKS);
        assertThat(other.get(Launches.class).find(launch.id()).orElseThrow().epoch()).isEqualTo(2);
    }

    @Test
    void nor_does_it_tell_of_an_error_if_it_is_told_between_two_chunks() throws Exception {
        CountDownLatch inTheMiddle = new CountDownLatch(1);
        TestNode leaving = cluster.start(Role.MANAGER);
        leaving.get(CountingJob.Hook.class)
                .whileEnumerating(
                        number -> {
                            if (number == 60) {
                                inTheMiddle.countDown();
                                while (!leaving.get(LiveLaunches.class).leaving()) {
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

    /** As at each deployment: neither does its work stop, nor does it look like a failure. */
    @Test
    void a_node_that_leaves_while_chunks_are_worked_off_holds_none_and_tells_of_no_error()
            throws Exception {
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
