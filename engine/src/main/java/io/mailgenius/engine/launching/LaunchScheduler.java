package io.mailgenius.engine.launching;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.SchedulerName;
import com.github.kagkarlsson.scheduler.event.AbstractSchedulerListener;
import com.github.kagkarlsson.scheduler.event.SchedulerListener.SchedulerEventType;
import com.github.kagkarlsson.scheduler.logging.LogLevel;
import com.github.kagkarlsson.scheduler.task.Task;
import com.github.kagkarlsson.scheduler.task.helper.RecurringTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import com.github.kagkarlsson.scheduler.task.schedule.FixedDelay;
import io.mailgenius.engine.cluster.NodeId;
import io.mailgenius.engine.cluster.RoundMonitor;
import io.mailgenius.engine.database.ClockOffset;
import io.mailgenius.engine.settings.EngineSettings;
import io.mailgenius.engine.settings.Role;
import io.mailgenius.engine.tenancy.JobThreads;
import io.mailgenius.schema.StatementLimit;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.context.SmartLifecycle;

/**
 * Runs launches and recurring tasks that are due, which is the manager role. Its heartbeat interval
 * lets another node take over within one and a half leases of a crash.
 */
final class LaunchScheduler implements SmartLifecycle {

    private static final Duration POLL = Duration.ofMillis(500);
    private static final int MISSED_BEATS = 4;

    /** How long jobs may take to end by themselves at shutdown before they are interrupted. */
    private static final Duration SHUTDOWN_MAX_WAIT = Duration.ofSeconds(2);

    private final DataSource dataSource;
    private final DueSignal due;
    private final JobRunner runner;
    private final List<RecurringWork> recurring;
    private final EngineSettings settings;
    private final NodeId node;
    private final RoundMonitor monitor;
    private final ClockOffset offset;
    private volatile @Nullable Scheduler scheduler;

    LaunchScheduler(
            DataSource dataSource,
            DueSignal due,
            JobRunner runner,
            List<RecurringWork> recurring,
            EngineSettings settings,
            NodeId node,
            RoundMonitor monitor,
            ClockOffset offset) {
        this.dataSource = dataSource;
        this.due = due;
        this.runner = runner;
        this.recurring = recurring;
        this.settings = settings;
        this.node = node;
        this.monitor = monitor;
        this.offset = offset;
    }

    @Override
    public void start() {
        RoundMonitor.Round round =
                monitor.watch("scheduler", settings.lease().multipliedBy(3), this::restart);
        start(round);
    }

    /**
     * Replaces a scheduler that makes no progress. Its executions are revived like those of a
     * crashed node.
     */
    private synchronized void restart() {
        Scheduler stuck = scheduler;
        if (stuck != null) {
            due.connect(() -> {});
            start();
            stuck.stop();
        }
    }

    private void start(RoundMonitor.Round round) {
        List<Task<?>> tasks = List.of(LaunchTask.of(runner::run));
        List<RecurringTask<?>> startup = new ArrayList<>();
        for (RecurringWork work : recurring) {
            startup.add(
                    Tasks.recurring(work.name(), FixedDelay.of(work.pause()))
                            .execute(
                                    (instance, context) ->
                                            StatementLimit.run(
                                                    work.statementLimit(), work.work())));
        }
        Scheduler started =
                Scheduler.create(dataSource, tasks)
                        .startTasks(startup)
                        .schedulerName(new SchedulerName.Fixed(node.value()))
                        .threads(settings.jobs())
                        .executorService(threads())
                        .enablePriority()
                        .pollUsingLockAndFetch(0.5, 1.0)
                        .pollingInterval(POLL)
                        .heartbeatInterval(settings.lease().dividedBy(MISSED_BEATS + 1))
                        .missedHeartbeatsLimit(MISSED_BEATS)
                        .shutdownMaxWait(SHUTDOWN_MAX_WAIT)
                        .failureLogging(LogLevel.WARN, false)
                        .alwaysPersistTimestampInUTC()
                        .clock(offset::instant)
                        .addSchedulerListener(
                                new AbstractSchedulerListener() {
                                    @Override
                                    public void onSchedulerEvent(SchedulerEventType type) {
                                        if (isRoundOfPoll(type)) {
                                            round.completed();
                                        }
                                    }
                                })
                        .build();
        started.start();
        due.connect(started::triggerCheckForDueExecutions);
        scheduler = started;
    }

    /** A round that failed counts too: while PostgreSQL is away, the node must not exit. */
    private static boolean isRoundOfPoll(SchedulerEventType type) {
        return type == SchedulerEventType.RAN_EXECUTE_DUE
                || type == SchedulerEventType.UNEXPECTED_ERROR
                        && Thread.currentThread().getName().contains("execute-due");
    }

    /** The scheduler bounds their number. */
    private static ExecutorService threads() {
        return Executors.newCachedThreadPool(JobThreads.named("launch"));
    }

    /** Ends the jobs that this node runs; other nodes continue them. */
    @Override
    public void stop() {
        Scheduler running = scheduler;
        if (running != null) {
            runner.beginShutdown();
            monitor.unwatch("scheduler");
            due.connect(() -> {});
            running.stop();
            scheduler = null;
        }
    }

    @Override
    public boolean isRunning() {
        return scheduler != null;
    }

    @Override
    public boolean isAutoStartup() {
        return settings.has(Role.MANAGER);
    }

    /** Stops first: its jobs continue on other nodes while the chunks of this node drain. */
    @Override
    public int getPhase() {
        return DEFAULT_PHASE - 50;
    }
}
