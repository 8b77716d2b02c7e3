package io.mailgenius.engine.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariDataSource;
import io.mailgenius.engine.faults.TcpRelay;
import io.mailgenius.engine.faults.TcpRelay.Way;
import io.mailgenius.schema.Migrations;
import io.mailgenius.schema.TestDatabase;
import io.mailgenius.schema.WorkspaceSource;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Statements without a timeout, over connections that die without an error, or that do not. */
class StatementWatchTest {

    private static final Duration SOON = Duration.ofSeconds(30);

    static final List<Set<Way>> LOST =
            List.of(EnumSet.allOf(Way.class), EnumSet.of(Way.REQUESTS), EnumSet.of(Way.ANSWERS));

    private final TestDatabase database = TestDatabase.create();
    private final JdbcClient owner = JdbcClient.create(database.owner());
    private final AtomicInteger session = new AtomicInteger();
    private TcpRelay relay;
    private final String login = "watched_" + UUID.randomUUID().toString().replace("-", "");
    private HikariDataSource pool;
    private HikariDataSource controlPool;
    private StatementWatch watch;
    private WorkspaceSource source;

    @BeforeEach
    void open() throws IOException {
        // Not a superuser, who may see and end all sessions.
        owner.sql(
                        "CREATE ROLE %s LOGIN PASSWORD '%s' IN ROLE mailgenius_app"
                                .formatted(login, login))
                .update();
        relay = TcpRelay.inFrontOf(database.url());
        pool = pool(relay.instead(database.url()));
        controlPool = pool(database.url());
        ControlDatabase control = new ControlDatabase(controlPool);
        watch =
                new StatementWatch(
                        () -> control, Duration.ofMillis(50), Duration.ofMillis(100), SOON);
        source = new WorkspaceSource(pool, Duration.ZERO, watch::opened);
    }

    private HikariDataSource pool(String url) {
        HikariDataSource opened = new HikariDataSource();
        opened.setJdbcUrl(url);
        opened.setUsername(login);
        opened.setPassword(login);
        opened.setConnectionInitSql(Migrations.WORK_AS_ROLE);
        opened.setMaximumPoolSize(1);
        opened.addDataSourceProperty("socketFactory", ProbedSockets.class.getName());
        return opened;
    }

    @AfterEach
    void close() throws IOException {
        relay.close();
        pool.close();
        controlPool.close();
        owner.sql("DROP ROLE " + login).update();
        database.close();
    }

    private interface Work {
        void with(Connection connection) throws Exception;
    }

    private CompletableFuture<Void> start(Work work) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        Thread.ofVirtual()
                .start(
                        () -> {
                            try (Connection connection = source.getConnection()) {
                                connection.setAutoCommit(false);
                                session.set(pid(connection));
                                work.with(connection);
                                done.complete(null);
                            } catch (Exception e) {
                                done.completeExceptionally(e);
                            }
                        });
        return done;
    }

    private static int pid(Connection connection) throws SQLException {
        try (var statement = connection.createStatement();
                var row = statement.executeQuery("SELECT pg_backend_pid()")) {
            row.next();
            return row.getInt(1);
        }
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private boolean isThere(int pid) {
        return owner.sql("SELECT EXISTS (SELECT FROM pg_stat_activity WHERE pid = :pid)")
                .param("pid", pid)
                .query(Boolean.class)
                .single();
    }

    private long sessionsThat(String condition) {
        return owner.sql(
                        """
                        SELECT count(*) FROM pg_stat_activity
                         WHERE datname = current_database() AND query LIKE '%marked%'
                           AND pid <> pg_backend_pid() AND
                        """
                                + condition)
                .query(Long.class)
                .single();
    }

    private void lookOften() {
        AtomicInteger looks = new AtomicInteger();
        await().pollInterval(Duration.ofMillis(50))
                .until(
                        () -> {
                            watch.look();
                            return looks.incrementAndGet() == 10;
                        });
    }

    private void assertEnded(CompletableFuture<Void> waiting) {
        await().atMost(SOON)
                .pollInterval(Duration.ofMillis(30))
                .until(
                        () -> {
                            watch.look();
                            return waiting.isDone();
                        });
        assertThat(waiting)
                .failsWithin(SOON)
                .withThrowableOfType(ExecutionException.class)
                .withCauseInstanceOf(SQLException.class);
        await().atMost(SOON).until(() -> !isThere(session.get()));
    }

    @ParameterizedTest
    @FieldSource("LOST")
    void a_statement_over_a_dead_connection_ends_with_its_session(Set<Way> lost) {
        CountDownLatch lostOnce = relay.forgetOnceSeen("marked", lost);

        CompletableFuture<Void> waiting =
                start(connection -> execute(connection, "SELECT 1 AS marked"));

        await().atMost(SOON).until(() -> lostOnce.getCount() == 0);
        assertEnded(waiting);
    }

    /** The client does not wait for a response then, so a timeout of reads does not end it. */
    @Test
    void a_copy_that_the_network_takes_no_bytes_of_ends() {
        CompletableFuture<Void> waiting =
                start(
                        connection -> {
                            execute(connection, "CREATE TEMPORARY TABLE marked (word text)");
                            CopyIn copy =
                                    connection
                                            .unwrap(PGConnection.class)
                                            .getCopyAPI()
                                            .copyIn("COPY marked FROM STDIN");
                            byte[] rows = "word\n".repeat(100_000).getBytes();
                            relay.stall();
                            while (true) {
                                copy.writeToCopy(rows, 0, rows.length);
                            }
                        });

        assertEnded(waiting);
    }

    @Test
    void a_statement_that_takes_long_is_left_alone() throws Exception {
        CompletableFuture<Void> working =
                start(connection -> execute(connection, "SELECT pg_sleep(600) AS marked"));
        await().atMost(SOON).until(() -> sessionsThat("wait_event = 'PgSleep'") == 1);

        lookOften();

        assertThat(working).isNotDone();
        assertThat(sessionsThat("wait_event = 'PgSleep'")).isEqualTo(1);
        owner.sql(
                        "SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE wait_event = 'PgSleep' AND datname = current_database()")
                .query((_, _) -> true)
                .list();
        await().atMost(SOON).until(working::isDone);
    }

    /** Between its statements a transaction may take as long as it likes. */
    @Test
    void a_client_that_is_busy_is_left_alone() throws Exception {
        CountDownLatch goOn = new CountDownLatch(1);
        CompletableFuture<Void> working =
                start(
                        connection -> {
                            execute(connection, "SELECT 1 AS marked");
                            goOn.await();
                            execute(connection, "SELECT 2 AS marked");
                        });
        await().atMost(SOON).until(() -> sessionsThat("state = 'idle in transaction'") == 1);

        lookOften();
        goOn.countDown();

        assertThat(working).succeedsWithin(SOON);
    }
}
