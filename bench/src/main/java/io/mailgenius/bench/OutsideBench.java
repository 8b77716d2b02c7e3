package io.mailgenius.bench;

import io.mailgenius.bench.chaos.OutsideRun;
import java.util.Map;

/** {@code bench events-in}, {@code bench mails} and {@code bench webhooks-out}. */
final class OutsideBench {

    private static final long SECONDS = 60;
    private static final long EVENTS = 5_000;
    private static final long BATCH = 50;
    private static final long MAILS = 5;
    private static final long RATE = 50;
    private static final long RECIPIENTS = 300_000;
    private static final long WEBHOOKS = 100_000;

    private OutsideBench() {}

    static int eventsIn(BenchOptions options, Map<String, String> variables) throws Exception {
        long seconds = options.number("--seconds=", SECONDS, 1, 3_600);
        long perSecond = options.number("--rate=", EVENTS, 1, 100_000);
        long batch = options.number("--batch=", BATCH, 1, 1_000);
        boolean kill = options.flag("--kill");
        options.nothingElse();
        return RollupBench.told(
                OutsideRun.eventsIn(
                        ChaosBench.quiet(variables), seconds, perSecond, (int) batch, kill));
    }

    static int mails(BenchOptions options, Map<String, String> variables) throws Exception {
        long seconds = options.number("--seconds=", SECONDS, 1, 3_600);
        long perSecond = options.number("--mails=", MAILS, 1, 1_000);
        long rate = options.number("--rate=", RATE, 0, 1_000);
        long recipients = options.number("--recipients=", RECIPIENTS, 1_000, Bench.MOST);
        boolean kill = options.flag("--kill");
        options.nothingElse();
        return RollupBench.told(
                OutsideRun.mails(
                        ChaosBench.quiet(variables),
                        seconds,
                        perSecond,
                        (int) rate,
                        recipients,
                        kill));
    }

    static int webhooksOut(BenchOptions options, Map<String, String> variables) throws Exception {
        long number = options.number("--webhooks=", WEBHOOKS, 1_000, 10_000_000);
        boolean kill = options.flag("--kill");
        options.nothingElse();
        return RollupBench.told(OutsideRun.webhooksOut(ChaosBench.quiet(variables), number, kill));
    }
}
