package io.mailgenius.engine;

import io.mailgenius.engine.ledger.ChunkCounts;
import io.mailgenius.engine.partitioning.ChunkedJobs;
import io.mailgenius.engine.partitioning.ChunkedStep;
import io.mailgenius.engine.partitioning.Partition;
import io.mailgenius.engine.worker.Assignment;
import io.mailgenius.engine.worker.ChunkDone;
import io.mailgenius.engine.worker.ChunkWork;
import io.mailgenius.schema.TestDatabase;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.batch.core.job.Job;
import org.springframework.batch.core.job.parameters.JobParameters;
import org.springframework.batch.infrastructure.item.ExecutionContext;
import org.springframework.batch.infrastructure.item.ItemStreamReader;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * A job for tests: partitions of numbered chunks, each of which inserts one row with its number, so
 * that duplicates and gaps are visible in the table.
 */
@Configuration(proxyBeanMethods = false)
public class CountingJob {

    public static final String NAME = "counting";
    public static final String STEP = "counting.numbers";

    record Range(int from, int to) {}

    @Bean
    Job counting(ChunkedJobs jobs, ChunkedStep<Integer> numbers, JdbcClient jdbc) {
        return jobs.job(NAME)
                .step(numbers)
                .whenEnded(
                        endedJob ->
                                write(
                                        jdbc,
                                        "ended",
                                        Objects.requireNonNull(
                                                endedJob.parameters().getLong("launchId")),
                                        endedJob.state().name()))
                .build();
    }

    /**
     * Creates the table that the job writes; it has no unique constraint, so duplicates are
     * visible.
     */
    public static void prepare(TestDatabase database) {
        JdbcClient owner = JdbcClient.create(database.owner());
        owner.sql("CREATE TABLE written (id serial, what text, job bigint, value text)").update();
    }

    private static void write(JdbcClient jdbc, String what, long job, Object value) {
        jdbc.sql("INSERT INTO written (what, job, value) VALUES (:what, :job, :value)")
                .param("what", what)
                .param("job", job)
                .param("value", value.toString())
                .update();
    }

    /** The job, with the parameters {@code chunks} and {@code partitions}. */
    @Bean
    ChunkedStep<Integer> numbers(Hook hook) {
        return new ChunkedStep<>() {
            @Override
            public String name() {
                return STEP;
            }

            @Override
            public List<?> partitions(JobParameters parameters) {
                int chunks = number(parameters, "chunks");
                int partitions = hook.partitions(number(parameters, "partitions"));
                List<Range> ranges = new ArrayList<>();
                for (int n = 0; n < partitions; n++) {
                    ranges.add(new Range(chunks * n / partitions, chunks * (n + 1) / partitions));
                }
                return ranges;
            }

            @Override
            public @Nullable Instant notBefore(Integer number) {
                return hook.notBefore(number);
            }

            @Override
            public ItemStreamReader<Integer> chunks(JobParameters parameters, Partition partition) {
                return new Numbers(partition.as(Range.class), hook);
            }
        };
    }

    private static int number(JobParameters parameters, String name) {
        return Integer.parseInt(Objects.requireNonNull(parameters.getString(name)));
    }

    private static final class Numbers implements ItemStreamReader<Integer> {

        private final Range range;
        private final Hook hook;
        private int next;

        Numbers(Range range, Hook hook) {
            this.range = range;
            this.hook = hook;
        }

        @Override
        public void open(ExecutionContext context) {
            next = context.getInt("next", range.from());
        }

        @Override
        public Integer read() throws Exception {
            if (next == range.to()) {
                return null;
            }
            hook.enumerating(next);
            return next++;
        }

        @Override
        public void update(ExecutionContext context) {
            context.putInt("next", next);
        }
    }

    @Bean
    ChunkWork count(JdbcClient jdbc, Hook hook) {
        return new ChunkWork() {
            @Override
            public String step() {
                return STEP;
            }

            @Override
            public ChunkDone work(Assignment chunk) throws Exception {
                int number = chunk.payload(Integer.class);
                hook.before(number, chunk);
                return chunk.complete(
                        () -> {
                            write(jdbc, "number", chunk.jobInstanceId(), number);
                            return ChunkCounts.of("numbers", 1);
                        });
            }
        };
    }

    @Bean
    Hook hook() {
        return new Hook();
    }

    /**
     * Hooks by which a test interferes with the enumeration, and with a chunk before its effect.
     */
    public static class Hook {

        public interface Interference {
            void before(int number, Assignment chunk) throws Exception;
        }

        public interface Enumeration {
            void before(int number) throws Exception;
        }

        private volatile Interference interference = (number, chunk) -> {};
        private volatile Enumeration enumeration = number -> {};
        private volatile int morePartitions;
        private volatile Function<Integer, @Nullable Instant> turn = number -> null;

        public void set(Interference chosen) {
            interference = chosen;
        }

        public void whileEnumerating(Enumeration chosen) {
            enumeration = chosen;
        }

        /** Adds partitions, as if the table had grown since the job was launched. */
        public void addPartitions(int partitions) {
            morePartitions = partitions;
        }

        /** Sets the earliest moment of each number; null for immediately. */
        public void notBefore(Function<Integer, @Nullable Instant> chosen) {
            turn = chosen;
        }

        @Nullable Instant notBefore(int number) {
            return turn.apply(number);
        }

        int partitions(int asked) {
            return asked + morePartitions;
        }

        void before(int number, Assignment chunk) throws Exception {
            interference.before(number, chunk);
        }

        void enumerating(int number) throws Exception {
            enumeration.before(number);
        }
    }
}
