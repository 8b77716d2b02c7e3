package io.mailgenius.bench.chaos;

import io.mailgenius.bench.chaos.FaultKind.Target;
import io.mailgenius.bench.provider.FailingProvider;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Executes the plan, including the ends of faults: continues, replaces, restores. One running node
 * of each role is always spared.
 */
final class Injector implements AutoCloseable {

    /** On a busy machine nodes start slowly, so the next target may be late. */
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    /** Late faults are not injected all at once, because this would be another plan. */
    private static final Duration APART = Duration.ofSeconds(3);

    private static final Duration REPLACED_AFTER = Duration.ofSeconds(3);

    /** A node that started during an outage of a store may fail this much later. */
    private static final Duration STARTS_WITHIN = Duration.ofSeconds(30);

    private static final long POLL_MILLIS = 100;

    private final Members members;
    private final Victims victims;
    private final Watch watch;
    private final Later later = new Later();
    private final StoreFaults stores;
    private final List<FaultKind> notDone = new ArrayList<>();
    private int startsThatFailed;

    Injector(Members members, Servers servers, FailingProvider provider, Watch watch) {
        this.members = members;
        this.victims = new Victims(members);
        this.watch = watch;
        this.stores = new StoreFaults(members, servers, provider, watch, later);
    }

    /** Injects all faults in time; ends when the job has ended. */
    void inject(ChaosPlan plan, Instant begun) throws IOException, InterruptedException {
        List<Fault> left = new ArrayList<>(plan.faults());
        Instant last = begun;
        while (!left.isEmpty() && !watch.ended()) {
            Fault fault = left.getFirst();
            Instant now = Instant.now();
            if (now.isBefore(begun.plus(fault.at())) || now.isBefore(last.plus(APART))) {
                rest();
                continue;
            }
            inject(fault);
            last = Instant.now();
            left.removeFirst();
            watch.faultsToCome(left.size());
        }
        left.forEach(fault -> notDone.add(fault.kind()));
        while (!watch.ended()) {
            rest();
        }
    }

    private void rest() throws IOException, InterruptedException {
        Thread.sleep(POLL_MILLIS);
        replaceFallen();
    }

    /**
     * Replaces nodes like a supervisor. A node may fail to start during an outage of a store; a
     * running node must never exit by itself.
     */
    private void replaceFallen() throws IOException {
        for (Member fallen : members.fallen()) {
            if (fallen.url() == null && storeIsAway()) {
                startsThatFailed++;
            } else {
                later.complain(
                        List.of(
                                String.format(
                                        Locale.ROOT,
                                        "%s ended by itself with %d: %s",
                                        fallen.name(),
                                        fallen.process().exitValue(),
                                        fallen.lastWords())));
            }
            fallen.seenTo();
            later.after(REPLACED_AFTER, () -> members.start(fallen.roles()));
        }
    }

    private boolean storeIsAway() {
        Instant lately = Instant.now().minus(STARTS_WITHIN);
        return watch.incidents().stream()
                .filter(it -> it.kind().target() == Target.STORE)
                .map(Incident::over)
                .anyMatch(over -> over == null || over.isAfter(lately));
    }

    private void inject(Fault fault) throws IOException, InterruptedException {
        boolean done =
                switch (fault.kind().target()) {
                    case WORKER, MANAGER -> {
                        Optional<Member> victim = victim(fault);
                        if (victim.isPresent()) {
                            hit(fault, victim.get());
                        }
                        yield victim.isPresent();
                    }
                    case STORE -> stores.inject(fault);
                };
        if (!done) {
            notDone.add(fault.kind());
        }
    }

    private Optional<Member> victim(Fault fault) throws IOException, InterruptedException {
        for (long end = System.nanoTime() + PATIENCE.toNanos(); System.nanoTime() < end; ) {
            List<Member> found = victims.of(fault.kind(), watch.now());
            if (!found.isEmpty()) {
                return Optional.of(found.get(fault.pick() % found.size()));
            }
            if (watch.ended()) {
                break;
            }
            rest();
        }
        return Optional.empty();
    }

