package io.mailgenius.engine.progress;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailgenius.engine.ExplainedStatements;
import io.mailgenius.schema.TestDatabase;
import io.mailgenius.schema.WorkspaceScope;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/** 100,000 launches: 50 workspaces with a rollup every few seconds, and one with few, old jobs. */
class JobListTest {

    private static final int PAGE = 50;

    private static TestDatabase database;
    private static ExplainedStatements explained;
    private static JobProgress progress;
    private static long busy;
    private static long quiet;

    @BeforeAll
    static void start() {
        database = TestDatabase.create();
        quiet = database.workspace("quiet");
        busy = database.workspace("busy");
        for (int n = 1; n < 50; n++) {
            database.workspace("busy " + n);
        }
        launches(quiet, quiet, "'import'", 120);
        launches(
                busy, busy + 49, "CASE WHEN n % 1000 = 0 THEN 'campaign' ELSE 'rollup' END", 2_000);
        JdbcClient owner = JdbcClient.create(database.owner());
        owner.sql(
                        """
                        UPDATE launch SET parameters = '{"housekeeping": "true"}', job_name = 'segment'
                         WHERE job_name = 'rollup' AND id % 100 = 0
                        """)
                .update();
        owner.sql(
                        """
                        INSERT INTO chunk (workspace_id, job_instance_id, step_name, partition, sequence,
                                           payload, ready_at, state, counts)
                        SELECT workspace_id, job_instance_id, 'step', 0, 0, '{}', now(), 'DONE', '{}' FROM launch
                        """)
                .update();
        owner.sql("VACUUM ANALYZE launch, chunk").update();
        explained = ExplainedStatements.ofTheProduct(database);
        progress = new JobProgress(JdbcClient.create(explained));
    }

    private static void launches(long first, long last, String job, int each) {
        JdbcClient.create(database.owner())
                .sql(
                        """
                        INSERT INTO launch (workspace_id, job_name, job_key, state, requested_at, job_instance_id)
                        SELECT workspace, %s, workspace || ':' || n, 'COMPLETED', now(), workspace * 10000 + n
                          FROM generate_series(1, :each) n, generate_series(:first, :last) workspace
                         ORDER BY n
                        """
                                .formatted(job))
                .param("each", each)
                .param("first", first)
                .param("last", last)
                .update();
    }

    @AfterAll
    static void stop() {
        database.close();
    }

    private static List<JobView> page(long workspace, long before, boolean housekeeping) {
        return WorkspaceScope.call(workspace, () -> progress.newest(before, PAGE, housekeeping));
    }

    @Test
    void housekeeping_jobs_are_listed_on_request() {
        assertThat(page(busy, Long.MAX_VALUE, false))
                .hasSize(2)
                .allSatisfy(
                        job -> {
                            assertThat(job.job()).isEqualTo("campaign");
                            assertThat(job.housekeeping()).isFalse();
                        });
        List<JobView> all = all(busy, true);
        assertThat(all).hasSize(2_000);
        assertThat(all.stream().filter(JobView::housekeeping).map(JobView::job))
                .hasSize(1_998)
                .contains("rollup", "segment");
    }

    /** Reads all pages by the id of the last entry. */
    private static List<JobView> all(long workspace, boolean housekeeping) {
        List<JobView> all = new ArrayList<>();
        long before = Long.MAX_VALUE;
        for (List<JobView> page = page(workspace, before, housekeeping);
                !page.isEmpty();
                page = page(workspace, before, housekeeping)) {
            all.addAll(page);
            before = page.getLast().launchId();
        }
        return all;
    }

    @Test
    void pages_show_each_job_once_and_the_newest_first() {
        List<Long> ids = all(quiet, false).stream().map(JobView::launchId).toList();
        Set<Long> different = new TreeSet<>(ids);
        assertThat(different).hasSize(120);
        assertThat(ids).containsExactlyElementsOf(new TreeSet<>(different).reversed());
    }

    /** Reads neither the launches of other workspaces nor the rollups between two jobs. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void a_page_reads_its_own_rows_and_no_others(boolean housekeeping) {
        for (long workspace : List.of(quiet, busy)) {
            for (long before : List.of(Long.MAX_VALUE, 90_000L)) {
                explained.forget();
                page(workspace, before, housekeeping);
                assertThat(explained.plans())
                        .filteredOn(plan -> plan.contains("LATERAL"))
                        .singleElement()
                        .asString()
                        .contains(housekeeping ? "launch_workspace_id_id_idx" : "launch_asked_for")
                        .contains(
                                "Index Cond: ((workspace_id = '"
                                        + workspace
                                        + "'::bigint) AND (id < ")
                        .doesNotContain("Seq Scan");
            }
        }
    }
}
