package io.mailgenius.jobs.analytics;

import io.mailgenius.engine.ledger.Counts;
import io.mailgenius.engine.manager.ChunkedStep;
import io.mailgenius.engine.manager.Partition;
import io.mailgenius.engine.worker.Assignment;
import io.mailgenius.engine.worker.ChunkWork;
import io.mailgenius.engine.worker.Done;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.batch.core.job.parameters.JobParameters;
import org.springframework.batch.infrastructure.item.ExecutionContext;
import org.springframework.batch.infrastructure.item.ItemStreamReader;
import org.springframework.stereotype.Component;

/** First step of a rollup: who did what for the first time, in every marked hour. */
@Component
final class SettleStep implements ChunkedStep<SettleStep.Chunk>, ChunkWork {

    private final MarkedHours marked;
    private final Settlement settlement;

    SettleStep(MarkedHours marked, Settlement settlement) {
        this.marked = marked;
        this.settlement = settlement;
    }

    record Chunk(List<Slice> slices, long events) {}

    @Override
    public String name() {
        return "rollup.settle";
    }

    @Override
    public String step() {
        return name();
    }

    @Override
    public List<?> partitions(JobParameters parameters) {
        return List.of("marked hours");
    }

    @Override
    public ItemStreamReader<Chunk> chunks(JobParameters parameters, Partition partition) {
        return new Slices();
    }

    /** Large hours in slices, small ones together, so that chunks are about as large as another. */
    private final class Slices implements ItemStreamReader<Chunk> {

        private Hour hour = Hour.NONE;
        private Instant from = Hour.NONE.end();

        @Override
        public void open(ExecutionContext context) {
            if (context.containsKey("campaign")) {
                hour =
                        new Hour(
                                context.getLong("campaign"),
                                Instant.parse(context.getString("hour")));
                from = Instant.parse(context.getString("from"));
            }
        }

        @Override
        public @Nullable Chunk read() {
            List<Slice> slices = new ArrayList<>();
            int events = 0;
            while (events < MarkedHours.CHUNK && slices.size() < MarkedHours.PIECES && advance()) {
                MarkedHours.Cut cut = marked.cut(hour, from, MarkedHours.CHUNK);
                if (cut.events() > 0) {
                    slices.add(cut.slice());
                    events += cut.events();
                }
                from = cut.slice().to();
            }
            return slices.isEmpty() ? null : new Chunk(slices, events);
        }

        private boolean advance() {
            if (from.isBefore(hour.end())) {
                return true;
            }
            var next = marked.after(hour);
            next.ifPresent(
                    following -> {
                        hour = following;
                        from = following.start();
                    });
            return next.isPresent();
        }

        @Override
        public void update(ExecutionContext context) {
            context.putLong("campaign", hour.campaignId());
            context.putString("hour", hour.start().toString());
            context.putString("from", from.toString());
        }
    }

    /** Progress is measured in events. */
    @Override
    public long items(Chunk payload) {
        return payload.events();
    }

    @Override
    public Done work(Assignment chunk) {
        List<Slice> slices = chunk.payload(Chunk.class).slices();
        return chunk.complete(
                () -> {
                    Settlement.Settled settled = settlement.settle(slices);
                    return Counts.of("added", settled.added(), "moved", settled.moved());
                });
    }
}
