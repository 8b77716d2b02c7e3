package io.mailgenius.api.chaos;

import static io.mailgenius.api.chaos.WebhookRun.rounded;

import io.mailgenius.jobs.bench.Tenants;
import io.mailgenius.schema.EmbeddedDatabase;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.util.FileSystemUtils;

/**
 * What a node does while nobody wants anything of it: with a single workspace, and with many of
 * them, each with contacts and a segment.
 */
public final class IdleRun {

    private static final String KEY = "key-of-the-idle-test";
    private static final URI NO_PROVIDER = URI.create("http://localhost:1");
    private static final int PEOPLE = 10;
    private static final Duration SETTLED = Duration.ofSeconds(30);
    private static final Duration PATIENCE = Duration.ofMinutes(10);
    private static final long POLL_MILLIS = 1_000;
    private static final double PERCENT = 100;

    private final Members members;
    private final EmbeddedDatabase database;
    private final JdbcClient owner;
    private final Duration length;

    private IdleRun(Members members, EmbeddedDatabase database, Duration length) {
        this.members = members;
        this.database = database;
        this.length = length;
        this.owner =
                JdbcClient.create(
                        new DriverManagerDataSource(
                                database.jdbcUrl(), database.username(), database.password()));
    }

    /**
     * @param workspaces beside the one that there is from the start
     * @param length how long the node is looked at, each time
     */
    public static Outcome run(Order order, int workspaces, Duration length)
            throws IOException, InterruptedException {
        FileSystemUtils.deleteRecursively(order.folder());
        Files.createDirectories(order.folder());
        try (Servers servers = new Servers(order.folder());
                Members members =
                        new Members(order, servers, NO_PROVIDER, KEY, 0, List.of(), Map.of())) {
            members.startAll();
            return new IdleRun(members, servers.database(), length).run(workspaces);
        }
    }

    private Outcome run(int workspaces) throws InterruptedException {
        Map<String, Object> figures = new LinkedHashMap<>();
        figures.put("workspaces", workspaces);
        figures.put("seconds", length.toSeconds());
        Thread.sleep(SETTLED);
        look("withOneWorkspace", figures);
        Tenants tenants = new Tenants(database.jdbcUrl(), database.username(), database.password());
        tenants.make(workspaces, PEOPLE);
        owner.sql("DELETE FROM contact_change").update();
        segments();
        tenants.settle();
        TenantsRun.say("%,d workspaces are there, each with a segment", workspaces);
        long begin = System.nanoTime();
        long waiting = unknown();
        while (waiting > 0 && System.nanoTime() - begin < PATIENCE.toNanos()) {
            Thread.sleep(POLL_MILLIS);
            waiting = unknown();
        }
        figures.put("secondsUntilAllWereLookedAt", rounded((System.nanoTime() - begin) / 1e9));
        Thread.sleep(SETTLED);
        look("withMany", figures);
        return new Outcome(
                waiting == 0 ? List.of() : List.of(waiting + " segments were never looked at"),
                figures);
    }

    /** Each tenth counts days. */
    private void segments() {
        owner.sql(
                        """
                        INSERT INTO segment (workspace_id, name, rule, status, seen_tx, refreshed_at, counted_at, counted_zone)
                        SELECT w.id, 'All the time',
                               CASE WHEN w.id % 10 = 0
                                    THEN jsonb '{"field": "createdAt", "op": "withinDays", "value": 30}'
                                    ELSE jsonb '{"field": "city", "op": "equals", "value": "City7"}' END,
                               'READY', contact_change_horizon(), now() - interval '6 minutes', now(), w.time_zone
                          FROM workspace w
                        """)
                .update();
    }

    private long unknown() {
        return owner.sql("SELECT count(*) FROM segment WHERE turns_at = '-infinity'")
                .query(Long.class)
                .single();
    }

    private record Work(Cpu cpu, long transactions, long rowsRead, long walBytes) {}

    private Work work() {
        return owner.sql(
                        """
                        SELECT d.xact_commit + d.xact_rollback AS transactions, d.tup_returned + d.tup_fetched AS rows,
                               CAST(pg_current_wal_lsn() - '0/0' AS bigint) AS wal
                          FROM pg_stat_database d WHERE d.datname = current_database()
                        """)
                .query(
                        (row, _) ->
                                new Work(
                                        Cpu.now(database, members),
                                        row.getLong("transactions"),
                                        row.getLong("rows"),
                                        row.getLong("wal")))
                .single();
    }

    private void look(String prefix, Map<String, Object> figures) throws InterruptedException {
        Work before = work();
        long begin = System.nanoTime();
        Thread.sleep(length);
        Work after = work();
        double seconds = (System.nanoTime() - begin) / 1e9;
        Cpu used = after.cpu().minus(before.cpu());
        figures.put(prefix + "NodePercentOfACore", rounded(PERCENT * used.node() / seconds));
        figures.put(
                prefix + "PostgresPercentOfACore", rounded(PERCENT * used.postgres() / seconds));
        figures.put(
                prefix + "TransactionsPerSecond",
                rounded((after.transactions() - before.transactions()) / seconds));
        figures.put(
                prefix + "RowsReadPerSecond",
                rounded((after.rowsRead() - before.rowsRead()) / seconds));
        figures.put(
                prefix + "WalBytesPerSecond",
                rounded((after.walBytes() - before.walBytes()) / seconds));
    }
}
