package io.mailgenius.schema;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.mailgenius.schema.embedded.EmbeddedDatabase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.UUID;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.postgresql.ds.PGSimpleDataSource;
import org.testcontainers.postgresql.PostgreSQLContainer;

/**
 * A migrated database on the PostgreSQL server that MAILGENIUS_DATABASE_URL names, or on an
 * embedded one that runs as long as this JVM. Each call of {@link #create} copies a template, which
 * takes a fraction of a second.
 *
 * <p>If the system property {@code mailgenius.test.postgres} names a major version, the embedded
 * server must have that version, because other binaries on the class path would invalidate the
 * test.
 */
public final class TestDatabase implements AutoCloseable {

    /** The application name of the owner's sessions in {@code pg_stat_activity}. */
    public static final String OWNER = "owner";

    private static final Server SERVER = Server.start();

    private final String name;
    private final HikariDataSource pool;
    private final HikariDataSource ownerPool;
    private final DataSource working;

    private TestDatabase(String name) {
        this.name = name;
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(url());
        config.setUsername(SERVER.runtimeLogin());
        config.setPassword(SERVER.runtimePassword());
        config.setConnectionInitSql(Migrations.WORK_AS_ROLE);
        config.setMaximumPoolSize(24);
        config.setMinimumIdle(1);
        this.pool = new HikariDataSource(config);
        this.ownerPool = new HikariDataSource(ownerConfig());
        this.working = new WorkspaceSource(new OneConnectionPerThread(pool));
    }

    /** Does not connect until somebody asks for a connection. */
    private HikariConfig ownerConfig() {
        HikariConfig config = new HikariConfig();
        config.setDataSource(SERVER.owner(name));
        config.setMaximumPoolSize(16);
        config.setMinimumIdle(0);
        config.setInitializationFailTimeout(-1);
        return config;
    }

    public static TestDatabase create() {
        String name = "mg_test_" + UUID.randomUUID().toString().replace("-", "");
        SERVER.execute(
                "CREATE DATABASE " + name + " TEMPLATE " + SERVER.template + " STRATEGY FILE_COPY");
        return new TestDatabase(name);
    }

    /**
     * Connects with a login that can work as the application role only, which obeys row-level
     * security, as the product does.
     */
    public DataSource dataSource() {
        return working;
    }

    /**
     * Connects as the owner of the tables, for setup and unrestricted reads. The sessions go back
     * to a pool whose application name is {@link #OWNER}: whoever changes a session's settings
     * takes {@link #ownerSessions} instead.
     */
    public DataSource owner() {
        return ownerPool;
    }

    /** Connects as the owner of the tables, each time with a session of its own. */
    public DataSource ownerSessions() {
        return SERVER.owner(name);
    }

    public String url() {
        return SERVER.url(name);
    }

    /** The login that can work as the application role only. */
    public String runtimeLogin() {
        return SERVER.runtimeLogin();
    }

    public String runtimePassword() {
        return SERVER.runtimePassword();
    }

    /** The login that owns the tables. */
    public String username() {
        return SERVER.username;
    }

    public String password() {
        return SERVER.password;
    }

