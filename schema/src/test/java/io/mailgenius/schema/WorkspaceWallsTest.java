package io.mailgenius.schema;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * Tries to cross the walls between workspaces, for each table that the catalogue names. The tables
 * belong to a login that is no superuser, as in a database that an administrator made.
 */
class WorkspaceWallsTest {

    private static final String OWNER = "mg_owner_" + UUID.randomUUID().toString().replace("-", "");
    private static final String REFUSED = "42501";

    /** What a connection of a workspace or of none tries against rows of another workspace. */
    private static final List<String> READS_AND_WRITES =
            List.of(
                    "SELECT count(*) FROM %1$s WHERE %2$s <> %3$s",
                    "WITH held AS (SELECT 1 FROM %1$s WHERE %2$s <> %3$s FOR UPDATE) SELECT count(*) FROM held",
                    "WITH changed AS (UPDATE %1$s SET %2$s = %2$s WHERE %2$s <> %3$s RETURNING 1) SELECT count(*) FROM changed",
                    "WITH moved AS (UPDATE %1$s SET %2$s = %3$s WHERE %2$s <> %3$s RETURNING 1) SELECT count(*) FROM moved",
                    "WITH gone AS (DELETE FROM %1$s WHERE %2$s <> %3$s RETURNING 1) SELECT count(*) FROM gone");

    private static final Set<String> OF_THE_ENGINE =
            Set.of(
                    "launch",
                    "launch_word",
                    "launch_action",
                    "chunk",
                    "chunk_attempt",
                    "step_minute",
                    "alert_rule",
                    "alert",
                    "alert_notice",
                    "alert_silence");

    private static TestDatabase database;
    private static long mine;
    private static long theirs;
    private static Map<String, String> inserts;

    @BeforeAll
    static void open() throws SQLException {
        database = TestDatabase.create();
        run(
                database.owner(),
                "CREATE ROLE %1$s LOGIN NOSUPERUSER PASSWORD '%1$s'".formatted(OWNER),
                "GRANT mailgenius_app TO " + OWNER + " WITH ADMIN OPTION",
                "DROP SCHEMA public CASCADE",
                "CREATE SCHEMA public AUTHORIZATION " + OWNER);
        Migrations.apply(tablesOwner());
        mine = database.workspace("mine");
        theirs = database.workspace("theirs");
        inserts = withoutConstraints();
        for (String insert : inserts.values()) {
            run(database.owner(), insert.formatted(mine), insert.formatted(theirs));
        }
        inserts.put("workspace", "INSERT INTO workspace (id, name) VALUES (%d, 'another')");
    }

    @AfterAll
    static void close() throws SQLException {
        run(database.owner(), "DROP SCHEMA public CASCADE", "DROP OWNED BY " + OWNER);
        run(database.owner(), "DROP ROLE " + OWNER);
        database.close();
    }

    @Test
    void a_workspace_reads_and_changes_nothing_of_another_in_any_table() throws SQLException {
        assertThat(inserts.keySet()).contains("contact", "send", "event", "launch", "chunk");
        Map<String, String> before = contents();
        List<String> crossed = new ArrayList<>();
        for (String table : inserts.keySet()) {
            for (String attempt : READS_AND_WRITES) {
                crossed(table, Long.toString(mine), attempt, mine).ifPresent(crossed::add);
            }
            crossed.addAll(accepted(table, Long.toString(mine)));
            String own = "SELECT count(*) FROM %1$s".formatted(table);
            if (count(Long.toString(mine), own) != 1) {
                crossed.add("sees not just its row: " + own);
            }
        }
        assertThat(crossed).isEmpty();
        assertThat(contents()).isEqualTo(before);
    }

    @Test
    void without_a_workspace_nothing_is_read_or_changed_in_any_table() throws SQLException {
        Map<String, String> before = contents();
        List<String> crossed = new ArrayList<>();
        for (String table : inserts.keySet()) {
            for (String attempt : READS_AND_WRITES) {
                crossed(table, "", attempt, 0).ifPresent(crossed::add);
            }
            crossed.addAll(accepted(table, ""));
        }
        assertThat(crossed).isEmpty();
        assertThat(contents()).isEqualTo(before);
    }

    @Test
    void the_engine_sees_launches_and_chunks_of_all_workspaces_and_no_customer_rows()
            throws SQLException {
        for (String table : inserts.keySet()) {
            boolean ofEngine = OF_THE_ENGINE.contains(table);
            assertThat(
                            WorkspaceScope.<Long, SQLException>callAcrossWorkspaces(
                                    () -> {
                                        try (Connection connection =
                                                database.dataSource().getConnection()) {
                                            return number(
                                                    connection, "SELECT count(*) FROM " + table);
                                        }
                                    }))
                    .as(table)
                    .isEqualTo(ofEngine ? 2 : 0);
        }
        assertThat(
                        WorkspaceScope.<Long, SQLException>callAcrossWorkspaces(
                                () ->
                                        WorkspaceScope.call(
                                                mine,
                                                () -> {
                                                    try (Connection connection =
                                                            database.dataSource().getConnection()) {
                                                        return number(
                                                                connection,
                                                                "SELECT count(*) FROM launch");
                                                    }
                                                })))
                .isEqualTo(1);
    }

