package io.mailgenius.engine.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailgenius.engine.ExplainedStatements;
import io.mailgenius.schema.TestDatabase;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.json.JsonMapper;

/**
 * Statements about single chunks find them by their ids, also when the planner assumes that the
 * partial indexes are empty, as after a VACUUM that saw no unfinished chunk.
 */
class LedgerPlansTest {

    private static final Instant NOW = Instant.parse("2026-03-01T10:00:00Z");

    private TestDatabase database;
    private JdbcClient owner;
    private ExplainedStatements explained;
    private Ledger ledger;

    @BeforeEach
    void start() {
        database = TestDatabase.create();
        owner = JdbcClient.create(database.owner());
        long workspace = database.workspace("plans");
        owner.sql(
                        """
                        INSERT INTO chunk (workspace_id, job_instance_id, step_name, partition, sequence,
                                           payload, ready_at, state, counts)
                        SELECT :workspace, 1, 'old', 0, n, '{}', now(), 'DONE', '{}'
                          FROM generate_series(1, 5000) n
                        """)
                .param("workspace", workspace)
                .update();
        owner.sql("VACUUM ANALYZE chunk").update();
        explained = ExplainedStatements.ofTheEngine(database);
        ledger = new Ledger(JdbcClient.create(explained), JsonMapper.shared());
        List<NewChunk> many = new ArrayList<>();
        for (int n = 0; n < 3_000; n++) {
            many.add(new NewChunk("{}", 1));
        }
        ledger.write(workspace, new ChunkKey(2, "new", 0, 0), many, NOW);
        explained.forget();
    }

    @AfterEach
    void stop() {
        database.close();
    }

    @Test
    void single_chunks_are_found_by_their_ids() {
        List<Claim> claims = ledger.claim(List.of(5_001L, 5_002L), "node", NOW, Duration.ZERO);
        assertThat(claims).hasSize(2);
        Claim claim = claims.getFirst();
        ledger.checkpoint(claim, "{}");
        ledger.renew(Set.of(claim.id()), "node", NOW, Duration.ZERO);
        ledger.handBack(claim, NOW);
        ledger.failed(claim, "error", NOW, 3, NOW);
        ledger.done(claim, ChunkCounts.NONE, NOW);
        assertThat(
                        ledger.doneTogether(
                                List.of(new FinishedChunk(claims.getLast(), ChunkCounts.NONE)),
                                NOW))
                .containsExactly(5_002L);

        // A function of constants is a plan without a statement.
        assertThat(explained.plans())
                .filteredOn(plan -> plan.contains("chunk"))
                .hasSize(7)
                .allSatisfy(
                        plan ->
                                assertThat(plan)
                                        .contains("chunk_pkey")
                                        .doesNotContain("chunk_unfinished", "Seq Scan"));
    }

    @Test
    void expired_chunks_are_found_by_the_index_of_leases() {
        ledger.expire(NOW, 3);
        assertThat(explained.plans()).singleElement().asString().contains("chunk_leased");
    }
}
