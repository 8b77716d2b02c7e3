package io.mailgenius.jobs.imports.merge;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailgenius.jobs.imports.columns.Header;
import io.mailgenius.jobs.imports.columns.ImportOptions;
import io.mailgenius.jobs.imports.columns.ImportOptions.Mode;
import io.mailgenius.jobs.imports.rows.CopyBuffer;
import io.mailgenius.jobs.imports.rows.Dialect;
import io.mailgenius.jobs.imports.rows.RowReader;
import io.mailgenius.jobs.imports.rows.Staging;
import io.mailgenius.schema.TestDatabase;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Each row of a slice is looked up in the index of addresses, also in the first minute of an
 * installation, when PostgreSQL knows nothing yet about its contacts.
 */
class MergePlansTest {

    private TestDatabase database;
    private long workspace;
    private Connection connection;
    private Staging staging;

    @BeforeEach
    void stage() throws Exception {
        database = TestDatabase.create();
        workspace = database.workspace("plans");
        JdbcClient owner = JdbcClient.create(database.owner());
        owner.sql("ALTER TABLE contact SET (autovacuum_enabled = off)").update();
        owner.sql(
                        """
                        INSERT INTO contact (workspace_id, email, status)
                        SELECT :workspace, 'p' || n || '@example.com', 'SUBSCRIBED'
                          FROM generate_series(1, 20000) n
                        """)
                .param("workspace", workspace)
                .update();
        connection = database.owner().getConnection();
        connection.setAutoCommit(false);
        Header header = Header.read(List.of("email", "city", "plan"), ImportOptions.DEFAULT);
        staging = new Staging(header, new CopyBuffer(100));
        byte[] rows =
                "p1@example.com,Ulm,pro\nnew@example.com,Rom,pro\n"
                        .getBytes(StandardCharsets.UTF_8);
        new RowReader(header, new Dialect(',', true), staging).read(rows, 2);
        staging.copyIn(connection);
    }

    @AfterEach
    void close() throws SQLException {
        connection.rollback();
        connection.close();
        database.close();
    }

    @ParameterizedTest
    @EnumSource(Mode.class)
    void contacts_are_looked_up_one_by_one(Mode mode) throws SQLException {
        MergeSql merge = new ContactMerge(fragments(mode), List.of(), false);
        assertLooksUp(merge.overridden());
        assertLooksUp(merge.unmerged());
        if (mode == Mode.UPDATE) {
            assertLooksUp(merge.upsert());
        }
    }

    @Test
    void and_so_they_are_for_a_trial() throws SQLException {
        assertLooksUp(new TrialMerge(fragments(Mode.CREATE_OR_UPDATE)).upsert());
    }

    private MergeFragments fragments(Mode mode) {
        return new MergeFragments(workspace, 1, staging.staged(), mode, false, staging.largest());
    }

    private void assertLooksUp(String sql) throws SQLException {
        StringBuilder plan = new StringBuilder();
        try (Statement statement = connection.createStatement();
                ResultSet row =
                        statement.executeQuery(
                                "EXPLAIN " + sql.replace("?", "ARRAY['p1@example.com']"))) {
            while (row.next()) {
                plan.append(row.getString(1)).append('\n');
            }
        }
        assertThat(plan)
                .contains("Index Scan using contact_workspace_id_email_key")
                .doesNotContain("Seq Scan on contact", "Materialize", "Hash Join", "Merge Join");
    }
}