    @Test
    void the_owner_of_the_tables_is_refused_until_it_says_that_it_works_across_workspaces()
            throws SQLException {
        try (Connection owner = tablesOwner().getConnection()) {
            assertThatThrownBy(() -> number(owner, "SELECT count(*) FROM contact"))
                    .isInstanceOf(SQLException.class)
                    .hasMessageContaining("SET app.engine");
            run(owner, "SET app.workspace_id = '" + mine + "'");
            assertThat(number(owner, "SELECT count(*) FROM contact")).isEqualTo(1);
            run(owner, "SET app.workspace_id = ''; SET app.engine = 'on'");
            assertThat(number(owner, "SELECT count(*) FROM contact")).isEqualTo(2);
        }
    }

    @Test
    void functions_that_answer_before_a_workspace_is_known_still_see_all() throws SQLException {
        try (Connection connection = database.dataSource().getConnection()) {
            assertThat(number(connection, "SELECT count(*) FROM workspace_ids()"))
                    .isGreaterThanOrEqualTo(2);
            // Retention must see what is uncounted: the batches of theirs keep their month.
            assertThat(number(connection, "SELECT forget_events('-infinity')")).isZero();
        }
    }

    @Test
    void a_temporary_table_cannot_stand_in_for_one_that_a_function_reads() throws SQLException {
        try (Connection connection = database.dataSource().getConnection()) {
            run(
                    connection,
                    "CREATE TEMPORARY TABLE workspace (id bigint DEFAULT 1, name text)",
                    "CREATE TEMPORARY TABLE api_key (workspace_id bigint, name text, key_hash bytea)");
            try (var statement = connection.createStatement();
                    var row =
                            statement.executeQuery(
                                    "SELECT bootstrap_workspace('second', sha256('key'))")) {
                row.next();
                assertThat(row.getObject(1)).as("a workspace exists already").isNull();
            }
            run(connection, "DROP TABLE pg_temp.workspace, pg_temp.api_key");
        }
    }

    @Test
    void the_login_of_the_node_cannot_become_the_owner() throws SQLException {
        assertThat(RuntimeLogin.isExempt(tablesOwner())).isTrue();
        assertThat(RuntimeLogin.isExempt(database.owner())).isTrue();
        PGSimpleDataSource runtime = login(database.runtimeLogin(), database.runtimePassword());
        assertThat(RuntimeLogin.isExempt(runtime)).isFalse();
        try (Connection connection = runtime.getConnection()) {
            run(connection, Migrations.WORK_AS_ROLE, "RESET ROLE");
            for (String attempt :
                    List.of(
                            "SELECT count(*) FROM public.contact",
                            "SET ROLE " + OWNER,
                            "SET ROLE postgres",
                            "SET SESSION AUTHORIZATION " + OWNER,
                            "ALTER TABLE public.contact NO FORCE ROW LEVEL SECURITY",
                            "DROP POLICY own_workspace ON public.contact",
                            "CREATE TABLE public.mine (id int)",
                            "GRANT " + OWNER + " TO " + database.runtimeLogin())) {
                assertThatThrownBy(() -> run(connection, attempt))
                        .as(attempt)
                        .isInstanceOf(SQLException.class)
                        .satisfies(
                                e ->
                                        assertThat(((SQLException) e).getSQLState())
                                                .isIn(REFUSED, "0LP01"));
            }
            assertThat(
                            number(
                                    connection,
                                    """
                                    SELECT count(*) FROM pg_class c
                                     WHERE pg_has_role(c.relowner, 'USAGE')
                                    """))
                    .isZero();
        }
    }

