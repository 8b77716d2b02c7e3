package io.mailgenius.engine.launching;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.SchedulerName;
import com.github.kagkarlsson.scheduler.event.AbstractSchedulerListener;
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
 * The manager's role: takes due launches and recurring tasks from the cluster's scheduler. Its
 * heartbeats are quick enough that another node goes on within a lease and a half of this one's
 * death.
 */
final class LaunchScheduler implements SmartLifecycle {

    private static final Duration POLL = Duration.ofMillis(200);
    private static final int MISSED_BEATS = 4;

    /** Jobs end sooner by themselves when the node leaves; what does not is interrupted. */
    private static final Duration UNTIL_INTERRUPTED = Duration.ofSeconds(2);

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
                monitor.watch("scheduler", settings.lease().multipliedBy(3), this::startAnew);
        begin(round);
    }

    /** The old one's jobs are revived as those of a dead node are, by this one or by another. */
    private synchronized void startAnew() {
        Scheduler hanging = scheduler;
        if (hanging != null) {
            due.connect(() -> {});
            start();
            hanging.stop();
        }
    }

    private void begin(RoundMonitor.Round round) {
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
        Scheduler starting =
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
                        .shutdownMaxWait(UNTIL_INTERRUPTED)
                        .failureLogging(LogLevel.WARN, false)
                        .alwaysPersistTimestampInUTC()
                        .clock(offset::instant)
                        .addSchedulerListener(
                                new AbstractSchedulerListener() {
                                    @Override
                                    public void onSchedulerEvent(SchedulerEventType type) {
                                        if (type == SchedulerEventType.RAN_EXECUTE_DUE) {
                                            round.completed();
                                        }
                                    }
                                })
                        .build();
        starting.start();
        due.connect(starting::triggerCheckForDueExecutions);
        scheduler = starting;
    }

    /**
     * Their number is bounded by how many tasks the scheduler takes at a time. Platform threads,
     * since a job's start computes: a virtual thread that computes is not preempted, and requests
     * would wait for it.
     */
    private static ExecutorService threads() {
        return Executors.newCachedThreadPool(
                Thread.ofPlatform().name("launch-", 1).daemon().factory());
    }

    /** Ends the jobs that this node runs; another node goes on with them. */
    @Override
    public void stop() {
        Scheduler running = scheduler;
        if (running != null) {
            runner.leave();
            monitor.forget("scheduler");
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

    /** First to stop: its jobs go on elsewhere while this node's chunks drain. */
    @Override
    public int getPhase() {
        return DEFAULT_PHASE - 50;
    }
}
