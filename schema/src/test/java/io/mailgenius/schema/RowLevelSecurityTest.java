package io.mailgenius.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class RowLevelSecurityTest {

    /** Tables without data of a workspace, each with the reason. */
    private static final Set<String> NOT_OF_A_WORKSPACE =
            Set.of(
                    // nodes
                    "node",
                    "node_order",
                    "node_dump",
                    "node_health",
                    // belongs to the installation
                    "installation_secret",
                    "installation_event",
                    "signing_key",
                    // metadata of frameworks: ids and counts
                    "scheduled_tasks",
                    "flyway_schema_history",
                    "batch_job_instance",
                    "batch_job_execution",
                    "batch_job_execution_params",
                    "batch_job_execution_context",
                    "batch_step_execution",
                    "batch_step_execution_context",
                    // reference data: mailbox providers and mail programs
                    "mailbox_domain",
                    "user_agent_pattern",
                    // people may belong to several workspaces; policies of their own guard them
                    "person",
                    "password_reset",
                    "recovery_code",
                    "person_mail",
                    "refused_sign_in",
                    "passkey",
                    "person_identity",
                    // sessions, which are looked up before a workspace is known
                    "spring_session",
                    "spring_session_attributes",
                    // data of the simulated provider
                    "sandbox_batch");

    private static TestDatabase database;
    private static long mine;
    private static long theirs;

    @BeforeAll
    static void open() {
        database = TestDatabase.create();
        mine = database.workspace("mine");
        theirs = database.workspace("theirs");
    }

    @AfterAll
    static void close() {
        database.close();
    }

    @Test
    void every_table_of_a_workspace_has_a_policy_and_leads_its_key_with_the_workspace()
            throws SQLException {
        List<String> tables =
                strings(
                        """
                        SELECT c.relname FROM pg_class c
                         WHERE c.relnamespace = 'public'::regnamespace
                           AND c.relkind IN ('r', 'p') AND NOT c.relispartition
                        """);
        tables.removeAll(NOT_OF_A_WORKSPACE);
        assertThat(tables).contains("contact", "send", "event", "chunk").hasSizeGreaterThan(20);
        List<String> guarded =
                strings(
                        """
                        SELECT c.relname FROM pg_class c
                         WHERE c.relrowsecurity AND c.relforcerowsecurity
                           AND EXISTS (SELECT FROM pg_policy p WHERE p.polrelid = c.oid
                                        AND p.polqual IS NOT NULL AND p.polwithcheck IS NOT NULL)
                        """);
        assertThat(guarded).containsAll(tables);
        // One expression for all, which PostgreSQL evaluates once a statement and finds in an
        // index.
        assertThat(
                        strings(
                                """
                                SELECT p.polrelid::regclass || '.' || p.polname || ': '
                                       || pg_get_expr(p.polqual, p.polrelid)
                                  FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid
                                 WHERE replace(pg_get_expr(p.polqual, p.polrelid), 'workspace_id', 'id')
                                       NOT IN ('(id = ( SELECT current_workspace() AS current_workspace))',
                                               '( SELECT engine_at_work() AS engine_at_work)',
                                               '( SELECT owner_at_work() AS owner_at_work)',
                                               '( SELECT identity_at_work() AS identity_at_work)')
                                       AND c.relname <> 'person'
                                    OR c.relname <> 'person' AND pg_get_expr(p.polqual, p.polrelid)
                                       <> pg_get_expr(p.polwithcheck, p.polrelid)
                                    OR p.polname = 'owner_across_workspaces' AND p.polroles <> ARRAY[c.relowner]
                                    OR p.polname = 'engine_across_workspaces' AND c.relname NOT IN ('launch', 'launch_word', 'launch_action', 'chunk',
                                                             'chunk_attempt', 'step_minute', 'alert_rule', 'alert', 'alert_notice', 'alert_silence')
                                """))
                .isEmpty();

        // The engine's tables are keyed by job, because the engine works across workspaces.
        tables.removeAll(Set.of("workspace", "launch", "chunk", "event"));
        List<String> ledByWorkspace =
                strings(
                        """
                        SELECT c.relname
                          FROM pg_index i
                          JOIN pg_class c ON c.oid = i.indrelid
                          JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = i.indkey[0]
                         WHERE i.indisprimary AND a.attname = 'workspace_id'
                        """);
        assertThat(ledByWorkspace).containsAll(tables);
    }

    @Test
    void partitions_can_be_reached_through_their_parent_only() throws SQLException {
        makePartitions();
        assertThat(strings("SELECT relname FROM pg_class WHERE relispartition AND relkind = 'r'"))
                .hasSizeGreaterThanOrEqualTo(5);
        assertThat(
                        strings(
                                """
                                SELECT relname FROM pg_class
                                 WHERE relispartition AND relkind = 'r'
                                   AND has_table_privilege('mailgenius_app', oid, 'SELECT')
                                """))
                .isEmpty();
    }

    @Test
    void what_has_a_workspace_is_behind_a_wall_whether_table_or_partition() throws SQLException {
        makePartitions();
        assertThat(
                        strings(
                                """
                                SELECT a.attrelid::regclass::text
                                  FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
                                 WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
                                   AND a.attname = 'workspace_id' AND NOT a.attisdropped
                                   AND NOT (c.relrowsecurity AND c.relforcerowsecurity)
                                """))
                .isEmpty();
    }

    @Test
    void functions_that_run_as_the_owner_are_executed_by_the_application_only()
            throws SQLException {
        assertThat(
                        strings(
                                """
                                SELECT p.oid::regprocedure::text FROM pg_proc p
                                 WHERE p.pronamespace = 'public'::regnamespace AND p.prosecdef
                                """))
                .hasSizeGreaterThan(20);
        assertThat(
                        strings(
                                """
                                SELECT p.oid::regprocedure::text FROM pg_proc p
                                 WHERE p.pronamespace = 'public'::regnamespace AND p.prosecdef
                                   AND (EXISTS (SELECT FROM aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a
                                                 WHERE a.grantee = 0)
                                        OR NOT 'search_path=pg_catalog, public, pg_temp' = ANY (p.proconfig))
                                """))
                .isEmpty();
    }

    @Test
    void a_migration_that_forgets_the_wall_makes_a_table_that_shows_nothing() throws SQLException {
        try (Connection owner = database.owner().getConnection();
                var statement = owner.createStatement()) {
            statement.execute(
                    "CREATE TABLE forgotten AS SELECT %d::bigint AS workspace_id".formatted(mine));
            statement.execute(
                    "CREATE FUNCTION open_door() RETURNS int LANGUAGE sql SECURITY DEFINER AS 'SELECT 1'");
        }
        Migrations.apply(database.owner());
        try (Connection connection = as(mine)) {
            assertThat(strings(connection, "SELECT workspace_id::text FROM forgotten")).isEmpty();
        }
        functions_that_run_as_the_owner_are_executed_by_the_application_only();
        try (Connection owner = database.owner().getConnection();
                var statement = owner.createStatement()) {
            statement.execute("DROP TABLE forgotten; DROP FUNCTION open_door()");
        }
    }

    @Test
    void the_working_role_cannot_bypass_the_policies() throws SQLException {
        assertThat(
                        strings(
                                """
                                SELECT rolname FROM pg_roles WHERE rolname = 'mailgenius_app'
                                   AND NOT rolbypassrls AND NOT rolsuper
                                """))
                .containsExactly("mailgenius_app");
        assertThat(
                        strings(
                                "SELECT relname FROM pg_class WHERE relowner = 'mailgenius_app'::regrole"))
                .isEmpty();
    }

    @Test
    void a_workspace_sees_its_own_rows_and_a_missing_scope_sees_none() throws SQLException {
        insertContact(mine, mine, "a@example.org");
        insertContact(theirs, theirs, "b@example.org");
        assertThat(seen(mine)).containsExactly("a@example.org");
        assertThat(seen(theirs)).containsExactly("b@example.org");
        assertThat(seen(0)).isEmpty();
    }

    @Test
    void a_row_cannot_be_given_to_another_workspace() {
        assertThatThrownBy(() -> insertContact(mine, theirs, "c@example.org"))
                .isInstanceOf(SQLException.class)
                .hasMessageContaining("row-level security");
    }

    private static void makePartitions() throws SQLException {
        try (Connection owner = database.owner().getConnection();
                var statement = owner.createStatement()) {
            statement.execute("SELECT ensure_send_partition(1)");
            statement.execute("SELECT ensure_event_partitions(now(), 2)");
        }
    }

    private static void insertContact(long working, long owner, String email) throws SQLException {
        try (Connection connection = as(working);
                var insert =
                        connection.prepareStatement(
                                "INSERT INTO contact (workspace_id, email) VALUES (?, ?)")) {
            insert.setLong(1, owner);
            insert.setString(2, email);
            insert.execute();
            connection.commit();
        }
    }

    private static List<String> seen(long working) throws SQLException {
        try (Connection connection = as(working)) {
            return strings(connection, "SELECT email FROM contact");
        }
    }

    /** A transaction in the scope of the workspace, or without one for 0. */
    private static Connection as(long workspace) throws SQLException {
        Connection connection = database.dataSource().getConnection();
        connection.setAutoCommit(false);
        if (workspace != 0) {
            strings(connection, "SELECT set_config('app.workspace_id', '" + workspace + "', true)");
        }
        return connection;
    }

    private static List<String> strings(String sql) throws SQLException {
        try (Connection connection = database.owner().getConnection()) {
            return strings(connection, sql);
        }
    }

    private static List<String> strings(Connection connection, String sql) throws SQLException {
        List<String> found = new ArrayList<>();
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery(sql)) {
            while (rows.next()) {
                found.add(rows.getString(1));
            }
        }
        return found;
    }
}
