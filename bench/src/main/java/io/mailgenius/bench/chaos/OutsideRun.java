package io.mailgenius.bench.chaos;

import io.mailgenius.bench.load.CountingReceiver;
import io.mailgenius.bench.load.EventCensus;
import io.mailgenius.bench.load.NumberedMails;
import io.mailgenius.bench.load.NumberedRequests;
import io.mailgenius.bench.load.OutsideCensus;
import io.mailgenius.bench.load.ReportedActivities;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.springframework.util.FileSystemUtils;

/**
 * What comes from other systems and goes to them, with a node in a process of its own: events in,
 * transactional mails out, webhooks out. With {@code kill} the node is killed halfway, and another
 * one replaces it; what counts is what the other side has seen.
 */
public final class OutsideRun implements AutoCloseable {

    private static final String KEY = "key-of-the-outside-test";
    private static final long CONTACTS = 200_000;
    private static final Duration PATIENCE = Duration.ofMinutes(5);
    private static final long POLL_MILLIS = 50;
    private static final double MILLIS = 1e6;

    private final CountingReceiver receiver;
    private final Servers servers;
    private final Members members;
    private final OutsideCensus census;
    private final EventCensus contacts;

    private OutsideRun(Order order, int rate) throws IOException {
        FileSystemUtils.deleteRecursively(order.folder());
        Files.createDirectories(order.folder());
        this.receiver = CountingReceiver.start();
        this.servers = new Servers(order.folder());
        this.members =
                new Members(
                        order,
                        servers,
                        receiver.url(),
                        KEY,
                        rate,
                        WebhookRun.OPTIONS,
                        Map.of("MAILGENIUS_WEBHOOKS_TO_PRIVATE_ADDRESSES", "true"));
        ChaosDatabase database = servers.database();
        this.census =
                new OutsideCensus(database.jdbcUrl(), database.username(), database.password());
        this.contacts =
                new EventCensus(database.jdbcUrl(), database.username(), database.password());
    }

    /** What a run was like, beside its figures. */
    private record Findings(Map<String, Object> figures, List<String> complaints) {

        Findings() {
            this(new LinkedHashMap<>(), new ArrayList<>());
        }

        void require(boolean right, String complaint) {
            if (!right) {
                complaints.add(complaint);
            }
        }

        ChaosOutcome outcome() {
            return new ChaosOutcome(complaints, figures);
        }
    }

    /**
     * @param perSecond activities
     * @param batch activities in a request
     */
    public static ChaosOutcome eventsIn(
            Order order, long seconds, long perSecond, int batch, boolean kill)
            throws IOException, InterruptedException {
        try (OutsideRun run = new OutsideRun(order, 0)) {
            return run.eventsIn(seconds, perSecond, batch, kill);
        }
    }

    private ChaosOutcome eventsIn(long seconds, long perSecond, int batch, boolean kill)
            throws IOException, InterruptedException {
        members.startAll();
        contacts.contacts(CONTACTS);
        long requests = Math.max(1, perSecond / batch);
        long warm = requests * WebhookRun.WARM_UP_SECONDS;
        sent(new ReportedActivities(KEY, batch, CONTACTS, 0), warm, requests, false);
        Sending sending =
                sent(
                        new ReportedActivities(KEY, batch, CONTACTS, warm),
                        requests * seconds,
                        requests,
                        kill);
        long total = (warm + sending.total()) * batch;
        long stored = census.activities();
        Findings course = new Findings();
        course.figures.put("events", sending.total() * batch);
        course.figures.put("batch", batch);
        course.figures.put("seconds", WebhookRun.rounded(sending.loop().seconds()));
        course.figures.put(
                "eventsPerSecond", Math.round(sending.total() * batch / sending.loop().seconds()));
        course.figures.put("killed", kill ? 1 : 0);
        sending.tell(course.figures);
        course.figures.put("lost", Math.max(0, total - stored));
        course.figures.put("storedTwice", Math.max(0, stored - total));
        course.require(
                stored == total, "%d events were reported, %d are stored".formatted(total, stored));
        return course.outcome();
    }

    /**
     * @param perSecond mails
     * @param rate requests per second of the provider's account
     * @param recipients of a campaign that runs meanwhile
     */
    public static ChaosOutcome mails(
            Order order, long seconds, long perSecond, int rate, long recipients, boolean kill)
            throws IOException, InterruptedException {
        try (OutsideRun run = new OutsideRun(order, rate)) {
            return run.mails(seconds, perSecond, recipients, kill);
        }
    }

