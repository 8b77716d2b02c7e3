package io.mailgenius.jobs.imports;

import io.mailgenius.engine.ledger.ChunkCounts;
import io.mailgenius.engine.ledger.ChunkTally;
import io.mailgenius.engine.ledger.Ledger;
import io.mailgenius.jobs.imports.ImportStore.Stored;
import io.mailgenius.jobs.imports.ImportStore.Undone;
import io.mailgenius.jobs.imports.merge.Undo;
import java.time.Clock;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Builds views of imports from the stored row and the counts of the ledger. */
@Component
class ImportViews {

    private final ImportStore imports;
    private final Ledger ledger;
    private final Clock clock;

    ImportViews(ImportStore imports, Ledger ledger, Clock clock) {
        this.imports = imports;
        this.ledger = ledger;
        this.clock = clock;
    }

    ImportView view(Stored stored) {
        boolean live =
                switch (stored.status()) {
                    case PENDING, RUNNING -> true;
                    case COMPLETED, FAILED, STOPPED -> false;
                };
        ChunkTally tally =
                stored.jobInstanceId() == null
                        ? ChunkTally.EMPTY
                        : ledger.of(stored.jobInstanceId()).tally(ImportSlices.NAME);
        ImportView.Rows rows = live ? ImportView.Rows.of(tally.counts()) : stored.rows();
        double progress =
                Math.min(1.0, (double) tally.itemsDone() / Math.max(1, stored.dataBytes()));
        byte[] sha256 = stored.sha256();
        Pace pace = live ? pace(stored, rows.read(), progress) : Pace.NONE;
        return new ImportView(
                stored.id(),
                stored.fileName(),
                stored.bytes(),
                sha256 == null ? null : HexFormat.of().formatHex(sha256),
                sha256 == null ? null : imports.sameFile(sha256, stored.id()).orElse(null),
                stored.format(),
                stored.options().isDryRun(),
                stored.status(),
                live ? step(stored) : null,
                stored.jobExecutionId(),
                rows,
                progress,
                pace.rowsPerSecond(),
                pace.secondsLeft(),
                stored.error(),
                stored.problem(),
                stored.undo() == null ? null : undo(stored.undo()),
                stored.createdAt(),
                stored.startedAt(),
                stored.finishedAt(),
                stored.layout().warningsOrNone());
    }

    private static ImportStep step(Stored stored) {
        return stored.isPrepared() ? ImportStep.MERGING : ImportStep.PREPARING;
    }

    private record Pace(@Nullable Long rowsPerSecond, @Nullable Long secondsLeft) {

        static final Pace NONE = new Pace(null, null);
    }

    /** Only of this run, because the time while a job was stopped does not count. */
    private Pace pace(Stored stored, long read, double progress) {
        long now = read - stored.rowsAtStart();
        if (stored.startedAt() == null || now <= 0 || progress <= 0) {
            return Pace.NONE;
        }
        double seconds =
                Math.max(
                        0.001,
                        Duration.between(stored.startedAt(), clock.instant()).toMillis() / 1000.0);
        double rate = now / seconds;
        double rowsInAll = read / progress;
        return new Pace(Math.round(rate), (long) Math.ceil(Math.max(0, rowsInAll - read) / rate));
    }

    private static ImportView.Undo undo(Undone undone) {
        ChunkCounts counts = new ChunkCounts(undone.figures());
        Map<String, Long> left = new TreeMap<>();
        for (String why : new String[] {Undo.CHANGED, Undo.MAILED, Undo.ON_OTHER_LISTS}) {
            if (counts.get(why) > 0) {
                left.put(why, counts.get(why));
            }
        }
        return new ImportView.Undo(
                undone.status(),
                counts.get(Undo.DELETED),
                counts.get(Undo.RESTORED),
                counts.get(Undo.TAKEN_OFF),
                left);
    }
}
