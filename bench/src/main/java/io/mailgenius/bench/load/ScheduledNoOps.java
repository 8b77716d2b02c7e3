package io.mailgenius.bench.load;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.SchedulerName;
import com.github.kagkarlsson.scheduler.task.SchedulableInstance;
import com.github.kagkarlsson.scheduler.task.TaskDescriptor;
import com.github.kagkarlsson.scheduler.task.helper.OneTimeTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The same number of durable tasks that do nothing, on db-scheduler with its settings for
 * throughput.
 *
 * @see <a href="https://github.com/kagkarlsson/db-scheduler#performance">db-scheduler on polling by
 *     lock-and-fetch</a>
 */
final class ScheduledNoOps {

    private static final TaskDescriptor<Void> NO_OP = TaskDescriptor.of("bench.noop");
    private static final String TABLE = "bench_tasks";
    private static final int AT_ONCE = 1_000;

    private final DataSource dataSource;
    private final int threads;

    ScheduledNoOps(DataSource dataSource, int threads) {
        this.dataSource = dataSource;
        this.threads = threads;
        // A table of its own with the same indexes, because the engine's scheduler would also
        // take tasks from its table.
        JdbcClient.create(dataSource)
                .sql("CREATE TABLE " + TABLE + " (LIKE scheduled_tasks INCLUDING ALL)")
                .update();
    }

    /**
     * @return the total time including the inserts, as for chunks
     */
    Duration run(int tasks, int nodes) throws InterruptedException {
        CountDownLatch left = new CountDownLatch(tasks);
        OneTimeTask<Void> task = Tasks.oneTime(NO_OP).execute((instance, _) -> left.countDown());
        List<Scheduler> schedulers = new ArrayList<>();
        for (int node = 0; node < nodes; node++) {
            schedulers.add(scheduler(task, node));
        }
        long begin = System.nanoTime();
        schedulers.forEach(Scheduler::start);
        for (int from = 0; from < tasks; from += AT_ONCE) {
            Instant now = Instant.now();
            List<SchedulableInstance<?>> batch =
                    IntStream.range(from, Math.min(tasks, from + AT_ONCE))
                            .<SchedulableInstance<?>>mapToObj(
                                    n -> NO_OP.instance(Integer.toString(n)).scheduledTo(now))
                            .toList();
            schedulers.getFirst().scheduleBatch(batch);
        }
        left.await();
        Duration took = Duration.ofNanos(System.nanoTime() - begin);
        schedulers.forEach(Scheduler::stop);
        return took;
    }

    private Scheduler scheduler(OneTimeTask<Void> task, int node) {
        return Scheduler.create(dataSource, task)
                .schedulerName(new SchedulerName.Fixed("bench-" + node))
                .tableName(TABLE)
                .threads(threads)
                .pollUsingLockAndFetch(1, 4)
                .pollingInterval(Duration.ofMillis(50))
                .build();
    }
}
