package io.mailgenius.api.chaos;

import io.mailgenius.jobs.chaos.FailingProvider;
import io.mailgenius.jobs.chaos.Verdict;
import io.mailgenius.jobs.chaos.Verifier;
import io.mailgenius.jobs.chaos.Whim;
import io.mailgenius.jobs.chaos.Whims;
import io.mailgenius.jobs.chaos.Witness;
import io.mailgenius.schema.EmbeddedDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.util.FileSystemUtils;

/** Sends a campaign through real nodes, and lets none of them do it in peace. */
public final class Chaos {

    private static final String KEY = "key-of-the-chaos-test";
    private static final int MANAGERS = 2;
    private static final int WORKERS = 3;
    private static final long POLL_MILLIS = 100;
    private static final Duration BEGINS_WITHIN = Duration.ofMinutes(3);

    private final Order order;
    private final Path accepted;

    private Chaos(Order order) {
        this.order = order;
        this.accepted = order.folder().resolve("accepted.tsv");
    }

    /** Ends when the job has ended, or has not moved for minutes. */
    public static Report run(Order order) throws IOException, InterruptedException {
        FileSystemUtils.deleteRecursively(order.folder());
        Files.createDirectories(order.folder());
        return new Chaos(order).run();
    }

    private Report run() throws IOException, InterruptedException {
        try (Servers servers = new Servers(order.folder());
                FailingProvider provider = FailingProvider.start(accepted, whims());
                Members members = new Members(order, servers, provider.url(), KEY)) {
            Instant start = Instant.now();
            for (int n = 0; n < MANAGERS; n++) {
                members.start(Members.MANAGER);
            }
            for (int n = 0; n < WORKERS; n++) {
                members.start(Members.WORKER);
            }
            Mailing mailing = new Mailing(members, KEY);
            mailing.contacts(order.mails(), order.seed(), order.folder());
            say("%,d contacts are there after %d s", order.mails(), secondsSince(start));
            return sendAndVerify(servers, provider, members, mailing);
        }
    }

    private Report sendAndVerify(
            Servers servers, FailingProvider provider, Members members, Mailing mailing)
            throws IOException, InterruptedException {
        Plan plan = Plan.of(order);
        EmbeddedDatabase db = servers.database();
        long campaign = mailing.send();
        try (Watch watch =
                new Watch(
                        new Witness(db.jdbcUrl(), db.username(), db.password()),
                        provider,
                        campaign,
                        order,
                        plan.faults().size())) {
            watch.start();
            Instant begun = begun(watch);
            Injector injector = new Injector(members, servers, watch);
            try (injector) {
                injector.inject(plan, begun);
            }
            double seconds = Duration.between(begun, Instant.now()).toMillis() / 1000.0;
            List<String> complaints = new ArrayList<>(injector.complaints());
            if (watch.stuck()) {
                complaints.add("Nothing moved any more: " + watch.now());
            }
            Mailing.Counts counts = mailing.counts(campaign);
            if (!counts.status().equals("SENT")) {
                complaints.add(
                        "The campaign is %s, %s: %s"
                                .formatted(
                                        counts.status(),
                                        counts.problem(),
                                        firstLine(watch.now().error())));
            }
            complaints.addAll(members.leave());
            // Now nothing can be added to the file any more.
            provider.close();
            Verdict verdict =
                    new Verifier(accepted, db.jdbcUrl(), db.username(), db.password())
                            .verify(campaign);
            complaints.addAll(verdict.complaints(counts.recipients(), counts.sent()));
            return new Reporter(order, begun, watch.incidents(), members.all())
                    .report(verdict, counts, provider, injector, seconds, complaints);
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

    /** An answer that never comes costs half a minute, which a short run has not. */
    private Whims whims() {
        return new Whims(
                order.seed(),
                Map.of(
                        Whim.ERROR, 15,
                        Whim.BUSY, 10,
                        Whim.TOO_FAST, 10,
                        Whim.ERROR_AFTER, 10,
                        Whim.CUT_AFTER, 15,
                        Whim.SLOW_AFTER, order.course() instanceof Course.Few ? 0 : 1));
    }

    private static long secondsSince(Instant moment) {
        return Duration.between(moment, Instant.now()).toSeconds();
    }

    private static void say(String format, Object... values) {
        System.err.println(format.formatted(values));
    }
}