    private void hit(Fault fault, Member victim) throws IOException, InterruptedException {
        FaultKind kind = fault.kind();
        Duration lasts = fault.lasts();
        Recovery ofJobs = new Recovery.OfJobs(watch.now().runBy(victim.pid()));
        Instant at = Instant.now();
        switch (kind) {
            case KILL_WORKER -> {
                victim.kill();
                // Recorded when it can no longer claim or release chunks.
                Incident it = incident(kind, victim, at, chunksOf(victim));
                later.after(lasts, () -> replace(victim, it));
            }
            case PAUSE_WORKER -> {
                victim.pause();
                Incident it = incident(kind, victim, at, chunksOf(victim));
                later.after(lasts, () -> goOn(victim, it));
            }
            case KILL_MANAGER -> {
                victim.kill();
                Incident it = incident(kind, victim, at, ofJobs);
                later.after(lasts, () -> replace(victim, it));
            }
            case PAUSE_MANAGER -> {
                victim.pause();
                Incident it = incident(kind, victim, at, ofJobs);
                later.after(lasts, () -> goOn(victim, it));
            }
            case PAUSE_SHORTLY -> {
                victim.pause();
                Incident it = incident(kind, victim, at, new Recovery.Nothing());
                later.after(lasts, () -> goOn(victim, it));
            }
            case DRAIN_WORKER -> {
                victim.tellToLeave();
                Incident it = incident(kind, victim, at, new Recovery.Nothing());
                later.after(Duration.ZERO, () -> replaceWhenItHasLeft(victim, it));
            }
            case DRAIN_MANAGER -> {
                victim.tellToLeave();
                Incident it = incident(kind, victim, at, ofJobs);
                later.after(Duration.ZERO, () -> replaceWhenItHasLeft(victim, it));
            }
            case FORGET_WORKER_POSTGRES, FORGET_MANAGER_POSTGRES -> {
                victim.relays().postgres().forget(Relays.lost(fault.pick()));
                forgotten(kind, victim, at);
            }
            case FORGET_WORKER_REDIS, FORGET_MANAGER_REDIS -> {
                victim.relays().redis().forget(Relays.lost(fault.pick()));
                forgotten(kind, victim, at);
            }
            case FORGET_WORKER_PROVIDER -> {
                victim.relays().provider().forget(Relays.lost(fault.pick()));
                forgotten(kind, victim, at);
            }
            case STALL_WORKER_POSTGRES -> {
                victim.relays().postgres().stall();
                Incident it = incident(kind, victim, at, chunksOf(victim));
                later.after(lasts, () -> heal(victim, it));
            }
            case CUT_OFF_WORKER -> {
                victim.relays().cutOff();
                Incident it = incident(kind, victim, at, chunksOf(victim));
                later.after(lasts, () -> heal(victim, it));
            }
            case CUT_OFF_MANAGER -> {
                victim.relays().cutOff();
                Incident it = incident(kind, victim, at, ofJobs);
                later.after(lasts, () -> heal(victim, it));
            }
            case FLUSH_REDIS,
                    RESTART_REDIS,
                    REDIS_AWAY,
                    RESTART_POSTGRES,
                    CRASH_POSTGRES,
                    PROMOTE_STANDBY,
                    FILL_DISK,
                    LOCK_TABLES,
                    TAKE_CONNECTIONS,
                    SKEW_WORKER_CLOCK,
                    SKEW_MANAGER_CLOCK,
                    PROVIDER_NONSENSE,
                    PROVIDER_ERRORS,
                    PROVIDER_TRUNCATED,
                    PROVIDER_LATE ->
                    throw new IllegalArgumentException("Not a fault of a node: " + kind);
        }
    }

    /**
     * Over at once, because new connections work: from now on the node has only the permitted
     * recovery time.
     */
    private void forgotten(FaultKind kind, Member victim, Instant at) {
        incident(kind, victim, at, new Recovery.Nothing()).over(Instant.now());
    }

    private static void heal(Member victim, Incident incident) {
        victim.relays().heal();
        incident.over(Instant.now());
    }

    private Recovery chunksOf(Member victim) throws InterruptedException {
        return new Recovery.OfChunks(watch.now().inHandOf(victim.pid()));
    }

    private Incident incident(FaultKind kind, Member victim, Instant at, Recovery recovery) {
        Incident incident = new Incident(kind, victim.name(), at, recovery);
        watch.add(incident);
        return incident;
    }

    private void replace(Member victim, Incident incident) throws IOException {
        members.start(victim.roles());
        incident.over(Instant.now());
    }

    private void replaceWhenItHasLeft(Member victim, Incident incident)
            throws IOException, InterruptedException {
        later.complain(Members.left(victim));
        replace(victim, incident);
    }

    private static void goOn(Member victim, Incident incident)
            throws IOException, InterruptedException {
        victim.goOn();
        incident.over(Instant.now());
    }

    /** Errors of the test itself, and of nodes that were stopped. */
    List<String> complaints() {
        return later.complaints();
    }

    /** Faults that were skipped for lack of time or of a spare node. */
    List<FaultKind> notDone() {
        return notDone;
    }

    /** Nodes that failed to start during an outage of a store. */
    int startsThatFailed() {
        return startsThatFailed;
    }

    /** Continues all stopped nodes and restores all stores before it returns. */
    @Override
    public void close() throws InterruptedException {
        later.close();
    }
}
