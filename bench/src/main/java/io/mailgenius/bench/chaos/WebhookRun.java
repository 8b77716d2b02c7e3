package io.mailgenius.bench.chaos;

import io.mailgenius.bench.load.EventCensus;
import io.mailgenius.bench.load.SignedEvents;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.springframework.util.FileSystemUtils;

/**
 * Posts signed events at a rate to a node in a process of its own, and counts the result in the
 * database. With {@code kill} the node is killed halfway, and another one replaces it.
 */
public final class WebhookRun {

    private static final String KEY = "key-of-the-webhook-test";
    private static final URI NO_PROVIDER = URI.create("http://localhost:1");
    private static final long CAMPAIGNS = 20;
    private static final Duration PATIENCE = Duration.ofMinutes(5);
    private static final long POLL_MILLIS = 200;

    /** A node is slow until its code is loaded and compiled: a few seconds at the rate. */
    static final long WARM_UP_SECONDS = 10;

    /** With little memory. */
    static final List<String> OPTIONS = List.of("-Xmx512m");

    private final Plan plan;
    private final Servers servers;
    private final Members members;
    private final EventCensus census;

    /**
     * @param seconds how long to send
     * @param perSecond events
     * @param contacts the number of contacts in the events
     * @param kill whether the receiving node is killed halfway
     */
    public record Plan(long seconds, long perSecond, long contacts, boolean kill) {}

    private WebhookRun(Plan plan, Servers servers, Members members) {
        this.plan = plan;
        this.servers = servers;
        this.members = members;
        ChaosDatabase database = servers.database();
        this.census = new EventCensus(database.jdbcUrl(), database.username(), database.password());
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
                                OPTIONS,
                                Map.of("MAILGENIUS_RESEND_WEBHOOK_SECRET", SignedEvents.SECRET))) {
            return new WebhookRun(plan, servers, members).run();
        }
    }

    private ChaosOutcome run() throws IOException, InterruptedException {
        members.startAll();
        long workspace = census.contacts(plan.contacts);
        long warm = sent(workspace, WARM_UP_SECONDS, 0, false).total();
        Sending sending = sent(workspace, plan.seconds, warm, plan.kill);
        long total = warm + sending.total();
        double current = census.secondsUntilCounted(PATIENCE, POLL_MILLIS);
        Map<String, Object> figures = new LinkedHashMap<>();
        figures.put("events", sending.total());
        figures.put("ratePerSecond", plan.perSecond);
        figures.put("seconds", rounded(sending.loop().seconds()));
        figures.put("eventsPerSecond", Math.round(sending.total() / sending.loop().seconds()));
        figures.put("killed", plan.kill ? 1 : 0);
        sending.tell(figures);
        figures.put("secondsUntilCounted", rounded(current));
        return outcome(total, figures);
    }

    private ChaosOutcome outcome(long total, Map<String, Object> figures) {
        long stored = census.events();
        long lost = total - census.distinctEvents();
        long twice = stored - census.distinctEvents();
        long counted = census.countedEvents();
        long wrong = census.wrongLines();
        figures.put("sentDistinct", total);
        figures.put("stored", stored);
        figures.put("lost", lost);
        figures.put("storedTwice", twice);
        figures.put("counted", counted);
        figures.put("wrongFigures", wrong);
        List<String> complaints = new ArrayList<>();
        complain(complaints, lost != 0, String.format(Locale.ROOT, "%,d events are lost", lost));
        complain(
                complaints,
                twice != 0,
                String.format(Locale.ROOT, "%,d events are stored twice", twice));
        complain(
                complaints,
                counted != total,
                String.format(Locale.ROOT, "%,d events happened, %,d are counted", total, counted));
        complain(
                complaints,
                wrong != 0,
                String.format(Locale.ROOT, "%,d figures are not what a recount gives", wrong));
        return new ChaosOutcome(complaints, figures);
    }

    private static void complain(List<String> complaints, boolean wrong, String complaint) {
        if (wrong) {
            complaints.add(complaint);
        }
    }

    private Sending sent(long workspace, long seconds, long from, boolean kill)
            throws IOException, InterruptedException {
        SignedEvents events =
                new SignedEvents(
                        workspace, CAMPAIGNS, plan.contacts, Instant.now(), plan.perSecond, from);
        return Sending.of(
                events,
                seconds * plan.perSecond,
                plan.perSecond,
                servers,
                members,
                kill ? this::replace : () -> {});
    }

    /** With kill -9, so the state of events without a response is unknown. */
    private void replace() throws IOException, InterruptedException {
        for (Member node : members.all()) {
            node.kill();
        }
        members.start(Members.ALL);
    }

    static double rounded(double value) {
        return Math.round(value * 100) / 100.0;
    }
}
