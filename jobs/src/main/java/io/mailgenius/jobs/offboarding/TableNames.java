package io.mailgenius.jobs.offboarding;

import io.mailgenius.engine.partitioning.ChunkedStep;
import io.mailgenius.engine.partitioning.Partition;
import java.util.List;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;
import org.springframework.batch.core.job.parameters.JobParameters;
import org.springframework.batch.infrastructure.item.ExecutionContext;
import org.springframework.batch.infrastructure.item.ItemStreamReader;

/**
 * The manager's half of a step that works on one table after the other. The names are asked of the
 * catalogue once, and a restart goes on with the same.
 */
final class TableNames implements ChunkedStep<TableNames.OfTable> {

    private final String name;
    private final Supplier<List<String>> tables;
    private final ToLongFunction<JobParameters> exportId;

    /**
     * @param name of the step
     * @param exportId of the export; 0 of a deletion
     */
    TableNames(String name, Supplier<List<String>> tables, ToLongFunction<JobParameters> exportId) {
        this.name = name;
        this.tables = tables;
        this.exportId = exportId;
    }

    /** A table of the export, or of the deletion. */
    record OfTable(long exportId, String table) {}

    @Override
    public String name() {
        return name;
    }

    @Override
    public List<?> partitions(JobParameters parameters) {
        return List.of(new TableList(exportId.applyAsLong(parameters), tables.get()));
    }

    record TableList(long exportId, List<String> names) {}

    @Override
    public ItemStreamReader<OfTable> chunks(JobParameters parameters, Partition partition) {
        return new TableReader(partition.as(TableList.class));
    }

    private static final class TableReader implements ItemStreamReader<OfTable> {

        private static final String NEXT = "tables.next";

        private final TableList tables;
        private int next;

        private TableReader(TableList tables) {
            this.tables = tables;
        }

        @Override
        public void open(ExecutionContext context) {
            next = context.getInt(NEXT, 0);
        }

        @Override
        public @Nullable OfTable read() {
            return next == tables.names().size()
                    ? null
                    : new OfTable(tables.exportId(), tables.names().get(next++));
        }

        @Override
        public void update(ExecutionContext context) {
            context.putInt(NEXT, next);
        }
    }
}
