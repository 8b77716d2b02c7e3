package io.mailgenius.bench.chaos;

import static io.mailgenius.bench.chaos.TenantsRun.say;
import static io.mailgenius.bench.chaos.WebhookRun.rounded;

import io.mailgenius.api.client.Client;
import io.mailgenius.bench.chaos.CampaignLauncher.Drafted;
import io.mailgenius.bench.load.CampaignCensus;
import io.mailgenius.bench.load.CountingProvider;
import io.mailgenius.bench.load.MailsPerPerson;
import io.mailgenius.bench.load.Tenants;
import io.mailgenius.bench.load.Tenants.Tenant;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.springframework.util.FileSystemUtils;

/**
 * Measures how long small jobs wait for large ones: the waiting times of small jobs, alone and
 * beside others.
 */
public final class FairnessRun {

    private static final String KEY = "key-of-the-fairness-test";
    private static final int SMALL_CAMPAIGN = 100;
    private static final long SMALL_IMPORT = 1_000;
    private static final int CROWD_PEOPLE = 200;
    private static final int CLIENTS = 8;
    private static final long PROBES_PER_SECOND = 20;
    private static final int SLOWEST = 5;
    private static final long POLL_MILLIS = 500;
    private static final long SAMPLE_MILLIS = 100;
    private static final long BIG_SEED = 7;

    private final Plan plan;
    private final Order order;
    private final Servers servers;
    private final Members members;
    private final MailsPerPerson people;
    private final CampaignCensus census;
    private final Map<String, Object> figures = new LinkedHashMap<>();
    private final List<String> complaints = new ArrayList<>();
    private long missing;
    private long doubled;

    /**
     * @param rows that one workspace imports
     * @param recipients to whom another one sends
     * @param workspaces that run small campaigns meanwhile
     * @param alone how often a small job runs on the idle node
     * @param campaigns of the workspace with many campaigns; the one with a single campaign sends
     *     as many mails
     * @param recipientsOfEach of those
     * @param pool connections of the node; 0 for the default
     * @param patience after which an unfinished job counts as failed
     */
    public record Plan(
            long rows,
            int recipients,
            int workspaces,
            int alone,
            int campaigns,
            int recipientsOfEach,
            int pool,
            Duration patience) {

        int people() {
            return recipients
                    + workspaces * CROWD_PEOPLE
                    + 2 * SMALL_CAMPAIGN
                    + 1
                    + recipientsOfEach
                    + campaigns * recipientsOfEach;
        }
    }

    private FairnessRun(
            Plan plan,
            Order order,
            Servers servers,
            Members members,
            MailsPerPerson people,
            CampaignCensus census) {
        this.plan = plan;
        this.order = order;
        this.servers = servers;
        this.members = members;
        this.people = people;
        this.census = census;
    }

    public static ChaosOutcome run(Order order, Plan plan)
            throws IOException, InterruptedException {
        FileSystemUtils.deleteRecursively(order.folder());
        Files.createDirectories(order.folder());
        MailsPerPerson people = new MailsPerPerson(plan.people());
        try (CountingProvider provider = CountingProvider.start(people);
                Servers servers = new Servers(order.folder());
                Members members =
                        new Members(
                                order,
                                servers,
                                provider.url(),
                                KEY,
                                0,
                                List.of(),
                                Members.connections(plan.pool))) {
            members.startAll();
            ChaosDatabase db = servers.database();
            try (CampaignCensus census =
                    new CampaignCensus(db.jdbcUrl(), db.username(), db.password())) {
                return new FairnessRun(plan, order, servers, members, people, census).run();
            } catch (ExecutionException e) {
                members.all().getFirst().dumpThreads(order.folder().resolve("threads.txt"));
                throw new IOException(
                        "%s; the node's threads are in %s"
                                .formatted(e.getMessage(), order.folder().resolve("threads.txt")),
                        e.getCause());
            }
        }
    }

