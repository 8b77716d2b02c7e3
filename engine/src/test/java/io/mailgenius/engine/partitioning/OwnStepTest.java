package io.mailgenius.engine.partitioning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mailgenius.engine.CountingJob;
import io.mailgenius.engine.FaultInjection;
import io.mailgenius.engine.TestNode;
import io.mailgenius.engine.launching.Launch;
import io.mailgenius.engine.launching.LaunchRequest;
import io.mailgenius.engine.launching.Launches;
import io.mailgenius.engine.settings.Role;
import io.mailgenius.schema.LaunchState;
import io.mailgenius.schema.Priority;
import io.mailgenius.schema.TestDatabase;
import io.mailgenius.schema.WorkspaceScope;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.batch.core.job.Job;
import org.springframework.batch.core.job.parameters.JobParameters;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;
import org.springframework.jdbc.core.simple.JdbcClient;

/** A step without chunks goes on elsewhere, stops when it is told to, and runs once. */
class OwnStepTest {

    private static final String JOB = "prepared";
    private static final int CHUNKS = 5;

    private final TestDatabase database = TestDatabase.create();
    private final long workspace = database.workspace("engine");
    private TestNode worker;

    @BeforeEach
    void start() {
        CountingJob.prepare(database);
        worker = node(List.of(), Role.WORKER);
    }

    @AfterEach
    void stop() {
        worker.close();
        database.close();
    }

    private TestNode node(List<BeanPostProcessor> changes, Role... roles) {
        return TestNode.start(
                database,
                TestNode.settings(database, Set.of(roles)),
                changes,
                CountingJob.class,
                PreparedJob.class);
    }

    /** What the first step does on one node. */
    static class Preparation {

        volatile OwnStep work = null;
        final AtomicInteger runs = new AtomicInteger();
    }

    @Configuration(proxyBeanMethods = false)
    static class PreparedJob {

        @Bean
        Preparation preparation() {
            return new Preparation();
        }

        @Bean
        @Primary
        Job prepared(ChunkedJobs jobs, ChunkedStep<Integer> numbers, Preparation preparation) {
            OwnStep first =
                    new OwnStep() {
                        @Override
                        public String name() {
                            return "prepared.first";
                        }

                        @Override
                        public void run(JobParameters parameters, StopCheck stop) throws Exception {
                            preparation.runs.incrementAndGet();
                            OwnStep work = preparation.work;
                            if (work != null) {
                                work.run(parameters, stop);
                            }
                        }
                    };
            return jobs.job(JOB).first(first).step(numbers).build();
        }
    }

    private static OwnStep work(ThrowingWork work) {
        return new OwnStep() {
            @Override
            public String name() {
                return "work";
            }

            @Override
            public void run(JobParameters parameters, StopCheck stop) throws Exception {
                work.run(stop);
            }
        };
    }

    interface ThrowingWork {
        void run(OwnStep.StopCheck stop) throws Exception;
    }

    @Test
    void it_runs_before_the_first_chunk_and_once() {
        try (TestNode manager = node(List.of(), Role.MANAGER)) {
            Preparation preparation = manager.get(Preparation.class);
            preparation.work = work(stop -> assertThat(numbers()).isZero());
            Launch launch = launch();
            assertThat(end(launch).state()).isEqualTo(LaunchState.COMPLETED);
            assertThat(preparation.runs).hasValue(1);
            assertThat(numbers()).isEqualTo(CHUNKS);
        }
    }

    @Test
    void a_node_that_dies_in_it_leaves_it_to_another() throws Exception {
        FaultInjection death = FaultInjection.later();
        TestNode dying = node(List.of(death), Role.MANAGER);
        dying.get(Preparation.class).work =
                work(
                        stop -> {
                            death.now();
                            // Whatever it does from here on happens in nobody's name.
                            dying.get(JdbcClient.class).sql("SELECT 1").query().singleValue();
                        });
        Launch launch = launch();
        death.await();

        try (TestNode other = node(List.of(), Role.MANAGER)) {
            assertThat(end(launch).state()).isEqualTo(LaunchState.COMPLETED);
            assertThat(other.get(Preparation.class).runs).hasValue(1);
            assertThat(numbers()).isEqualTo(CHUNKS);
        }
        dying.close();
    }

    @Test
    void a_node_that_leaves_ends_it_and_another_goes_on() throws Exception {
        CountDownLatch inTheMiddle = new CountDownLatch(1);
        TestNode leaving = node(List.of(), Role.MANAGER);
        leaving.get(Preparation.class).work = work(stop -> untilStopped(inTheMiddle, stop));
        Launch launch = launch();
        inTheMiddle.await();
        leaving.close();

        try (TestNode other = node(List.of(), Role.MANAGER)) {
            assertThat(end(launch).state()).isEqualTo(LaunchState.COMPLETED);
            assertThat(other.get(Preparation.class).runs).hasValue(1);
        }
    }

    @Test
    void a_stop_ends_it_and_a_restart_runs_it_again() throws Exception {
        CountDownLatch inTheMiddle = new CountDownLatch(1);
        try (TestNode manager = node(List.of(), Role.MANAGER)) {
            Preparation preparation = manager.get(Preparation.class);
            preparation.work = work(stop -> untilStopped(inTheMiddle, stop));
            Launch launch = launch();
            inTheMiddle.await();
            in(launches -> launches.stop(launch.id()));
            assertThat(end(launch).state()).isEqualTo(LaunchState.STOPPED);
            assertThat(numbers()).isZero();

            preparation.work = null;
            in(launches -> launches.restart(launch.id()));
            assertThat(end(launch).state()).isEqualTo(LaunchState.COMPLETED);
            assertThat(preparation.runs).hasValue(2);
            assertThat(numbers()).isEqualTo(CHUNKS);
        }
    }

    @Test
    void what_it_throws_is_why_the_job_has_failed() {
        try (TestNode manager = node(List.of(), Role.MANAGER)) {
            manager.get(Preparation.class).work =
                    work(
                            stop -> {
                                throw new IllegalStateException("The file is no file");
                            });
            Launch failed = end(launch());
            assertThat(failed.state()).isEqualTo(LaunchState.FAILED);
            assertThat(failed.error()).isEqualTo("The file is no file");
            assertThat(numbers()).isZero();
        }
    }

    private static void untilStopped(CountDownLatch inTheMiddle, OwnStep.StopCheck stop) {
        inTheMiddle.countDown();
        while (true) {
            stop.check();
            Thread.onSpinWait();
        }
    }

    private Launch launch() {
        LaunchRequest request =
                new LaunchRequest(
                        JOB,
                        "one",
                        Map.of("chunks", Integer.toString(CHUNKS), "partitions", "1"),
                        Priority.NORMAL);
        return WorkspaceScope.call(workspace, () -> worker.get(Launches.class).launch(request));
    }

    private void in(Consumer<Launches> work) {
        WorkspaceScope.run(workspace, () -> work.accept(worker.get(Launches.class)));
    }

    private Launch end(Launch launch) {
        Launches launches = worker.get(Launches.class);
        return await().atMost(Duration.ofSeconds(60))
                .until(
                        () ->
                                WorkspaceScope.call(
                                        workspace, () -> launches.find(launch.id()).orElseThrow()),
                        found ->
                                switch (found.state()) {
                                    case QUEUED, RUNNING, STOPPING -> false;
                                    case COMPLETED, FAILED, STOPPED, ABANDONED -> true;
                                });
    }

    private long numbers() {
        return JdbcClient.create(database.owner())
                .sql("SELECT count(*) FROM written WHERE what = 'number'")
                .query(Long.class)
                .single();
    }
}
