package io.mailgenius.bench;

import io.mailgenius.bench.chaos.FairnessRun;
import java.time.Duration;
import java.util.Map;

/** {@code bench fairness}. */
final class FairnessBench {

    private static final long ROWS = 2_000_000;
    private static final long RECIPIENTS = 2_000_000;
    private static final long WORKSPACES = 50;
    private static final long ALONE = 20;
    private static final long CAMPAIGNS = 500;
    private static final long RECIPIENTS_OF_EACH = 400;
    private static final long PATIENCE = 120;

    private FairnessBench() {}

    static int run(BenchOptions options, Map<String, String> variables) throws Exception {
        FairnessRun.Plan plan =
                new FairnessRun.Plan(
                        options.number("--rows=", ROWS, 1_000, Bench.MOST),
                        (int) options.number("--recipients=", RECIPIENTS, 100, Bench.MOST),
                        (int) options.number("--workspaces=", WORKSPACES, 1, 10_000),
                        (int) options.number("--alone=", ALONE, 1, 1_000),
                        (int) options.number("--campaigns=", CAMPAIGNS, 1, 5_000),
                        (int) options.number("--of-each=", RECIPIENTS_OF_EACH, 1, 4_000),
                        (int) options.number("--pool=", 0, 0, 500),
                        Duration.ofSeconds(options.number("--patience=", PATIENCE, 10, 3_600)));
        options.nothingElse();
        return RollupBench.told(FairnessRun.run(ChaosBench.quiet(variables), plan));
    }
}
