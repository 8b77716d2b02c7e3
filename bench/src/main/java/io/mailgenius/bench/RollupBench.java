package io.mailgenius.bench;

import io.mailgenius.bench.chaos.ChaosOutcome;
import io.mailgenius.bench.chaos.RollupRun;
import java.util.Locale;
import java.util.Map;

/** {@code bench rollup}. */
final class RollupBench {

    private static final long EVENTS = 1_000_000;

    private RollupBench() {}

    static int run(BenchOptions options, Map<String, String> variables) throws Exception {
        long events = options.number("--events=", EVENTS, 1_000, 100_000_000);
        options.nothingElse();
        return told(RollupRun.run(ChaosBench.quiet(variables), events));
    }

    static int told(ChaosOutcome outcome) {
        outcome.figures()
                .forEach(
                        (name, figure) ->
                                System.out.printf(Locale.ROOT, "%-22s %s%n", name, figure));
        return ChaosBench.told(outcome.complaints(), outcome.figures());
    }
}
