package io.mailgenius.engine.operations;

import io.mailgenius.engine.cluster.Nodes;
import io.mailgenius.engine.tenancy.AutocommitRead;
import io.mailgenius.schema.WorkspaceScope;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Queues, throughput and utilisation by step, in the current workspace. */
@Component
@AutocommitRead
public class StepLoads {

    private static final Duration HOUR = Duration.ofHours(1);
    private static final long MINUTE_MILLIS = 60_000;

    private final JdbcClient jdbc;
    private final Nodes nodes;
    private final Clock clock;

    StepLoads(JdbcClient jdbc, Nodes nodes, Clock clock) {
        this.jdbc = jdbc;
        this.nodes = nodes;
        this.clock = clock;
    }

    private static final class Load {
        long ready;
        long inHand;
        @Nullable Instant oldest;
        final List<StepLoad.Minute> minutes = new ArrayList<>();
    }

    /** Every step that has a queue or did something within the last hour, by name. */
    public List<StepLoad> lastHour() {
        Map<String, Load> steps = new TreeMap<>();
        Instant now = clock.instant();
        queues(steps, now);
        minutes(steps, now);
        return steps.entrySet().stream()
                .map(
                        it ->
                                new StepLoad(
                                        it.getKey(),
                                        it.getValue().ready,
                                        it.getValue().oldest,
                                        it.getValue().inHand,
                                        it.getValue().minutes))
                .toList();
    }

    private void queues(Map<String, Load> steps, Instant now) {
        jdbc.sql(
                        """
                        SELECT c.step_name, count(*) FILTER (WHERE c.state = 'READY' AND c.ready_at <= :now) AS ready,
                               min(c.ready_at) FILTER (WHERE c.state = 'READY' AND c.ready_at <= :now) AS oldest,
                               count(*) FILTER (WHERE c.state = 'CLAIMED') AS in_hand
                          FROM launch l JOIN chunk c ON c.job_instance_id = l.job_instance_id
                         WHERE l.workspace_id = :workspace AND l.state IN ('RUNNING', 'STOPPING') AND c.unfinished
                         GROUP BY c.step_name
                        """)
                .param("workspace", WorkspaceScope.required())
                .param("now", now.atOffset(ZoneOffset.UTC))
                .query(
                        row -> {
                            Load load =
                                    steps.computeIfAbsent(
                                            row.getString("step_name"), _ -> new Load());
                            load.ready = row.getLong("ready");
                            load.oldest = JobTimelines.instant(row, "oldest");
                            load.inHand = row.getLong("in_hand");
                        });
    }

    private void minutes(Map<String, Load> steps, Instant now) {
        int slots = Math.max(1, nodes.slots());
        jdbc.sql(
                        """
                        SELECT step_name, minute, chunks, items, failures, busy_millis FROM step_minute
                         WHERE workspace_id = :workspace AND minute > :since
                         ORDER BY minute
                        """)
                .param("workspace", WorkspaceScope.required())
                .param("since", now.minus(HOUR).atOffset(ZoneOffset.UTC))
                .query(
                        row -> {
                            Instant minute =
                                    Objects.requireNonNull(JobTimelines.instant(row, "minute"));
                            double busy = row.getLong("busy_millis");
                            steps.computeIfAbsent(row.getString("step_name"), _ -> new Load())
                                    .minutes
                                    .add(
                                            new StepLoad.Minute(
                                                    minute,
                                                    row.getLong("chunks"),
                                                    row.getLong("items"),
                                                    row.getLong("failures"),
                                                    Math.min(
                                                            1,
                                                            busy / slots / passed(minute, now))));
                        });
    }

    /** The milliseconds of the minute that have passed. */
    private static long passed(Instant minute, Instant now) {
        return Math.clamp(Duration.between(minute, now).toMillis(), 1_000, MINUTE_MILLIS);
    }
}
