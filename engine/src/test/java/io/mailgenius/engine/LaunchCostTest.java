package io.mailgenius.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailgenius.engine.launching.Launch;
import io.mailgenius.engine.settings.Role;
import io.mailgenius.schema.LaunchState;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The overhead of a job, as when a thousand tenants launch a thousand jobs of one chunk each. */
class LaunchCostTest {

    /** Measured as 85 and 36 on 1 December 2026; with Spring Batch's defaults 106 and 53. */
    private static final int STATEMENTS = 92;

    private static final int COMMITS = 40;
    private static final int TRIES = 20;

    private final CountedStatements counted = new CountedStatements();
    private TestCluster cluster;
    private TestNode node;

    @BeforeEach
    void start() {
        cluster = new TestCluster();
        node = cluster.start(2, List.of(counted), Role.MANAGER, Role.WORKER);
    }

    @AfterEach
    void stop() {
        cluster.close();
    }

    @Test
    void a_job_of_one_chunk_costs_few_statements_and_commits() {
        List<String> ofTheJob = statementsOfAJobThatWasNotParked();
        assertThat(ofTheJob).hasSizeLessThanOrEqualTo(STATEMENTS);
        assertThat(counted.commits()).isLessThanOrEqualTo(COMMITS);
    }

    /** On a busy machine the job may be parked, which costs more statements. */
    private List<String> statementsOfAJobThatWasNotParked() {
        for (int n = 0; n < TRIES; n++) {
            counted.forget();
            Launch ended = cluster.end(node, cluster.launch(node, "job " + n, 1, 1));
            assertThat(ended.state()).isEqualTo(LaunchState.COMPLETED);
            if (n > 0 && ended.epoch() == 1) {
                return counted.statements().stream().filter(sql -> !isOfAnother(sql)).toList();
            }
        }
        throw new AssertionError("Each of %d jobs was parked".formatted(TRIES));
    }

    /** Whether the statement belongs to the node's loops or to the waiting test. */
    private static boolean isOfAnother(String sql) {
        return sql.contains("heartbeat")
                || sql.contains("clock_timestamp()")
                || sql.contains("step_minute")
                || sql.startsWith("UPDATE chunk SET lease_until")
                || sql.contains("node_health")
                || sql.contains("alert")
                || sql.startsWith("SELECT state, count(*)")
                || sql.contains("replication_lag()")
                || sql.contains("lease_until < ?")
                || sql.startsWith("SELECT * FROM launch WHERE id =")
                || sql.startsWith("SELECT c.id")
                || sql.startsWith("SELECT v.id");
    }
}
