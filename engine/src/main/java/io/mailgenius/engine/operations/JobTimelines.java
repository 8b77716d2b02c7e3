package io.mailgenius.engine.operations;

import static java.util.Comparator.comparing;
import static java.util.Comparator.comparingInt;

import io.mailgenius.engine.operations.StepTimeline.PartitionBar;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Reads steps and partitions with their times. */
final class JobTimelines {

    private static final int TIMES_MEDIAN = 2;
    private static final Duration WORTH_MENTIONING = Duration.ofSeconds(10);

    private final JdbcClient jdbc;
    private final Clock clock;

    JobTimelines(JdbcClient jdbc, Clock clock) {
        this.jdbc = jdbc;
        this.clock = clock;
    }

    List<StepTimeline> of(long launchId) {
        Map<String, List<PartitionBar>> distributed = partitions(launchId);
        List<StepTimeline> steps = new ArrayList<>(ofManager(launchId));
        // The manager's step of the same name only waits for the chunks.
        steps.removeIf(it -> distributed.containsKey(it.step()));
        distributed.forEach((step, bars) -> steps.add(distributed(step, bars)));
        steps.sort(comparing(it -> it.startedAt() == null ? Instant.MAX : it.startedAt()));
        return List.copyOf(steps);
    }

    private Map<String, List<PartitionBar>> partitions(long launchId) {
        Map<String, List<PartitionBar>> steps = new LinkedHashMap<>();
        Instant now = clock.instant();
        jdbc.sql(
                        """
                        SELECT c.step_name, c.partition, min(c.started_at) AS started,
                               CASE WHEN bool_and(c.finished_at IS NOT NULL) THEN max(c.finished_at) END AS ended,
                               count(*) AS chunks, count(*) FILTER (WHERE c.state = 'DONE') AS done,
                               count(*) FILTER (WHERE c.state = 'FAILED') AS failed,
                               count(*) FILTER (WHERE c.state = 'CLAIMED') AS in_hand, sum(c.items) AS items
                          FROM launch l JOIN chunk c ON c.job_instance_id = l.job_instance_id
                         WHERE l.id = :launch
                         GROUP BY c.step_name, c.partition
                         ORDER BY c.step_name, c.partition
                        """)
                .param("launch", launchId)
                .query(
                        row -> {
                            steps.computeIfAbsent(
                                            row.getString("step_name"), _ -> new ArrayList<>())
                                    .add(bar(row, now));
                        });
        return steps;
    }

    private static PartitionBar bar(ResultSet row, Instant now) throws SQLException {
        Instant started = instant(row, "started");
        Instant ended = instant(row, "ended");
        return new PartitionBar(
                row.getInt("partition"),
                started,
                ended,
                started == null ? null : Duration.between(started, ended == null ? now : ended),
                row.getLong("chunks"),
                row.getLong("done"),
                row.getLong("failed"),
                row.getLong("in_hand"),
                row.getLong("items"),
                false);
    }

    private static StepTimeline distributed(String step, List<PartitionBar> bars) {
        Instant started =
                bars.stream()
                        .map(PartitionBar::startedAt)
                        .filter(Objects::nonNull)
                        .min(Instant::compareTo)
                        .orElse(null);
        boolean open = bars.stream().anyMatch(it -> it.endedAt() == null);
        boolean failed = bars.stream().anyMatch(it -> it.failed() > 0);
        Instant ended =
                open
                        ? null
                        : bars.stream()
                                .map(PartitionBar::endedAt)
                                .filter(Objects::nonNull)
                                .max(Instant::compareTo)
                                .orElse(null);
        String status =
                started == null ? "STARTING" : open ? "STARTED" : failed ? "FAILED" : "COMPLETED";
        return new StepTimeline(step, true, status, started, ended, shown(bars));
    }

    /** With stragglers marked; of many partitions those that take longest. */
    private static List<PartitionBar> shown(List<PartitionBar> bars) {
        Duration limit = straggling(bars);
        return bars.stream()
                .map(bar -> marked(bar, limit))
                .sorted(comparing(JobTimelines::took).reversed())
                .limit(JobInspection.MAX_PARTITIONS)
                .sorted(comparingInt(PartitionBar::partition))
                .toList();
    }

    private static Duration straggling(List<PartitionBar> bars) {
        List<Duration> took =
                bars.stream()
                        .filter(it -> it.took() != null)
                        .map(JobTimelines::took)
                        .sorted()
                        .toList();
        if (took.size() < 2) {
            return Duration.ofDays(Short.MAX_VALUE);
        }
        // The lower one of an even number, so that of two partitions the slower one can straggle.
        Duration median = took.get((took.size() - 1) / 2).multipliedBy(TIMES_MEDIAN);
        return median.compareTo(WORTH_MENTIONING) > 0 ? median : WORTH_MENTIONING;
    }

    private static Duration took(PartitionBar bar) {
        return bar.took() == null ? Duration.ZERO : bar.took();
    }

    private static PartitionBar marked(PartitionBar bar, Duration limit) {
        return new PartitionBar(
                bar.partition(),
                bar.startedAt(),
                bar.endedAt(),
                bar.took(),
                bar.chunks(),
                bar.done(),
                bar.failed(),
                bar.inHand(),
                bar.items(),
                took(bar).compareTo(limit) > 0);
    }

    /** Spring Batch's own steps, over all runs of the job; those of partitions have a colon. */
    private List<StepTimeline> ofManager(long launchId) {
        return jdbc.sql(
                        """
                        SELECT s.step_name, min(s.start_time) AS started, max(s.end_time) AS ended,
                               (array_agg(s.status ORDER BY s.step_execution_id DESC))[1] AS status
                          FROM launch l
                          JOIN batch_job_execution e ON e.job_instance_id = l.job_instance_id
                          JOIN batch_step_execution s ON s.job_execution_id = e.job_execution_id
                         WHERE l.id = :launch AND strpos(s.step_name, ':') = 0
                         GROUP BY s.step_name
                        """)
                .param("launch", launchId)
                .query(
                        (row, n) ->
                                new StepTimeline(
                                        row.getString("step_name"),
                                        false,
                                        row.getString("status"),
                                        local(row, "started"),
                                        local(row, "ended"),
                                        List.of()))
                .list();
    }

    /** Spring Batch writes the time of the zone of its JVM. */
    private static @Nullable Instant local(ResultSet row, String column) throws SQLException {
        LocalDateTime time = row.getObject(column, LocalDateTime.class);
        return time == null ? null : time.atZone(ZoneId.systemDefault()).toInstant();
    }

    static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
        OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }
}
