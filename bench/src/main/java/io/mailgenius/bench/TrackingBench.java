package io.mailgenius.bench;

import io.mailgenius.bench.chaos.TrackingRun;
import java.util.Map;

/** {@code bench tracking}. */
final class TrackingBench {

    private static final long SECONDS = 60;
    private static final long RATE = 500;

    private TrackingBench() {}

    static int run(BenchOptions options, Map<String, String> variables) throws Exception {
        TrackingRun.Plan plan =
                new TrackingRun.Plan(
                        options.number("--seconds=", SECONDS, 1, 3_600),
                        options.number("--rate=", RATE, 1, 20_000));
        options.nothingElse();
        return RollupBench.told(TrackingRun.run(ChaosBench.quiet(variables), plan));
    }
}
