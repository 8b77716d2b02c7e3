package io.mailgenius.api.chaos;

import io.mailgenius.api.chaos.FaultKind.Target;
import io.mailgenius.jobs.chaos.FailingProvider;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Does what the plan says, and later what belongs to it: continues, replaces, brings back. Of each
 * role one node that is up is always left alone.
 */
final class Injector implements AutoCloseable {

    /** On a busy machine a node takes its time to start, and so does the next victim. */
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    /** Who is late does not make up for it: faults that come at once would be another plan. */
    private static final Duration APART = Duration.ofSeconds(3);

    private static final Duration REPLACED_AFTER = Duration.ofSeconds(3);

    /** A node that began to start while a store was away may find out so much later. */
    private static final Duration STARTS_WITHIN = Duration.ofSeconds(30);

    private static final long POLL_MILLIS = 100;

    private final Members members;
    private final Victims victims;
    private final Servers servers;
    private final FailingProvider provider;
    private final Watch watch;
    private final ScheduledExecutorService later =
            Executors.newScheduledThreadPool(4, Thread.ofPlatform().name("later-", 1).factory());
    private final List<String> complaints = new CopyOnWriteArrayList<>();
    private final List<FaultKind> notDone = new ArrayList<>();
    private int startsThatFailed;

    Injector(Members members, Servers servers, FailingProvider provider, Watch watch) {
        this.members = members;
        this.victims = new Victims(members);
        this.servers = servers;
        this.provider = provider;
        this.watch = watch;
    }

    /** All of them, in time; ends when the job has ended. */
    void inject(Plan plan, Instant begun) throws IOException, InterruptedException {
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
     * As whatever watches over processes would do it. That a node does not come up while a store is
     * away is no wonder; one that was up must never end by itself.
     */
    private void replaceFallen() throws IOException {
        for (Member fallen : members.fallen()) {
            if (fallen.url() == null && storeIsAway()) {
                startsThatFailed++;
            } else {
                complaints.add(
                        String.format(
                                Locale.ROOT,
                                "%s ended by itself with %d: %s",
                                fallen.name(),
                                fallen.process().exitValue(),
                                fallen.lastWords()));
            }
            fallen.seenTo();
            after(REPLACED_AFTER, () -> members.start(fallen.roles()));
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
        switch (fault.kind()) {
            case KILL_WORKER,
                    PAUSE_WORKER,
                    PAUSE_SHORTLY,
                    DRAIN_WORKER,
                    KILL_MANAGER,
                    PAUSE_MANAGER,
                    DRAIN_MANAGER,
                    FORGET_WORKER_POSTGRES,
                    FORGET_WORKER_REDIS,
                    FORGET_WORKER_PROVIDER,
                    FORGET_MANAGER_POSTGRES,
                    FORGET_MANAGER_REDIS,
                    STALL_WORKER_POSTGRES,
                    CUT_OFF_WORKER,
                    CUT_OFF_MANAGER -> {
                Optional<Member> victim = victim(fault);
                if (victim.isPresent()) {
                    hit(fault, victim.get());
                } else {
                    notDone.add(fault.kind());
                }
            }
            case FLUSH_REDIS -> {
                Incident incident = store(fault);
                servers.flushRedis();
                incident.over(Instant.now());
            }
            case RESTART_REDIS, REDIS_AWAY -> {
                Incident incident = store(fault);
                servers.stopRedis();
                after(
                        fault.lasts(),
                        () -> {
                            servers.startRedisAgain();
                            incident.over(Instant.now());
                        });
            }
            case RESTART_POSTGRES, CRASH_POSTGRES -> {
                Incident incident = store(fault);
                servers.restartDatabase(fault.kind() == FaultKind.CRASH_POSTGRES, fault.lasts());
                incident.over(Instant.now());
            }
            case LOCK_TABLES -> {
                Incident incident = store(fault);
                meanwhile(incident, () -> servers.databaseFaults().lockTables(fault.lasts()));
            }
            case TAKE_CONNECTIONS -> {
                Incident incident = store(fault);
                meanwhile(incident, () -> servers.databaseFaults().takeConnections(fault.lasts()));
            }
            case PROVIDER_NONSENSE -> {
                Incident incident = store(fault);
                provider.answerNonsense(true);
                after(
                        fault.lasts(),
                        () -> {
                            provider.answerNonsense(false);
                            incident.over(Instant.now());
                        });
            }
        }
    }

    /** Does it in another thread, as long as it takes. */
    private void meanwhile(Incident incident, Step step) {
        after(
                Duration.ZERO,
                () -> {
                    try {
                        step.go();
                    } finally {
                        incident.over(Instant.now());
                    }
                });
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
                // Looked at when it can take and give back nothing any more.
                Incident it = incident(kind, victim, at, chunksOf(victim));
                after(lasts, () -> replace(victim, it));
            }
            case PAUSE_WORKER -> {
                victim.pause();
                Incident it = incident(kind, victim, at, chunksOf(victim));
                after(lasts, () -> goOn(victim, it));
            }
            case KILL_MANAGER -> {
                victim.kill();
                Incident it = incident(kind, victim, at, ofJobs);
                after(lasts, () -> replace(victim, it));
            }
            case PAUSE_MANAGER -> {
                victim.pause();
                Incident it = incident(kind, victim, at, ofJobs);
                after(lasts, () -> goOn(victim, it));
            }
            case PAUSE_SHORTLY -> {
                victim.pause();
                Incident it = incident(kind, victim, at, new Recovery.Nothing());
                after(lasts, () -> goOn(victim, it));
            }
            case DRAIN_WORKER -> {
                victim.tellToLeave();
                Incident it = incident(kind, victim, at, new Recovery.Nothing());
                after(Duration.ZERO, () -> replaceWhenItHasLeft(victim, it));
            }
            case DRAIN_MANAGER -> {
                victim.tellToLeave();
                Incident it = incident(kind, victim, at, ofJobs);
                after(Duration.ZERO, () -> replaceWhenItHasLeft(victim, it));
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
                after(lasts, () -> heal(victim, it));
            }
            case CUT_OFF_WORKER -> {
                victim.relays().cutOff();
                Incident it = incident(kind, victim, at, chunksOf(victim));
                after(lasts, () -> heal(victim, it));
            }
            case CUT_OFF_MANAGER -> {
                victim.relays().cutOff();
                Incident it = incident(kind, victim, at, ofJobs);
                after(lasts, () -> heal(victim, it));
            }
            case FLUSH_REDIS,
                    RESTART_REDIS,
                    REDIS_AWAY,
                    RESTART_POSTGRES,
                    CRASH_POSTGRES,
                    LOCK_TABLES,
                    TAKE_CONNECTIONS,
                    PROVIDER_NONSENSE ->
                    throw new IllegalArgumentException("Not a fault of a node: " + kind);
        }
    }

