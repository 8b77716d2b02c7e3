package io.mailgenius.bench.chaos;

import io.mailgenius.bench.load.EventCensus;
import io.mailgenius.bench.load.EventHistory;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.springframework.util.FileSystemUtils;

/**
 * Lets a node count a history of events that was inserted at once, and recounts them in plain SQL.
 */
public final class RollupRun {

    private static final String KEY = "key-of-the-rollup-test";
    private static final URI NO_PROVIDER = URI.create("http://localhost:1");
    private static final Duration PATIENCE = Duration.ofMinutes(30);
    private static final long POLL_MILLIS = 200;

    private RollupRun() {}

    public static ChaosOutcome run(Order order, long events)
            throws IOException, InterruptedException {
        FileSystemUtils.deleteRecursively(order.folder());
        Files.createDirectories(order.folder());
        try (Servers servers = new Servers(order.folder());
                Members members =
                        new Members(
                                order,
                                servers,
                                NO_PROVIDER,
                                KEY,
                                0,
                                WebhookRun.OPTIONS,
                                Map.of())) {
            members.startAll();
            ChaosDatabase database = servers.database();
            EventCensus census =
                    new EventCensus(database.jdbcUrl(), database.username(), database.password());
            long workspace = census.contacts(EventHistory.contacts(events));
            System.err.printf(Locale.ROOT, "Making %,d events%n", events);
            long made =
                    new EventHistory(database.jdbcUrl(), database.username(), database.password())
                            .fill(workspace, events);
            Cpu before = Cpu.now(database, members);
            double seconds = census.secondsUntilCounted(PATIENCE, POLL_MILLIS);
            Cpu used = Cpu.now(database, members).minus(before);
            return outcome(census, made, seconds, used, members.all().getFirst());
        }
    }

    private static ChaosOutcome outcome(
            EventCensus census, long events, double seconds, Cpu used, Member node)
            throws IOException {
        long counted = census.countedEvents();
        long wrong = census.wrongLines();
        Map<String, Object> figures = new LinkedHashMap<>();
        figures.put("events", events);
        figures.put("seconds", WebhookRun.rounded(seconds));
        figures.put("eventsPerSecond", Math.round(events / seconds));
        figures.put("cpuSecondsOfNode", WebhookRun.rounded(used.node()));
        figures.put("cpuSecondsOfPostgres", WebhookRun.rounded(used.postgres()));
        figures.put("peakMegabytesOfNode", node.peakMegabytes());
        figures.put("counted", counted);
        figures.put("wrongFigures", wrong);
        List<String> complaints = new ArrayList<>();
        if (counted != events) {
            complaints.add(
                    String.format(
                            Locale.ROOT, "%,d events happened, %,d are counted", events, counted));
        }
        if (wrong != 0) {
            complaints.add(
                    String.format(Locale.ROOT, "%,d figures are not what a recount gives", wrong));
        }
        return new ChaosOutcome(complaints, figures);
    }
}
