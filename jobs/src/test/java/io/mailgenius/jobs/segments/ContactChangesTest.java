package io.mailgenius.jobs.segments;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The table that tells which contacts to read again. */
class ContactChangesTest {

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
