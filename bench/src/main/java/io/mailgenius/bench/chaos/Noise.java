package io.mailgenius.bench.chaos;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What nodes logged during an outage. Failures must be logged in a line or two, not as repeated
 * stack traces.
 *
 * @param lines of warnings and errors
 * @param traces lines of stack traces
 * @param loudest the most frequent messages, with their counts
 */
record Noise(long lines, long traces, List<Map.Entry<String, Long>> loudest) {

    /** Nodes need some time to detect an outage and its end. */
    private static final Duration AFTERWARDS = Duration.ofSeconds(10);

    private static final int NAMED = 8;

    private static final Pattern LINE =
            Pattern.compile("(\\d{4}-\\d\\d-\\d\\dT\\S+) (WARN|ERROR|INFO) +(.*)");
    private static final Pattern TRACE =
            Pattern.compile("\\s+at \\S.*|Caused by: .*|\\s+\\.\\.\\. \\d+ .*|\\s+Suppressed: .*");

    static Noise between(Instant from, Instant to, List<Path> logs) throws IOException {
        Map<String, Long> said = new HashMap<>();
        long lines = 0;
        long traces = 0;
        for (Path log : logs) {
            boolean within = false;
            for (String line : lines(log)) {
                Matcher start = LINE.matcher(line);
                if (start.matches()) {
                    Instant at = OffsetDateTime.parse(start.group(1)).toInstant();
                    within = !at.isBefore(from) && !at.isAfter(to.plus(AFTERWARDS));
                    if (within && !start.group(2).equals("INFO")) {
                        lines++;
                        said.merge(start.group(2) + " " + alike(start.group(3)), 1L, Long::sum);
                    }
                } else if (within && TRACE.matcher(line).matches()) {
                    traces++;
                }
            }
        }
        List<Map.Entry<String, Long>> loudest = new ArrayList<>(said.entrySet());
        loudest.sort(Map.Entry.<String, Long>comparingByValue(Comparator.reverseOrder()));
        return new Noise(lines, traces, loudest.subList(0, Math.min(NAMED, loudest.size())));
    }

    private static List<String> lines(Path log) throws IOException {
        return new String(Files.readAllBytes(log), StandardCharsets.UTF_8).lines().toList();
    }

    /** Without numbers and ids, which differ each time. */
    private static String alike(String message) {
        String plain = message.replaceAll("[0-9a-f]*\\d[0-9a-f]*", "#");
        return plain.substring(0, Math.min(160, plain.length()));
    }
}
