package io.mailgenius.engine.partitioning;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailgenius.engine.launching.LiveLaunches;
import io.mailgenius.schema.TestDatabase;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.batch.core.BatchStatus;
import org.springframework.batch.core.job.JobExecution;
import org.springframework.batch.core.job.JobInstance;
import org.springframework.batch.core.job.parameters.JobParametersBuilder;
import org.springframework.batch.core.repository.support.ResourcelessJobRepository;
import org.springframework.batch.core.step.StepExecution;
import org.springframework.batch.core.step.builder.ChunkOrientedStepBuilder;
import org.springframework.jdbc.core.simple.JdbcClient;

/** How a step ends whose thread is interrupted without an exception. */
class StopSignalTest {

    private static final int NUMBERS = 5;

    private final List<Integer> written = new ArrayList<>();
    private TestDatabase database;
    private JdbcClient owner;

    @BeforeEach
    void launch() {
        database = TestDatabase.create();
        owner = JdbcClient.create(database.owner());
        owner.sql(
                        """
                        INSERT INTO launch (id, workspace_id, job_name, job_key, state, epoch, owner, requested_at)
                        OVERRIDING SYSTEM VALUE
                        VALUES (1, :workspace, 'numbers', 'all', 'RUNNING', 1, 'node', now())
                        """)
                .param("workspace", database.workspace("signals"))
                .update();
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void an_interrupt_between_two_chunks_stops_the_step_and_does_not_complete_it()
            throws Exception {
        StepExecution step = run(() -> Thread.currentThread().interrupt());
        assertThat(written).containsExactly(1, 2);
        assertThat(step.getStatus()).isEqualTo(BatchStatus.STOPPED);
    }

    @Test
    void a_requested_stop_stops_it() throws Exception {
        StepExecution step =
                run(() -> owner.sql("UPDATE launch SET state = 'STOPPING' WHERE id = 1").update());
        assertThat(written).containsExactly(1, 2);
        assertThat(step.getStatus()).isEqualTo(BatchStatus.STOPPED);
    }

    @Test
    void a_manager_that_was_replaced_stops_it() throws Exception {
        StepExecution step =
                run(() -> owner.sql("UPDATE launch SET epoch = 2 WHERE id = 1").update());
        assertThat(written).containsExactly(1, 2);
        assertThat(step.getStatus()).isEqualTo(BatchStatus.STOPPED);
    }

    @Test
    void undisturbed_it_reads_to_the_end() throws Exception {
        StepExecution step = run(() -> {});
        assertThat(written).hasSize(NUMBERS);
        assertThat(step.getStatus()).isEqualTo(BatchStatus.COMPLETED);
    }

    /**
     * Runs the step on a separate thread, which may be interrupted.
     *
     * @param afterTwo runs after the second number has been read
     */
    private StepExecution run(Runnable afterTwo) throws Exception {
        StepExecution execution =
                new StepExecution(
                        1,
                        "numbers",
                        new JobExecution(
                                1,
                                new JobInstance(1, "numbers"),
                                new JobParametersBuilder()
                                        .addLong("launchId", 1L)
                                        .addLong("epoch", 1L)
                                        .addLong("workspaceId", 1L)
                                        .toJobParameters()));
        int[] last = {0};
        var step =
                new ChunkOrientedStepBuilder<Integer, Integer>(
                                "numbers", new ResourcelessJobRepository(), 1)
                        .reader(
                                () -> {
                                    if (last[0] == NUMBERS) {
                                        return null;
                                    }
                                    last[0]++;
                                    if (last[0] == 2) {
                                        afterTwo.run();
                                    }
                                    return last[0];
                                })
                        .writer(chunk -> written.addAll(chunk.getItems()))
                        .interruptionPolicy(new StopSignal(new LiveLaunches(owner, owner)))
                        .build();
        Thread thread =
                Thread.ofPlatform()
                        .start(
                                () -> {
                                    try {
                                        step.execute(execution);
                                    } catch (Exception e) {
                                        execution.addFailureException(e);
                                    }
                                });
        thread.join();
        return execution;
    }
}
