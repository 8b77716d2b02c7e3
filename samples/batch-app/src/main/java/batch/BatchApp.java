package batch;

import io.mailgenius.console.ConsoleConfiguration;
import io.mailgenius.console.host.ConsoleHost;
import io.mailgenius.console.host.NavigationEntry;
import io.mailgenius.console.host.Right;
import io.mailgenius.console.host.Viewer;
import io.mailgenius.engine.EngineConfiguration;
import io.mailgenius.engine.embedded.EmbeddedRedis;
import io.mailgenius.engine.launching.LaunchRequest;
import io.mailgenius.engine.launching.Launches;
import io.mailgenius.engine.ledger.ChunkCounts;
import io.mailgenius.engine.partitioning.ChunkedJobs;
import io.mailgenius.engine.partitioning.ChunkedStep;
import io.mailgenius.engine.partitioning.Partition;
import io.mailgenius.engine.settings.EngineSettings;
import io.mailgenius.engine.settings.Role;
import io.mailgenius.engine.worker.Assignment;
import io.mailgenius.engine.worker.ChunkDone;
import io.mailgenius.engine.worker.ChunkWork;
import io.mailgenius.schema.JvmDefaults;
import io.mailgenius.schema.Migrations;
import io.mailgenius.schema.Priority;
import io.mailgenius.schema.WorkspaceScope;
import io.mailgenius.schema.embedded.EmbeddedDatabase;
import jakarta.servlet.Filter;
import jakarta.servlet.http.HttpServletRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.springframework.batch.core.job.Job;
import org.springframework.batch.core.job.parameters.JobParameters;
import org.springframework.batch.infrastructure.item.ExecutionContext;
import org.springframework.batch.infrastructure.item.ItemStreamReader;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** A batch application without mails: it counts primes on any number of workers, and has the console. */
@SpringBootApplication
@Import({EngineConfiguration.class, ConsoleConfiguration.class})
public class BatchApp {

    record Range(int from, int to) {}

    // --- the job: what is enumerated, what a worker does, and what connects them ---

    @Bean
    Job primes(ChunkedJobs jobs, ChunkedStep<Range> ranges) {
        return jobs.job("primes").step(ranges).build();
    }

    @Bean
    ChunkedStep<Range> ranges() {
        return new ChunkedStep<>() {
            @Override
            public String name() {
                return "primes.count";
            }

            @Override
            public List<?> partitions(JobParameters parameters) {
                return IntStream.range(0, 4).boxed().toList();
            }

            @Override
            public ItemStreamReader<Range> chunks(JobParameters parameters, Partition partition) {
                return new Ranges(partition.as(Integer.class));
            }
        };
    }

    /** A hundred ranges of a partition; a restart goes on behind the last one that was committed. */
    static class Ranges implements ItemStreamReader<Range> {
        private final int partition;
        private int next;

        Ranges(int partition) {
            this.partition = partition;
        }

        @Override
        public void open(ExecutionContext context) {
            next = context.getInt("next", 0);
        }

        @Override
        public Range read() {
            int begin = (partition * 100 + next) * 20_000;
            return next++ < 100 ? new Range(begin, begin + 20_000) : null;
        }

        @Override
        public void update(ExecutionContext context) {
            context.putInt("next", next);
        }
    }

    @Bean
    ChunkWork count() {
        return new ChunkWork() {
            @Override
            public String step() {
                return "primes.count";
            }

            @Override
            public ChunkDone work(Assignment chunk) throws Exception {
                Range range = chunk.payload(Range.class);
                long found = IntStream.range(range.from(), range.to()).filter(BatchApp::isPrime).count();
                return chunk.complete(() -> ChunkCounts.of("primes", found));
            }
        };
    }

    static boolean isPrime(int n) {
        return n > 1 && IntStream.rangeClosed(2, (int) Math.sqrt(n)).noneMatch(d -> n % d == 0);
    }

    // --- the console: who looks, and what is at the top ---

    @Bean
    ConsoleHost console() {
        return new ConsoleHost() {
            @Override
            public String name() {
                return "Batch app";
            }

            @Override
            public Viewer viewer(HttpServletRequest request) {
                return new Viewer("operator", EnumSet.allOf(Right.class), null, null, null, null);
            }

            @Override
            public List<NavigationEntry> navigation(Viewer viewer) {
                return List.of(
                        new NavigationEntry("overview", "nav.overview", "/", "o"),
                        new NavigationEntry("jobs", "nav.jobs", "/jobs", "j"),
                        new NavigationEntry("queues", "nav.queues", "/queues", "q"),
                        new NavigationEntry("nodes", "nav.nodes", "/nodes", "n"));
            }
        };
    }

    /** All that this application has belongs to one workspace. */
    @Bean
    Filter workspace() {
        return (request, response, chain) ->
                WorkspaceScope.<Object, Exception>call(1, () -> pass(() -> chain.doFilter(request, response)));
    }

    interface Step {
        void take() throws Exception;
    }

    static Object pass(Step step) throws Exception {
        step.take();
        return null;
    }

    @Bean
    EngineSettings engineSettings() {
        return new EngineSettings(
                "batch-app", EnumSet.allOf(Role.class), EngineSettings.DEFAULT_LEASE, 2, 5, 8,
                EngineSettings.DEFAULT_DRAIN, Duration.ofDays(30));
    }

    public static void main(String[] arguments) throws Exception {
        JvmDefaults.fix();
        Path data = Files.createTempDirectory("batch-app");
        EmbeddedDatabase database = EmbeddedDatabase.start(data);
        EmbeddedRedis redis = EmbeddedRedis.start(data);
        Migrations.apply(
                new DriverManagerDataSource(database.jdbcUrl(), database.username(), database.password()));
        SpringApplication application = new SpringApplication(BatchApp.class);
        application.setDefaultProperties(
                Map.of(
                        "server.port", "8090",
                        "spring.datasource.url", database.jdbcUrl(),
                        "spring.datasource.username", database.username(),
                        "spring.datasource.password", database.password(),
                        "spring.datasource.hikari.connection-init-sql", Migrations.WORK_AS_ROLE,
                        "spring.data.redis.url", redis.uri().toString(),
                        "spring.threads.virtual.enabled", "true"));
        Launches launches = application.run(arguments).getBean(Launches.class);
        WorkspaceScope.run(
                1, () -> launches.launch(new LaunchRequest("primes", "first", Map.of(), Priority.NORMAL)));
    }
}
