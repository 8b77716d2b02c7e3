package io.mailgenius.engine.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mailgenius.engine.ledger.ChunkCounts;
import io.mailgenius.engine.ledger.ChunkKey;
import io.mailgenius.engine.ledger.Claim;
import io.mailgenius.engine.ledger.Ledger;
import io.mailgenius.engine.ledger.NewChunk;
import io.mailgenius.schema.TestDatabase;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.json.JsonMapper;

class CompletionBatcherTest {

    private static final Instant NOW = Instant.parse("2026-03-01T10:00:00Z");
    private static final Duration LEASE = Duration.ofSeconds(10);
    private static final int CHUNKS = 40;

    private TestDatabase database;
    private JdbcClient owner;
    private Ledger ledger;
    private CompletionBatcher completionBatcher;
    private List<Claim> claims;

    @BeforeEach
    void claim() {
        database = TestDatabase.create();
        owner = JdbcClient.create(database.owner());
        ledger = new Ledger(owner, JsonMapper.shared());
        completionBatcher = new CompletionBatcher(ledger, Clock.systemUTC());
        List<Long> ids =
                ledger.write(
                        database.workspace("completions"),
                        new ChunkKey(1, "step", 0, 0),
                        Collections.nCopies(CHUNKS, new NewChunk("{}", 1)),
                        NOW);
        claims = ledger.claim(ids, "node", NOW, LEASE);
    }

    @AfterEach
    void stop() {
        database.close();
    }

    @Test
    void each_caller_gets_its_own_result_and_lost_chunks_stay_unchanged() throws Exception {
        Claim lost = claims.get(7);
        ledger.handBack(lost, NOW);
        ledger.claim(List.of(lost.id()), "another", NOW, LEASE);

        Map<Long, Boolean> held = completeAll();
        assertThat(held).containsEntry(lost.id(), false);
        assertThat(held.values()).filteredOn(it -> it).hasSize(CHUNKS - 1);
        assertThat(
                        owner.sql(
                                        """
                                        SELECT count(*) FROM chunk
                                         WHERE state = 'DONE' AND (counts ->> 'id')::bigint = id
                                        """)
                                .query(Integer.class)
                                .single())
                .isEqualTo(CHUNKS - 1);
        assertThat(
                        owner.sql("SELECT owner FROM chunk WHERE state = 'CLAIMED'")
                                .query(String.class)
                                .single())
                .isEqualTo("another");
    }

    /** Completes each chunk on its own thread; the count of a chunk is its id. */
    private Map<Long, Boolean> completeAll() throws Exception {
        try (ExecutorService slots = Executors.newVirtualThreadPerTaskExecutor()) {
            Map<Long, Future<Boolean>> answers = new LinkedHashMap<>();
            for (Claim claim : claims) {
                ChunkCounts counts = ChunkCounts.of("id", claim.id());
                answers.put(
                        claim.id(), slots.submit(() -> completionBatcher.complete(claim, counts)));
            }
            Map<Long, Boolean> held = new HashMap<>();
            for (var answer : answers.entrySet()) {
                held.put(answer.getKey(), answer.getValue().get());
            }
            return held;
        }
    }

    @Test
    void a_failure_reaches_every_waiting_caller() {
        owner.sql("ALTER TABLE chunk RENAME TO chunk_away").update();
        for (Claim claim : claims) {
            assertThatThrownBy(() -> completionBatcher.complete(claim, ChunkCounts.NONE))
                    .isInstanceOf(DataAccessException.class);
        }
    }
}
