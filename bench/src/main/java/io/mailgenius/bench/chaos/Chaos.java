package io.mailgenius.bench.chaos;

import io.mailgenius.bench.provider.FailingProvider;
import io.mailgenius.bench.provider.ProviderFault;
import io.mailgenius.bench.provider.ProviderFaults;
import io.mailgenius.bench.verify.LedgerObserver;
import io.mailgenius.bench.verify.LedgerSnapshot;
import io.mailgenius.bench.verify.Verdict;
import io.mailgenius.bench.verify.Verifier;
import io.mailgenius.schema.ChunkState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.util.FileSystemUtils;

/** Sends campaigns through real nodes while injecting faults. */
public final class Chaos {

    private static final String KEY = "key-of-the-chaos-test";
    private static final int MANAGERS = 2;
    private static final int WORKERS = 3;
    private static final long POLL_MILLIS = 100;
    private static final Duration BEGINS_WITHIN = Duration.ofMinutes(3);

    /** The size of a disk that can be filled: PostgreSQL, and the data of the mails. */
    private static final long DISK_MEGABYTES = 1_024;

    private static final long MAILS_A_MEGABYTE = 200;

    private static final Duration LEASE = Duration.ofSeconds(10);

    private final Order order;
    private final @Nullable BusyWorkspaces busyWorkspaces;
    private final Path accepted;

    private Chaos(Order order, @Nullable BusyWorkspaces busyWorkspaces) {
        this.order = order;
        this.busyWorkspaces = busyWorkspaces;
        this.accepted = order.folder().resolve("accepted.tsv");
    }

    /** Ends when the job has ended, or has made no progress for minutes. */
    public static Report run(Order order) throws IOException, InterruptedException {
        return run(order, null);
    }

    /**
     * @param busyWorkspaces several campaigns instead of one; their total number of mails is that
     *     of the order
     */
    public static Report run(Order order, @Nullable BusyWorkspaces busyWorkspaces)
            throws IOException, InterruptedException {
        FileSystemUtils.deleteRecursively(order.folder());
        Files.createDirectories(order.folder());
        return new Chaos(order, busyWorkspaces).run();
    }

    private Report run() throws IOException, InterruptedException {
        try (Servers servers = servers();
                FailingProvider provider = FailingProvider.start(accepted, whims());
                Members members = new Members(order, servers, provider.url(), KEY)) {
            Instant start = Instant.now();
            if (full()) {
                members.putBehindRelays();
            }
            for (int n = 0; n < MANAGERS; n++) {
                members.start(Members.MANAGER);
            }
            for (int n = 0; n < WORKERS; n++) {
                members.start(Members.WORKER);
            }
            ChaosMailing mailing = new ChaosMailing(members, KEY);
            ChaosLoad load =
                    busyWorkspaces == null
                            ? new OneCampaign(order, servers, mailing)
                            : new ManyCampaigns(busyWorkspaces, servers, members, mailing);
            load.prepare();
            say("All contacts are there after %d s", secondsSince(start));
            return sendAndVerify(servers, provider, members, load);
        }
    }