    private ChaosOutcome run() throws IOException, InterruptedException, ExecutionException {
        ChaosDatabase db = servers.database();
        Tenants tenants = new Tenants(db.jdbcUrl(), db.username(), db.password());
        Tenant importer = tenants.make(1, 1).getFirst();
        Tenant sender = tenants.make(1, plan.recipients).getFirst();
        List<Tenant> crowd = tenants.make(plan.workspaces, CROWD_PEOPLE);
        Tenant warming = tenants.make(1, SMALL_CAMPAIGN).getFirst();
        Tenant small = tenants.make(1, SMALL_CAMPAIGN).getFirst();
        Tenant many = tenants.make(1, plan.recipientsOfEach).getFirst();
        Tenant single = tenants.make(1, plan.campaigns * plan.recipientsOfEach).getFirst();
        tenants.settle();
        say("All contacts are there");
        figures.put("rows", plan.rows);
        figures.put("recipients", plan.recipients);
        figures.put("workspaces", plan.workspaces);
        try (Gauges gauges = new Gauges(census)) {
            // The JIT compiler is still busy on a node that was just started.
            int warm = alone(warming, "warmUp");
            due(warming, warm);
            figures.remove("warmUp");
            int sentAlone = alone(small, "alone");
            int inTheCrowd = mixed(importer, sender, crowd, small);
            due(small, sentAlone + inTheCrowd);
            due(sender, 1);
            shares(many, single);
            due(many, plan.campaigns);
            due(single, 1);
            gauges.tell(figures, members);
        }
        figures.put("missing", missing);
        figures.put("doubled", doubled);
        complain(missing, "%,d people got fewer mails than they should");
        complain(doubled, "%,d people got more mails than they should");
        Map<String, Long> statuses = census.statuses();
        if (statuses.size() != 1 || !statuses.containsKey("SENT")) {
            complaints.add("Not all campaigns are SENT: " + statuses);
        }
        return new ChaosOutcome(complaints, figures);
    }

    private void complain(long people, String words) {
        if (people > 0) {
            complaints.add(words.formatted(people));
        }
    }

    private void due(Tenant tenant, int mails) {
        int from = tenant.firstPerson();
        missing += people.missing(from, from + tenant.people(), mails);
        doubled += people.doubled(from, from + tenant.people(), mails);
    }

    private URI url() {
        return Objects.requireNonNull(members.all().getFirst().url());
    }

    private ApiProbe probe(Tenant tenant) {
        return new ApiProbe(
                url(),
                PROBES_PER_SECOND,
                number ->
                        new ApiProbe.Question(
                                tenant.key(),
                                number % 2 == 0
                                        ? "/api/v1/campaigns?limit=20"
                                        : "/api/v1/contacts?limit=50"));
    }

    /** Both small jobs at a time, without other load. */
    private int alone(Tenant small, String name)
            throws IOException, InterruptedException, ExecutionException {
        AtomicInteger left = new AtomicInteger(2 * plan.alone);
        return measured(small, name, () -> left.getAndDecrement() > 0);
    }

    private int measured(Tenant small, String name, BooleanSupplier again)
            throws IOException, InterruptedException, ExecutionException {
        SmallJobs jobs = new SmallJobs(url(), small, order.folder(), plan.patience);
        Instant begin = Instant.now();
        ApiProbe probe = probe(small);
        try (ApiProbe asking = probe.start();
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> both =
                    List.of(
                            threads.submit(
                                    () -> {
                                        jobs.sendWhile(again);
                                        return null;
                                    }),
                            threads.submit(
                                    () -> {
                                        jobs.importWhile(SMALL_IMPORT, again);
                                        return null;
                                    }));
            for (Future<?> one : both) {
                one.get();
            }
        }
        Map<String, Object> told = new LinkedHashMap<>();
        jobs.tell(told);
        probe.tell(told);
        told.put("slowest", census.slowest(small.workspace(), begin, SLOWEST));
        figures.put(name, told);
        say("%s: %s", name, told);
        return jobs.sent();
    }

