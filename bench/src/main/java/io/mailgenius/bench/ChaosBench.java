package io.mailgenius.bench;

import io.mailgenius.bench.chaos.BusyWorkspaces;
import io.mailgenius.bench.chaos.Chaos;
import io.mailgenius.bench.chaos.ChaosOutcome;
import io.mailgenius.bench.chaos.Course;
import io.mailgenius.bench.chaos.HostileRun;
import io.mailgenius.bench.chaos.ImportChaos;
import io.mailgenius.bench.chaos.Order;
import io.mailgenius.bench.chaos.PauseRun;
import io.mailgenius.bench.chaos.RateRun;
import io.mailgenius.bench.chaos.Report;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * {@code bench chaos}: prints the injected faults, the recovery times, and the missing recipients.
 */
final class ChaosBench {

    private static final long MAILS = 200_000;

    /** Mails per campaign, if there are several campaigns. */
    private static final long MAILS_OF_EACH = 4_000;

    private static final long WORKSPACES = 10;
    private static final long MINUTES = 6;
    private static final long MOST_MINUTES = 24 * 60;
    private static final long RATE = 5;
    private static final long RATE_MINUTES = 2;

    private ChaosBench() {}

    static int run(BenchOptions options, Map<String, String> variables) throws Exception {
        long seed =
                options.number(
                        "--seed=",
                        ThreadLocalRandom.current().nextInt(1_000_000),
                        0,
                        Integer.MAX_VALUE);
        long minutes = options.number("--minutes=", MINUTES, 1, MOST_MINUTES);
        long campaigns = options.number("--campaigns=", 0, 0, 10_000);
        long workspaces =
                options.number("--workspaces=", Math.clamp(campaigns, 1, WORKSPACES), 1, 10_000);
        long mails =
                options.number("--mails=", campaigns > 0 ? MAILS_OF_EACH : MAILS, 100, Bench.MOST);
        long redisAway = options.number("--redis-away=", 0, 0, MOST_MINUTES);
        long rows = options.number("--rows=", 0, 0, Bench.MOST);
        boolean silent = options.flag("--silent");
        boolean outages = options.flag("--outages");
        long pauses = options.number("--pauses=", 0, 0, 1_000);
        options.nothingElse();
        BusyWorkspaces busyWorkspaces =
                campaigns == 0
                        ? null
                        : new BusyWorkspaces(
                                (int) campaigns, (int) workspaces, Math.toIntExact(mails));
        if (busyWorkspaces != null) {
            mails = Math.multiplyExact(mails, campaigns);
        }
        Path folder = folder(variables);
        if (pauses > 0) {
            return pausing(quiet(mails, Duration.ZERO, seed, folder), (int) pauses);
        }
        Order order =
                new Order(
                        rows > 0 ? rows : mails,
                        Duration.ofMinutes(Math.max(minutes, redisAway + 1)),
                        seed,
                        redisAway > 0
                                ? new Course.RedisAway(Duration.ofMinutes(redisAway))
                                : silent || outages
                                        ? Course.rounds(silent, outages)
                                        : new Course.Many(),
                        folder.toAbsolutePath(),
                        thisProgram());
        return rows > 0 ? importing(order) : sending(order, busyWorkspaces);
    }

    private static Path folder(Map<String, String> variables) {
        return Path.of(variables.getOrDefault("MAILGENIUS_DATA_DIR", "data/chaos"));
    }

    private static Order quiet(long mails, Duration over, long seed, Path folder) {
        return new Order(
                mails, over, seed, new Course.Quiet(), folder.toAbsolutePath(), thisProgram());
    }

    /** An order without faults. */
    static Order quiet(Map<String, String> variables) {
        return quiet(1, Duration.ZERO, 1, folder(variables));
    }

    /** {@code bench hostile}. */
    static int hostile(BenchOptions options, Map<String, String> variables) throws Exception {
        options.nothingElse();
        ChaosOutcome outcome = HostileRun.run(quiet(variables));
        return told(outcome.complaints(), outcome.figures());
    }

    /** {@code bench rate}. */
    static int rate(BenchOptions options, Map<String, String> variables) throws Exception {
        int perSecond = (int) options.number("--rate=", RATE, 1, 1_000);
        long minutes = options.number("--minutes=", RATE_MINUTES, 1, MOST_MINUTES);
        options.nothingElse();
        Duration over = Duration.ofMinutes(minutes);
        ChaosOutcome outcome =
                RateRun.run(
                        quiet(
                                RateRun.mails(perSecond, over.toSeconds()),
                                over,
                                1,
                                folder(variables)),
                        perSecond);
        return told(outcome.complaints(), outcome.figures());
    }

    private static int pausing(Order order, int times) throws Exception {
        System.err.printf(
                "%,d mails with seed %d, paused and resumed %d times, in %s%n",
                order.mails(), order.seed(), times, order.folder());
        ChaosOutcome outcome = PauseRun.run(order, times);
        return told(outcome.complaints(), outcome.figures());
    }

    private static int sending(Order order, @Nullable BusyWorkspaces busyWorkspaces)
            throws Exception {
        System.err.printf(
                "Chaos with seed %d: %,d mails of %d campaigns in %d minutes, in %s%n",
                order.seed(),
                order.mails(),
                busyWorkspaces == null ? 1 : busyWorkspaces.campaigns(),
                order.over().toMinutes(),
                order.folder());
        Report report = Chaos.run(order, busyWorkspaces);
        System.out.println(report.table());
        return told(report.complaints(), report.figures());
    }

    private static int importing(Order order) throws Exception {
        System.err.printf(
                "Chaos with seed %d: an import of %,d rows, in %s%n",
                order.seed(), order.mails(), order.folder());
        ChaosOutcome outcome = ImportChaos.run(order);
        return told(outcome.complaints(), outcome.figures());
    }

    static int told(List<String> complaints, Map<String, Object> figures) {
        complaints.forEach(it -> System.out.println("NOT TRUE: " + it));
        System.out.println(JsonMapper.shared().writeValueAsString(figures));
        System.out.flush();
        return complaints.isEmpty() ? 0 : 1;
    }

    /** The class path or jar of this process. */
    private static List<String> thisProgram() {
        return List.of(
                "-cp", System.getProperty("java.class.path"), "io.mailgenius.api.MailGenius");
    }
}
