package io.mailgenius.bench.chaos;

import static io.mailgenius.bench.chaos.WebhookRun.rounded;

import io.mailgenius.bench.load.IdleCensus;
import io.mailgenius.bench.load.Tenants;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.springframework.util.FileSystemUtils;

/**
 * Measures the work of an idle node: with a single workspace, and with many, each with contacts and
 * a segment.
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
    private final ChaosDatabase database;
    private final IdleCensus census;
    private final Duration length;

    private IdleRun(Members members, ChaosDatabase database, Duration length) {
        this.members = members;
        this.database = database;
        this.length = length;
        this.census = new IdleCensus(database.jdbcUrl(), database.username(), database.password());
    }

    /**
     * @param workspaces besides the first one
     * @param length of each measurement
     */
    public static ChaosOutcome run(Order order, int workspaces, Duration length)
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

    private ChaosOutcome run(int workspaces) throws InterruptedException {
        Map<String, Object> figures = new LinkedHashMap<>();
        figures.put("workspaces", workspaces);
        figures.put("seconds", length.toSeconds());
        Thread.sleep(SETTLED);
        look("withOneWorkspace", figures);
        Tenants tenants = new Tenants(database.jdbcUrl(), database.username(), database.password());
        tenants.make(workspaces, PEOPLE);
        census.makeSegments();
        tenants.settle();
        TenantsRun.say("%,d workspaces are there, each with a segment", workspaces);
        long begin = System.nanoTime();
        long waiting = census.neverLookedAt();
        while (waiting > 0 && System.nanoTime() - begin < PATIENCE.toNanos()) {
            Thread.sleep(POLL_MILLIS);
            waiting = census.neverLookedAt();
        }
        figures.put("secondsUntilAllWereLookedAt", rounded((System.nanoTime() - begin) / 1e9));
        Thread.sleep(SETTLED);
        look("withMany", figures);
        return new ChaosOutcome(
                waiting == 0 ? List.of() : List.of(waiting + " segments were never looked at"),
                figures);
    }

    private void look(String prefix, Map<String, Object> figures) throws InterruptedException {
        Cpu cpu = Cpu.now(database, members);
        IdleCensus.Work before = census.work();
        long begin = System.nanoTime();
        Thread.sleep(length);
        IdleCensus.Work work = census.work().minus(before);
        double seconds = (System.nanoTime() - begin) / 1e9;
        Cpu used = Cpu.now(database, members).minus(cpu);
        figures.put(prefix + "NodePercentOfACore", rounded(PERCENT * used.node() / seconds));
        figures.put(
                prefix + "PostgresPercentOfACore", rounded(PERCENT * used.postgres() / seconds));
        figures.put(prefix + "TransactionsPerSecond", rounded(work.transactions() / seconds));
        figures.put(prefix + "RowsReadPerSecond", rounded(work.rows() / seconds));
        figures.put(prefix + "WalBytesPerSecond", rounded(work.walBytes() / seconds));
    }
}
