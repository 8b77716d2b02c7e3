package io.mailgenius.bench.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.Test;

/**
 * The short form of {@code ./mailgenius bench chaos}. A seed that failed is run again with {@code
 * -Dchaos.seed=S}; what the nodes said is in target/chaos.
 */
class ChaosIT {

    private static final long MAILS = 20_000;
    private static final Duration OVER = Duration.ofSeconds(60);
    private static final Path JAR =
            Path.of("..", "api", "target", "mailgenius-program.jar").toAbsolutePath().normalize();

    @Test
    void nobody_is_missed_or_mailed_twice_whoever_dies_meanwhile() throws Exception {
        assertThat(JAR).as("built by the phase package").exists();
        long seed = Long.getLong("chaos.seed", ThreadLocalRandom.current().nextInt(1_000_000));
        System.out.println("Chaos with seed " + seed);

        Report report =
                Chaos.run(
                        new Order(
                                MAILS,
                                OVER,
                                seed,
                                new Course.Few(),
                                Path.of("target", "chaos").toAbsolutePath(),
                                List.of("-jar", JAR.toString())));

        System.out.println(report.table());
        System.out.println(report.figures());
        assertThat(report.complaints()).as("what is not true with seed %d", seed).isEmpty();
        assertThat(report.faults().keySet())
                .contains(
                        FaultKind.KILL_WORKER,
                        FaultKind.KILL_MANAGER,
                        FaultKind.PAUSE_WORKER,
                        FaultKind.FLUSH_REDIS,
                        FaultKind.RESTART_POSTGRES);
        assertThat(report.verdict().expected()).isEqualTo(MAILS);
        assertThat(report.verdict().missing()).isEmpty();
        assertThat(report.verdict().doubled()).isEmpty();
    }
}
