package io.mailgenius.jobs.search;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailgenius.jobs.segments.Audience;
import io.mailgenius.schema.Migrations;
import io.mailgenius.schema.WorkspaceScope;
import io.mailgenius.schema.WorkspaceSource;
import java.sql.Connection;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/** Query plans on table contact_change. */
class ContactChangesTest {

    /**
     * The driver prepares a statement after five executions, and PostgreSQL chooses a generic plan
     * after five more.
     */
    private static final int OFTEN = 15;

    @Test
    void recent_changes_are_read_by_a_generic_index_plan() throws Exception {
        try (Audience audience = new Audience();
                Connection session = audience.database.owner().getConnection()) {
            JdbcClient owner = JdbcClient.create(audience.database.owner());
            owner.sql(
                            """
                            INSERT INTO contact_change (workspace_id, tx, contact_ids)
                            SELECT :workspace, n, ARRAY[n, n + 1] FROM generate_series(1, 20000) n
                            """)
                    .param("workspace", audience.workspace)
                    .update();
            owner.sql("VACUUM ANALYZE contact_change").update();
            session.createStatement().execute(Migrations.WORK_AS_ROLE);
            JdbcClient jdbc =
                    JdbcClient.create(
                            new WorkspaceSource(new SingleConnectionDataSource(session, true)));

            WorkspaceScope.run(
                    audience.workspace,
                    () -> {
                        for (int i = 0; i < OFTEN; i++) {
                            assertThat(ContactChanges.since(jdbc, 19_999, 100).contacts())
                                    .contains(19_999L, 20_000L, 20_001L);
                        }
                    });

            assertThat(
                            jdbc.sql(
                                            """
                                            SELECT generic_plans FROM pg_prepared_statements
                                             WHERE statement LIKE '%FROM contact_change g%'
                                            """)
                                    .query((row, _) -> row.getLong(1))
                                    .list())
                    .singleElement()
                    .satisfies(plans -> assertThat(plans).isPositive());
        }
    }

    @Test
    void statistics_are_not_about_each_contact_that_has_changed() {
        try (Audience audience = new Audience()) {
            JdbcClient owner = JdbcClient.create(audience.database.owner());
            owner.sql(
                            """
                            INSERT INTO contact_change (workspace_id, contact_ids)
                            SELECT :workspace, array_agg(contact)
                              FROM generate_series(1, 3000) contact
                             GROUP BY contact / 100
                            """)
                    .param("workspace", audience.workspace)
                    .update();
            owner.sql("ANALYZE contact_change").update();
            assertThat(
                            owner.sql(
                                            "SELECT attname FROM pg_stats WHERE tablename = 'contact_change'")
                                    .query(String.class)
                                    .list())
                    .contains("tx")
                    .doesNotContain("contact_ids");
        }
    }
}
