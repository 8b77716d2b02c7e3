package io.mailgenius.engine.progress;

import io.mailgenius.engine.cluster.NodeId;
import io.mailgenius.engine.progress.StepView.Failure;
import io.mailgenius.engine.progress.StepView.Owner;
import io.mailgenius.engine.progress.StepView.PartitionView;
import io.mailgenius.schema.ChunkState;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Reads the chunks of a job from the ledger, by step and partition. */
final class StepQueries {

    private static final int FAILURES = 20;

    private final JdbcClient jdbc;

    StepQueries(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    private record PartitionKey(String step, int partition) {

        static PartitionKey of(ResultSet row) throws SQLException {
            return new PartitionKey(row.getString("step_name"), row.getInt("partition"));
        }
    }

    private static final class Totals {
        final Map<ChunkState, Long> chunks = new EnumMap<>(ChunkState.class);
        final Map<String, Long> counts = new TreeMap<>();
        final List<Owner> owners = new ArrayList<>();
        final List<Failure> failures = new ArrayList<>();
        int attempts;

        PartitionView view(int partition) {
            return new PartitionView(partition, chunks, attempts, counts, owners, failures);
        }
    }

    List<StepView> of(long launchId) {
        Map<PartitionKey, Totals> byPartition = new LinkedHashMap<>();
        states(launchId, byPartition);
        counts(launchId, byPartition);
        owners(launchId, byPartition);
        failures(launchId, byPartition);
        Map<String, List<PartitionView>> steps = new LinkedHashMap<>();
        byPartition.forEach(
                (place, totals) ->
                        steps.computeIfAbsent(place.step(), _ -> new ArrayList<>())
                                .add(totals.view(place.partition())));
        return steps.entrySet().stream()
                .map(step -> new StepView(step.getKey(), step.getValue()))
                .toList();
    }

    private void states(long launchId, Map<PartitionKey, Totals> byPartition) {
        jdbc.sql(
                        """
                        SELECT c.step_name, c.partition, c.state, count(*) AS chunks, max(c.attempt) AS attempts,
                               min(min(c.id)) OVER (PARTITION BY c.step_name) AS first
                          FROM launch l JOIN chunk c ON c.job_instance_id = l.job_instance_id
                         WHERE l.id = :launch
                         GROUP BY c.step_name, c.partition, c.state
                         ORDER BY first, c.partition
                        """)
                .param("launch", launchId)
                .query(
                        row -> {
                            Totals totals =
                                    byPartition.computeIfAbsent(
                                            PartitionKey.of(row), _ -> new Totals());
                            totals.chunks.put(
                                    ChunkState.valueOf(row.getString("state")),
                                    row.getLong("chunks"));
                            totals.attempts = Math.max(totals.attempts, row.getInt("attempts"));
                        });
    }

    private void counts(long launchId, Map<PartitionKey, Totals> byPartition) {
        jdbc.sql(
                        """
                        SELECT c.step_name, c.partition, n.key, sum(n.value::bigint) AS value
                          FROM launch l
                          JOIN chunk c ON c.job_instance_id = l.job_instance_id AND c.state = 'DONE'
                         CROSS JOIN LATERAL jsonb_each_text(c.counts) n
                         WHERE l.id = :launch
                         GROUP BY c.step_name, c.partition, n.key
                        """)
                .param("launch", launchId)
                .query(
                        row -> {
                            Totals totals = byPartition.get(PartitionKey.of(row));
                            if (totals != null) {
                                totals.counts.put(row.getString("key"), row.getLong("value"));
                            }
                        });
    }

    private void owners(long launchId, Map<PartitionKey, Totals> byPartition) {
        jdbc.sql(
                        """
                        SELECT c.step_name, c.partition, c.owner,
                               count(*) FILTER (WHERE c.state = 'DONE') AS done,
                               count(*) FILTER (WHERE c.state = 'CLAIMED') AS in_hand
                          FROM launch l JOIN chunk c ON c.job_instance_id = l.job_instance_id
                         WHERE l.id = :launch AND c.owner IS NOT NULL
                         GROUP BY c.step_name, c.partition, c.owner
                         ORDER BY c.owner
                        """)
                .param("launch", launchId)
                .query(
                        row -> {
                            Totals totals = byPartition.get(PartitionKey.of(row));
                            if (totals != null) {
                                totals.owners.add(
                                        new Owner(
                                                NodeId.alias(row.getString("owner")),
                                                row.getLong("done"),
                                                row.getLong("in_hand")));
                            }
                        });
    }

    private void failures(long launchId, Map<PartitionKey, Totals> byPartition) {
        jdbc.sql(
                        """
                        SELECT c.step_name, c.partition, c.sequence, c.attempt, c.error
                          FROM launch l JOIN chunk c ON c.job_instance_id = l.job_instance_id
                         WHERE l.id = :launch AND c.state = 'FAILED'
                         ORDER BY c.id LIMIT :limit
                        """)
                .param("launch", launchId)
                .param("limit", FAILURES)
                .query(
                        row -> {
                            Totals totals = byPartition.get(PartitionKey.of(row));
                            if (totals != null) {
                                totals.failures.add(
                                        new Failure(
                                                row.getInt("sequence"),
                                                row.getInt("attempt"),
                                                row.getString("error")));
                            }
                        });
    }
}
