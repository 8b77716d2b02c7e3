package io.mailgenius.bench.chaos;

/** The kinds of faults. */
public enum FaultKind {
    KILL_WORKER(Target.WORKER, 1, "kill -9 of a worker"),
    KILL_MANAGER(Target.MANAGER, 1, "kill -9 of the job's manager"),
    PAUSE_WORKER(Target.WORKER, 2, "worker stopped past its lease"),
    PAUSE_MANAGER(Target.MANAGER, 2, "job's manager stopped past its lease"),
    PAUSE_SHORTLY(Target.WORKER, 2, "worker stopped for a moment"),
    DRAIN_WORKER(Target.WORKER, 0, "SIGTERM to a worker"),
    DRAIN_MANAGER(Target.MANAGER, 0, "SIGTERM to the job's manager"),
    FLUSH_REDIS(Target.STORE, 0, "Redis emptied"),
    RESTART_REDIS(Target.STORE, 0, "Redis restarted"),
    REDIS_AWAY(Target.STORE, 0, "Redis away"),
    RESTART_POSTGRES(Target.STORE, 0, "PostgreSQL restarted"),
    CRASH_POSTGRES(Target.STORE, 0, "PostgreSQL stopped at once"),
    FORGET_WORKER_POSTGRES(Target.WORKER, 0, "worker's way to PostgreSQL forgotten"),
    FORGET_WORKER_REDIS(Target.WORKER, 0, "worker's way to Redis forgotten"),
    FORGET_WORKER_PROVIDER(Target.WORKER, 0, "worker's way to the provider forgotten"),
    FORGET_MANAGER_POSTGRES(Target.MANAGER, 0, "manager's way to PostgreSQL forgotten"),
    FORGET_MANAGER_REDIS(Target.MANAGER, 0, "manager's way to Redis forgotten"),
    STALL_WORKER_POSTGRES(Target.WORKER, 0, "worker's way to PostgreSQL stalled"),
    CUT_OFF_WORKER(Target.WORKER, 0, "worker cut off from everything"),
    CUT_OFF_MANAGER(Target.MANAGER, 0, "manager cut off from everything"),
    LOCK_TABLES(Target.STORE, 0, "tables of the engine locked"),
    TAKE_CONNECTIONS(Target.STORE, 0, "connections of PostgreSQL taken"),
    PROMOTE_STANDBY(Target.STORE, 0, "PostgreSQL's standby promoted"),
    FILL_DISK(Target.STORE, 0, "PostgreSQL's disk full"),
    SKEW_WORKER_CLOCK(Target.STORE, 0, "worker with a clock 11 minutes ahead"),
    SKEW_MANAGER_CLOCK(Target.STORE, 0, "manager with a clock 11 minutes ahead"),
    PROVIDER_NONSENSE(Target.STORE, 0, "provider answers nonsense"),
    PROVIDER_ERRORS(Target.STORE, 0, "provider answers 500"),
    PROVIDER_TRUNCATED(Target.STORE, 0, "provider's answers cut off"),
    PROVIDER_LATE(Target.STORE, 0, "provider answers after 75 s");

    /** The target of a fault. */
    enum Target {
        WORKER,
        MANAGER,
        STORE
    }

    private final Target target;
    private final int signals;
    private final String words;

    FaultKind(Target target, int signals, String words) {
        this.target = target;
        this.signals = signals;
        this.words = words;
    }

    Target target() {
        return target;
    }

    /** The number of signals: kills, stops and continues. */
    int signals() {
        return signals;
    }

    String words() {
        return words;
    }
}