    /**
     * Over at once, since new connections work: from now on nothing excuses the node but the time
     * that a recovery may take.
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
        complaints.addAll(Members.left(victim));
        replace(victim, incident);
    }

    private static void goOn(Member victim, Incident incident)
            throws IOException, InterruptedException {
        victim.goOn();
        incident.over(Instant.now());
    }

    private Incident store(Fault fault) {
        Incident incident = new Incident(fault.kind(), "", Instant.now(), new Recovery.Nothing());
        watch.add(incident);
        return incident;
    }

    private void after(Duration pause, Step step) {
        later.schedule(
                () -> {
                    try {
                        step.go();
                    } catch (Exception e) {
                        complaints.add("The director failed: " + e);
                    }
                },
                pause.toMillis(),
                TimeUnit.MILLISECONDS);
    }

    private interface Step {
        void go() throws Exception;
    }

    /** What went wrong with the test itself, or with a node that was told to leave. */
    List<String> complaints() {
        return complaints;
    }

    /** Faults for which the time, or a node that can do without another one, was not there. */
    List<FaultKind> notDone() {
        return notDone;
    }

    /** Nodes that did not come up while a store was away. */
    int startsThatFailed() {
        return startsThatFailed;
    }

    /** Everybody who was stopped is continued, and every store back, before this ends. */
    @Override
    public void close() throws InterruptedException {
        later.shutdown();
        if (!later.awaitTermination(2, TimeUnit.MINUTES)) {
            later.shutdownNow();
        }
    }
}
