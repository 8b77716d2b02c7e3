package io.mailgenius.jobs.events;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailgenius.engine.ExplainedStatements;
import io.mailgenius.engine.tenancy.WorkspaceTransactionManager;
import io.mailgenius.schema.TestDatabase;
import io.mailgenius.schema.WorkspaceScope;
import java.time.Instant;
import java.util.function.Supplier;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * A month with thousands of events that has not been analyzed, as in its first hours: the planner
 * knows the size of the table and nothing of its content.
 */
public final class FreshMonth implements AutoCloseable {

    public static final Instant NOW = Instant.parse("2026-03-05T12:00:00Z");
    public static final long CAMPAIGN = 7;

    private final TestDatabase database = TestDatabase.create();
    private final ExplainedStatements explained = ExplainedStatements.ofTheProduct(database);
    public final JdbcClient jdbc = JdbcClient.create(explained);
    public final TransactionTemplate transaction =
            new TransactionTemplate(new WorkspaceTransactionManager(explained));
    public final long workspace = database.workspace("Acme");

    public FreshMonth() {
        JdbcClient owner = JdbcClient.create(database.owner());
        owner.sql("SELECT ensure_event_partitions('2026-03-05', 1)").query().listOfRows();
        owner.sql("ALTER TABLE event_2026_03 SET (autovacuum_enabled = false)").update();
        owner.sql(
                        """
                        INSERT INTO event (workspace_id, occurred_at, campaign_id, contact_id, type, message_id, batch)
                        SELECT :workspace, :now::timestamptz - n * interval '1 second', :campaign, n % 5000,
                               (ARRAY['SENT', 'DELIVERED', 'CLICKED'])[1 + n % 3], n::text, 1 + n / 500
                          FROM generate_series(1, 30000) n
                        """)
                .param("workspace", workspace)
                .param("now", NOW.toString())
                .param("campaign", CAMPAIGN)
                .update();
        owner.sql(
                        """
                        INSERT INTO event_batch (workspace_id, id, events, campaigns, first_at, last_at)
                        SELECT workspace_id, batch, count(*), '{7}', min(occurred_at), max(occurred_at)
                          FROM event GROUP BY workspace_id, batch
                        """)
                .update();
    }

    /** In a transaction of the workspace. */
    public void in(Supplier<?> work) {
        WorkspaceScope.call(workspace, () -> transaction.execute(_ -> work.get()));
    }

    /** Asserts that queries since have used the index and no sequential scan. */
    public void assertFoundBy(String index) {
        assertThat(explained.plans())
                .filteredOn(plan -> plan.contains("event_2026_03"))
                .isNotEmpty()
                .allSatisfy(
                        plan ->
                                assertThat(plan)
                                        .contains("Scan using " + index)
                                        .doesNotContain("Seq Scan on event"));
        assertThat(explained.plans()).noneMatch(plan -> plan.contains("Seq Scan on send"));
    }

    @Override
    public void close() {
        database.close();
    }
}