    private ChaosOutcome mails(long seconds, long perSecond, long recipients, boolean kill)
            throws IOException, InterruptedException {
        Member node = members.startAll();
        census.prove(contacts.contacts(recipients));
        try (TenantApi api = new TenantApi(nodeUrl(node))) {
            String location =
                    api.post(
                                    KEY,
                                    "/api/v1/campaigns",
                                    Map.of(
                                            "name", "Meanwhile",
                                            "subject", "News",
                                            "from", "News <news@example.com>",
                                            "html",
                                                    "<p>News. <a href=\"{{ unsubscribe_url }}\">Unsubscribe</a></p>",
                                            "audience", Map.of("all", true)))
                            .location();
            String path = location.substring(location.indexOf("/api/"));
            int launched = api.post(KEY, path + "/send", Map.of()).status();
            if (launched != 202) {
                throw new IOException("The campaign was not launched: " + launched);
            }
        }
        await(() -> receiver.campaignMails() > 1_000);
        long total = seconds * perSecond;
        NumberedMails requests = new NumberedMails(KEY, total);
        long campaignBefore = receiver.campaignMails();
        Sending sending = sent(requests, total, perSecond, kill);
        await(() -> receiver.accepted() == total && census.queuedMails() == 0);
        Findings course = new Findings();
        double[] waits =
                receiver.transactionalMails().entrySet().stream()
                        .mapToDouble(it -> (it.getValue() - requests.asked(it.getKey())) / MILLIS)
                        .sorted()
                        .toArray();
        course.figures.put("mails", total);
        course.figures.put("killed", kill ? 1 : 0);
        course.figures.put("p50MillisToProvider", share(waits, 0.5));
        course.figures.put("p95MillisToProvider", share(waits, 0.95));
        course.figures.put("p99MillisToProvider", share(waits, 0.99));
        course.figures.put("campaignMailsMeanwhile", receiver.campaignMails() - campaignBefore);
        sending.tell(course.figures);
        course.figures.put("lost", total - receiver.accepted());
        course.figures.put("sentTwice", receiver.doubled());
        course.require(receiver.accepted() == total, "mails are lost");
        course.require(receiver.doubled() == 0, "mails were sent twice");
        return course.outcome();
    }

    /**
     * @param number messages to a fast receiver, beside as many to a slow one
     */
    public static ChaosOutcome webhooksOut(Order order, long number, boolean kill)
            throws IOException, InterruptedException {
        try (OutsideRun run = new OutsideRun(order, 0)) {
            return run.webhooksOut(number, kill);
        }
    }

    private ChaosOutcome webhooksOut(long number, boolean kill)
            throws IOException, InterruptedException {
        Member node = members.startAll();
        long workspace = contacts.contacts(1_000);
        endpoint(node, CountingReceiver.FAST);
        long warm = Math.min(number, 5_000);
        census.report(workspace, 0, warm);
        await(() -> receiver.webhooks() == warm);
        endpoint(node, CountingReceiver.SLOW);
        census.report(workspace, warm, number);
        long begin = System.nanoTime();
        Cpu before = Cpu.now(servers.database(), members);
        if (kill) {
            await(() -> receiver.webhooks() > warm + number / 2);
            replace();
        }
        await(() -> receiver.webhooks() == warm + number);
        double took = (System.nanoTime() - begin) / 1e9;
        Cpu cpu = Cpu.now(servers.database(), members).minus(before);
        Findings course = new Findings();
        course.figures.put("webhooks", number);
        course.figures.put("killed", kill ? 1 : 0);
        course.figures.put("seconds", WebhookRun.rounded(took));
        course.figures.put("deliveriesPerSecond", Math.round(number / took));
        course.figures.put("requestsToSlowReceiver", receiver.slowRequests());
        course.figures.put("repeated", receiver.webhookRequests() - receiver.webhooks());
        course.figures.put("cpuSecondsOfNode", WebhookRun.rounded(cpu.node()));
        course.figures.put("cpuSecondsOfPostgres", WebhookRun.rounded(cpu.postgres()));
        course.figures.put("lost", warm + number - receiver.webhooks());
        course.require(receiver.webhooks() == warm + number, "webhooks are lost");
        return course.outcome();
    }

    private void endpoint(Member node, String path) throws IOException {
        try (TenantApi api = new TenantApi(nodeUrl(node))) {
            int created =
                    api.post(
                                    KEY,
                                    "/api/v1/endpoints",
                                    Map.of(
                                            "url",
                                            receiver.url() + path,
                                            "events",
                                            List.of("activity.*")))
                            .status();
            if (created != 201) {
                throw new IOException("The endpoint was not created: " + created);
            }
        }
    }

    private static URI nodeUrl(Member node) throws IOException {
        URI url = node.url();
        if (url == null) {
            throw new IOException("The node has no address");
        }
        return url;
    }

    private Sending sent(NumberedRequests requests, long total, long perSecond, boolean kill)
            throws IOException, InterruptedException {
        return Sending.of(
                requests, total, perSecond, servers, members, kill ? this::replace : () -> {});
    }

    /** With kill -9, so the state of what was not answered is unknown. */
    private void replace() throws IOException, InterruptedException {
        for (Member node : members.all()) {
            node.kill();
        }
        members.start(Members.ALL);
    }

    private static void await(BooleanSupplier condition) throws IOException, InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) {
                return;
            }
            Thread.sleep(POLL_MILLIS);
        }
    }

    private static double share(double[] sorted, double share) {
        return sorted.length == 0
                ? 0
                : WebhookRun.rounded(sorted[(int) (share * (sorted.length - 1))]);
    }

    @Override
    public void close() throws IOException, InterruptedException {
        members.close();
        servers.close();
        receiver.close();
    }
}
