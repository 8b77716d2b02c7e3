package io.mailgenius.bench;

import io.mailgenius.bench.load.ImportFloor;
import io.mailgenius.jobs.imports.ImportView;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/** {@code bench import}. */
final class ImportBench {

    private static final long WARM_UP = 20_000;

    private ImportBench() {}

    static int run(long rows, Map<String, String> variables) throws Exception {
        Map<String, Object> figures = new LinkedHashMap<>();
        try (EmbeddedNode embeddedNode = EmbeddedNode.start(variables, Map.of())) {
            embeddedNode.imported(embeddedNode.contacts("warm-up.csv", WARM_UP));
            Path file = embeddedNode.contacts("contacts.csv", rows);
            double cpu = ProcessUsage.cpuSeconds();
            double fresh = seconds(embeddedNode, file);
            double cpuFresh = ProcessUsage.cpuSeconds() - cpu;
            double again = seconds(embeddedNode, file);
            double floorFresh;
            double floorAgain;
            try (ImportFloor floor = new ImportFloor(embeddedNode.owner(), file)) {
                floorFresh = seconds(floor.run());
                floorAgain = seconds(floor.run());
            }
            figures.put("rows", rows);
            figures.put("newSeconds", fresh);
            figures.put("newRowsPerSecond", Math.round(rows / fresh));
            figures.put("newFloorSeconds", floorFresh);
            figures.put("newRatio", rounded(fresh / floorFresh));
            figures.put("existingSeconds", again);
            figures.put("existingRowsPerSecond", Math.round(rows / again));
            figures.put("existingFloorSeconds", floorAgain);
            figures.put("existingRatio", rounded(again / floorAgain));
            figures.put("cpuSecondsOfNode", rounded(cpuFresh));
            figures.put("peakMegabytesOfNode", ProcessUsage.peakMegabytes());
            System.out.printf(
                    Locale.ROOT,
                    """
                    import of %,d rows      seconds    rows/s    floor    ratio
                      new rows             %9.2f  %,9d  %7.2f  %7.2f
                      existing rows        %9.2f  %,9d  %7.2f  %7.2f
                    the node took %.1f s of CPU for the new rows, and %,d MB at the most
                    %n""",
                    rows,
                    fresh,
                    Math.round(rows / fresh),
                    floorFresh,
                    fresh / floorFresh,
                    again,
                    Math.round(rows / again),
                    floorAgain,
                    again / floorAgain,
                    cpuFresh,
                    ProcessUsage.peakMegabytes());
        }
        System.out.println(JsonMapper.shared().writeValueAsString(figures));
        System.out.flush();
        return 0;
    }

    private static double seconds(EmbeddedNode embeddedNode, Path file) throws Exception {
        long begin = System.nanoTime();
        ImportView ended = embeddedNode.imported(file);
        double seconds = seconds(Duration.ofNanos(System.nanoTime() - begin));
        ImportView.Rows rows = ended.rows();
        long accounted =
                rows.created()
                        + rows.updated()
                        + rows.unchanged()
                        + rows.duplicate()
                        + rows.rejected();
        if (rows.read() != accounted) {
            throw new IllegalStateException("The rows do not add up: " + rows);
        }
        return seconds;
    }

    private static double seconds(Duration duration) {
        return rounded(duration.toNanos() / 1e9);
    }

    static double rounded(double value) {
        return Math.round(value * 100) / 100.0;
    }
}
