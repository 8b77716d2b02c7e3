package io.mailgenius.bench.chaos;

import io.mailgenius.bench.load.EventCensus;
import io.mailgenius.bench.load.TrackedCampaign;
import io.mailgenius.bench.load.TrackedHits;
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
 * Sends clicks and opens at a rate to a node in a process of its own, and counts the result in the
 * database.
 */
public final class TrackingRun {

    private static final String KEY = "key-of-the-tracking-test";
    private static final URI NO_PROVIDER = URI.create("http://localhost:1");
    private static final long CONTACTS = 200_000;
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final long POLL_MILLIS = 100;

    private final Plan plan;
    private final Servers servers;
    private final Members members;

    /**
     * @param seconds how long to send
     * @param perSecond hits, one in four a click
     */
    public record Plan(long seconds, long perSecond) {}

    private TrackingRun(Plan plan, Servers servers, Members members) {
        this.plan = plan;
        this.servers = servers;
        this.members = members;
    }

    public static ChaosOutcome run(Order order, Plan plan)
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
            return new TrackingRun(plan, servers, members).run();
        }
    }

    private ChaosOutcome run() throws IOException, InterruptedException {
        members.startAll();
        TrackedCampaign campaign = campaign();
        TrackedHits warmUp = campaign.hits(0);
        Sending warm = sent(warmUp, WebhookRun.WARM_UP_SECONDS);
        TrackedHits hits = campaign.hits(warm.total());
        Sending sending = sent(hits, plan.seconds);
        long total = warm.total() + sending.total();
        double seconds = campaign.secondsUntilStored(total, PATIENCE, POLL_MILLIS);
        Map<String, Object> figures = new LinkedHashMap<>();
        figures.put("hits", sending.total());
        figures.put("ratePerSecond", plan.perSecond);
        figures.put("seconds", WebhookRun.rounded(sending.loop().seconds()));
        sending.tell(figures);
        figures.put("secondsUntilStored", WebhookRun.rounded(seconds));
        long repeated = warm.loop().attempts() + sending.loop().attempts() - total;
        return outcome(campaign, total, repeated, warmUp.astray() + hits.astray(), figures);
    }

    private TrackedCampaign campaign() {
        ChaosDatabase database = servers.database();
        long workspace =
                new EventCensus(database.jdbcUrl(), database.username(), database.password())
                        .contacts(CONTACTS);
        return new TrackedCampaign(
                database.jdbcUrl(), database.username(), database.password(), workspace, CONTACTS);
    }

    private Sending sent(TrackedHits hits, long seconds) throws IOException, InterruptedException {
        return Sending.of(
                hits, seconds * plan.perSecond, plan.perSecond, servers, members, () -> {});
    }

    /**
     * @param repeated hits that were repeated without a response; the first may have been accepted
     *     nevertheless
     */
    private static ChaosOutcome outcome(
            TrackedCampaign campaign,
            long total,
            long repeated,
            long astray,
            Map<String, Object> figures) {
        long distinct = campaign.distinct();
        long twice = campaign.stored() - distinct;
        long programs = campaign.takenForPrograms();
        figures.put("sentDistinct", total);
        figures.put("lost", total - distinct);
        figures.put("storedTwice", twice);
        figures.put("sentAstray", astray);
        figures.put("takenForPrograms", programs);
        List<String> complaints = new ArrayList<>();
        if (distinct != total) {
            complaints.add(String.format(Locale.ROOT, "%,d hits are lost", total - distinct));
        }
        if (twice > repeated) {
            complaints.add(String.format(Locale.ROOT, "%,d hits are stored twice", twice));
        }
        if (astray != 0) {
            complaints.add(String.format(Locale.ROOT, "%,d clicks led to the wrong place", astray));
        }
        if (programs != 0) {
            complaints.add(
                    String.format(Locale.ROOT, "%,d people were taken for programs", programs));
        }
        return new ChaosOutcome(complaints, figures);
    }
}
