package io.mailgenius.console.jobs;

import io.mailgenius.engine.operations.ChunkTile;
import io.mailgenius.schema.ChunkState;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The chunks of a step as tiles, each coloured by the state that needs most attention. */
record HeatMap(String step, List<Tile> tiles, int rows) {

    static final int COLUMNS = 50;

    /** Before a state stands what needs attention more. */
    private static final List<ChunkState> ATTENTION =
            List.of(
                    ChunkState.FAILED,
                    ChunkState.CLAIMED,
                    ChunkState.HELD,
                    ChunkState.READY,
                    ChunkState.DONE);

    private static final Duration OLD = Duration.ofMinutes(5);

    /**
     * @param column from 0 on
     * @param row from 0 on
     * @param state that needs most attention
     * @param retried whether one of its chunks has had several attempts
     * @param old whether one of its chunks has waited or been worked on for long
     * @param age since when the oldest unfinished one waits or is worked on
     */
    record Tile(
            int column,
            int row,
            ChunkState state,
            boolean retried,
            boolean old,
            @Nullable Instant age,
            ChunkTile chunks) {

        long count() {
            return chunks.chunks().values().stream().mapToLong(Long::longValue).sum();
        }
    }

    static List<HeatMap> of(List<ChunkTile> tiles, Instant now) {
        Map<String, List<ChunkTile>> bySteps = new LinkedHashMap<>();
        tiles.forEach(it -> bySteps.computeIfAbsent(it.step(), _ -> new ArrayList<>()).add(it));
        return bySteps.entrySet().stream()
                .map(step -> of(step.getKey(), step.getValue(), now))
                .toList();
    }

    private static HeatMap of(String step, List<ChunkTile> tiles, Instant now) {
        List<Tile> placed = new ArrayList<>();
        for (int n = 0; n < tiles.size(); n++) {
            ChunkTile tile = tiles.get(n);
            ChunkState state =
                    ATTENTION.stream()
                            .filter(it -> tile.chunks().getOrDefault(it, 0L) > 0)
                            .findFirst()
                            .orElse(ChunkState.DONE);
            Instant oldest = tile.oldest();
            placed.add(
                    new Tile(
                            n % COLUMNS,
                            n / COLUMNS,
                            state,
                            tile.attempts() > 1,
                            oldest != null && oldest.isBefore(now.minus(OLD)),
                            oldest,
                            tile));
        }
        return new HeatMap(step, placed, (tiles.size() + COLUMNS - 1) / COLUMNS);
    }
}
