package io.mailgenius.engine.launching;

import com.github.kagkarlsson.scheduler.SchedulerClient;
import com.github.kagkarlsson.scheduler.exceptions.ExecutionException;
import com.github.kagkarlsson.scheduler.exceptions.TaskInstanceCurrentlyExecutingException;
import com.github.kagkarlsson.scheduler.exceptions.TaskInstanceNotFoundException;
import com.github.kagkarlsson.scheduler.task.TaskInstanceId;
import io.mailgenius.engine.ledger.Ledger;
import io.mailgenius.engine.observation.Traces;
import io.mailgenius.engine.tenancy.AutocommitRead;
import io.mailgenius.schema.LaunchAction;
import io.mailgenius.schema.LaunchState;
import io.mailgenius.schema.Priority;
import io.mailgenius.schema.WorkspaceScope;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
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
    private final LaunchHistory history;
    private final Ledger ledger;
    private final SchedulerClient scheduler;
    private final DueSignal due;
    private final Traces traces;
    private final Clock clock;

    Launches(
            LaunchStore store,
            LaunchHistory history,
            Ledger ledger,
            SchedulerClient scheduler,
            DueSignal due,
            Traces traces,
            Clock clock) {
        this.store = store;
        this.history = history;
        this.ledger = ledger;
        this.scheduler = scheduler;
        this.due = due;
        this.traces = traces;
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
        String traceParent = traces.current();
        if (traceParent != null) {
            store.trace(launch.id(), traceParent);
        }
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
        return stop(launchId, null);
    }

    /**
     * As {@link #stop(long)}.
     *
     * @param reason for the history of the job, cut to 500 characters, as in the methods below
     */
    public Launch stop(long launchId, @Nullable String reason) {
        Launch launch =
                store.stop(launchId)
                        .orElseThrow(() -> refused(launchId, "only an active job can be stopped"));
        record(launch, LaunchAction.STOP, reason, null);
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
        return restart(launchId, null);
    }

    /** As {@link #restart(long)}, for a reason. */
    public Launch restart(long launchId, @Nullable String reason) {
        Optional<Launch> stopping = store.withdrawStop(launchId);
        if (stopping.isPresent()) {
            record(stopping.get(), LaunchAction.RESUME, reason, null);
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
        record(launch, LaunchAction.RESTART, reason, null);
        if (launch.jobInstanceId() != null) {
            ledger.release(launch.jobInstanceId(), clock.instant());
        }
        schedule(launch, clock.instant());
        return launch;
    }

    /**
     * Makes FAILED chunks of a job READY, which no node has claimed, so that nothing runs twice. A
     * running job goes on with them; a failed one is launched again, and its other FAILED chunks
     * stay as they are. Repeating it changes nothing.
     *
     * @param cause only those with this one; null for all
     * @param chunkId only this one; null for all
     * @return the number of chunks; 0 if none of them is FAILED
     * @throws LaunchRefused unless the job is running or has failed
     */
    public int retry(
            long launchId,
            @Nullable String cause,
            @Nullable Long chunkId,
            @Nullable String reason) {
        // The lock keeps the launch from ending meanwhile.
        Launch launch =
                store.locked(launchId)
                        .filter(it -> mayRetry(it.state()) && it.ending() == null)
                        .orElseThrow(
                                () ->
                                        refused(
                                                launchId,
                                                "only a running or failed job can retry chunks"));
        Long instance = launch.jobInstanceId();
        int retried =
                instance == null ? 0 : ledger.retry(instance, cause, chunkId, clock.instant());
        if (instance == null || retried == 0) {
            return 0;
        }
        ledger.releaseHeld(instance, clock.instant());
        if (launch.alive()) {
            store.retried(launchId);
        } else {
            store.requeue(launchId, clock.instant())
                    .ifPresent(again -> schedule(again, clock.instant()));
        }
        record(launch, LaunchAction.RETRY, reason, retryDetail(retried, cause, chunkId));
        return retried;
    }

    private static boolean mayRetry(LaunchState state) {
        return switch (state) {
            case QUEUED, RUNNING, FAILED -> true;
            case STOPPING, STOPPED, COMPLETED, ABANDONED -> false;
        };
    }

    private static String retryDetail(int chunks, @Nullable String cause, @Nullable Long chunkId) {
        if (chunkId != null) {
            return "chunk " + chunkId;
        }
        return chunks + (cause == null ? " chunks" : " chunks: " + cause);
    }

    /**
     * Changes the priority of the job's queue; it takes effect within a second.
     *
     * @throws LaunchRefused if the job is not active
     */
    public Launch prioritise(long launchId, Priority priority) {
        return prioritise(launchId, priority, null);
    }

    /** As {@link #prioritise(long, Priority)}, for a reason. */
    public Launch prioritise(long launchId, Priority priority, @Nullable String reason) {
        Launch launch =
                store.prioritise(launchId, priority)
                        .orElseThrow(() -> refused(launchId, "only an active job has a priority"));
        record(launch, LaunchAction.PRIORITISE, reason, priority.name());
        return launch;
    }

    /** Abandons a stopped or failed job, so that it cannot be restarted. */
    public Launch abandon(long launchId) {
        return abandon(launchId, null);
    }

    /** As {@link #abandon(long)}, for a reason. */
    public Launch abandon(long launchId, @Nullable String reason) {
        Launch launch =
                store.abandon(launchId, clock.instant())
                        .orElseThrow(
                                () ->
                                        refused(
                                                launchId,
                                                "only a stopped or failed job can be abandoned"));
        record(launch, LaunchAction.ABANDON, reason, null);
        return launch;
    }

    private void record(
            Launch launch, LaunchAction action, @Nullable String reason, @Nullable String detail) {
        history.record(launch, action, reason, detail, clock.instant());
    }

    /** Who did what with the job and why, the newest first; the last 200. */
    @AutocommitRead
    public List<JobAction> history(long launchId) {
        return history.of(launchId);
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
