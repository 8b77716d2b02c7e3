package io.mailgenius.bench.chaos;

import static io.mailgenius.bench.chaos.WebhookRun.rounded;

import io.mailgenius.bench.chaos.CampaignLauncher.Drafted;
import io.mailgenius.bench.chaos.CampaignLauncher.Launched;
import io.mailgenius.bench.load.CampaignCensus;
import io.mailgenius.bench.load.CountingProvider;
import io.mailgenius.bench.load.Latencies;
import io.mailgenius.bench.load.MailsPerPerson;
import io.mailgenius.bench.load.Tenants;
import io.mailgenius.bench.load.Tenants.Tenant;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.util.FileSystemUtils;

/** Many workspaces send a campaign each at the same time; measures when the last one is sent. */
public final class TenantsRun {

    private static final String KEY = "key-of-the-tenants-test";
    private static final int WARM_PEOPLE = 200;

    /** Only two, because the warm-up must not be the measured load. */
    private static final int WARM_CLIENTS = 2;

    private static final long PROBES_PER_SECOND = 20;
    private static final long POLL_MILLIS = 200;
    private static final long TELL_NANOS = 5_000_000_000L;

    private final Plan plan;
    private final Order order;
    private final Servers servers;
    private final Members members;
    private final MailsPerPerson people;
    private final CountingProvider provider;
    private final CampaignCensus census;
    private boolean stuck;

    /**
     * @param workspaces with a campaign each
     * @param recipients per campaign
     * @param nodes with all roles
     * @param pool connections per node; 0 for the default
     * @param clients that launch concurrently
     * @param warm campaigns for the warm-up, two at a time
     * @param scheduled whether all are scheduled for the same minute instead of sent at once
     * @param patience after which a run without progress counts as failed
     */
    public record Plan(
            int workspaces,
            int recipients,
            int nodes,
            int pool,
            int clients,
            int warm,
            boolean scheduled,
            Duration patience) {}

    private TenantsRun(
            Plan plan,
            Order order,
            Servers servers,
            Members members,
            MailsPerPerson people,
            CountingProvider provider,
            CampaignCensus census) {
        this.plan = plan;
        this.order = order;
        this.servers = servers;
        this.members = members;
        this.people = people;
        this.provider = provider;
        this.census = census;
    }

