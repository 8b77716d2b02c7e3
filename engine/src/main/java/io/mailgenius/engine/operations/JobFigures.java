package io.mailgenius.engine.operations;

import io.mailgenius.schema.ChunkState;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Aggregates the chunks of a job: a heat map, a series, and causes of failures. */
final class JobFigures {

    private final JdbcClient jdbc;

    JobFigures(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    private record TileKey(String step, int partition, int number) {}

    private static final class Tile {
        final Map<ChunkState, Long> chunks = new EnumMap<>(ChunkState.class);
        int firstSequence = Integer.MAX_VALUE;
        int lastSequence;
        long first = Long.MAX_VALUE;
        long last;
        int attempts;
        @Nullable Instant oldest;
    }

    List<ChunkTile> tiles(long launchId, int tiles) {
        Map<TileKey, Tile> byKey = new LinkedHashMap<>();
        jdbc.sql(
                        """
                        SELECT c.step_name, c.partition, c.sequence / w.width AS tile, c.state, count(*) AS chunks,
                               min(c.sequence) AS first_sequence, max(c.sequence) AS last_sequence,
                               min(c.id) AS first, max(c.id) AS last, max(c.attempt) AS attempts,
                               min(CASE c.state WHEN 'READY' THEN c.ready_at
                                                WHEN 'CLAIMED' THEN c.claimed_at END) AS oldest
                          FROM launch l
                         CROSS JOIN LATERAL (SELECT greatest(1, ceil(count(*)::float / :tiles)::int) AS width
                                               FROM chunk WHERE job_instance_id = l.job_instance_id) w
                          JOIN chunk c ON c.job_instance_id = l.job_instance_id
                         WHERE l.id = :launch
                         GROUP BY c.step_name, c.partition, tile, c.state
                         ORDER BY c.step_name, c.partition, tile
                        """)
                .param("launch", launchId)
                .param("tiles", tiles)
                .query(
                        row -> {
                            TileKey key =
                                    new TileKey(
                                            row.getString("step_name"),
                                            row.getInt("partition"),
                                            row.getInt("tile"));
                            Tile tile = byKey.computeIfAbsent(key, _ -> new Tile());
                            tile.chunks.put(
                                    ChunkState.valueOf(row.getString("state")),
                                    row.getLong("chunks"));
                            tile.firstSequence =
                                    Math.min(tile.firstSequence, row.getInt("first_sequence"));
                            tile.lastSequence =
                                    Math.max(tile.lastSequence, row.getInt("last_sequence"));
                            tile.first = Math.min(tile.first, row.getLong("first"));
                            tile.last = Math.max(tile.last, row.getLong("last"));
                            tile.attempts = Math.max(tile.attempts, row.getInt("attempts"));
                            Instant oldest = JobTimelines.instant(row, "oldest");
                            if (oldest != null
                                    && (tile.oldest == null || oldest.isBefore(tile.oldest))) {
                                tile.oldest = oldest;
                            }
                        });
        List<ChunkTile> shown = new ArrayList<>();
        byKey.forEach(
                (key, tile) ->
                        shown.add(
                                new ChunkTile(
                                        key.step(),
                                        key.partition(),
                                        tile.firstSequence,
                                        tile.lastSequence,
                                        tile.first,
                                        tile.last,
                                        tile.chunks,
                                        tile.attempts,
                                        tile.oldest)));
        return shown;
    }

    RateSeries rates(long launchId, int points) {
        List<RatePoint> series = new ArrayList<>();
        long[] seconds = {1};
        jdbc.sql(
                        """
                        SELECT b.width, b.started + floor(extract(epoch FROM c.finished_at - b.started) / b.width)
                                                    * b.width * interval '1 second' AS moment,
                               c.step_name, count(*) AS chunks, sum(c.items) AS items
                          FROM launch l
                         CROSS JOIN LATERAL (
                               SELECT date_trunc('second', min(started_at)) AS started,
                                      greatest(1, ceil((extract(epoch FROM max(finished_at) - min(started_at)) + 1)
                                                       / :points))::bigint AS width
                                 FROM chunk WHERE job_instance_id = l.job_instance_id) b
                          JOIN chunk c ON c.job_instance_id = l.job_instance_id AND c.state = 'DONE'
                         WHERE l.id = :launch
                         GROUP BY b.width, moment, c.step_name
                         ORDER BY moment, c.step_name
                        """)
                .param("launch", launchId)
                .param("points", points)
                .query(
                        row -> {
                            seconds[0] = row.getLong("width");
                            series.add(
                                    new RatePoint(
                                            Objects.requireNonNull(
                                                    JobTimelines.instant(row, "moment")),
                                            row.getString("step_name"),
                                            row.getLong("chunks"),
                                            row.getLong("items")));
                        });
        return new RateSeries(Duration.ofSeconds(seconds[0]), series);
    }

    List<FailureCause> causes(long launchId, int limit) {
        return jdbc.sql(
                        """
                        SELECT coalesce(f.cause, a.cause) AS cause, coalesce(f.failed, 0) AS failed,
                               coalesce(a.attempts, 0) AS attempts, coalesce(f.error, a.error) AS example,
                               coalesce(f.chunk, a.chunk) AS chunk, greatest(f.last, a.last) AS last
                          FROM (SELECT c.cause, count(*) AS failed, min(c.error) AS error, min(c.id) AS chunk,
                                       max(c.finished_at) AS last
                                  FROM launch l JOIN chunk c ON c.job_instance_id = l.job_instance_id
                                 WHERE l.id = :launch AND c.state = 'FAILED'
                                 GROUP BY c.cause) f
                          FULL JOIN
                               (SELECT t.cause, count(*) AS attempts, min(t.error) AS error, min(t.chunk_id) AS chunk,
                                       max(t.ended_at) AS last
                                  FROM launch l
                                  JOIN chunk_attempt t ON t.workspace_id = l.workspace_id
                                                      AND t.job_instance_id = l.job_instance_id
                                 WHERE l.id = :launch AND t.outcome <> 'RETURNED'
                                 GROUP BY t.cause) a ON a.cause = f.cause
                         ORDER BY failed DESC, attempts DESC, cause
                         LIMIT :limit
                        """)
                .param("launch", launchId)
                .param("limit", limit)
                .query(
                        (row, n) ->
                                new FailureCause(
                                        Objects.requireNonNullElse(row.getString("cause"), ""),
                                        row.getLong("failed"),
                                        row.getLong("attempts"),
                                        row.getString("example"),
                                        row.getLong("chunk"),
                                        Objects.requireNonNull(JobTimelines.instant(row, "last"))))
                .list();
    }
}
