package io.mailgenius.engine.operations;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailgenius.engine.ExplainedStatements;
import io.mailgenius.engine.cluster.NodeId;
import io.mailgenius.engine.cluster.NodeOrders;
import io.mailgenius.engine.cluster.NodeReport;
import io.mailgenius.engine.cluster.Nodes;
import io.mailgenius.schema.LaunchState;
import io.mailgenius.schema.TestDatabase;
import io.mailgenius.schema.WorkspaceScope;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.json.JsonMapper;

/**
 * A job a minute: every other one is a rollup, one of 1,000 fails, and the last ten are running.
 */
class JobSearchTest {

    private static final int LAUNCHES = 20_000;
    private static final Instant BEGIN = Instant.parse("2026-01-01T00:00:00Z");
    private static final Instant NOW = minute(LAUNCHES + 60);
    private static final String NODE = "host-1-abcd";

    private static TestDatabase database;
    private static ExplainedStatements explained;
    private static JobSearch search;
    private static long workspace;

    private static Instant minute(long n) {
        return BEGIN.plus(Duration.ofMinutes(n));
    }

    @BeforeAll
    static void start() {
        database = TestDatabase.create();
        workspace = database.workspace("search");
        JdbcClient owner = JdbcClient.create(database.owner());
        owner.sql(
                        """
                        INSERT INTO launch (id, workspace_id, job_name, job_key, parameters, state, owner, error,
                                            requested_at, started_at, ended_at)
                        SELECT n, :workspace, CASE WHEN n % 2 = 0 THEN 'rollup' WHEN n % 2000 = 5 THEN 'rare' ELSE 'import' END,
                               'key ' || n,
                               CASE WHEN n % 2 = 0 THEN '{}'
                                    WHEN n = 777 THEN '{"list": "Bananas"}' ELSE '{"list": "customers"}' END::jsonb,
                               s.state, CASE WHEN n % 5000 = 1 THEN :node ELSE 'others' END,
                               CASE s.state WHEN 'FAILED' THEN 'Disk /dev/sda' || n || ' is full' END, m, m,
                               CASE WHEN s.state <> 'RUNNING'
                                    THEN m + CASE WHEN n % 4000 = 7 THEN interval '2 h' ELSE interval '9 s' END END
                          FROM generate_series(1, :launches) n
                         CROSS JOIN LATERAL (SELECT :begin::timestamptz + n * interval '1 minute' AS m) t
                         CROSS JOIN LATERAL (SELECT CASE WHEN n > :launches - 20 THEN 'RUNNING'
                                                         WHEN n % 1000 = 333 OR n % 1000 = 444 THEN 'FAILED'
                                                         ELSE 'COMPLETED' END AS state) s
                        """)
                .param("workspace", workspace)
                .param("launches", LAUNCHES)
                .param("node", NODE)
                .param("begin", BEGIN.toString())
                .update();
        // The trigger sees errors when they are reported.
        owner.sql("UPDATE launch SET error = error || '!' WHERE error IS NOT NULL").update();
        owner.sql(
                        """
                        INSERT INTO node (id, host, roles, slots, started_at, heartbeat_at)
                        VALUES (:id, 'h', '{}', 1, now(), now())
                        """)
                .param("id", NODE)
                .update();
        owner.sql("VACUUM ANALYZE launch, launch_word").update();
        explained = ExplainedStatements.ofTheProduct(database);
        Nodes nodes =
                new Nodes(
                        owner,
                        new NodeReport("n", null, database.owner()),
                        new NodeOrders(owner, JsonMapper.shared()));
        // Only ids are asked for, so nothing is asked of the progress of jobs.
        search =
                new JobSearch(
                        JdbcClient.create(explained),
                        null,
                        nodes,
                        Clock.fixed(NOW, ZoneOffset.UTC));
    }

    @AfterAll
    static void stop() {
        database.close();
    }

    record Case(String name, JobFilter filter, String index, long... newest) {

        @Override
        public String toString() {
            return name;
        }
    }

    private static JobFilter filter(
            Set<LaunchState> states, String job, String node, Instant from, Instant until) {
        return new JobFilter(states, job, node, from, until, null, null, null, false);
    }

    private static JobFilter text(String text, boolean housekeeping) {
        return new JobFilter(Set.of(), null, null, null, null, null, null, text, housekeeping);
    }

    private static JobFilter took(Duration atLeast, Duration atMost) {
        return new JobFilter(Set.of(), null, null, null, null, atLeast, atMost, null, false);
    }

