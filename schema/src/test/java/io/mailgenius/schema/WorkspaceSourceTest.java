package io.mailgenius.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** One session that several workspaces use in turn. */
class WorkspaceSourceTest {

    private TestDatabase database;
    private HikariDataSource pool;
    private WorkspaceSource source;
    private long mine;
    private long theirs;

    @BeforeEach
    void open() {
        database = TestDatabase.create();
        mine = database.workspace("mine");
        theirs = database.workspace("theirs");
        pool = new HikariDataSource();
        pool.setJdbcUrl(database.url());
        pool.setUsername(database.username());
        pool.setPassword(database.password());
        pool.setConnectionInitSql(Migrations.WORK_AS_ROLE);
        pool.setMaximumPoolSize(1);
        pool.setConnectionTimeout(2_000);
        source = new WorkspaceSource(pool);
    }

    @AfterEach
    void close() {
        pool.close();
        database.close();
    }

    @Test
    void shows_each_workspace_its_own_rows_and_nothing_without_a_scope() throws SQLException {
        for (int i = 0; i < 2; i++) {
            assertThat(seenBy(mine)).containsExactly("mine");
            assertThat(seenBy(theirs)).containsExactly("theirs");
            assertThat(seen()).isEmpty();
            assertThat(seenBy(theirs)).containsExactly("theirs");
        }
    }

    @Test
    void a_rollback_does_not_revert_the_workspace() throws SQLException {
        assertThat(seenBy(theirs)).containsExactly("theirs");

        WorkspaceScope.<Void, SQLException>call(
                mine,
                () -> {
                    try (Connection connection = source.getConnection()) {
                        connection.setAutoCommit(false);
                        assertThat(names(connection)).containsExactly("mine");
                        connection.rollback();
                        return null;
                    }
                });

        assertThat(seenBy(mine)).containsExactly("mine");
    }

    @Test
    void unchanged_settings_are_not_sent_again() throws SQLException {
        assertThat(seenBy(mine)).containsExactly("mine");
        nobodyCanBeNamed();

        assertThat(seenBy(mine)).containsExactly("mine");
    }

    @Test
    void a_session_with_an_unknown_workspace_is_not_returned() throws SQLException {
        assertThat(seenBy(mine)).containsExactly("mine");
        nobodyCanBeNamed();

        // Twice, because a rejected connection must return to its pool, which has only one.
        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(() -> seenBy(theirs)).hasMessageContaining("division by zero");
            assertThatThrownBy(this::seen).hasMessageContaining("division by zero");
        }
        // The settings of the session are unknown now, so they would have to be sent again.
        assertThatThrownBy(() -> seenBy(mine)).hasMessageContaining("division by zero");
    }

    /** Makes setting the workspace fail in the session of the pool. */
    private void nobodyCanBeNamed() throws SQLException {
        try (Connection connection = pool.getConnection();
                var statement = connection.createStatement()) {
            // As the login, because the application role may not create schemas.
            statement.execute(
                    """
                    RESET ROLE;
                    CREATE SCHEMA refusing;
                    CREATE FUNCTION refusing.set_config(text, text, boolean) RETURNS text
                        LANGUAGE sql AS 'SELECT CAST(1 / 0 AS text)';
                    GRANT USAGE ON SCHEMA refusing TO mailgenius_app;
                    SET ROLE mailgenius_app;
                    SET search_path = refusing, pg_catalog, public
                    """);
        }
    }

    private List<String> seenBy(long workspace) throws SQLException {
        return WorkspaceScope.<List<String>, SQLException>call(workspace, this::seen);
    }

    private List<String> seen() throws SQLException {
        try (Connection connection = source.getConnection()) {
            return names(connection);
        }
    }

    private static List<String> names(Connection connection) throws SQLException {
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery("SELECT name FROM workspace ORDER BY id")) {
            List<String> names = new ArrayList<>();
            while (rows.next()) {
                names.add(rows.getString(1));
            }
            return names;
        }
    }
}
