package io.mailgenius.bench.chaos;

import static io.mailgenius.bench.chaos.FaultKind.CRASH_POSTGRES;
import static io.mailgenius.bench.chaos.FaultKind.CUT_OFF_MANAGER;
import static io.mailgenius.bench.chaos.FaultKind.CUT_OFF_WORKER;
import static io.mailgenius.bench.chaos.FaultKind.DRAIN_MANAGER;
import static io.mailgenius.bench.chaos.FaultKind.DRAIN_WORKER;
import static io.mailgenius.bench.chaos.FaultKind.FILL_DISK;
import static io.mailgenius.bench.chaos.FaultKind.FLUSH_REDIS;
import static io.mailgenius.bench.chaos.FaultKind.FORGET_MANAGER_POSTGRES;
import static io.mailgenius.bench.chaos.FaultKind.FORGET_MANAGER_REDIS;
import static io.mailgenius.bench.chaos.FaultKind.FORGET_WORKER_POSTGRES;
import static io.mailgenius.bench.chaos.FaultKind.FORGET_WORKER_PROVIDER;
import static io.mailgenius.bench.chaos.FaultKind.FORGET_WORKER_REDIS;
import static io.mailgenius.bench.chaos.FaultKind.KILL_MANAGER;
import static io.mailgenius.bench.chaos.FaultKind.KILL_WORKER;
import static io.mailgenius.bench.chaos.FaultKind.LOCK_TABLES;
import static io.mailgenius.bench.chaos.FaultKind.PAUSE_MANAGER;
import static io.mailgenius.bench.chaos.FaultKind.PAUSE_SHORTLY;
import static io.mailgenius.bench.chaos.FaultKind.PAUSE_WORKER;
import static io.mailgenius.bench.chaos.FaultKind.PROMOTE_STANDBY;
import static io.mailgenius.bench.chaos.FaultKind.PROVIDER_ERRORS;
import static io.mailgenius.bench.chaos.FaultKind.PROVIDER_LATE;
import static io.mailgenius.bench.chaos.FaultKind.PROVIDER_NONSENSE;
import static io.mailgenius.bench.chaos.FaultKind.PROVIDER_TRUNCATED;
import static io.mailgenius.bench.chaos.FaultKind.REDIS_AWAY;
import static io.mailgenius.bench.chaos.FaultKind.RESTART_POSTGRES;
import static io.mailgenius.bench.chaos.FaultKind.RESTART_REDIS;
import static io.mailgenius.bench.chaos.FaultKind.SKEW_MANAGER_CLOCK;
import static io.mailgenius.bench.chaos.FaultKind.SKEW_WORKER_CLOCK;
import static io.mailgenius.bench.chaos.FaultKind.STALL_WORKER_POSTGRES;
import static io.mailgenius.bench.chaos.FaultKind.TAKE_CONNECTIONS;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/** The faults of a run in the order of time. The same seed gives the same plan. */
record ChaosPlan(List<Fault> faults) {

    /** The most important kinds, once each. */
    private static final List<FaultKind> FEW =
            List.of(KILL_WORKER, KILL_MANAGER, PAUSE_WORKER, FLUSH_REDIS, RESTART_POSTGRES);

    /** The number of each kind per {@link #UNIT}; 25 of them are kills and pauses. */
    private static final Map<FaultKind, Integer> MANY =
            Map.ofEntries(
                    Map.entry(KILL_WORKER, 9),
                    Map.entry(KILL_MANAGER, 3),
                    Map.entry(PAUSE_WORKER, 4),
                    Map.entry(PAUSE_MANAGER, 2),
                    Map.entry(PAUSE_SHORTLY, 7),
                    Map.entry(DRAIN_WORKER, 2),
                    Map.entry(DRAIN_MANAGER, 1),
                    Map.entry(FLUSH_REDIS, 2),
                    Map.entry(RESTART_REDIS, 1),
                    Map.entry(REDIS_AWAY, 1),
                    Map.entry(RESTART_POSTGRES, 1),
                    Map.entry(CRASH_POSTGRES, 1),
                    Map.entry(FORGET_WORKER_POSTGRES, 3),
                    Map.entry(FORGET_WORKER_REDIS, 1),
                    Map.entry(FORGET_WORKER_PROVIDER, 2),
                    Map.entry(FORGET_MANAGER_POSTGRES, 3),
                    Map.entry(FORGET_MANAGER_REDIS, 1),
                    Map.entry(STALL_WORKER_POSTGRES, 1),
                    Map.entry(CUT_OFF_WORKER, 1),
                    Map.entry(CUT_OFF_MANAGER, 1),
                    Map.entry(LOCK_TABLES, 1),
                    Map.entry(TAKE_CONNECTIONS, 1),
                    Map.entry(PROVIDER_NONSENSE, 1));

    /** Faults without notice: no process ends, and no connection is closed. */
    static final List<FaultKind> SILENT =
            List.of(
                    FORGET_WORKER_POSTGRES,
                    FORGET_WORKER_REDIS,
                    FORGET_WORKER_PROVIDER,
                    FORGET_MANAGER_POSTGRES,
                    FORGET_MANAGER_REDIS,
                    STALL_WORKER_POSTGRES,
                    CUT_OFF_WORKER,
                    CUT_OFF_MANAGER,
                    LOCK_TABLES,
                    TAKE_CONNECTIONS,
                    PROVIDER_NONSENSE);