    private Report sendAndVerify(
            Servers servers, FailingProvider provider, Members members, ChaosLoad load)
            throws IOException, InterruptedException {
        ChaosPlan plan = ChaosPlan.of(order);
        ChaosDatabase db = servers.database();
        List<Long> campaigns = load.send();
        LedgerObserver ledgerObserver =
                new LedgerObserver(servers.jdbcUrl(), db.username(), db.password());
        try (Watch watch =
                        new Watch(
                                ledgerObserver, provider, campaigns, order, plan.faults().size());
                SignsOfLife signs =
                        new SignsOfLife(
                                members, ledgerObserver, watch, provider, LEASE, order.mails());
                Canaries canaries = new Canaries(load.another(), members, ledgerObserver)) {
            watch.start();
            Instant begun = begun(watch);
            signs.start();
            if (full()) {
                canaries.start();
            }
            Injector injector = new Injector(members, servers, provider, watch);
            try (injector) {
                injector.inject(plan, begun);
            }
            double seconds = Duration.between(begun, Instant.now()).toMillis() / 1000.0;
            List<String> complaints = new ArrayList<>(injector.complaints());
            if (watch.stuck()) {
                complaints.add("Nothing moved any more: " + standing(watch.now()));
                dumpThreads(members);
            }
            List<ChaosMailing.Counts> counts = load.counts();
            for (ChaosMailing.Counts one : counts) {
                if (!one.status().equals("SENT")) {
                    complaints.add(
                            "A campaign is %s, %s: %s"
                                    .formatted(
                                            one.status(),
                                            one.problem(),
                                            firstLine(watch.now().error())));
                }
            }
            canaries.end();
            complaints.addAll(members.leave());
            // From now on the file does not change.
            provider.close();
            Verifier verifier =
                    new Verifier(accepted, servers.jdbcUrl(), db.username(), db.password());
            List<Verdict> verdicts = new ArrayList<>();
            for (int n = 0; n < campaigns.size(); n++) {
                Verdict verdict = verifier.verifyAmongOthers(campaigns.get(n));
                complaints.addAll(
                        verdict.complaints(counts.get(n).recipients(), counts.get(n).sent()));
                verdicts.add(verdict);
            }
            Verdict all = Verdict.sum(verdicts);
            Map<String, Object> life = new LinkedHashMap<>();
            life.put("campaigns", campaigns.size());
            long accepted = all.accepted() + canaries.tell(verifier, life, complaints);
            if (accepted != provider.accepted()) {
                complaints.add(
                        String.format(
                                Locale.ROOT,
                                "The provider accepted %,d mails, of which %,d are of these"
                                        + " campaigns",
                                provider.accepted(),
                                accepted));
            }
            signs.tell(life, complaints);
            return new Reporter(order, begun, watch.incidents(), members.all())
                    .report(all, counts, provider, injector, seconds, life, complaints);
        }
    }

    private Servers servers() throws IOException, InterruptedException {
        if (!order.course().needsSpares()) {
            return new Servers(order.folder());
        }
        Servers servers =
                Servers.withSpares(
                        order.folder(), DISK_MEGABYTES + order.mails() / MAILS_A_MEGABYTE);
        servers.failover().prepare();
        return servers;
    }

    /** Whether all kinds of faults fit; the short form in the test suite takes a minute. */
    private boolean full() {
        return order.course() instanceof Course.Many || order.course() instanceof Course.Rounds;
    }

    private static String standing(LedgerSnapshot ledgerSnapshot) {
        return String.format(
                Locale.ROOT,
                "%d of %d jobs live, chunks ready %d, claimed %d, done %d",
                ledgerSnapshot.jobs().stream().filter(LedgerSnapshot.JobSeen::alive).count(),
                ledgerSnapshot.jobs().size(),
                ledgerSnapshot.count(ChunkState.READY),
                ledgerSnapshot.count(ChunkState.CLAIMED),
                ledgerSnapshot.count(ChunkState.DONE));
    }

    /** For diagnosis. */
    private void dumpThreads(Members members) throws IOException, InterruptedException {
        for (Member member : members.all()) {
            if (member.process().isAlive()) {
                member.dumpThreads(order.folder().resolve(member.name() + ".threads.txt"));
            }
        }
    }

    private static String firstLine(@Nullable String text) {
        return text == null ? "" : text.lines().findFirst().orElse("");
    }

    private static Instant begun(Watch watch) throws InterruptedException {
        for (Instant end = Instant.now().plus(BEGINS_WITHIN); Instant.now().isBefore(end); ) {
            var begun = watch.begun();
            if (begun.isPresent()) {
                return begun.get();
            }
            Thread.sleep(POLL_MILLIS);
        }
        throw new IllegalStateException("No chunk was taken within " + BEGINS_WITHIN);
    }

    /** A short run has no time for responses that never come. */
    private ProviderFaults whims() {
        return new ProviderFaults(
                order.seed(),
                Map.of(
                        ProviderFault.ERROR, 15,
                        ProviderFault.BUSY, 10,
                        ProviderFault.TOO_FAST, 10,
                        ProviderFault.ERROR_AFTER, 10,
                        ProviderFault.CUT_AFTER, 15,
                        ProviderFault.SLOW_AFTER, order.course() instanceof Course.Few ? 0 : 1));
    }

    private static long secondsSince(Instant moment) {
        return Duration.between(moment, Instant.now()).toSeconds();
    }

    private static void say(String format, Object... values) {
        System.err.println(format.formatted(values));
    }
}
