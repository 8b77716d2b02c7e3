package io.mailgenius.jobs.imports;

import io.mailgenius.engine.partitioning.ChunkedStep;
import io.mailgenius.engine.partitioning.Partition;
import io.mailgenius.jobs.imports.ImportRows.Piece;
import io.mailgenius.jobs.imports.rows.Dialect;
import io.mailgenius.jobs.imports.rows.Slice;
import io.mailgenius.jobs.imports.rows.SliceReader;
import io.mailgenius.jobs.imports.storage.FileStorage;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.batch.core.job.parameters.JobParameters;
import org.springframework.batch.infrastructure.item.ExecutionContext;
import org.springframework.batch.infrastructure.item.ItemStreamReader;
import org.springframework.stereotype.Component;

/**
 * The manager's part of an import. The file is one partition, because only a reader that starts at
 * the beginning knows which line breaks are inside quotes; the slices are the chunks.
 */
@Component
class ImportSlices implements ChunkedStep<Piece> {

    static final String NAME = "import.rows";

    /**
     * Ten to forty thousand rows. Larger slices rewrite fewer index pages; smaller ones reach all
     * workers sooner, and a retry costs less.
     */
    private static final long SMALLEST = 1 << 20;

    private static final long LARGEST = 4 << 20;

    /** The minimum number of slices of a large file. */
    private static final int SLICES = 24;

    private final ImportStore imports;
    private final FileStorage files;

    ImportSlices(ImportStore imports, FileStorage files) {
        this.imports = imports;
        this.files = files;
    }

    /** All parameters of the reader, so that a restart needs no other state. */
    record Whole(
            long importId,
            String storageKey,
            long dataFrom,
            long dataLine,
            char delimiter,
            @Nullable Boolean linePerRecord,
            @Nullable Integer target) {}

    static long importId(JobParameters parameters) {
        return Long.parseLong(Objects.requireNonNull(parameters.getString("importId")));
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public List<?> partitions(JobParameters parameters) {
        ImportStore.Stored stored = imports.find(importId(parameters)).orElseThrow();
        return List.of(
                new Whole(
                        stored.id(),
                        stored.storageKey(),
                        stored.dataFrom(),
                        stored.layout().dataLine(),
                        stored.layout().delimiter(),
                        stored.layout().linePerRecord(),
                        (int) Math.clamp(stored.dataBytes() / SLICES, SMALLEST, LARGEST)));
    }

    @Override
    public ItemStreamReader<Piece> chunks(JobParameters parameters, Partition partition) {
        Whole whole = partition.as(Whole.class);
        SliceReader slices =
                new SliceReader(
                        files,
                        whole.storageKey(),
                        whole.dataFrom(),
                        whole.dataLine(),
                        whole.target() == null ? (int) SMALLEST : whole.target(),
                        new Dialect(whole.delimiter(), Boolean.TRUE.equals(whole.linePerRecord())));
        return new Pieces(whole.importId(), slices);
    }

    private record Pieces(long importId, SliceReader slices) implements ItemStreamReader<Piece> {

        @Override
        public void open(ExecutionContext context) {
            slices.open(context);
        }

        @Override
        public @Nullable Piece read() {
            Slice slice = slices.read();
            return slice == null ? null : new Piece(importId, slice);
        }

        @Override
        public void update(ExecutionContext context) {
            slices.update(context);
        }

        @Override
        public void close() {
            slices.close();
        }
    }

    /** Progress is measured in bytes. */
    @Override
    public long items(Piece piece) {
        return piece.slice().to() - piece.slice().from();
    }
}
