package io.mailgenius.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OldGenerationTest {

    @ParameterizedTest
    @CsvSource({
        "100, 0, 1000, 100",
        "100, 50, 1000, 100",
        "100, 200, 1000, 250",
        "100, 900, 1000, 1000",
        "100, 900, -1, 1125"
    })
    void it_may_grow_by_a_quarter_of_what_is_alive(
            long atFirst, long alive, long max, long threshold) {
        assertThat(OldGeneration.threshold(atFirst, alive, max)).isEqualTo(threshold);
    }

    @ParameterizedTest
    @ValueSource(strings = {"-XX:+UseSerialGC", "-XX:+UseParallelGC"})
    @Timeout(60)
    void what_lives_for_a_moment_does_not_fill_the_heap(String collector) throws Exception {
        assertThat(megabytesAfter(collector)).isLessThan(400);
    }

    @Test
    @Timeout(60)
    void a_collector_that_looks_after_its_own_is_left_alone() throws Exception {
        assertThat(megabytesAfter("-XX:+UseG1GC")).isPositive();
    }

    /** Those that a heap of at most a gigabyte has come to. */
    private static long megabytesAfter(String collector) throws Exception {
        Process process =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                collector,
                                "-Xms64m",
                                "-Xmn16m",
                                "-Xmx1g",
                                "-cp",
                                System.getProperty("java.class.path"),
                                Moments.class.getName())
                        .redirectError(ProcessBuilder.Redirect.DISCARD)
                        .start();
        String told = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).isZero();
        return Long.parseLong(told.strip());
    }

    /** A gigabyte and a half goes through it, of which 30 MB are alive at a time. */
    static final class Moments {

        private Moments() {}

        /** Nobody else allocates meanwhile: the notice comes on a thread of its own. */
        private static void untilCollected() {
            ManagementFactory.getMemoryPoolMXBeans().stream()
                    .filter(
                            pool ->
                                    pool.isUsageThresholdSupported()
                                            && pool.getUsageThreshold() > 0)
                    .forEach(
                            pool -> {
                                while (pool.isUsageThresholdExceeded()) {
                                    Thread.onSpinWait();
                                }
                            });
        }

        public static void main(String[] arguments) {
            OldGeneration.collectBeforeItGrows();
            Deque<byte[][]> alive = new ArrayDeque<>();
            for (int moment = 0; moment < 150; moment++) {
                byte[][] some = new byte[10_000][];
                for (int i = 0; i < some.length; i++) {
                    some[i] = new byte[1_000];
                }
                alive.add(some);
                if (alive.size() > 3) {
                    alive.remove();
                }
                untilCollected();
            }
            System.out.println(
                    ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getCommitted() >> 20);
        }
    }
}
