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
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.batch.core.job.parameters.JobParameters;
import org.springframework.batch.infrastructure.item.ExecutionContext;
import org.springframework.batch.infrastructure.item.ItemStreamReader;
import org.springframework.stereotype.Component;

/**
 * Second step of a rollup: the figures of every marked hour, those that settling marked included.
 */
@Component
final class CountStep implements ChunkedStep<CountStep.Chunk>, ChunkWork {

    private final MarkedHours marked;
    private final Recount recount;

    CountStep(MarkedHours marked, Recount recount) {
        this.marked = marked;
        this.recount = recount;
    }

    /**
     * @param events of large hours not all, since nobody needs to know
     */
    record Chunk(List<Hour> hours, long events) {}

    @Override
    public String name() {
        return "rollup.count";
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
        return new Hours();
    }

    /** Small hours together; a large one is counted whole, since its contacts are counted once. */
    private final class Hours implements ItemStreamReader<Chunk> {

        private Hour last = Hour.NONE;

        @Override
        public void open(ExecutionContext context) {
            if (context.containsKey("campaign")) {
                last =
                        new Hour(
                                context.getLong("campaign"),
                                Instant.parse(context.getString("hour")));
            }
        }

        @Override
        public @Nullable Chunk read() {
            List<Hour> hours = new ArrayList<>();
            int events = 0;
            while (events < MarkedHours.CHUNK && hours.size() < MarkedHours.PIECES) {
                Optional<Hour> next = marked.after(last);
                if (next.isEmpty()) {
                    break;
                }
                last = next.get();
                hours.add(last);
                events += marked.cut(last, last.start(), MarkedHours.CHUNK).events();
            }
            return hours.isEmpty() ? null : new Chunk(hours, events);
        }

        @Override
        public void update(ExecutionContext context) {
            context.putLong("campaign", last.campaignId());
            context.putString("hour", last.start().toString());
        }
    }

    /** Progress is measured in events. */
    @Override
    public long items(Chunk payload) {
        return payload.events();
    }

    @Override
    public Done work(Assignment chunk) {
        Chunk payload = chunk.payload(Chunk.class);
        List<Hour> hours = payload.hours();
        boolean large = payload.events() >= MarkedHours.CHUNK;
        return chunk.complete(
                () -> Counts.of("hours", hours.size(), "counted", recount.count(hours, large)));
    }
}