    /** One workspace imports, another sends to all its contacts, and many run small campaigns. */
    private int mixed(Tenant importer, Tenant sender, List<Tenant> crowd, Tenant small)
            throws IOException, InterruptedException, ExecutionException {
        Path file = SmallJobs.rows(order.folder(), plan.rows, BIG_SEED);
        CampaignLauncher launcher = new CampaignLauncher(url(), CLIENTS, plan.patience);
        AtomicBoolean bigOnesEnded = new AtomicBoolean();
        AtomicInteger rounds = new AtomicInteger();
        long begin = System.nanoTime();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
                Client client = new Client(url(), importer.key())) {
            List<Drafted> big = launcher.draft(List.of(sender));
            long id = client.upload("/api/v1/imports", file, Map.of()).path("id").asLong();
            launcher.launch(big, null);
            Future<?> others =
                    threads.submit(
                            () -> {
                                while (!bigOnesEnded.get()) {
                                    List<Drafted> round = launcher.draft(crowd);
                                    launcher.launch(round, null);
                                    rounds.incrementAndGet();
                                    awaitSent(round, bigOnesEnded);
                                }
                                return null;
                            });
            Future<?> watching =
                    threads.submit(
                            () -> {
                                String path = "/api/v1/imports/" + id;
                                awaitEnd(client, path, "importSeconds", begin);
                                try (Client its = new Client(url(), sender.key())) {
                                    String campaign = "/api/v1/campaigns/" + big.getFirst().id();
                                    awaitEnd(its, campaign, "sendSeconds", begin);
                                }
                                bigOnesEnded.set(true);
                                return null;
                            });
            int sent;
            try {
                sent =
                        measured(
                                small,
                                "inTheCrowd",
                                () -> !bigOnesEnded.get() && !watching.isDone());
            } finally {
                bigOnesEnded.set(true);
            }
            watching.get();
            others.get();
            figures.put("crowdCampaigns", rounds.get() * crowd.size());
            awaitQuiet();
            crowd.forEach(tenant -> due(tenant, rounds.get()));
            return sent;
        }
    }

    /** A workspace starts its next campaign when its last one is sent. */
    private void awaitSent(List<Drafted> round, AtomicBoolean noMatter)
            throws InterruptedException {
        List<Long> ids = round.stream().map(Drafted::id).toList();
        while (!noMatter.get() && !census.sentAt().keySet().containsAll(ids)) {
            Thread.sleep(POLL_MILLIS);
        }
    }

    private void awaitEnd(Client client, String path, String figure, long begin)
            throws IOException, InterruptedException {
        long end = System.nanoTime() + 10 * plan.patience.toNanos();
        String status = "";
        while (!List.of("COMPLETED", "SENT").contains(status)) {
            if (System.nanoTime() > end || List.of("FAILED", "PAUSED").contains(status)) {
                throw new IOException(path + " is " + status);
            }
            Thread.sleep(POLL_MILLIS);
            status = client.get(path).path("status").asString();
        }
        figures.put(figure, rounded((System.nanoTime() - begin) / 1e9));
    }

    private void awaitQuiet() throws InterruptedException, IOException {
        for (long end = System.nanoTime() + 10 * plan.patience.toNanos();
                census.statuses().containsKey("SENDING"); ) {
            if (System.nanoTime() > end) {
                throw new IOException("Campaigns are left: " + census.statuses());
            }
            Thread.sleep(POLL_MILLIS);
        }
    }

    /**
     * One workspace has many campaigns, and another a single one to as many people. While both have
     * work left, each must get half of the mails.
     */
    private void shares(Tenant many, Tenant single) throws IOException, InterruptedException {
        CampaignLauncher launcher = new CampaignLauncher(url(), CLIENTS, plan.patience);
        List<Drafted> ofMany = launcher.draft(Collections.nCopies(plan.campaigns, many));
        List<Drafted> one = launcher.draft(List.of(single));
        launcher.launch(ofMany, null);
        launcher.launch(one, null);
        long begin = System.nanoTime();
        long total = (long) plan.campaigns * plan.recipientsOfEach;
        long before = mails(many);
        long byMany = before;
        long bySingle = 0;
        double first = 0;
        List<List<Object>> series = new ArrayList<>();
        for (long end = begin + 10 * plan.patience.toNanos(); System.nanoTime() < end; ) {
            byMany = mails(many);
            bySingle = mails(single);
            double seconds = rounded((System.nanoTime() - begin) / 1e9);
            series.add(List.of(seconds, byMany, bySingle));
            first = first == 0 && bySingle > 0 ? seconds : first;
            if (byMany >= total || bySingle >= total) {
                break;
            }
            Thread.sleep(SAMPLE_MILLIS);
        }
        long both = byMany - before + bySingle;
        Map<String, Object> told = new LinkedHashMap<>();
        told.put("campaigns", plan.campaigns);
        told.put("mailsOfMany", byMany - before);
        told.put("mailsOfSingle", bySingle);
        told.put("shareOfSingle", both == 0 ? 0 : rounded((double) bySingle / both));
        told.put("secondsUntilFirstOfSingle", first);
        told.put("secondsManySingle", thinned(series));
        figures.put("shares", told);
        awaitQuiet();
    }

    private long mails(Tenant tenant) {
        return people.mails(tenant.firstPerson(), tenant.firstPerson() + tenant.people());
    }

    /** Ten points of the series. */
    private static List<List<Object>> thinned(List<List<Object>> series) {
        int step = Math.max(1, series.size() / 10);
        List<List<Object>> some = new ArrayList<>();
        for (int n = 0; n < series.size(); n += step) {
            some.add(series.get(n));
        }
        return some;
    }
}
