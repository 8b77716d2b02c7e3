package io.mailgenius.bench.chaos;

import io.mailgenius.bench.provider.FailingProvider;
import io.mailgenius.bench.provider.Nonsense;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Semaphore;

/** Faults of the servers that all nodes share, and of their provider. */
final class StoreFaults {

    private static final Duration STARTS_WITHIN = Duration.ofMinutes(2);
    private static final long POLL_MILLIS = 200;

    private final Members members;
    private final Servers servers;
    private final FailingProvider provider;
    private final Watch watch;
    private final Later later;

    /** For faults that need PostgreSQL exclusively: no promotion while a disk is full. */
    private final Semaphore server = new Semaphore(1);

    StoreFaults(
            Members members, Servers servers, FailingProvider provider, Watch watch, Later later) {
        this.members = members;
        this.servers = servers;
        this.provider = provider;
        this.watch = watch;
        this.later = later;
    }

    /** Returns whether the fault could be injected. */
    boolean inject(Fault fault) throws IOException, InterruptedException {
        Duration lasts = fault.lasts();
        return switch (fault.kind()) {
            case FLUSH_REDIS -> {
                Incident incident = begun(fault);
                servers.flushRedis();
                yield over(incident);
            }
            case RESTART_REDIS, REDIS_AWAY -> {
                Incident incident = begun(fault);
                servers.stopRedis();
                yield until(lasts, incident, servers::startRedisAgain);
            }
            case RESTART_POSTGRES, CRASH_POSTGRES -> {
                Incident incident = begun(fault);
                servers.restartDatabase(fault.kind() == FaultKind.CRASH_POSTGRES, lasts);
                yield over(incident);
            }
            case LOCK_TABLES -> alone(fault, () -> servers.databaseFaults().lockTables(lasts));
            case TAKE_CONNECTIONS ->
                    alone(fault, () -> servers.databaseFaults().takeConnections(lasts));
            case PROMOTE_STANDBY -> promote(fault);
            case FILL_DISK -> fill(fault);
            case SKEW_WORKER_CLOCK -> skewed(fault, Members.WORKER);
            case SKEW_MANAGER_CLOCK -> skewed(fault, Members.MANAGER);
            case PROVIDER_NONSENSE -> answer(fault, Nonsense.PAGE);
            case PROVIDER_ERRORS -> answer(fault, Nonsense.ERROR_PAGE);
            case PROVIDER_TRUNCATED -> answer(fault, Nonsense.TRUNCATED);
            case PROVIDER_LATE -> answer(fault, Nonsense.LATE);
            case KILL_WORKER,
                    KILL_MANAGER,
                    PAUSE_WORKER,
                    PAUSE_MANAGER,
                    PAUSE_SHORTLY,
                    DRAIN_WORKER,
                    DRAIN_MANAGER,
                    FORGET_WORKER_POSTGRES,
                    FORGET_WORKER_REDIS,
                    FORGET_WORKER_PROVIDER,
                    FORGET_MANAGER_POSTGRES,
                    FORGET_MANAGER_REDIS,
                    STALL_WORKER_POSTGRES,
                    CUT_OFF_WORKER,
                    CUT_OFF_MANAGER ->
                    throw new IllegalArgumentException("A fault of one node: " + fault.kind());
        };
    }

    private Incident begun(Fault fault) {
        Incident incident = new Incident(fault.kind(), "", Instant.now(), new Recovery.Nothing());
        watch.add(incident);
        return incident;
    }

    private static boolean over(Incident incident) {
        incident.over(Instant.now());
        return true;
    }

    private boolean until(Duration lasts, Incident incident, Later.Step end) {
        later.after(
                lasts,
                () -> {
                    try {
                        end.go();
                    } finally {
                        incident.over(Instant.now());
                    }
                });
        return true;
    }

    /** Runs the fault in another thread, for as long as it takes. */
    private boolean alone(Fault fault, Later.Step step) throws InterruptedException {
        server.acquire();
        return until(Duration.ZERO, begun(fault), released(step));
    }

    private Later.Step released(Later.Step step) {
        return () -> {
            try {
                step.go();
            } finally {
                server.release();
            }
        };
    }

    private boolean answer(Fault fault, Nonsense nonsense) {
        Incident incident = begun(fault);
        provider.answer(nonsense);
        return until(fault.lasts(), incident, () -> provider.answer(null));
    }

    /**
     * The address switches to another server. The nodes' connections to the old one are not closed.
     */
    private boolean promote(Fault fault) throws IOException, InterruptedException {
        Failover failover = servers.failover();
        server.acquire();
        failover.prepare();
        Incident incident = begun(fault);
        members.forgetDatabase();
        failover.promote(fault.pick() % 2 == 0);
        incident.over(Instant.now());
        later.after(Duration.ZERO, released(failover::prepare));
        return true;
    }

    private boolean fill(Fault fault) throws IOException, InterruptedException {
        server.acquire();
        SmallDisk disk = servers.failover().disk();
        if (disk == null) {
            server.release();
            System.err.println(
                    "PostgreSQL's disk is not filled: this user may not mount a small file system");
            return false;
        }
        ChaosDatabase database = servers.database();
        Incident incident = begun(fault);
        disk.fill();
        return until(
                fault.lasts(),
                incident,
                released(
                        () -> {
                            disk.free();
                            awaitStarted(database);
                        }));
    }

    /** A server whose WAL has no room exits; it is started when there is room again. */
    private static void awaitStarted(ChaosDatabase database)
            throws IOException, InterruptedException {
        DatabaseFaults faults =
                new DatabaseFaults(database.jdbcUrl(), database.username(), database.password());
        for (long end = System.nanoTime() + STARTS_WITHIN.toNanos(); System.nanoTime() < end; ) {
            if (faults.accepts()) {
                return;
            }
            if (database.process().isEmpty()) {
                database.startAgain();
            }
            Thread.sleep(POLL_MILLIS);
        }
        throw new IOException("PostgreSQL does not start although there is room again");
    }

    /** Another node joins, with a clock that is ahead, and leaves again. */
    private boolean skewed(Fault fault, String roles) throws IOException, InterruptedException {
        server.acquire();
        Incident incident = begun(fault);
        Member wrong = members.startAhead(roles, Members.AHEAD);
        later.after(Duration.ZERO, released(() -> awaitUp(wrong)));
        return until(
                fault.lasts(),
                incident,
                () -> {
                    if (wrong.process().isAlive()) {
                        wrong.tellToLeave();
                        later.complain(Members.left(wrong));
                    }
                });
    }

    /** Waits no longer than the node lives. */
    private static void awaitUp(Member member) throws InterruptedException {
        while (member.process().isAlive() && !member.up()) {
            Thread.sleep(POLL_MILLIS);
        }
    }
}
