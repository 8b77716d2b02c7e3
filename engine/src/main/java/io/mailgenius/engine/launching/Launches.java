package io.mailgenius.engine.launching;

import com.github.kagkarlsson.scheduler.SchedulerClient;
import com.github.kagkarlsson.scheduler.exceptions.ExecutionException;
import com.github.kagkarlsson.scheduler.exceptions.TaskInstanceCurrentlyExecutingException;
import com.github.kagkarlsson.scheduler.exceptions.TaskInstanceNotFoundException;
import com.github.kagkarlsson.scheduler.task.TaskInstanceId;
import io.mailgenius.engine.ledger.Ledger;
import io.mailgenius.engine.tenancy.AutocommitRead;
import io.mailgenius.schema.Priority;
import io.mailgenius.schema.WorkspaceScope;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import org.springframework.transaction.annotation.Transactional;

/**
 * The entry point for launching jobs. Each launch is a row that permits one active run per job
 * instance in the cluster; its task is scheduled in the same transaction, so that neither exists
 * without the other.
 */
@Transactional
public class Launches {

    /** The limit up to which the queued launches of a workspace are counted. */
    private static final int MAX_COUNTED = 1_000;

    /**
     * Launches that have been due for longer wait for a manager, so they do not count as queued.
     */
    private static final Duration QUEUE_WINDOW = Duration.ofMinutes(10);

    private final LaunchStore store;
    private final Ledger ledger;
    private final SchedulerClient scheduler;
    private final DueSignal due;
    private final Clock clock;

    Launches(
            LaunchStore store,
            Ledger ledger,
            SchedulerClient scheduler,
            DueSignal due,
            Clock clock) {
        this.store = store;
        this.ledger = ledger;
        this.scheduler = scheduler;
        this.due = due;
        this.clock = clock;
    }

    /**
     * Launches a job for the current workspace as soon as a manager is available; joins the
     * caller's transaction.
     *
     * @throws LaunchRefused if this job instance was launched before
     */
    public Launch launch(LaunchRequest request) {
        return launchAt(request, clock.instant());
    }

    /** As {@link #launch}, at the given moment. */
    public Launch launchAt(LaunchRequest request, Instant moment) {
        Launch launch =
                store.insert(request, WorkspaceScope.required(), moment, clock.instant())
                        .orElseThrow(
                                () ->
                                        new LaunchRefused(
                                                "Job %s %s was launched before; restart it instead of launching it again"
                                                        .formatted(
                                                                request.jobName(),
                                                                request.jobKey())));
        schedule(launch, moment);
        return launch;
    }

    /**
     * Schedules the task with a priority that decreases with the number of queued launches of the
     * workspace, so that managers take the first launch of each workspace before the second of any.
     */
    private void schedule(Launch launch, Instant moment) {
        int queued =
                store.queued(launch.workspaceId(), moment.minus(QUEUE_WINDOW), moment, MAX_COUNTED);
        scheduler.scheduleIfNotExists(
                LaunchTask.DESCRIPTOR
                        .instance(LaunchTask.id(launch.id(), launch.run()))
                        .priority(LaunchTask.priority(launch.priority(), Math.max(0, queued - 1)))
                        .build(),
                moment);
        due.sendAfterCommit();
    }

    /**
     * Requests a stop of an active job: claimed chunks finish, the others are held, the job ends
     * STOPPED. Repeating the request changes nothing.
     *
     * @throws LaunchRefused if the job is not active
     */
    public Launch stop(long launchId) {
        Launch launch =
                store.stop(launchId)
                        .orElseThrow(() -> refused(launchId, "only an active job can be stopped"));
        if (launch.jobInstanceId() != null) {
            ledger.hold(launch.jobInstanceId());
            bringForward(launch);
        }
        return launch;
    }

    /**
     * Locks the launch until the end of the caller's transaction. When a job ends, the launch is
     * updated before the rows that the job is about; a transaction that locks them in the other
     * order can deadlock with it, so it must call this first.
     */
    public void lock(long launchId) {
        store.lock(launchId);
    }

    /** Makes the task of a parked launch due now. A running launch reads its state by itself. */
    private void bringForward(Launch launch) {
        try {
            scheduler.reschedule(
                    TaskInstanceId.of(
                            LaunchTask.DESCRIPTOR.getTaskName(),
                            LaunchTask.id(launch.id(), launch.run())),
                    clock.instant());
            due.sendAfterCommit();
        } catch (TaskInstanceCurrentlyExecutingException
                | TaskInstanceNotFoundException
                | ExecutionException runs) {
            // The task is running or has just ended. ExecutionException means that a node picked it
            // between the scheduler's read and its update.
        }
    }

    /**
     * Restarts the launch where its last run stopped or failed; withdraws the stop if it is still
     * STOPPING. Of two concurrent restarts one is refused.
     *
     * @throws LaunchRefused if the job is active, has completed or was abandoned
     */
    public Launch restart(long launchId) {
        Optional<Launch> stopping = store.withdrawStop(launchId);
        if (stopping.isPresent()) {
            Long instance = stopping.get().jobInstanceId();
            if (instance != null) {
                ledger.release(instance, clock.instant());
                bringForward(stopping.get());
            }
            return stopping.get();
        }
        Launch launch =
                store.requeue(launchId, clock.instant())
                        .orElseThrow(
                                () ->
                                        refused(
                                                launchId,
                                                "only a stopped or failed job can be restarted"));
        if (launch.jobInstanceId() != null) {
            ledger.release(launch.jobInstanceId(), clock.instant());
        }
        schedule(launch, clock.instant());
        return launch;
    }

    /**
     * Changes the priority of the job's queue; it takes effect within a second.
     *
     * @throws LaunchRefused if the job is not active
     */
    public Launch prioritise(long launchId, Priority priority) {
        return store.prioritise(launchId, priority)
                .orElseThrow(() -> refused(launchId, "only an active job has a priority"));
    }

    /** Abandons a stopped or failed job, so that it cannot be restarted. */
    public Launch abandon(long launchId) {
        return store.abandon(launchId, clock.instant())
                .orElseThrow(
                        () -> refused(launchId, "only a stopped or failed job can be abandoned"));
    }

    private LaunchRefused refused(long launchId, String rule) {
        return new LaunchRefused(
                store.find(launchId)
                        .map(
                                l ->
                                        String.format(
                                                Locale.ROOT,
                                                "Launch %d is %s, and %s",
                                                launchId,
                                                l.state(),
                                                rule))
                        .orElse(String.format(Locale.ROOT, "There is no launch %d", launchId)));
    }

    @AutocommitRead
    public Optional<Launch> find(long launchId) {
        return store.find(launchId);
    }

    /** The launch that a Spring Batch execution belongs to. */
    @AutocommitRead
    public Optional<Launch> findByExecution(long jobExecutionId) {
        return store.findByExecution(jobExecutionId);
    }
}
