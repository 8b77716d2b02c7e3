package io.mailgenius.api.bench;

import io.mailgenius.api.chaos.Chaos;
import io.mailgenius.api.chaos.Order;
import io.mailgenius.api.chaos.Report;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import tools.jackson.databind.json.JsonMapper;

/**
 * {@code bench chaos}: prints what was done to the nodes, how soon work went on, and who is
 * missing.
 */
final class ChaosBench {

    private static final long MAILS = 200_000;
    private static final long MINUTES = 6;
    private static final long MOST_MINUTES = 24 * 60;

    private ChaosBench() {}

    static int run(Options options, Map<String, String> variables) throws Exception {
        long seed =
                options.number(
                        "--seed=",
                        ThreadLocalRandom.current().nextInt(1_000_000),
                        0,
                        Integer.MAX_VALUE);
        long minutes = options.number("--minutes=", MINUTES, 1, MOST_MINUTES);
        long mails = options.number("--mails=", MAILS, 1_000, Bench.MOST);
        options.nothingElse();
        Path folder = Path.of(variables.getOrDefault("MAILGENIUS_DATA_DIR", "data/chaos"));
        System.err.printf(
                "Chaos with seed %d: %,d mails in %d minutes, in %s%n",
                seed, mails, minutes, folder);
        Report report =
                Chaos.run(
                        new Order(
                                mails,
                                Duration.ofMinutes(minutes),
                                seed,
                                false,
                                folder.toAbsolutePath(),
                                thisProgram()));
        System.out.println(report.table());
        report.complaints().forEach(it -> System.out.println("NOT TRUE: " + it));
        System.out.println(JsonMapper.shared().writeValueAsString(report.figures()));
        System.out.flush();
        return report.complaints().isEmpty() ? 0 : 1;
    }

    /** The jar that runs, or the classes of a developer. */
    private static List<String> thisProgram() {
        String path = System.getProperty("java.class.path");
        return path.endsWith(".jar") && !path.contains(java.io.File.pathSeparator)
                ? List.of("-jar", path)
                : List.of("-cp", path, "io.mailgenius.api.MailGenius");
    }
}