    /** Creates an empty workspace. */
    public long workspace(String workspaceName) {
        try (Connection connection = owner().getConnection();
                var insert =
                        connection.prepareStatement(
                                "INSERT INTO workspace (name) VALUES (?) RETURNING id")) {
            insert.setString(1, workspaceName);
            var rows = insert.executeQuery();
            rows.next();
            return rows.getLong(1);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * Deletes the rows of the given tables and of all tables that refer to them, without triggers.
     * For the few rows of a test this takes a millisecond; TRUNCATE makes new files for each table
     * and each index.
     */
    public void empty(String... tables) {
        try (Connection connection = owner().getConnection();
                var statement = connection.createStatement()) {
            statement.execute(
                    """
                    DO $$
                    DECLARE emptied regclass;
                    BEGIN
                        SET LOCAL session_replication_role = replica;
                        FOR emptied IN
                            WITH RECURSIVE concerned AS (
                                SELECT unnest('{%s}'::regclass[]) AS id
                                UNION
                                SELECT c.conrelid::regclass FROM concerned
                                  JOIN pg_constraint c ON c.contype = 'f' AND c.confrelid = concerned.id)
                            SELECT id FROM concerned
                        LOOP
                            EXECUTE 'DELETE FROM ' || emptied;
                        END LOOP;
                    END $$
                    """
                            .formatted(String.join(",", tables)));
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        pool.close();
        ownerPool.close();
        SERVER.execute("DROP DATABASE IF EXISTS " + name + " WITH (FORCE)");
    }

    /** One per JVM. */
    private record Server(String base, String username, String password, String template) {

        static Server start() {
            String given = System.getenv("MAILGENIUS_DATABASE_URL");
            String template = "mg_template_" + UUID.randomUUID().toString().replace("-", "");
            Server server;
            if (given != null && !given.isBlank()) {
                server = given(template);
            } else {
                server = Containers.wanted() ? contained(template) : embedded(template);
            }
            server.execute("CREATE DATABASE " + template);
            Migrations.apply(server.owner(template));
            server.admitRuntimeLogin();
            Runtime.getRuntime()
                    .addShutdownHook(
                            new Thread(
                                    () -> {
                                        try {
                                            server.execute(
                                                    "DROP DATABASE " + template + " WITH (FORCE)");
                                            server.execute("DROP ROLE " + server.runtimeLogin());
                                        } catch (IllegalStateException serverIsGone) {
                                            // The embedded server may have stopped before this hook
                                            // ran.
                                        }
                                    }));
            return server;
        }

        private static Server given(String template) {
            String url = System.getenv("MAILGENIUS_DATABASE_URL");
            return new Server(
                    url.substring(0, url.lastIndexOf('/') + 1),
                    System.getenv().getOrDefault("MAILGENIUS_DATABASE_USERNAME", "postgres"),
                    System.getenv().getOrDefault("MAILGENIUS_DATABASE_PASSWORD", ""),
                    template);
        }

        private static Server contained(String template) {
            PostgreSQLContainer container = new PostgreSQLContainer("postgres:18");
            container.start();
            String url = container.getJdbcUrl().replaceFirst("\\?.*", "");
            return new Server(
                    url.substring(0, url.lastIndexOf('/') + 1),
                    container.getUsername(),
                    container.getPassword(),
                    template);
        }

        private static Server embedded(String template) {
            try {
                Path folder = Files.createTempDirectory("mailgenius-test");
                EmbeddedDatabase database = EmbeddedDatabase.start(folder, false);
                String url = database.jdbcUrl();
                Server server =
                        new Server(
                                url.substring(0, url.lastIndexOf('/') + 1),
                                database.username(),
                                database.password(),
                                template);
                server.requireVersion(System.getProperty("mailgenius.test.postgres"));
                return server;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private void requireVersion(@Nullable String majorVersion) {
            if (majorVersion == null) {
                return;
            }
            try (Connection connection =
                    DriverManager.getConnection(url("postgres"), username, password)) {
                int found = connection.getMetaData().getDatabaseMajorVersion();
                if (found != Integer.parseInt(majorVersion)) {
                    throw new IllegalStateException(
                            "mailgenius.test.postgres is %s, and the embedded server is %s"
                                    .formatted(majorVersion, found));
                }
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        }

        String runtimeLogin() {
            return template.replace("template", "login");
        }

        /** The name has 122 random bits. */
        String runtimePassword() {
            return runtimeLogin();
        }

        private void admitRuntimeLogin() {
            try {
                RuntimeLogin.admit(owner(template), runtimeLogin(), runtimePassword());
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        }

        /**
         * Makes the driver reject writes in read-only transactions, at the cost of a round trip.
         */
        String url(String name) {
            return base + name + "?readOnlyMode=always";
        }

        DataSource owner(String name) {
            PGSimpleDataSource source = new PGSimpleDataSource();
            source.setURL(url(name));
            source.setUser(username);
            source.setPassword(password);
            source.setApplicationName(OWNER);
            return source;
        }

        void execute(String sql) {
            try (Connection connection =
                            DriverManager.getConnection(url("postgres"), username, password);
                    var statement = connection.createStatement()) {
                statement.execute(sql);
            } catch (SQLException e) {
                throw new IllegalStateException(sql, e);
            }
        }
    }
}
