package io.mailgenius.bench;

import io.mailgenius.bench.chaos.WebhookRun;
import java.util.Map;

/** {@code bench webhooks}. */
final class WebhookBench {

    private static final long SECONDS = 60;
    private static final long RATE = 5_000;
    private static final long CONTACTS = 200_000;

    private WebhookBench() {}

    static int run(BenchOptions options, Map<String, String> variables) throws Exception {
        WebhookRun.Plan plan =
                new WebhookRun.Plan(
                        options.number("--seconds=", SECONDS, 1, 3_600),
                        options.number("--rate=", RATE, 1, 100_000),
                        options.number("--contacts=", CONTACTS, 1, Bench.MOST),
                        options.flag("--kill"));
        options.nothingElse();
        return RollupBench.told(WebhookRun.run(ChaosBench.quiet(variables), plan));
    }
}
