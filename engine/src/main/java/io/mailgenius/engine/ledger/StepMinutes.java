package io.mailgenius.engine.ledger;

import static java.util.Comparator.comparing;

import java.time.ZoneOffset;
import java.util.Collection;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Writes table {@code step_minute}. */
final class StepMinutes {

    private final JdbcClient jdbc;

    StepMinutes(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * Adds to what other nodes wrote. Rows are locked in one order, so that two nodes cannot
     * deadlock.
     */
    void add(Collection<StepMinute> minutes) {
        List<StepMinute> ordered =
                minutes.stream()
                        .sorted(
                                comparing(StepMinute::minute)
                                        .thenComparing(StepMinute::workspaceId)
                                        .thenComparing(StepMinute::step))
                        .toList();
        jdbc.sql(
                        """
                        INSERT INTO step_minute AS m
                               (workspace_id, step_name, minute, chunks, items, failures, busy_millis)
                        SELECT n.workspace, n.step, n.minute, n.chunks, n.items, n.failures, n.busy
                          FROM unnest(:workspaces::bigint[], :steps::text[], :minutes::text[]::timestamptz[],
                                      :chunks::bigint[], :items::bigint[], :failures::bigint[], :busy::bigint[])
                               WITH ORDINALITY AS n (workspace, step, minute, chunks, items, failures, busy, place)
                         ORDER BY n.place
                            ON CONFLICT (workspace_id, minute, step_name) DO UPDATE
                           SET chunks = m.chunks + excluded.chunks, items = m.items + excluded.items,
                               failures = m.failures + excluded.failures,
                               busy_millis = m.busy_millis + excluded.busy_millis
                        """)
                .param("workspaces", ordered.stream().mapToLong(StepMinute::workspaceId).toArray())
                .param("steps", ordered.stream().map(StepMinute::step).toArray(String[]::new))
                .param(
                        "minutes",
                        ordered.stream()
                                .map(it -> it.minute().atOffset(ZoneOffset.UTC).toString())
                                .toArray(String[]::new))
                .param("chunks", ordered.stream().mapToLong(StepMinute::chunks).toArray())
                .param("items", ordered.stream().mapToLong(StepMinute::items).toArray())
                .param("failures", ordered.stream().mapToLong(StepMinute::failures).toArray())
                .param("busy", ordered.stream().mapToLong(StepMinute::busyMillis).toArray())
                .update();
    }
}