    static List<Case> cases() {
        Set<LaunchState> any = Set.of();
        return List.of(
                new Case(
                        "failed",
                        JobFilter.in(LaunchState.FAILED),
                        "launch_unsuccessful",
                        19333,
                        18333),
                new Case(
                        "failed housekeeping too",
                        new JobFilter(
                                Set.of(LaunchState.FAILED),
                                null,
                                null,
                                null,
                                null,
                                null,
                                null,
                                null,
                                true),
                        "launch_unsuccessful",
                        19444,
                        19333),
                new Case("running", JobFilter.in(LaunchState.RUNNING), "launch_", 19999, 19997),
                new Case(
                        "job",
                        filter(any, "rare", null, null, null),
                        "launch_by_job",
                        18005,
                        16005),
                new Case(
                        "node",
                        filter(any, null, NodeId.alias(NODE), null, null),
                        "launch_by_node",
                        15001,
                        10001),
                new Case(
                        "time",
                        filter(any, null, null, minute(500), minute(503)),
                        "launch_by_request",
                        501),
                new Case(
                        "long ones, and the running ones",
                        took(Duration.ofHours(1), null),
                        "launch_by_duration",
                        19999,
                        19997),
                new Case(
                        "short ones that failed",
                        shortAndFailed(),
                        "launch_unsuccessful",
                        19333,
                        18333),
                new Case("a parameter", text("banan", false), "launch_word", 777),
                new Case("an error", text("DISK sda19", false), "launch_word", 19333),
                new Case("an error of housekeeping", text("sda19444", true), "launch_word", 19444),
                new Case("nothing", text("nothing of this", false), "launch_word"));
    }

    private static JobFilter shortAndFailed() {
        return new JobFilter(
                Set.of(LaunchState.FAILED),
                null,
                null,
                null,
                null,
                null,
                Duration.ofSeconds(10),
                null,
                false);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void what_few_jobs_have_is_found_by_an_index(Case one) {
        explained.forget();
        List<Long> found = WorkspaceScope.call(workspace, () -> search.ids(one.filter(), 0, 1_000));
        assertThat(found.stream().limit(2))
                .containsExactlyElementsOf(LongStream.of(one.newest()).boxed().toList());
        assertThat(explained.plans())
                .filteredOn(plan -> plan.contains("FROM launch l"))
                .singleElement()
                .asString()
                .contains(one.index())
                .doesNotContain("Seq Scan on launch");
    }

    @Test
    void pages_show_each_job_once_also_by_time() {
        for (JobFilter filter : List.of(JobFilter.ALL, filter(Set.of(), null, null, BEGIN, NOW))) {
            List<Long> all = new ArrayList<>();
            List<Long> page;
            do {
                long after = all.isEmpty() ? 0 : all.getLast();
                page = WorkspaceScope.call(workspace, () -> search.ids(filter, after, 3_000));
                all.addAll(page);
            } while (!page.isEmpty());
            assertThat(all).hasSize(LAUNCHES / 2);
            assertThat(all).containsExactlyElementsOf(new TreeSet<>(all).reversed());
        }
    }

    @Test
    void counts_end_at_a_limit() {
        WorkspaceScope.run(
                workspace,
                () -> {
                    assertThat(search.count(JobFilter.in(LaunchState.FAILED)))
                            .isEqualTo(new JobCount(20, false));
                    assertThat(search.count(JobFilter.ALL)).isEqualTo(new JobCount(10_000, false));
                    JobFilter all =
                            new JobFilter(Set.of(), null, null, null, null, null, null, null, true);
                    assertThat(search.count(all)).isEqualTo(new JobCount(10_000, true));
                });
    }

    @Test
    void words_are_suggested_without_reading_every_job_that_has_them() {
        assertThat(WorkspaceScope.call(workspace, () -> search.suggest("list Cust")))
                .containsExactly("customers");
        assertThat(WorkspaceScope.call(workspace, () -> search.suggest("sd")))
                .hasSize(10)
                .allSatisfy(word -> assertThat(word).startsWith("sda"));
        assertThat(WorkspaceScope.call(workspace, () -> search.suggest("- ?"))).isEmpty();
    }

    @Test
    void another_workspace_finds_nothing() {
        long other = database.workspace("nobody");
        assertThat(WorkspaceScope.call(other, () -> search.ids(text("banan", true), 0, 10)))
                .isEmpty();
        assertThat(WorkspaceScope.call(other, () -> search.suggest("banan"))).isEmpty();
    }
}