    public static ChaosOutcome run(Order order, Plan plan)
            throws IOException, InterruptedException {
        FileSystemUtils.deleteRecursively(order.folder());
        Files.createDirectories(order.folder());
        MailsPerPerson people =
                new MailsPerPerson(plan.workspaces * plan.recipients + plan.warm * WARM_PEOPLE);
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
            for (int n = 0; n < plan.nodes; n++) {
                members.startAll();
            }
            ChaosDatabase database = servers.database();
            try (CampaignCensus census =
                    new CampaignCensus(
                            database.jdbcUrl(), database.username(), database.password())) {
                return new TenantsRun(plan, order, servers, members, people, provider, census)
                        .run();
            }
        }
    }

    private ChaosOutcome run() throws IOException, InterruptedException {
        ChaosDatabase database = servers.database();
        Tenants tenants = new Tenants(database.jdbcUrl(), database.username(), database.password());
        List<Tenant> all = tenants.make(plan.workspaces, plan.recipients);
        List<Tenant> others = tenants.make(plan.warm, WARM_PEOPLE);
        tenants.settle();
        say("%,d workspaces are there, each with %,d contacts", all.size(), plan.recipients);
        warm(others);
        CampaignLauncher launcher = new CampaignLauncher(url(), plan.clients, plan.patience);
        long begin = System.nanoTime();
        List<Drafted> drafted = launcher.draft(all);
        double drafting = (System.nanoTime() - begin) / 1e9;
        Instant at = plan.scheduled ? minute(drafting) : null;
        Map<String, Object> figures = new LinkedHashMap<>();
        figures.put("workspaces", plan.workspaces);
        figures.put("recipients", plan.recipients);
        figures.put("nodes", plan.nodes);
        figures.put("pool", plan.pool == 0 ? "default" : plan.pool);
        figures.put("scheduled", plan.scheduled);
        figures.put("draftsPerSecond", Math.round(all.size() / drafting));
        Cpu before = Cpu.now(database, members);
        Random random = new Random(order.seed());
        ApiProbe probe =
                new ApiProbe(url(), PROBES_PER_SECOND, number -> question(drafted, random, number));
        Launched launched;
        Map<Long, Instant> sentAt;
        try (Gauges gauges = new Gauges(census)) {
            if (at == null) {
                probe.start();
            }
            try (probe) {
                launched = launcher.launch(drafted, at);
                say(
                        "%,d launches in %.1f s, %.1f a second",
                        all.size(), launched.seconds(), all.size() / launched.seconds());
                if (at != null) {
                    Thread.sleep(Duration.between(Instant.now(), at));
                    probe.start();
                }
                awaitSent(all.size() + others.size(), at);
                sentAt = census.sentAt();
            }
            launches(figures, launched, launcher);
            sends(figures, drafted, launched, sentAt, at);
            probe.tell(figures);
            gauges.tell(figures, members);
        }
        Cpu used = Cpu.now(database, members).minus(before);
        figures.put("cpuSecondsOfNode", rounded(used.node()));
        figures.put("cpuSecondsOfPostgres", rounded(used.postgres()));
        figures.put("cpuSecondsOfClients", rounded(used.sender()));
        return outcome(all, figures);
    }

    /**
     * Nearly sequential, because the JIT compiler is still busy on a node that was just started.
     */
    private void warm(List<Tenant> others) throws IOException, InterruptedException {
        CampaignLauncher launcher = new CampaignLauncher(url(), WARM_CLIENTS, plan.patience);
        for (int n = 0; n < others.size(); n += WARM_CLIENTS) {
            List<Tenant> some = others.subList(n, Math.min(others.size(), n + WARM_CLIENTS));
            launcher.launch(launcher.draft(some), null);
            awaitSent(n + some.size(), null);
            if (stuck) {
                throw new IOException("The warm-up came to no end: " + census.statuses());
            }
        }
    }

    private static ApiProbe.Question question(List<Drafted> drafted, Random random, long number) {
        Drafted one = drafted.get(random.nextInt(drafted.size()));
        return new ApiProbe.Question(
                one.tenant().key(),
                number % 2 == 0 ? "/api/v1/campaigns/" + one.id() : "/api/v1/contacts?limit=50");
    }

    /** The first full minute for which all of them can be scheduled. */
    private static Instant minute(double drafting) {
        Instant ready = Instant.now().plusSeconds(15 + Math.round(2 * drafting));
        return ready.truncatedTo(ChronoUnit.MINUTES).plus(1, ChronoUnit.MINUTES);
    }

    private URI url() {
        return Objects.requireNonNull(members.all().getFirst().url());
    }

    private void awaitSent(long campaigns, @Nullable Instant at) throws InterruptedException {
        long moved = System.nanoTime();
        long told = moved;
        Map<String, Long> before = Map.of();
        long mailsBefore = 0;
        while (!stuck) {
            Map<String, Long> statuses = census.statuses();
            long ended =
                    statuses.entrySet().stream()
                            .filter(TenantsRun::ended)
                            .mapToLong(Map.Entry::getValue)
                            .sum();
            if (ended >= campaigns) {
                return;
            }
            long now = System.nanoTime();
            boolean early = at != null && Instant.now().isBefore(at);
            if (early || !statuses.equals(before) || provider.mails() != mailsBefore) {
                moved = now;
            }
            before = statuses;
            mailsBefore = provider.mails();
            if (now - told > TELL_NANOS) {
                told = now;
                say("%,d mails, campaigns %s", mailsBefore, statuses);
            }
            stuck = now - moved > plan.patience.toNanos();
            Thread.sleep(POLL_MILLIS);
        }
    }

    private static boolean ended(Map.Entry<String, Long> status) {
        return switch (status.getKey()) {
            case "SENT", "FAILED", "CANCELLED" -> true;
            default -> false;
        };
    }

    private static void launches(
            Map<String, Object> figures, Launched launched, CampaignLauncher launcher) {
        figures.put("launchSeconds", rounded(launched.seconds()));
        figures.put(
                "launchesPerSecond",
                rounded(launched.latencies().sorted().length / launched.seconds()));
        figures.put("launchP50Millis", launched.latencies().percentile(50));
        figures.put("launchP95Millis", launched.latencies().percentile(95));
        figures.put("launchesRefused", launcher.refused());
        figures.put("launchesUnanswered", launcher.unanswered());
    }

    /** Of campaigns with status SENT; others are complaints. */
    private static void sends(
            Map<String, Object> figures,
            List<Drafted> drafted,
            Launched launched,
            Map<Long, Instant> sentAt,
            @Nullable Instant at) {
        List<Long> nanos = new ArrayList<>();
        Instant first = Instant.MAX;
        Instant lastAsked = Instant.MIN;
        Instant last = Instant.MIN;
        for (Drafted one : drafted) {
            Instant asked = Objects.requireNonNullElse(at, launched.asked().get(one.id()));
            Instant sent = sentAt.get(one.id());
            first = asked.isBefore(first) ? asked : first;
            lastAsked = asked.isAfter(lastAsked) ? asked : lastAsked;
            if (sent != null) {
                nanos.add(Duration.between(asked, sent).toNanos());
                last = sent.isAfter(last) ? sent : last;
            }
        }
        figures.put("sentCampaigns", nanos.size());
        if (!nanos.isEmpty()) {
            figures.put("secondsUntilLastSent", seconds(first, last));
            figures.put("secondsFromLastLaunchToLastSent", seconds(lastAsked, last));
            Latencies all = Latencies.of(nanos.stream().mapToLong(Long::longValue).toArray(), 1);
            figures.put("launchToSentP50Seconds", rounded(all.percentile(50) / 1e3));
            figures.put("launchToSentP95Seconds", rounded(all.percentile(95) / 1e3));
            figures.put("launchToSentP99Seconds", rounded(all.percentile(99) / 1e3));
        }
    }

    private static double seconds(Instant from, Instant to) {
        return rounded(Duration.between(from, to).toMillis() / 1e3);
    }

    private ChaosOutcome outcome(List<Tenant> all, Map<String, Object> figures)
            throws IOException, InterruptedException {
        int mailed = all.getLast().firstPerson() + all.getLast().people();
        long missing = people.missing(0, mailed, 1);
        long doubled = people.doubled(0, mailed, 1);
        Map<String, Long> statuses = census.statuses();
        figures.put("mailsAtProvider", provider.mails());
        figures.put("missing", missing);
        figures.put("doubled", doubled);
        figures.put("strangers", people.strangers());
        figures.put("batchesRepeated", people.repeatedBatches());
        figures.put("statuses", statuses);
        List<String> complaints = new ArrayList<>();
        if (stuck) {
            Path dump = order.folder().resolve("threads.txt");
            members.all().getFirst().dumpThreads(dump);
            complaints.add(
                    "Nothing moved any more for %s: campaigns %s; the threads of the node are in %s"
                            .formatted(plan.patience, statuses, dump));
        }
        if (!statuses.keySet().equals(Set.of("SENT"))) {
            complaints.add("Not all campaigns are SENT: " + statuses);
        }
        if (missing != 0) {
            complaints.add("%,d people got no mail".formatted(missing));
        }
        if (doubled != 0) {
            complaints.add("%,d people got more than one mail".formatted(doubled));
        }
        if (people.strangers() != 0) {
            complaints.add("%,d mails went to strangers".formatted(people.strangers()));
        }
        return new ChaosOutcome(complaints, figures);
    }

    static void say(String format, Object... values) {
        System.err.println(String.format(Locale.ROOT, format, values));
    }
}
