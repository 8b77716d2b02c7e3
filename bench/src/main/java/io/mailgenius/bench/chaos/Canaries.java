package io.mailgenius.bench.chaos;

import io.mailgenius.bench.load.Tenants.Tenant;
import io.mailgenius.bench.verify.LedgerObserver;
import io.mailgenius.bench.verify.Verdict;
import io.mailgenius.bench.verify.Verifier;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * Launches a tiny campaign every few seconds during the faults. Otherwise a stuck scheduler would
 * not be noticed, because it does not affect parked jobs.
 */
final class Canaries implements AutoCloseable {

    private static final Duration EVERY = Duration.ofSeconds(5);
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    /** The sum of a store outage of half a minute, a lease, and the permitted recovery time. */
    private static final double TAKEN_WITHIN_SECONDS = 60;

    private final Tenant tenant;
    private final Members members;
    private final LedgerObserver ledgerObserver;
    private final List<Long> launched = new CopyOnWriteArrayList<>();
    private final Thread thread =
            Thread.ofPlatform().daemon().name("canaries").unstarted(this::run);
    private volatile boolean ended;

    Canaries(Tenant tenant, Members members, LedgerObserver ledgerObserver) {
        this.tenant = tenant;
        this.members = members;
        this.ledgerObserver = ledgerObserver;
    }

    void start() {
        thread.start();
    }

    private void run() {
        while (!ended) {
            try {
                Thread.sleep(EVERY);
                URI node = anyManager();
                if (node != null && !ended) {
                    launch(node);
                }
            } catch (InterruptedException closed) {
                return;
            }
        }
    }

    /** A draft whose creation got no response from a dying node is not launched. */
    private void launch(URI node) throws InterruptedException {
        CampaignLauncher launcher = new CampaignLauncher(node, 1, EVERY);
        try {
            List<CampaignLauncher.Drafted> drafted = launcher.draft(List.of(tenant));
            launched.add(drafted.getFirst().id());
            launcher.launch(drafted, null);
        } catch (IOException | IllegalStateException dying) {
            // Launches that succeeded without a response are found in the ledger.
        }
    }

    private @Nullable URI anyManager() {
        return members.up(Members.MANAGER).stream().map(Member::url).findAny().orElse(null);
    }

    /** Stops launching; returns when all launched campaigns have ended, or do not end in time. */
    void end() throws InterruptedException {
        ended = true;
        if (thread.getState() != Thread.State.NEW) {
            thread.join(PATIENCE);
        }
        for (long end = System.nanoTime() + PATIENCE.toNanos();
                ledgerObserver.unfinished(launched) > 0 && System.nanoTime() < end; ) {
            Thread.sleep(500);
        }
    }

    /**
     * @return the number of mails of these campaigns that the provider accepted
     */
    long tell(Verifier verifier, Map<String, Object> figures, List<String> complaints)
            throws IOException {
        List<Double> waits = ledgerObserver.secondsUntilTaken(launched);
        double longest = waits.stream().mapToDouble(Double::doubleValue).max().orElse(0);
        figures.put("canaries", waits.size());
        figures.put("maxSecondsUntilCanaryTaken", WebhookRun.rounded(longest));
        long unfinished = ledgerObserver.unfinished(launched);
        if (longest > TAKEN_WITHIN_SECONDS) {
            complaints.add(
                    String.format(Locale.ROOT, "A launch waited %.1f s for a manager", longest));
        }
        if (unfinished > 0) {
            complaints.add(
                    String.format(
                            Locale.ROOT, "%d of the tiny campaigns are not through", unfinished));
        }
        long accepted = 0;
        List<Verdict> verdicts = new ArrayList<>();
        for (long campaign : ledgerObserver.launched(launched)) {
            Verdict verdict = verifier.verifyAmongOthers(campaign);
            accepted += verdict.accepted();
            verdicts.add(verdict);
        }
        Verdict all = Verdict.sum(verdicts);
        if (unfinished == 0 && !(all.missing().isEmpty() && all.doubled().isEmpty())) {
            complaints.add(
                    String.format(
                            Locale.ROOT,
                            "Of the tiny campaigns %d mails are missing and %d doubled",
                            all.missing().size(),
                            all.doubled().size()));
        }
        return accepted;
    }

    @Override
    public void close() throws InterruptedException {
        ended = true;
        thread.interrupt();
        thread.join();
    }
}
