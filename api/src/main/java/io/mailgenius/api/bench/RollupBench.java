package io.mailgenius.api.bench;

import io.mailgenius.api.chaos.Outcome;
import io.mailgenius.api.chaos.RollupRun;
import java.util.Locale;
import java.util.Map;

/** {@code bench rollup}. */
final class RollupBench {

    private static final long EVENTS = 1_000_000;

    private RollupBench() {}

    static int run(Options options, Map<String, String> variables) throws Exception {
        long events = options.number("--events=", EVENTS, 1_000, 100_000_000);
        options.nothingElse();
        return told(RollupRun.run(ChaosBench.quiet(variables), events));
    }

    static int told(Outcome outcome) {
        outcome.figures()
                .forEach(
                        (name, figure) ->
                                System.out.printf(Locale.ROOT, "%-22s %s%n", name, figure));
        return ChaosBench.told(outcome.complaints(), outcome.figures());
    }
}
