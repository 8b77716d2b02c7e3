package io.mailgenius.bench;

import io.mailgenius.bench.chaos.IdleRun;
import io.mailgenius.bench.chaos.TenantsRun;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;

/** {@code bench tenants} and {@code bench idle}. */
final class TenantsBench {

    private static final long WORKSPACES = 1_000;
    private static final long RECIPIENTS = 200;
    private static final long CLIENTS = 8;
    private static final long WARM = 20;
    private static final long PATIENCE = 60;
    private static final long IDLE = 10_000;
    private static final long MINUTE = 60;

    private TenantsBench() {}

    static int run(BenchOptions options, Map<String, String> variables) throws Exception {
        TenantsRun.Plan plan =
                new TenantsRun.Plan(
                        (int) options.number("--workspaces=", WORKSPACES, 1, 100_000),
                        (int) options.number("--recipients=", RECIPIENTS, 1, 1_000_000),
                        (int) options.number("--nodes=", 1, 1, 20),
                        (int) options.number("--pool=", 0, 0, 500),
                        (int) options.number("--clients=", CLIENTS, 1, 1_000),
                        (int) options.number("--warm=", WARM, 0, 1_000),
                        options.flag("--scheduled"),
                        Duration.ofSeconds(options.number("--patience=", PATIENCE, 10, 3_600)));
        options.nothingElse();
        if ((long) plan.workspaces() * plan.recipients() > Bench.MOST) {
            throw new IllegalArgumentException(
                    String.format(
                            Locale.ROOT,
                            "Workspaces times recipients are %,d at the most.",
                            Bench.MOST));
        }
        return RollupBench.told(TenantsRun.run(ChaosBench.quiet(variables), plan));
    }

    static int idle(BenchOptions options, Map<String, String> variables) throws Exception {
        int workspaces = (int) options.number("--workspaces=", IDLE, 1, 1_000_000);
        long seconds = options.number("--seconds=", MINUTE, 5, 3_600);
        options.nothingElse();
        return RollupBench.told(
                IdleRun.run(ChaosBench.quiet(variables), workspaces, Duration.ofSeconds(seconds)));
    }
}
