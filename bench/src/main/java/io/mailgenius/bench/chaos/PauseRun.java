package io.mailgenius.bench.chaos;

import io.mailgenius.api.client.Client;
import io.mailgenius.bench.provider.FailingProvider;
import io.mailgenius.bench.verify.Verdict;
import io.mailgenius.bench.verify.Verifier;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;

/** Pauses and resumes a campaign repeatedly, and checks that every recipient gets one mail. */
public final class PauseRun {

    private static final long POLL_MILLIS = 20;

    /** After this time a paused campaign sends no mails. */
    private static final Duration TAKES_EFFECT = Duration.ofSeconds(2);

    private static final Duration LOOKED_AT = Duration.ofSeconds(4);
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    /** One batch at a time, slow enough that mails are left until the last pause. */
    private static final Duration PACE_OF_ALL = Duration.ofSeconds(60);

    private final Order order;
    private final Installation all;
    private final Random random;
    private final List<Double> untilQuiet = new ArrayList<>();
    private final List<Double> untilMoving = new ArrayList<>();

    private PauseRun(Order order, Installation all) {
        this.order = order;
        this.all = all;
        this.random = new Random(order.seed());
    }

    /** Ends when the campaign is sent. */
    public static ChaosOutcome run(Order order, int times)
            throws IOException, InterruptedException {
        try (Installation all = new Installation(order, 0)) {
            all.fill(order);
            return new PauseRun(order, all).run(times);
        }
    }

    private ChaosOutcome run(int times) throws IOException, InterruptedException {
        FailingProvider provider = all.provider();
        provider.pace(PACE_OF_ALL.dividedBy(Math.max(1, order.mails() / 100)));
        long campaign = all.mailing().send();
        String path = "/api/v1/campaigns/" + campaign;
        int paused = 0;
        // A campaign that failed or was sent cannot be paused.
        while (paused < times && status(path).equals("SENDING")) {
            awaitMails(1 + random.nextInt((int) Math.max(1, order.mails() / (2L * times))));
            if (status(path).equals("SENDING")) {
                pauseAndResume(path);
                paused++;
            }
        }
        for (long end = System.nanoTime() + PATIENCE.toNanos();
                !status(path).equals("SENT") && System.nanoTime() < end; ) {
            Thread.sleep(POLL_MILLIS);
        }
        ChaosMailing.Counts counts = all.mailing().counts(campaign);
        List<String> complaints = new ArrayList<>(all.members().leave());
        provider.close();
        ChaosDatabase db = all.servers().database();
        Verdict verdict =
                new Verifier(all.accepted(), db.jdbcUrl(), db.username(), db.password())
                        .verify(campaign);
        complaints.addAll(verdict.complaints(counts.recipients(), counts.sent()));
        if (paused < times) {
            complaints.add(String.format(Locale.ROOT, "Paused %d times of %d only", paused, times));
        }
        double slowest = most(untilQuiet);
        if (slowest > TAKES_EFFECT.toMillis() / 1000.0) {
            complaints.add(
                    String.format(Locale.ROOT, "A pause took effect after %.2f s only", slowest));
        }
        return new ChaosOutcome(complaints, figures(counts, paused, slowest));
    }

    private Map<String, Object> figures(ChaosMailing.Counts counts, int paused, double slowest) {
        Map<String, Object> figures = new LinkedHashMap<>();
        figures.put("seed", order.seed());
        figures.put("mails", order.mails());
        figures.put("pauses", paused);
        figures.put("status", counts.status());
        figures.put("provider", all.provider().accepted());
        figures.put("campaign", counts.sent());
        figures.put("maxSecondsUntilNoMailGoesOut", slowest);
        figures.put("maxSecondsUntilMailsGoOutAgain", most(untilMoving));
        return figures;
    }

    private void awaitMails(long more) throws InterruptedException {
        long goal = Math.min(order.mails(), all.provider().accepted() + more);
        for (long end = System.nanoTime() + PATIENCE.toNanos();
                all.provider().accepted() < goal && System.nanoTime() < end; ) {
            Thread.sleep(POLL_MILLIS);
        }
    }

    private String status(String path) throws IOException, InterruptedException {
        try (Client client = all.mailing().client()) {
            return client.get(path).path("status").asString();
        }
    }

    private void pauseAndResume(String path) throws IOException, InterruptedException {
        try (Client client = all.mailing().client()) {
            long asked = System.nanoTime();
            client.post(path + "/pause", Map.of());
            Thread.sleep(LOOKED_AT);
            untilQuiet.add(seconds(all.provider().arrivals().getLast() - asked));
            long before = all.provider().accepted();
            long again = System.nanoTime();
            client.post(path + "/resume", Map.of());
            while (all.provider().accepted() == before
                    && System.nanoTime() - again < PATIENCE.toNanos()) {
                Thread.sleep(POLL_MILLIS);
            }
            untilMoving.add(seconds(System.nanoTime() - again));
        }
    }

    private static double most(List<Double> seconds) {
        return seconds.isEmpty() ? 0 : Collections.max(seconds);
    }

    private static double seconds(long nanos) {
        return Math.max(0, Math.round(nanos / 1e7) / 100.0);
    }
}
