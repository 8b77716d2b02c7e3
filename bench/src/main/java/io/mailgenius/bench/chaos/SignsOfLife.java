package io.mailgenius.bench.chaos;

import io.mailgenius.bench.provider.FailingProvider;
import io.mailgenius.bench.verify.LedgerObserver;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/**
 * Measures how long nodes showed no progress although no fault was active or recovering: the age of
 * each heartbeat, the time without a response of a manager's API, and the time without any mail.
 */
final class SignsOfLife implements AutoCloseable {

    /** The permitted recovery time after a fault. */
    private static final Duration RECOVERY = Duration.ofSeconds(15);

    /** The JIT compiler is still busy on a node that was just started. */
    private static final Duration STARTS = Duration.ofSeconds(15);

    private static final Duration GLANCE = Duration.ofMillis(500);

    private final Members members;
    private final LedgerObserver ledgerObserver;
    private final Watch watch;
    private final FailingProvider provider;
    private final Duration lease;
    private final long due;
    private final Map<Member, Instant> upSince = new ConcurrentHashMap<>();
    private final Map<Member, Instant> answered = new ConcurrentHashMap<>();
    private final Map<String, Double> heartbeats = new ConcurrentHashMap<>();
    private final Map<String, Double> answers = new ConcurrentHashMap<>();
    private final ExecutorService asking = Executors.newVirtualThreadPerTaskExecutor();
    private final Thread thread = Thread.ofPlatform().daemon().name("signs").unstarted(this::run);
    private double standstill;
    private long mails;
    private Instant moved = Instant.now();

    /**
     * @param lease the limit of a node's silence
     * @param due the number of mails to be sent
     */
    SignsOfLife(
            Members members,
            LedgerObserver ledgerObserver,
            Watch watch,
            FailingProvider provider,
            Duration lease,
            long due) {
        this.members = members;
        this.ledgerObserver = ledgerObserver;
        this.watch = watch;
        this.provider = provider;
        this.lease = lease;
        this.due = due;
    }

    void start() {
        thread.start();
    }

    private void run() {
        try {
            while (!Thread.currentThread().isInterrupted() && !watch.ended()) {
                look(Instant.now());
                Thread.sleep(GLANCE);
            }
        } catch (InterruptedException closed) {
            // This is how the loop ends.
        }
    }

    private void look(Instant now) {
        Map<String, Instant> beats = ledgerObserver.heartbeats();
        for (Member member : members.all()) {
            if (!member.up()) {
                upSince.remove(member);
                answered.remove(member);
                continue;
            }
            Instant since = upSince.computeIfAbsent(member, _ -> now);
            if (member.roles().contains("api") && answered.putIfAbsent(member, now) == null) {
                asking.execute(() -> ask(member));
            }
            if (since.plus(STARTS).isAfter(now)) {
                continue;
            }
            Instant quiet = quietSince(member);
            if (quiet == null) {
                continue;
            }
            beats.entrySet().stream()
                    .filter(beat -> LedgerObserver.isOf(beat.getKey(), member.pid()))
                    .forEach(beat -> keep(heartbeats, member, later(beat.getValue(), quiet), now));
            Instant answer = answered.get(member);
            if (answer != null) {
                keep(answers, member, later(answer, quiet), now);
            }
        }
        long all = provider.accepted();
        Instant quiet = quietSince(null);
        if (all != mails || quiet == null || all >= due) {
            mails = all;
            moved = now;
        }
        standstill = Math.max(standstill, seconds(moved, now));
    }

    /**
     * Sends a request as soon as the last one has a response, or has timed out in {@code
     * HttpConnection}.
     */
    private void ask(Member member) {
        URI url = member.url();
        if (url == null) {
            return;
        }
        try (TenantApi api = new TenantApi(url)) {
            while (answered.containsKey(member)) {
                try {
                    // A 401 also requires a query to the database.
                    int status = api.get("nobody-has-this-key", "/api/v1/campaigns").status();
                    if (status == 200 || status == 401) {
                        answered.replace(member, Instant.now());
                    }
                } catch (IOException silent) {
                    // The node is still silent.
                }
                Thread.sleep(GLANCE);
            }
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * Since when neither a fault nor the recovery time affects this node, or any if null; null if
     * one does.
     */
    private @Nullable Instant quietSince(@Nullable Member member) {
        Instant since = Instant.MIN;
        for (Incident incident : watch.incidents()) {
            boolean mine =
                    member == null
                            || incident.kind().target() == FaultKind.Target.STORE
                            || incident.whom().equals(member.name());
            Instant over = incident.over();
            if (mine && over == null) {
                return null;
            }
            if (mine && over != null) {
                since = later(since, over.plus(RECOVERY));
            }
        }
        return since.isAfter(Instant.now()) ? null : since;
    }

    private static Instant later(Instant one, Instant other) {
        return one.isAfter(other) ? one : other;
    }

    private static void keep(Map<String, Double> most, Member member, Instant from, Instant to) {
        most.merge(member.name(), seconds(from, to), Math::max);
    }

    private static double seconds(Instant from, Instant to) {
        return Duration.between(from, to).toMillis() / 1000.0;
    }

    void tell(Map<String, Object> figures, List<String> complaints) {
        Map<String, Object> told = new LinkedHashMap<>();
        told.put("heartbeat", most(heartbeats));
        told.put("api", most(answers));
        told.put("anyMail", standstill);
        figures.put("maxSilentSeconds", told);
        complaints.addAll(late("sent no heartbeat", heartbeats));
        complaints.addAll(late("answered no request", answers));
        if (standstill > lease.plus(RECOVERY).toSeconds()) {
            complaints.add(
                    String.format(
                            Locale.ROOT,
                            "No mail went out for %.1f s although nothing was done to anything",
                            standstill));
        }
    }

    private static double most(Map<String, Double> silences) {
        return silences.values().stream().mapToDouble(Double::doubleValue).max().orElse(0);
    }

    private List<String> late(String what, Map<String, Double> silences) {
        List<String> late = new ArrayList<>();
        silences.forEach(
                (name, seconds) -> {
                    if (seconds > lease.toMillis() / 1000.0) {
                        late.add(
                                String.format(
                                        Locale.ROOT,
                                        "%s %s for %.1f s although nothing was done to it",
                                        name,
                                        what,
                                        seconds));
                    }
                });
        return late;
    }

    @Override
    public void close() throws InterruptedException {
        thread.interrupt();
        thread.join();
        answered.clear();
        asking.shutdownNow();
    }
}