    /** Faults of servers, the provider and clocks, whose effects clients can detect. */
    static final List<FaultKind> OUTAGES =
            List.of(
                    PROMOTE_STANDBY,
                    FILL_DISK,
                    LOCK_TABLES,
                    TAKE_CONNECTIONS,
                    SKEW_WORKER_CLOCK,
                    SKEW_MANAGER_CLOCK,
                    PROVIDER_NONSENSE,
                    PROVIDER_ERRORS,
                    PROVIDER_TRUNCATED,
                    PROVIDER_LATE);

    private static final Duration UNIT = Duration.ofMinutes(6);

    private static final Duration ROUND = Duration.ofMinutes(2);

    private static final Duration SOON = Duration.ofSeconds(15);

    ChaosPlan {
        faults = List.copyOf(faults);
    }

    static ChaosPlan of(Order order) {
        Random random = new Random(order.seed());
        return switch (order.course()) {
            case Course.Few _ -> spread(new ArrayList<>(FEW), random, order.over());
            case Course.Many _ -> spread(many(order.over()), random, order.over());
            case Course.Rounds(List<FaultKind> kinds) ->
                    spread(rounds(kinds, order.over()), random, order.over());
            case Course.RedisAway(Duration lasting) ->
                    new ChaosPlan(List.of(new Fault(REDIS_AWAY, SOON, 0, lasting)));
            case Course.Quiet _ -> new ChaosPlan(List.of());
        };
    }

    /** As many as fit; at least one of each kind. */
    private static List<FaultKind> many(Duration over) {
        List<FaultKind> kinds = new ArrayList<>();
        new TreeMap<>(MANY)
                .forEach(
                        (kind, times) -> {
                            long scaled = Math.max(1, times * over.toSeconds() / UNIT.toSeconds());
                            kinds.addAll(Collections.nCopies((int) scaled, kind));
                        });
        return kinds;
    }

    private static List<FaultKind> rounds(List<FaultKind> kinds, Duration over) {
        long rounds = Math.max(1, over.toSeconds() / ROUND.toSeconds());
        List<FaultKind> all = new ArrayList<>();
        for (long n = 0; n < rounds; n++) {
            all.addAll(kinds);
        }
        return all;
    }

    /** In random order, one per interval, and none in the last tenth of the time. */
    private static ChaosPlan spread(List<FaultKind> kinds, Random random, Duration over) {
        Collections.shuffle(kinds, random);
        double stretch = over.toMillis() * 0.9 / kinds.size();
        List<Fault> faults = new ArrayList<>();
        for (int n = 0; n < kinds.size(); n++) {
            long at = (long) (stretch * (n + 0.2 + 0.6 * random.nextDouble()));
            faults.add(
                    new Fault(
                            kinds.get(n),
                            Duration.ofMillis(at),
                            random.nextInt(1 << 20),
                            lasts(kinds.get(n), random)));
        }
        return new ChaosPlan(faults);
    }

    private static Duration lasts(FaultKind kind, Random random) {
        return switch (kind) {
            case KILL_WORKER, KILL_MANAGER, DRAIN_WORKER, DRAIN_MANAGER -> seconds(1, 6, random);
            case PAUSE_WORKER, PAUSE_MANAGER -> seconds(14, 20, random);
            case PAUSE_SHORTLY -> seconds(1, 6, random);
            case FLUSH_REDIS -> Duration.ZERO;
            case RESTART_REDIS -> seconds(0, 1, random);
            case REDIS_AWAY -> seconds(20, 30, random);
            case RESTART_POSTGRES, CRASH_POSTGRES -> seconds(2, 6, random);
            case FORGET_WORKER_POSTGRES,
                    FORGET_WORKER_REDIS,
                    FORGET_WORKER_PROVIDER,
                    FORGET_MANAGER_POSTGRES,
                    FORGET_MANAGER_REDIS ->
                    Duration.ZERO;
            case STALL_WORKER_POSTGRES -> seconds(12, 25, random);
            case CUT_OFF_WORKER, CUT_OFF_MANAGER -> seconds(20, 40, random);
            case LOCK_TABLES -> seconds(5, 25, random);
            case TAKE_CONNECTIONS -> seconds(10, 20, random);
            case PROMOTE_STANDBY -> Duration.ZERO;
            case FILL_DISK -> seconds(10, 20, random);
            case SKEW_WORKER_CLOCK, SKEW_MANAGER_CLOCK -> seconds(30, 40, random);
            case PROVIDER_NONSENSE, PROVIDER_ERRORS, PROVIDER_TRUNCATED, PROVIDER_LATE ->
                    seconds(5, 10, random);
        };
    }

    private static Duration seconds(int from, int to, Random random) {
        return Duration.ofMillis(random.nextInt(from * 1000, to * 1000 + 1));
    }
}
