package io.mailgenius.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mailgenius.engine.FaultInjection.Side;
import io.mailgenius.engine.launching.Launch;
import io.mailgenius.engine.launching.Launches;
import io.mailgenius.engine.settings.Role;
import io.mailgenius.schema.LaunchState;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A manager crashes in each window of a job's life; another one takes over without intervention.
 */
@Execution(ExecutionMode.CONCURRENT)
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
                // The enumerating step and its two partitions.
                "AFTER  | 1 | INSERT INTO BATCH_STEP_EXECUTION(",
                "AFTER  | 2 | INSERT INTO BATCH_STEP_EXECUTION(",
                "AFTER  | 3 | INSERT INTO BATCH_STEP_EXECUTION(",
                "BEFORE | 1 | INSERT INTO chunk (",
                "AFTER  | 1 | INSERT INTO chunk (",
                // The awaiting step.
                "AFTER  | 4 | INSERT INTO BATCH_STEP_EXECUTION(",
                "BEFORE | 1 | SET state = :state, error",
                "AFTER  | 1 | SET state = :state, error",
            })
    void another_goes_on_from_where_it_was(Side side, int nth, String statement) throws Exception {
        // JdbcClient has replaced named parameters by question marks here.
        FaultInjection faultInjection =
                FaultInjection.at(side, nth, statement.replace(":state", "?"));
        cluster.start(1, List.of(faultInjection), Role.MANAGER);
        Launch launch = cluster.launch(worker, "dead manager", CHUNKS, 2);
        faultInjection.await();
        TestNode other = cluster.start(Role.MANAGER);
        other.get(CountingJob.Hook.class).addPartitions(1);

        assertThat(cluster.end(other, launch).state()).isEqualTo(LaunchState.COMPLETED);
        cluster.assertEveryNumberOnce(CHUNKS);
        assertThat(cluster.reportedEnds()).containsExactly("COMPLETED");
    }

    /** The first manager crashes at its first commit, the next one at its second, and so on. */
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
        assertThat(cluster.reportedEnds()).containsExactly("COMPLETED");
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
    void a_shutdown_during_enumeration_leaves_no_step_complete_with_work_undone() throws Exception {
        CountDownLatch inTheMiddle = new CountDownLatch(1);
        TestNode leaving = cluster.start(Role.MANAGER);
        leaving.get(CountingJob.Hook.class)
                .whileEnumerating(
                        number -> {
                            if (number == 60) {
                                inTheMiddle.countDown();
                                // Returns after an interrupt, with the flag still set and without
                                // an exception.
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
