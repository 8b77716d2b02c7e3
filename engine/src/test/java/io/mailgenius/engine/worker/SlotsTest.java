package io.mailgenius.engine.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.lettuce.core.RedisClient;
import io.mailgenius.engine.ledger.ChunkCounts;
import io.mailgenius.engine.ledger.ChunkKey;
import io.mailgenius.engine.ledger.Claim;
import io.mailgenius.engine.ledger.Ledger;
import io.mailgenius.engine.ledger.NewChunk;
import io.mailgenius.engine.observation.JobLog;
import io.mailgenius.engine.observation.JobObservation;
import io.mailgenius.engine.observation.Traces;
import io.mailgenius.engine.settings.EngineSettings;
import io.mailgenius.engine.settings.Role;
import io.mailgenius.schema.TestDatabase;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.sql.Connection;
import java.time.Clock;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.batch.core.job.JobExecution;
import org.springframework.batch.core.job.JobInstance;
import org.springframework.batch.core.job.parameters.JobParameters;
import org.springframework.batch.core.step.StepContribution;
import org.springframework.batch.core.step.StepExecution;
import org.springframework.batch.infrastructure.item.Chunk;
import org.springframework.batch.integration.chunk.ChunkRequest;
import org.springframework.batch.integration.chunk.ChunkResponse;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.jdbc.support.JdbcTransactionManager;
import tools.jackson.databind.json.JsonMapper;

/** A node with one slot. */
class SlotsTest {

    private static final Clock CLOCK = Clock.systemUTC();

    private TestDatabase database;
    private List<Claim> claims;
    private Ledger ledger;

    @BeforeEach
    void claim() {
        database = TestDatabase.create();
        ledger = new Ledger(JdbcClient.create(database.owner()), JsonMapper.shared());
        List<Long> ids =
                ledger.write(
                        database.workspace("slots"),
                        new ChunkKey(1, "step", 0, 0),
                        Collections.nCopies(2, new NewChunk("{}", 1)),
                        CLOCK.instant());
        claims = ledger.claim(ids, "node", CLOCK.instant(), Duration.ofMinutes(10));
    }

    @AfterEach
    void close() {
        database.close();
    }

    private ChunkWorker worker(ChunkWork work) {
        return new ChunkWorker(
                List.of(work),
                ledger,
                ledger,
                new JdbcTransactionManager(database.owner()),
                JsonMapper.shared(),
                new EngineSettings(
                        "slots",
                        Set.of(Role.WORKER),
                        EngineSettings.DEFAULT_LEASE,
                        1,
                        EngineSettings.DEFAULT_MAX_FAILURES,
                        EngineSettings.DEFAULT_JOBS,
                        EngineSettings.DEFAULT_DRAIN,
                        EngineSettings.DEFAULT_KEEP),
                unobserved(),
                CLOCK);
    }

    private static JobObservation unobserved() {
        SimpleMeterRegistry meters = new SimpleMeterRegistry();
        return new JobObservation(
                "node",
                meters,
                Traces.none(),
                new JobLog(RedisClient.create(), "slots", "node", meters),
                JdbcClient.create(new DriverManagerDataSource()),
                CLOCK);
    }

    private interface Work {
        ChunkDone of(Assignment chunk) throws Exception;
    }

    private static ChunkWork step(Work work) {
        return new ChunkWork() {
            @Override
            public String step() {
                return "step";
            }

            @Override
            public ChunkDone work(Assignment chunk) throws Exception {
                return work.of(chunk);
            }
        };
    }

    private static ChunkResponse handle(ChunkWorker worker, Claim claim) {
        return worker.handle(
                new ChunkRequest<>(
                        claim.key().sequence(),
                        Chunk.of(claim),
                        1,
                        new StepContribution(
                                new StepExecution(
                                        0,
                                        "step",
                                        new JobExecution(
                                                0,
                                                new JobInstance(1, "job"),
                                                new JobParameters())))));
    }

    @Test
    void a_chunk_that_waits_for_its_done_commit_releases_its_slot() throws Exception {
        CountDownLatch worked = new CountDownLatch(2);
        ChunkWorker worker =
                worker(
                        step(
                                chunk -> {
                                    worked.countDown();
                                    return chunk.complete(ChunkCounts.NONE);
                                }));
        try (ExecutorService threads = Executors.newFixedThreadPool(2);
                Connection holding = database.owner().getConnection()) {
            holding.setAutoCommit(false);
            // The table lock blocks every DONE until this transaction ends.
            holding.createStatement().execute("LOCK TABLE chunk IN SHARE MODE");
            List<Future<ChunkResponse>> answers =
                    claims.stream().map(it -> threads.submit(() -> handle(worker, it))).toList();
            assertThat(worked.await(30, TimeUnit.SECONDS)).as("the second was begun").isTrue();
            assertThat(answers).noneMatch(Future::isDone);
            holding.rollback();
            for (Future<ChunkResponse> answer : answers) {
                assertThat(answer.get().isSuccessful()).isTrue();
            }
        }
    }

    @Test
    void no_more_chunks_are_worked_on_at_once_than_there_are_slots() throws Exception {
        AtomicInteger now = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        ChunkWorker worker =
                worker(
                        step(
                                chunk -> {
                                    most.accumulateAndGet(now.incrementAndGet(), Math::max);
                                    return chunk.complete(
                                            () -> {
                                                now.decrementAndGet();
                                                return ChunkCounts.NONE;
                                            });
                                }));
        try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
            List<Future<ChunkResponse>> answers =
                    claims.stream().map(it -> threads.submit(() -> handle(worker, it))).toList();
            for (Future<ChunkResponse> answer : answers) {
                assertThat(answer.get().isSuccessful()).isTrue();
            }
        }
        assertThat(most).hasValue(1);
    }

    @Test
    void a_chunk_that_waits_for_a_slot_at_shutdown_is_returned() throws Exception {
        CountDownLatch inHand = new CountDownLatch(1);
        CountDownLatch gate = new CountDownLatch(1);
        ChunkWorker worker =
                worker(
                        step(
                                chunk -> {
                                    inHand.countDown();
                                    gate.await();
                                    return chunk.complete(ChunkCounts.NONE);
                                }));
        Thread first = Thread.ofPlatform().start(() -> handle(worker, claims.getFirst()));
        inHand.await();
        Thread second = Thread.ofPlatform().start(() -> handle(worker, claims.getLast()));
        second.interrupt();
        second.join();
        assertThat(state(claims.getLast())).isEqualTo("READY");
        gate.countDown();
        first.join();
        assertThat(state(claims.getFirst())).isEqualTo("DONE");
    }

    private String state(Claim claim) {
        return JdbcClient.create(database.owner())
                .sql("SELECT state FROM chunk WHERE id = :id AND failures = 0")
                .param("id", claim.id())
                .query(String.class)
                .single();
    }
}
