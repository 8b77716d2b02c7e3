package io.mailgenius.engine.launching;

import com.github.kagkarlsson.scheduler.SchedulerClient;
import com.github.kagkarlsson.scheduler.exceptions.ExecutionException;
import com.github.kagkarlsson.scheduler.exceptions.TaskInstanceCurrentlyExecutingException;
import com.github.kagkarlsson.scheduler.exceptions.TaskInstanceNotFoundException;
import com.github.kagkarlsson.scheduler.task.TaskInstanceId;
import io.mailgenius.engine.ledger.Ledger;
import io.mailgenius.schema.Priority;
import io.mailgenius.schema.WorkspaceScope;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import org.springframework.transaction.annotation.Transactional;

/**
 * The one door for launching. Everything goes through a launch's row, which admits one living run
 * per job instance, whoever asks and on whichever nodes; the task that runs it is scheduled in the
 * same transaction, so neither exists without the other.
 */
@Transactional
public class Launches {

    /** Beyond that nobody counts how many a workspace has queued before. */
    private static final int MOST_COUNTED = 1_000;

    /** What was due longer ago than that waits for a manager and not for its turn. */
    private static final Duration IN_QUEUE = Duration.ofMinutes(10);

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
     * Launches a job for the current workspace as soon as a manager is free; joins the caller's
     * transaction.
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
                                                "Job %s %s was launched before; restart it instead"
                                                        .formatted(
                                                                request.jobName(),
                                                                request.jobKey())));
        schedule(launch, moment);
        return launch;
    }

    /**
     * The more launches a workspace has queued for the same moment, the later comes the next one:
     * managers take the first of each workspace before the second of any.
     */
    private void schedule(Launch launch, Instant moment) {
        int queued =
                store.queued(launch.workspaceId(), moment.minus(IN_QUEUE), moment, MOST_COUNTED);
        scheduler.scheduleIfNotExists(
                LaunchTask.DESCRIPTOR
                        .instance(LaunchTask.id(launch.id(), launch.run()))
                        .priority(LaunchTask.priority(launch.priority(), Math.max(0, queued - 1)))
                        .build(),
                moment);
        due.sendAfterCommit();
    }

    /**
     * Asks a living job to stop: chunks in hand finish, the others are held, the job ends STOPPED.
     * Asking again changes nothing.
     *
     * @throws LaunchRefused if it does not live
     */
    public Launch stop(long launchId) {
        Launch launch =
                store.stop(launchId)
                        .orElseThrow(() -> refused(launchId, "only a living job can be stopped"));
        if (launch.jobInstanceId() != null) {
            ledger.hold(launch.jobInstanceId());
            bringForward(launch);
        }
        return launch;
    }

    /**
     * Lets nobody change it until the caller's transaction ends. A job that ends changes its launch
     * first and then what it was about; whoever does it the other way round may wait for it, and it
     * for him.
     */
    public void lock(long launchId) {
        store.lock(launchId);
    }

    /** So that one that rests until a moment to come ends now. One that runs asks by itself. */
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
            // It has its place, or has just come to its end; the last of them says that a node took
            // it between the scheduler's look and its write.
        }
    }

    /**
     * Goes on where the last run stopped or failed; one that is still stopping takes the stop back.
     * Of two that ask at the same moment one is refused.
     *
     * @throws LaunchRefused if it lives, has completed or was abandoned
     */
    public Launch restart(long launchId) {
        Optional<Launch> stopping = store.goOn(launchId);
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
                                                "only a stopped or failed job can restart"));
        if (launch.jobInstanceId() != null) {
            ledger.release(launch.jobInstanceId(), clock.instant());
        }
        schedule(launch, clock.instant());
        return launch;
    }

    /**
     * Changes how often workers visit the job's lane, from the next second on.
     *
     * @throws LaunchRefused if it does not live
     */
    public Launch prioritise(long launchId, Priority priority) {
        return store.prioritise(launchId, priority)
                .orElseThrow(() -> refused(launchId, "only a living job has a priority"));
    }

    /** Gives a stopped or failed job up for good. */
    public Launch abandon(long launchId) {
        return store.abandon(launchId, clock.instant())
                .orElseThrow(
                        () -> refused(launchId, "only a stopped or failed job can be given up"));
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

    @Transactional(readOnly = true)
    public Optional<Launch> find(long launchId) {
        return store.find(launchId);
    }

    /** The launch that a Spring Batch execution belongs to. */
    @Transactional(readOnly = true)
    public Optional<Launch> findByExecution(long jobExecutionId) {
        return store.findByExecution(jobExecutionId);
    }
}