    /** The attempt, if it found a row of another workspace; a table may refuse it altogether. */
    private static Optional<String> crossed(
            String table, String workspace, String attempt, long own) throws SQLException {
        String sql =
                attempt.formatted(table, table.equals("workspace") ? "id" : "workspace_id", own);
        try {
            return count(workspace, sql) == 0 ? Optional.empty() : Optional.of(sql);
        } catch (SQLException e) {
            if (REFUSED.equals(e.getSQLState())) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /** The statements that should have been refused with an error. */
    private static List<String> accepted(String table, String workspace) throws SQLException {
        List<String> accepted = new ArrayList<>();
        List<String> attempts = new ArrayList<>();
        attempts.add("TRUNCATE " + table);
        attempts.add(Objects.requireNonNull(inserts.get(table)).formatted(theirs));
        if (!workspace.isEmpty()) {
            attempts.add(
                    "UPDATE %s SET %s = %d"
                            .formatted(
                                    table,
                                    table.equals("workspace") ? "id" : "workspace_id",
                                    theirs));
        }
        for (String attempt : attempts) {
            attempt(workspace, attempt).ifPresent(accepted::add);
        }
        return accepted;
    }

    private static Optional<String> attempt(String workspace, String sql) throws SQLException {
        try (Connection connection = as(workspace)) {
            run(connection, sql);
            return Optional.of(sql);
        } catch (SQLException e) {
            return REFUSED.equals(e.getSQLState())
                    ? Optional.empty()
                    : Optional.of(sql + ": " + e.getMessage());
        }
    }

    private static long count(String workspace, String sql) throws SQLException {
        try (Connection connection = as(workspace)) {
            return number(connection, sql);
        }
    }

    /** A transaction of the runtime login that is rolled back when it is closed. */
    private static Connection as(String workspace) throws SQLException {
        Connection connection = database.dataSource().getConnection();
        connection.setAutoCommit(false);
        run(connection, "SET LOCAL app.workspace_id = '" + workspace + "'");
        return connection;
    }

    /** A digest of all rows by table, of all workspaces. */
    private static Map<String, String> contents() throws SQLException {
        Map<String, String> contents = new LinkedHashMap<>();
        try (Connection connection = database.owner().getConnection();
                var statement = connection.createStatement()) {
            for (String table : inserts.keySet()) {
                try (var rows =
                        statement.executeQuery(
                                "SELECT count(*) || md5(string_agg(t::text, ',' ORDER BY t::text)) FROM "
                                        + table
                                        + " t")) {
                    rows.next();
                    contents.put(table, rows.getString(1));
                }
            }
        }
        return contents;
    }

    /**
     * An INSERT for each table of a workspace, with a place for its id. Constraints and triggers
     * are dropped, because only the policies are to refuse a row.
     */
    private static Map<String, String> withoutConstraints() throws SQLException {
        Map<String, String> inserts = new LinkedHashMap<>();
        try (Connection connection = database.owner().getConnection()) {
            run(connection, "SELECT ensure_send_partition(1)");
            for (String drop :
                    strings(
                            connection,
                            """
                            SELECT CASE WHEN c.contypid <> 0
                                        THEN format('ALTER DOMAIN %s DROP CONSTRAINT IF EXISTS %I', c.contypid::regtype, c.conname)
                                        ELSE format('ALTER TABLE %s DROP CONSTRAINT IF EXISTS %I CASCADE', c.conrelid::regclass, c.conname)
                                   END
                              FROM pg_constraint c
                             WHERE c.connamespace = 'public'::regnamespace AND c.contype IN ('c', 'f')
                               AND c.conparentid = 0 AND c.coninhcount = 0
                            """)) {
                run(connection, drop);
            }
            for (String table :
                    strings(
                            connection,
                            """
                            SELECT c.relname FROM pg_class c
                             WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
                               AND NOT c.relispartition
                               AND (c.relname = 'workspace'
                                    OR EXISTS (SELECT FROM pg_attribute a
                                                WHERE a.attrelid = c.oid AND a.attname = 'workspace_id'))
                             ORDER BY c.relname
                            """)) {
                run(connection, "ALTER TABLE " + table + " DISABLE TRIGGER USER");
                if (!table.equals("workspace")) {
                    inserts.put(table, insert(connection, table));
                }
            }
        }
        return inserts;
    }

    private static String insert(Connection connection, String table) throws SQLException {
        List<String> required =
                strings(
                        connection,
                        """
                        SELECT a.attname || ':' || CASE
                                   WHEN a.attname = 'workspace_id' THEN '%%d'
                                   WHEN t.typcategory = 'A' THEN '''{}'''
                                   WHEN t.typname IN ('json', 'jsonb') THEN '''{}'''
                                   WHEN t.typname = 'bytea' THEN 'sha256(gen_random_uuid()::text::bytea)'
                                   WHEN t.typname = 'uuid' THEN 'gen_random_uuid()'
                                   WHEN t.typcategory = 'N' THEN '1'
                                   WHEN t.typcategory = 'B' THEN 'false'
                                   WHEN t.typcategory = 'D' THEN 'now()'
                                   ELSE 'gen_random_uuid()::text' END
                          FROM pg_attribute a JOIN pg_type d ON d.oid = a.atttypid
                          JOIN pg_type t ON t.oid = coalesce(nullif(d.typbasetype, 0), d.oid)
                         WHERE a.attrelid = '%s'::regclass AND a.attnum > 0 AND NOT a.attisdropped
                           AND a.attnotnull AND NOT a.atthasdef AND a.attidentity = ''
                         ORDER BY a.attnum
                        """
                                .formatted(table));
        return "INSERT INTO %s (%s) VALUES (%s)"
                .formatted(table, part(required, 0), part(required, 1));
    }

    private static String part(List<String> columns, int index) {
        return columns.stream().map(column -> column.split(":", 2)[index]).collect(joining(", "));
    }

    private static DataSource tablesOwner() {
        return login(OWNER, OWNER);
    }

    private static PGSimpleDataSource login(String username, String password) {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setURL(database.url());
        source.setUser(username);
        source.setPassword(password);
        return source;
    }

    private static void run(DataSource source, String... statements) throws SQLException {
        try (Connection connection = source.getConnection()) {
            run(connection, statements);
        }
    }

    private static void run(Connection connection, String... statements) throws SQLException {
        try (var statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    private static long number(Connection connection, String sql) throws SQLException {
        return Long.parseLong(strings(connection, sql).getFirst());
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
